import { oneLine } from '../../errors';
import type { BlockRecord, QuotaCounts, SlidingWindow } from '../limiter-backend';
import type { CommandName } from './commands';
import { UnexpectedReplyError } from './unexpected-reply';

/** Reply of the commands that decide something. */
export interface Reply {
  /** Redis's clock, ms since 1970. */
  now: number;
  /** How often that clock was found set, and corrected. */
  corrections: number;
  counts: QuotaCounts;
  block: BlockRecord | undefined;
}

/** A heartbeat's answer: what Redis knows of the key, and who shares it. */
export interface HeartbeatReply extends Reply {
  /** Another one than before: Redis has lost all that it knew of the key. */
  stateId: string;
  /** The instances that are there, in one order for all. */
  present: readonly string[];
  /** Limits of all instances. */
  limits: readonly LimitInForce[];
  /** Other instances may start requests without Redis now. */
  isPartitioned: boolean;
}

/** A limit that applies to all instances, for that number of ms unless it is renewed. */
export interface LimitInForce {
  window: SlidingWindow;
  remainingMs: number;
}

/** Which requests may start, one after the other. */
export interface ReserveReply extends Reply {
  decisions: readonly Decision[];
  /** Until the next try. */
  waitMs: number;
}

/** A report that was looked for: it, with the ms that it will be kept; or none, or another instance has the lease. */
export type StoredReply = { status: 'leased' | 'none' } | { status: 'found'; stored: Buffer; ttlMs: number };

const DECISIONS = ['start', 'leased-by-peer', 'reserved', 'wait', 'blocked', 'quota-exhausted'] as const;
/** What a script decides about a request. */
export type Decision = (typeof DECISIONS)[number];
const BLOCK_KINDS = [
  'rate-limited',
  'quota-exhausted',
  'unauthorized',
] as const satisfies BlockRecord['kind'][];

/** Instances that share a key; more is no answer that can be meant. */
const MAX_INSTANCES = 10_000;
const MAX_BLOCK_MS = 32 * 86_400_000;

type Reader<T> = (raw: unknown, command: string) => T;
type Fields = Readonly<Record<string, unknown>>;

/** What each command answers with, read. Each throws `UnexpectedReplyError` for anything else. */
export const READERS = {
  vtHeartbeat: readHeartbeat,
  vtDeregister: readOk,
  vtReserve: readReserve,
  vtCancel: readOk,
  vtRestamp: readOk,
  vtBlock: readOk,
  vtUnblock: readOk,
  vtReconcile: (raw, command) => readState(parseJson(raw, command), command),
  vtReadReport: readStored,
  vtWriteReport: readOk,
  vtReleaseLease: readOk,
} as const satisfies Record<CommandName, Reader<unknown>>;

/** The answer of a command, after its shape was checked. */
export type Answer<Name extends CommandName> = ReturnType<(typeof READERS)[Name]>;

/** The time in Redis, ms, that an answer tells, and how often it was corrected; undefined: it tells none. */
export function timeOf(answer: unknown): Pick<Reply, 'now' | 'corrections'> | undefined {
  return typeof (Object(answer) as Partial<Reply>).now === 'number' ? (answer as Reply) : undefined;
}

/** A page of SCAN: where to go on, and the names that were found. */
export function readScan(raw: unknown): { cursor: string; names: string[] } {
  const [cursor, names] = Array.isArray(raw) && raw.length === 2 ? (raw as unknown[]) : [];
  if (typeof cursor === 'string' && /^\d{1,20}$/.test(cursor) && isTexts(names)) return { cursor, names };
  throw new UnexpectedReplyError('SCAN', 'a cursor and a list of names', raw);
}

function readOk(raw: unknown, command: string): 'OK' {
  if (raw !== 'OK') throw new UnexpectedReplyError(command, 'OK', raw);
  return raw;
}

function readHeartbeat(raw: unknown, command: string): HeartbeatReply {
  const fields = parseJson(raw, command);
  const { stateId, present } = fields;
  if (typeof stateId !== 'string' || stateId === '' || !isTexts(present) || present.length === 0)
    throw new UnexpectedReplyError(command, 'who shares the key', raw);
  if (present.length > MAX_INSTANCES)
    throw new UnexpectedReplyError(command, `at most ${MAX_INSTANCES} instances`, present);
  return {
    ...readState(fields, command),
    ...{ stateId, present, isPartitioned: fields.isPartitioned === true },
    limits: readLimits(fields.limits ?? [], command),
  };
}

