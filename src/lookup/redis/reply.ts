import { oneLine } from '../../errors';
import type { BlockRecord } from '../circuit-breaker';
import type { QuotaCounts } from '../quota-count';
import type { ScriptName } from './scripts';
import { UnexpectedReplyError } from './unexpected-reply';

/** Reply of the scripts that decide something. */
export interface Reply {
  status: string;
  /** Until the next try. */
  waitMs: number;
  /** Redis's clock, ms since 1970. */
  now: number;
  counts: QuotaCounts;
  block: BlockRecord | undefined;
  /** When VirusTotal answered so, by `now`. */
  blockedAt: number | undefined;
  /** When a block of each kind was last over, by `now`; 0: not that Redis knows. */
  unblockedAt: Readonly<Record<BlockRecord['kind'], number>>;
  extra: readonly string[];
}

/** A heartbeat's answer: what Redis knows of the key, and who shares it. */
export interface HeartbeatReply extends Reply {
  epoch: string;
  /** Starts of all instances in the last window. */
  inWindow: number;
  /** The instances that are there, in one order for all. */
  present: readonly string[];
  /** The resync to take part in; empty: none. */
  resyncId: string;
}

/** A report that was looked for: it, with the ms that it will be kept; or none, or another instance has the lease. */
export type StoredReply = { status: 'leased' | 'none' } | { status: 'found'; stored: Buffer; ttlMs: number };

/** Which requests may start, one after the other. */
export type Decision = 'start' | 'leased-by-peer' | 'wait' | 'blocked' | 'quota-exhausted';
export interface ReserveReply extends Reply {
  status: 'decided' | 'stale';
  decisions: readonly Decision[];
}

/** Instances that share a key; more is no answer that can be meant. */
const MAX_INSTANCES = 10_000;
/** Texts that every answer of a script that decides begins with. */
const HEADER_LENGTH = 14;
const MAX_BLOCK_MS = 32 * 86_400_000;
const DECISIONS: readonly string[] = [
  'start',
  'leased-by-peer',
  'wait',
  'blocked',
  'quota-exhausted',
] satisfies Decision[];

type Reader<T> = (raw: unknown, script: string) => T;

const ok: Reader<'OK'> = (raw, script) => {
  if (raw !== 'OK') throw new UnexpectedReplyError(script, 'OK', raw);
  return raw;
};

/** What each script answers with, read. Each throws `UnexpectedReplyError` for anything else. */
export const READERS = {
  vtHeartbeat: heartbeatReply,
  vtDeregister: ok,
  vtReserve: reserveReply,
  vtCancel: ok,
  vtRestamp: ok,
  vtSetLimits: ok,
  vtRemoveLimits: ok,
  vtBlock: ok,
  vtUnblock: ok,
  vtReconcile: reply,
  vtReadOrLeased: storedReply,
  vtReadReport: storedReply,
  vtWriteReport: ok,
  vtReleaseLease: ok,
  vtRenewLease: ok,
} as const satisfies Record<ScriptName, Reader<unknown>>;

export type Answer<Name extends ScriptName> = ReturnType<(typeof READERS)[Name]>;

/** Scripts whose answers are bytes and no texts. */
export function returnsBytes(script: ScriptName): boolean {
  return script === 'vtReadOrLeased' || script === 'vtReadReport';
}

/** Scripts that neither need the time nor tell it. */
const TIMELESS: ReadonlySet<ScriptName> = new Set<ScriptName>([
  ...([
    'vtDeregister',
    'vtReadOrLeased',
    'vtReadReport',
    'vtWriteReport',
    'vtReleaseLease',
    'vtRenewLease',
  ] as const),
]);

export function needsTime(script: ScriptName): boolean {
  return !TIMELESS.has(script);
}

/** The time in Redis, ms, that an answer tells; undefined: it tells none. */
export function timeOf(answer: unknown): number | undefined {
  const { now } = Object(answer) as { now?: unknown };
  return typeof now === 'number' ? now : undefined;
}

/** A page of SCAN: where to go on, and the names that were found. */
export function readScan(raw: unknown): { cursor: string; names: string[] } {
  const [cursor, names] = Array.isArray(raw) && raw.length === 2 ? (raw as unknown[]) : [];
  if (typeof cursor === 'string' && /^\d{1,20}$/.test(cursor) && Array.isArray(names)) {
    const texts = (names as unknown[]).filter((name) => typeof name === 'string');
    if (texts.length === names.length) return { cursor, names: texts };
  }
  throw new UnexpectedReplyError('SCAN', 'a cursor and a list of names', raw);
}

