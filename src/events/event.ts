/**
 * What happens, as flat objects for a log or a monitoring system. Names and properties are stable: rules of a SIEM refer to them. A property
 * that does not apply is absent.
 */

/** What a subscriber chooses by. */
export const EVENT_KINDS = [
  'lookup',
  'verdict',
  'skipped',
  'refused',
  'pause',
  'quota',
  'key',
  'submit',
  'redis',
] as const;

/** A kind of event. */
export type EventKind = (typeof EVENT_KINDS)[number];

/** Every event, by its kind and its severity in syslog (RFC 5424: 3 error, 4 warning, 5 notice, 6 informational). */
export const EVENTS = {
  lookup: { kind: 'lookup', severity: 6 },
  verdict: { kind: 'verdict', severity: 6 },
  skipped: { kind: 'skipped', severity: 6 },
  refused: { kind: 'refused', severity: 4 },
  'pause-start': { kind: 'pause', severity: 4 },
  'pause-end': { kind: 'pause', severity: 5 },
  'quota-80': { kind: 'quota', severity: 5 },
  'quota-95': { kind: 'quota', severity: 4 },
  'quota-spent': { kind: 'quota', severity: 3 },
  'quota-reset': { kind: 'quota', severity: 5 },
  'key-refused': { kind: 'key', severity: 3 },
  'key-accepted': { kind: 'key', severity: 5 },
  submitted: { kind: 'submit', severity: 5 },
  'redis-away': { kind: 'redis', severity: 4 },
  'redis-back': { kind: 'redis', severity: 5 },
} as const satisfies Record<string, { kind: EventKind; severity: number }>;

/** The name of an event. */
export type EventName = keyof typeof EVENTS;

/** What an event says beside its name, its time and its config: text, numbers and switches only. */
export type EventFields = Readonly<Record<string, string | number | boolean | null>>;

/** What has happened, before it is known where. */
export interface Happened {
  event: EventName;
  fields: EventFields;
}
