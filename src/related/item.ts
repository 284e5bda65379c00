import { isCount, isObject } from '../report/narrow';
import type { Indicator, IocType } from '../ioc/ioc';
import { cleaned, dateAt, defined, fieldAt, scalarsOf, textAt } from './clean';

/** What is known of a relation between two indicators: texts, numbers and dates (ISO 8601). */
export type RelationContext = Readonly<Record<string, string | number | boolean>>;

/** One element of a relation. Plain JSON. */
export type RelatedItem =
  | {
      readonly kind: 'indicator';
      readonly type: IocType;
      readonly value: string;
      readonly context: RelationContext;
    }
  /** A URL of which only the id is there: the whole object says more. */
  | { readonly kind: 'unnamed'; readonly id: string }
  /** VirusTotal has an error in the place of the object. */
  | { readonly kind: 'failed'; readonly type: string; readonly id: string; readonly error: string }
  /** What no report can be looked up of. */
  | { readonly kind: 'thing'; readonly type: string; readonly id: string; readonly context: RelationContext };

/** Longer values are no indicators, and are cut where they are quoted. */
const LONGEST_ID = 8_192;

/** The kinds of VirusTotal's objects that are indicators. */
export const INDICATOR_TYPES: ReadonlyMap<unknown, IocType> = new Map<unknown, IocType>([
  ['file', 'file'],
  ['url', 'url'],
  ['domain', 'domain'],
  ['ip_address', 'ip'],
]);

/** Reads one element of a relation of `subject`; undefined for what has no type and id, as the object of a relation to nothing. */
export function readItem(value: unknown, subject: Indicator): RelatedItem | undefined {
  if (!isObject(value)) return undefined;
  const type = textAt(value, 'type', 60);
  const id = fieldAt(value, 'id');
  if (type === undefined || typeof id !== 'string' || id === '') return undefined;
  const error = fieldAt(value, 'error');
  if (isObject(error) || typeof error === 'string')
    return { kind: 'failed', type, id: id.slice(0, 200), error: textAt(error, 'code', 60) ?? 'error' };
  if (type === 'resolution') return readResolution(value, id, subject);
  const kind = INDICATOR_TYPES.get(type);
  if (kind === undefined)
    return { kind: 'thing', type, id: cleaned(id, 200) ?? '', context: contextOf(value) };
  const name = kind === 'url' ? urlOf(value) : id;
  if (name === undefined) return { kind: 'unnamed', id: id.slice(0, 200) };
  return { kind: 'indicator', type: kind, value: name.slice(0, LONGEST_ID), context: contextOf(value) };
}

/** The id of a URL's object is a hash of it. */
function urlOf(value: unknown): string | undefined {
  for (const place of ['attributes', 'context_attributes']) {
    const fields = fieldAt(value, place);
    const url = fieldAt(fields, 'url') ?? fieldAt(fields, 'last_final_url');
    if (typeof url === 'string' && url !== '') return url;
  }
  return undefined;
}

/** Passive DNS: the id is the address and the name in one, and which of them is the other one is seen by the subject. */
function readResolution(value: unknown, id: string, subject: Indicator): RelatedItem | undefined {
  const fields = fieldAt(value, 'attributes');
  const isOfDomain = subject.type === 'domain';
  const named = fieldAt(fields, isOfDomain ? 'ip_address' : 'host_name');
  const other = typeof named === 'string' && named !== '' ? named : restOf(id, subject);
  if (other === undefined) return undefined;
  const stats = fieldAt(
    fields,
    isOfDomain ? 'ip_address_last_analysis_stats' : 'host_name_last_analysis_stats',
  );
  const context = defined({
    date: dateAt(fields, 'date'),
    resolver: textAt(fields, 'resolver', 60),
    detections: countAt(stats, 'malicious'),
  });
  return {
    kind: 'indicator',
    type: isOfDomain ? 'ip' : 'domain',
    value: other.slice(0, LONGEST_ID),
    context: { ...scalarsOf(fieldAt(value, 'context_attributes')), ...context },
  };
}

function restOf(id: string, { type, value }: Indicator): string | undefined {
  if (type === 'domain' && id.endsWith(value)) return id.slice(0, -value.length) || undefined;
  return type === 'ip' && id.startsWith(value) ? id.slice(value.length) || undefined : undefined;
}

/** What VirusTotal says of the relation itself, and what a whole object says at a glance. */
function contextOf(value: unknown): RelationContext {
  const fields = fieldAt(value, 'attributes');
  const glance = defined({
    name: textAt(fields, 'meaningful_name') ?? textAt(fields, 'name') ?? textAt(fields, 'sandbox_name'),
    title: textAt(fields, 'title'),
    date: dateAt(fields, 'date') ?? dateAt(fields, 'analysis_date') ?? dateAt(fields, 'creation_date'),
    detections: countAt(fieldAt(fields, 'last_analysis_stats'), 'malicious'),
  });
  return { ...scalarsOf(fieldAt(value, 'context_attributes')), ...glance };
}

function countAt(object: unknown, name: string): number | undefined {
  const value = fieldAt(object, name);
  return isCount(value) ? value : undefined;
}