function heartbeatReply(raw: unknown, script: string): HeartbeatReply {
  const read = reply(raw, script);
  const [epoch = '', inWindow, ids = '', resyncId = ''] = read.extra;
  const present = ids.split(' ').filter((id) => id !== '');
  if (read.status !== 'ok' || read.extra.length !== 4 || epoch === '' || present.length === 0)
    throw new UnexpectedReplyError(script, 'who shares the key', raw);
  if (present.length > MAX_INSTANCES)
    throw new UnexpectedReplyError(script, `at most ${MAX_INSTANCES} instances`, present);
  return { ...read, epoch, inWindow: parseCount(inWindow, script), present, resyncId };
}

function reserveReply(raw: unknown, script: string): ReserveReply {
  const read = reply(raw, script);
  const { status, extra } = read;
  if (
    (status !== 'decided' && status !== 'stale') ||
    !extra.every((decision) => DECISIONS.includes(decision))
  )
    throw new UnexpectedReplyError(script, 'a decision for each request', raw);
  return { ...read, status, decisions: extra as Decision[] };
}

function storedReply(raw: unknown, script: string): StoredReply {
  const [rawStatus, stored, ttl] = Array.isArray(raw) ? (raw as unknown[]) : [];
  const status = Buffer.isBuffer(rawStatus) ? rawStatus.toString('latin1', 0, 8) : '';
  if (status === 'leased' || status === 'none') return { status };
  const ttlMs = Buffer.isBuffer(ttl) ? Number(ttl.toString('latin1', 0, 32)) : NaN;
  if (status === 'found' && Buffer.isBuffer(stored) && Number.isFinite(ttlMs))
    return { status, stored, ttlMs };
  throw new UnexpectedReplyError(script, 'a report, or that there is none', raw);
}

function reply(raw: unknown, script: string): Reply {
  const texts = Array.isArray(raw) ? (raw as unknown[]) : [];
  if (texts.length < HEADER_LENGTH || !texts.every((text) => typeof text === 'string'))
    throw new UnexpectedReplyError(script, `a list of ${HEADER_LENGTH} texts or more`, raw);
  const [status = '', waitMs, now, day = '', dayUsed, month = '', monthUsed, ...more] = texts;
  const [kind, httpStatus, text = '', pauses, remaining, blockedAt, unblocked = '', ...extra] = more;
  const [rateLimited, exhausted, unauthorized] = unblocked.split(' ').map((at) => parseNumber(at, script));
  const time = parseNumber(now, script);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || !/^\d{4}-\d\d$/.test(month) || time <= 0)
    throw new UnexpectedReplyError(script, 'the time of Redis', raw);
  return {
    status,
    waitMs: parseNumber(waitMs, script),
    now: time,
    counts: { day, dayUsed: parseCount(dayUsed, script), month, monthUsed: parseCount(monthUsed, script) },
    block: kind === '' ? undefined : blockRecord(kind, httpStatus, text, pauses, remaining, script),
    blockedAt: blockedAt ? parseNumber(blockedAt, script) : undefined,
    unblockedAt: {
      'rate-limited': rateLimited ?? 0,
      'quota-exhausted': exhausted ?? 0,
      unauthorized: unauthorized ?? 0,
    },
    extra,
  };
}

function blockRecord(
  kind: string | undefined,
  status: string | undefined,
  text: string,
  pauses: string | undefined,
  remaining: string | undefined,
  script: string,
): BlockRecord {
  const remainingMs = parseNumber(remaining, script);
  if (!isBlockKind(kind) || remainingMs > MAX_BLOCK_MS)
    throw new UnexpectedReplyError(script, 'a pause, a spent quota or a refused key', kind);
  return {
    kind,
    text: oneLine(text),
    remainingMs,
    pauses: parseCount(pauses, script),
    ...(status ? { status: parseCount(status, script) } : {}),
  };
}

function isBlockKind(text: string | undefined): text is BlockRecord['kind'] {
  return text === 'rate-limited' || text === 'quota-exhausted' || text === 'unauthorized';
}

function parseNumber(text: string | undefined, script: string): number {
  const value = text === undefined || text === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new UnexpectedReplyError(script, 'a number', text);
  return value;
}

/** A whole number from 0. */
function parseCount(text: string | undefined, script: string): number {
  const value = parseNumber(text, script);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new UnexpectedReplyError(script, 'a whole number from 0', value);
  return value;
}
