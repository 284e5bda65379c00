import { SANDBOXES, sandboxReport } from './behavior';
import type { Community } from './community';
import type { Finding, Kind } from './finding';
import { certificate } from './host-details';
import { madeUpIndicator } from './made-up-indicator';
import type { ItemType, Relation } from './relations';
import { type ReportCatalog, canonical } from './report-catalog';
import { Seeded, digest } from './seeded';
import { type V3Object, objectId, v3Body } from './v3-objects';

/** One item of a relation; the whole object is made when it is asked for. */
export interface RelatedItem {
  type: string;
  id: string;
  /** What the relation itself says, as the date of a resolution. */
  context?: Record<string, unknown>;
  /** Code of an error in place of the object. */
  error?: string;
  links?: V3Object['links'];
  attributes: () => Record<string, unknown>;
}

/** The items that a test gives a relation: that many made-up ones, or these indicators; an object is an error in the place of one. */
export type RelatedSetting = number | readonly (string | { id: string; error: string })[];

const INDICATORS: readonly string[] = ['file', 'url', 'domain', 'ip'];
const TYPES: Readonly<Record<Kind, string>> = {
  file: 'file',
  url: 'url',
  domain: 'domain',
  ip: 'ip_address',
};

/** What each indicator is related to: set by a test, or following from the indicator. */
export class RelatedItems {
  readonly #catalog: ReportCatalog;
  readonly #community: Community;
  readonly #settings = new Map<string, RelatedSetting>();

  constructor(catalog: ReportCatalog, community: Community) {
    this.#catalog = catalog;
    this.#community = community;
  }

  set(indicator: string, relation: string, setting: RelatedSetting): void {
    this.#settings.set(`${canonical(indicator)} ${relation}`, setting);
  }

  /** All items, in their order. */
  of(kind: Kind, identity: string, relation: Relation): RelatedItem[] {
    const { name, items, single } = relation;
    const { finding } = this.#catalog.find(kind, identity);
    const seeded = new Seeded(`${name} of ${kind} ${identity}`);
    const setting = this.#settings.get(`${canonical(identity)} ${name}`);
    const own = this.#written(kind, identity, name);
    const count = typeof setting === 'number' ? setting : seeded.between(0, finding.malicious > 0 ? 30 : 6);
    if (typeof setting === 'object')
      return setting.map((one) =>
        typeof one === 'string'
          ? this.#item(one, items, kind, identity, finding, seeded)
          : { type: typeOf(items), ...one, attributes: () => ({}) },
      );
    if (name === 'user_votes') return own;
    if (single) return this.#single(kind, identity, relation, seeded);
    if (items === 'file_behaviour')
      return finding.malicious > 0
        ? SANDBOXES.map((name) => sandboxItem(objectId('file', identity), name, finding))
        : [];
    const madeUp = Array.from({ length: count }, () => {
      const of = items === 'resolution' ? (kind === 'ip' ? 'domain' : 'ip') : items;
      const value = isKind(of) ? madeUpIndicator(of, seeded) : seeded.hex(32);
      return this.#item(value, items, kind, identity, finding, seeded);
    });
    return [...own, ...madeUp];
  }

