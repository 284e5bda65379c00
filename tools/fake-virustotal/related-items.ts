import { SANDBOXES, sandboxReport } from './behavior';
import type { Community } from './community';
import type { Finding, Kind } from './finding';
import { madeUpItem } from './made-up-item';
import { madeUpIndicator } from './made-up-indicator';
import type { RelatedItem } from './related-item';
import type { ItemType, Relation } from './relations';
import { type ReportCatalog, canonical } from './report-catalog';
import { Seeded } from './seeded';
import { type V3Object, objectId, v3Body } from './v3-objects';

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
    if (name === 'redirects_to') return [this.#indicator('url', madeUpIndicator('url', seeded))];
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
    if (items === 'resolution') return this.#resolution(kind, identity, value, date);
    return madeUpItem(items, { kind, identity, finding, value, date, seeded });
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