function readLimits(value: unknown, command: string): LimitInForce[] {
  if (!Array.isArray(value)) throw new UnexpectedReplyError(command, 'a list of limits', value);
  return (value as unknown[]).map((limit) => {
    const { count, windowMs, remainingMs } = readFields(limit, command);
    const window = { count: readCount(count, command), windowMs: readNumber(windowMs, command) };
    if (window.count === 0 || window.windowMs <= 0) throw new UnexpectedReplyError(command, 'a limit', limit);
    return { window, remainingMs: readNumber(remainingMs, command) };
  });
}

/** `stale`: Redis has lost its data. `partitioned`: other instances may start requests without Redis. */
function readReserve(raw: unknown, command: string): ReserveReply | 'stale' | 'partitioned' {
  const fields = parseJson(raw, command);
  if (fields.isStale === true) return 'stale';
  if (fields.isPartitioned === true) return 'partitioned';
  const { decisions } = fields;
  if (
    !isTexts(decisions) ||
    !decisions.every((decision): decision is Decision => isOneOf(DECISIONS, decision))
  )
    throw new UnexpectedReplyError(command, 'a decision for each request', raw);
  return { ...readState(fields, command), decisions, waitMs: readNumber(fields.waitMs, command) };
}

function readStored(raw: unknown, command: string): StoredReply {
  const [json, stored] = Array.isArray(raw) ? (raw as unknown[]) : [];
  const { status, ttlMs } = parseJson(Buffer.isBuffer(json) ? json.toString() : raw, command);
  if (status === 'leased' || status === 'none') return { status };
  if (status === 'found' && Buffer.isBuffer(stored))
    return { status, stored, ttlMs: readNumber(ttlMs, command) };
  throw new UnexpectedReplyError(command, 'a report, or that there is none', raw);
}

function readState(fields: Fields, command: string): Reply {
  const now = readNumber(fields.now, command);
  const { day, dayUsed, month, monthUsed } = readFields(fields.counts, command);
  if (!isText(day, /^\d{4}-\d\d-\d\d$/) || !isText(month, /^\d{4}-\d\d$/) || now <= 0)
    throw new UnexpectedReplyError(command, 'the time of Redis', fields);
  const block = fields.block === undefined ? undefined : readFields(fields.block, command);
  return {
    now,
    corrections: readCount(fields.corrections, command),
    counts: { day, dayUsed: readCount(dayUsed, command), month, monthUsed: readCount(monthUsed, command) },
    block: block && readBlock(block, command),
  };
}

function readBlock({ kind, status, text, pauses, remainingMs: left }: Fields, command: string): BlockRecord {
  const remainingMs = readNumber(left, command);
  if (!isOneOf(BLOCK_KINDS, kind) || typeof text !== 'string' || remainingMs > MAX_BLOCK_MS)
    throw new UnexpectedReplyError(command, 'a pause, a spent quota or a refused key', kind);
  return {
    ...{ kind, text: oneLine(text), remainingMs, pauses: readCount(pauses, command) },
    ...(status === '' ? {} : { status: readCount(status, command) }),
  };
}

function parseJson(raw: unknown, command: string): Fields {
  if (typeof raw !== 'string') throw new UnexpectedReplyError(command, 'JSON', raw);
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    throw new UnexpectedReplyError(command, 'JSON', raw);
  }
  return readFields(value, command);
}

function readFields(value: unknown, command: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Buffer.isBuffer(value))
    throw new UnexpectedReplyError(command, 'a JSON object', value);
  return value as Fields;
}

/** A number, or a text of one: Redis keeps them so. */
function readNumber(value: unknown, command: string): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw new UnexpectedReplyError(command, 'a number', value);
  return number;
}

/** A whole number from 0. */
function readCount(value: unknown, command: string): number {
  const count = readNumber(value, command);
  if (!Number.isSafeInteger(count) || count < 0)
    throw new UnexpectedReplyError(command, 'a whole number from 0', count);
  return count;
}

function isText(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function isOneOf<T extends string>(values: readonly T[], value: unknown): value is T {
  return values.some((each) => each === value);
}