  /** Comments and votes of clients, newest first. */
  #written(kind: Kind, identity: string, name: string): RelatedItem[] {
    const written =
      name === 'comments'
        ? this.#community.comments(kind, identity)
        : name === 'votes' || name === 'user_votes'
          ? this.#community.votes(kind, identity)
          : [];
    return written.map(({ type, id, links, attributes }) => ({
      type,
      id,
      links,
      attributes: () => attributes,
    }));
  }

  #single(kind: Kind, identity: string, { name }: Relation, seeded: Seeded): RelatedItem[] {
    if (name === 'last_serving_ip_address') return [this.#indicator('ip', madeUpIndicator('ip', seeded))];
    if (name === 'network_location' && URL.canParse(identity)) {
      const host = new URL(identity).hostname.replace(/^\[|\]$/g, '');
      return [this.#indicator(/^[\d.]+$|:/.test(host) ? 'ip' : 'domain', host)];
    }
    const parent = identity.slice(identity.indexOf('.') + 1);
    return kind === 'domain' && parent.includes('.') ? [this.#indicator('domain', parent)] : [];
  }

  #item(
    value: string,
    items: ItemType,
    kind: Kind,
    identity: string,
    finding: Finding,
    seeded: Seeded,
  ): RelatedItem {
    if (isKind(items)) return this.#indicator(items, value);
    const date = finding.scannedAt - seeded.between(0, 900) * 86_400;
    const short = seeded.hex(8);
    const word = seeded.word();
    switch (items) {
      case 'resolution':
        return this.#resolution(kind, identity, value, date);
      case 'comment':
        return {
          type: 'comment',
          id: `${kind.slice(0, 1)}-${objectId(kind, identity)}-${short}`,
          attributes: () => ({
            date,
            text: `Seen in a campaign of ${word}. #${word}`,
            html: `Seen in a campaign of ${word}. #${word}`,
            tags: [word],
            votes: { positive: 1, negative: 0, abuse: 0 },
          }),
        };
      case 'vote': {
        const verdict = finding.malicious > 0 ? 'malicious' : 'harmless';
        const id = `${kind.slice(0, 1)}-${objectId(kind, identity)}-${short}`;
        return {
          type: 'vote',
          id,
          attributes: () => ({ date, verdict, value: verdict === 'harmless' ? 1 : -1 }),
        };
      }
      case 'whois':
        return {
          type: 'whois',
          id: value,
          attributes: () => ({
            first_seen_date: date,
            last_updated: date,
            registrar_name: `${word} Names Ltd.`,
            registrant_country: 'NL',
            whois_map: { 'Domain Name': identity.toUpperCase(), Registrar: `${word} Names Ltd.` },
          }),
        };
      case 'ssl_cert':
        return {
          type: 'ssl_cert',
          id: value,
          context: { first_seen_date: date },
          attributes: () => certificate(identity, finding),
        };
      default:
        return { type: items, id: value, attributes: () => ({ date, name: word }) };
    }
  }

  /** An item that VirusTotal does not have, or not any more, has an error in the place of its object. */
  #indicator(kind: Kind, value: string): RelatedItem {
    const { identity, finding } = this.#catalog.find(kind, value);
    const id = objectId(kind, kind === 'file' ? identity : canonical(value));
    const base = { type: TYPES[kind], id, ...(kind === 'url' ? { context: { url: canonical(value) } } : {}) };
    if (finding.state === 'unknown' || finding.state === 'refused')
      return { ...base, error: 'NotFoundError', attributes: () => ({}) };
    const whole = (): V3Object => v3Body(kind, kind === 'file' ? identity : canonical(value), finding).data;
    return { ...base, attributes: () => whole().attributes };
  }

  #resolution(kind: Kind, identity: string, other: string, date: number): RelatedItem {
    const [ip_address, host_name] = kind === 'ip' ? [identity, other] : [other, identity];
    const statsOfHost = (kind: 'ip' | 'domain', value: string): unknown =>
      v3Body(kind, value, this.#catalog.find(kind, value).finding).data.attributes['last_analysis_stats'];
    return {
      type: 'resolution',
      id: ip_address + host_name,
      context: { date },
      attributes: () => ({
        date,
        host_name,
        ip_address,
        resolver: 'Stand-in',
        host_name_last_analysis_stats: statsOfHost('domain', host_name),
        ip_address_last_analysis_stats: statsOfHost('ip', ip_address),
      }),
    };
  }
}

function sandboxItem(sha256: string, sandbox: string, finding: Finding): RelatedItem {
  return {
    type: 'file_behaviour',
    id: `${sha256}_${sandbox}`,
    attributes: () => sandboxReport(sha256, sandbox, finding),
  };
}

function isKind(items: ItemType): items is Kind {
  return INDICATORS.includes(items);
}

function typeOf(items: ItemType): string {
  return isKind(items) ? TYPES[items] : items;
}

/** An item by type and id alone. */
export function descriptorOf({ type, id, context, error }: RelatedItem): object {
  return { type, id, ...(context ? { context_attributes: context } : {}), ...errorField(error, type, id) };
}

/** An item with its attributes. */
export function wholeOf(item: RelatedItem): object {
  const { type, id, context, error } = item;
  if (error !== undefined) return descriptorOf(item);
  const collection = type === 'ip_address' ? 'ip_addresses' : `${type}s`;
  const links = item.links ?? {
    self: `https://www.virustotal.com/api/v3/${collection}/${encodeURIComponent(id)}`,
  };
  return {
    type,
    id,
    links,
    attributes: item.attributes(),
    ...(context ? { context_attributes: context } : {}),
  };
}

/** A key for cursors: ids may repeat within a list of other types. */
export function itemKey({ type, id }: RelatedItem): string {
  return digest('md5', `${type} ${id}`).slice(0, 16);
}

function errorField(code: string | undefined, type: string, id: string): object {
  return code === undefined ? {} : { error: { code, message: `${type} "${id}" not found` } };
}
