import { oneLine } from '../errors';
import type { Indicator, IocType } from '../ioc/ioc';
import { canonicalIoc } from '../ioc/recognize';
import { isObject, own, ReportShapeError } from '../report/narrow';
import { parseReport } from '../report/parse-report';
import type { Report } from '../report/report';

/** What the IoC stream says of an indicator beside its report. */
export interface NotificationContext {
  /** VirusTotal's id of the notification. */
  id: string;
  /** ISO 8601 in UTC; null: VirusTotal gave none. */
  date: string | null;
  /** `hunting` or `subscriptions`. */
  origin: string | null;
  /** What has led to it: a ruleset, a retrohunt job, a collection or a threat actor. */
  sources: { type: string; id: string; label?: string }[];
  tags: string[];
  /** The YARA rule that has matched. */
  rule: string | null;
}

/** One entry of the IoC stream. */
export interface StreamNotification {
  indicator: Indicator;
  report: Report;
  about: NotificationContext;
  /** In seconds since 1970; undefined: there is none. */
  date: number | undefined;
}

/** A page of the IoC stream, in the order in which it came. */
export interface StreamPage {
  notifications: StreamNotification[];
  /** Where the next page starts; undefined: this is the last one. */
  cursor: string | undefined;
}

const TYPES = new Map<unknown, IocType>([
  ['file', 'file'],
  ['url', 'url'],
  ['domain', 'domain'],
  ['ip_address', 'ip'],
]);
/** Most elements of a list, and characters of a text, that a message carries. */
const MOST = 50;
const LONGEST = 300;
const LONGEST_CURSOR = 4096;
/** Later ones are no dates. */
const LAST_SECOND = 253_402_300_799;

/** Reads an answer of `/ioc_stream`. What is no indicator in it is left out. Never throws. */
export function readStreamPage(body: unknown): StreamPage {
  const data = at(body, 'data');
  const cursor = at(at(body, 'meta'), 'cursor') ?? cursorIn(at(at(body, 'links'), 'next'));
  return {
    notifications: (Array.isArray(data) ? (data as unknown[]) : []).flatMap(readNotification),
    cursor:
      typeof cursor === 'string' && cursor !== '' && cursor.length <= LONGEST_CURSOR ? cursor : undefined,
  };
}

function readNotification(item: unknown): StreamNotification[] {
  const type = TYPES.get(at(item, 'type'));
  const objectId = at(item, 'id');
  if (type === undefined || typeof objectId !== 'string' || objectId === '') return [];
  const context = at(item, 'context_attributes');
  const named =
    type === 'url' ? (at(at(item, 'attributes'), 'url') ?? at(context, 'url') ?? objectId) : objectId;
  const text = typeof named === 'string' ? named : objectId;
  const value = canonicalIoc(type, text) ?? oneLine(text, LONGEST);
  const date = at(context, 'notification_date');
  const seconds = typeof date === 'number' && date >= 0 && date <= LAST_SECOND ? date : undefined;
  const indicator = { type, value };
  return [
    {
      indicator,
      report: reportIn(indicator, item),
      date: seconds,
      about: {
        id: textAt(context, 'notification_id') ?? `${type} ${oneLine(objectId, LONGEST)} ${seconds ?? ''}`,
        date: seconds === undefined ? null : new Date(seconds * 1000).toISOString(),
        origin: textAt(context, 'origin') ?? null,
        sources: listAt(context, 'sources').flatMap(readSource),
        tags: listAt(context, 'tags')
          .filter((tag) => typeof tag === 'string')
          .map((tag) => oneLine(tag, LONGEST)),
        rule: textAt(at(context, 'hunting_info'), 'rule_name') ?? textAt(context, 'rule_name') ?? null,
      },
    },
  ];
}

/** Of a deleted object there is an error in place of its attributes. */
function reportIn(indicator: Indicator, item: unknown): Report {
  try {
    if (at(item, 'error') === undefined) return parseReport('v3', indicator, { data: item });
  } catch (error) {
    if (!(error instanceof ReportShapeError)) throw error;
  }
  const { type, value } = indicator;
  return { type, resource: value, response_code: 0, verbose_msg: 'No report in the notification' };
}

function readSource(source: unknown): NotificationContext['sources'] {
  const type = textAt(source, 'type');
  const id = textAt(source, 'id');
  const label = textAt(source, 'label');
  return type === undefined || id === undefined
    ? []
    : [{ type, id, ...(label === undefined ? {} : { label }) }];
}

/** The link names VirusTotal's host, which may not be the one that is asked: only its cursor is taken. */
function cursorIn(link: unknown): string | undefined {
  if (typeof link !== 'string' || link.length > 2 * LONGEST_CURSOR) return undefined;
  return new URLSearchParams(link.slice(link.indexOf('?') + 1)).get('cursor') ?? undefined;
}

function at(object: unknown, name: string): unknown {
  return isObject(object) ? own(object, name) : undefined;
}

function listAt(object: unknown, name: string): unknown[] {
  const value = at(object, name);
  return Array.isArray(value) ? (value.slice(0, MOST) as unknown[]) : [];
}

function textAt(object: unknown, name: string): string | undefined {
  const value = at(object, name);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? oneLine(value, LONGEST) : undefined;
}
