import type { Kind } from './finding';
import { pageFields, pageOf } from './page';
import { type ReportCatalog, canonical } from './report-catalog';
import { type Answer, v3Error } from './v3-errors';
import { objectId, v3Body } from './v3-objects';

/** A notification that a test puts into the IoC stream. */
export interface Notification {
  kind: Kind;
  indicator: string;
  /** Unix seconds. Default: by the stand-in's clock. */
  date?: number;
  /** Default `hunting`. */
  origin?: 'hunting' | 'subscriptions';
  /** Default: a hunting ruleset. */
  source?: { type: 'hunting_ruleset' | 'retrohunt_job' | 'collection' | 'threat_actor'; id: string };
  rule?: string;
  tags?: readonly string[];
}

type Entry = Required<Omit<Notification, 'rule'>> & { rule: string; id: string };

const TYPES: Readonly<Record<Kind, string>> = {
  file: 'file',
  url: 'url',
  domain: 'domain',
  ip: 'ip_address',
};

/** What each filter may say, and which notifications it lets through. */
const FILTERS: Readonly<Record<string, { valid: RegExp; fits: (entry: Entry, value: string) => boolean }>> = {
  date: {
    valid: /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?[+-]$/,
    fits: ({ date }, value) => {
      const text = value.slice(0, -1);
      const edge = Date.parse(text.includes('T') ? `${text}Z` : `${text}T00:00:00Z`) / 1000;
      return value.endsWith('+') ? date >= edge : date <= edge;
    },
  },
  origin: { valid: /^(hunting|subscriptions)$/, fits: ({ origin }, value) => origin === value },
  entity_type: { valid: /^(file|domain|url|ip_address)$/, fits: ({ kind }, value) => TYPES[kind] === value },
  entity_id: { valid: /./, fits: (entry, value) => entityId(entry) === value },
  source_type: {
    valid: /^(hunting_ruleset|retrohunt_job|collection|threat_actor)$/,
    fits: ({ source }, value) => source.type === value,
  },
  source_id: { valid: /./, fits: ({ source }, value) => source.id === value },
  notification_tag: { valid: /./, fits: ({ tags }, value) => tags.includes(value) },
};

/** The notifications for a key of Google Threat Intelligence. */
export class IocStream {
  readonly #catalog: ReportCatalog;
  readonly #now: () => number;
  readonly #entries: Entry[] = [];

  constructor(catalog: ReportCatalog, now: () => number) {
    this.#catalog = catalog;
    this.#now = now;
  }

  /** Returns the id of the notification. */
  add({ indicator, ...notification }: Notification): string {
    const id = String(20_000_000_000 + this.#entries.length);
    this.#entries.push({
      date: Math.floor(this.#now() / 1000),
      origin: 'hunting',
      source: { type: 'hunting_ruleset', id: '5310000000000000' },
      tags: [],
      rule: 'made_up_rule',
      ...notification,
      indicator: canonical(indicator),
      id,
    });
    return id;
  }

  /** A page, newest first unless `order` says otherwise. */
  answer(query: URLSearchParams): Answer {
    const order = query.get('order') ?? 'date-';
    if (order !== 'date-' && order !== 'date+') return badRequest('order', 'date-, date+');
    const conditions = (query.get('filter') ?? '').split(/\s+/).filter(Boolean).map(conditionOf);
    for (const condition of conditions) if ('status' in condition) return condition;
    const fits = conditions as { fits: (entry: Entry) => boolean }[];
    const entries = this.#entries.filter((entry) => fits.every((one) => one.fits(entry)));
    entries.sort((a, b) => a.date - b.date || Number(a.id) - Number(b.id));
    if (order === 'date-') entries.reverse();
    const page = pageOf(entries, query, `ioc_stream ${order} ${query.get('filter') ?? ''}`, ({ id }) => id);
    if ('status' in page) return page;
    const descriptors = query.get('descriptors_only') === 'true';
    const data = page.items.map((entry) => this.#object(entry, descriptors));
    const self = 'https://www.virustotal.com/api/v3/ioc_stream';
    return { status: 200, json: { data, ...pageFields(self, page, query) } };
  }

  #object(entry: Entry, descriptor: boolean): object {
    const { kind, indicator, id, date, origin, source, tags, rule } = entry;
    const { identity, finding } = this.#catalog.find(kind, indicator);
    const context_attributes = {
      notification_id: id,
      notification_date: date,
      origin,
      sources: [{ type: source.type, id: source.id }],
      tags,
      hunting_info: origin === 'hunting' ? { rule_name: rule, rule_tags: [], snippet: '' } : null,
      ...(kind === 'url' ? { url: indicator } : {}),
    };
    if (descriptor) return { type: TYPES[kind], id: entityId(entry), context_attributes };
    const { data } = v3Body(kind, kind === 'file' ? identity : indicator, finding);
    return { ...data, context_attributes };
  }
}

function entityId({ kind, indicator }: Entry): string {
  return objectId(kind, indicator);
}

function conditionOf(text: string): { fits: (entry: Entry) => boolean } | Answer {
  const colon = text.indexOf(':');
  const filter = FILTERS[text.slice(0, Math.max(0, colon))];
  const value = text.slice(colon + 1);
  if (!filter) return badRequest('filter', Object.keys(FILTERS).join(', '));
  if (!filter.valid.test(value)) return badRequest(text.slice(0, colon), filter.valid.source);
  return { fits: (entry) => filter.fits(entry, value) };
}

function badRequest(name: string, valid: string): Answer {
  return v3Error(400, 'BadRequestError', `Invalid ${name}. Valid values: ${valid}`);
}
