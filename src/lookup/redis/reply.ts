import { oneLine } from '../../errors';
import type { HoldRecord } from '../key-hold';
import type { QuotaCounts } from '../quota-count';
import type { ScriptName } from './scripts';
import { UnexpectedReplyError } from './unexpected-reply';

/** What the scripts that decide something answer with. */
export interface Reply {
  what: string;
  /** Until it may be asked again. */
  waitMs: number;
  /** Redis's clock, ms since 1970. */
  now: number;
  counts: QuotaCounts;
  hold: HoldRecord | undefined;
  /** When VirusTotal said that, by `now`. */
  saidAt: number | undefined;
  /** When a hold of each kind was last lifted, by `now`; 0: not that Redis knows. */
  lifted: Readonly<Record<HoldRecord['kind'], number>>;
  rest: readonly string[];
}

/** A heartbeat's answer: what Redis knows of the key, and who shares it. */
export interface Meeting extends Reply {
  epoch: string;
  /** Starts of all instances in the last window. */
  inWindow: number;
  /** The instances that are there, in one order for all. */
  present: readonly string[];
  /** The call that is to be answered; empty: none. */
  call: string;
}

/** A report that was looked for: it, with the ms that it will be kept; or none, or another instance asks for it. */
export type StoredReply = { what: 'busy' | 'none' } | { what: 'have'; stored: Buffer; ttlMs: number };

/** Which requests may start, one after the other. */
export type Verdict = 'go' | 'elsewhere' | 'wait' | 'held' | 'spent';
export interface Decision extends Reply {
  what: 'decided' | 'stale';
  verdicts: readonly Verdict[];
}

/** Instances that share a key; more is no answer that can be meant. */
const MOST_INSTANCES = 10_000;
/** Texts that every answer of a script that decides begins with. */
const HEAD = 14;
const LONGEST_HOLD_MS = 32 * 86_400_000;
const VERDICTS: readonly string[] = ['go', 'elsewhere', 'wait', 'held', 'spent'] satisfies Verdict[];

type Reader<T> = (raw: unknown, script: string) => T;

const ok: Reader<'OK'> = (raw, script) => {
  if (raw !== 'OK') throw new UnexpectedReplyError(script, 'OK', raw);
  return raw;
};

/** What each script answers with, read. Each throws `UnexpectedReplyError` for anything else. */
export const READERS = {
  vtMeet: meeting,
  vtLeave: ok,
  vtStart: decision,
  vtGiveBack: ok,
  vtCountFromNow: ok,
  vtLimit: ok,
  vtUnlimit: ok,
  vtHold: ok,
  vtLift: ok,
  vtCorrect: reply,
  vtPeek: storedReply,
  vtGet: storedReply,
  vtShare: ok,
  vtRelease: ok,
  vtRenew: ok,
} as const satisfies Record<ScriptName, Reader<unknown>>;

export type Answer<Name extends ScriptName> = ReturnType<(typeof READERS)[Name]>;

/** Scripts whose answers are bytes and no texts. */
export function answersBytes(script: ScriptName): boolean {
  return script === 'vtPeek' || script === 'vtGet';
}

/** Scripts that neither need the time nor tell it. */
const TIMELESS: ReadonlySet<ScriptName> = new Set<ScriptName>([
  ...(['vtLeave', 'vtPeek', 'vtGet', 'vtShare', 'vtRelease', 'vtRenew'] as const),
]);

export function needsTime(script: ScriptName): boolean {
  return !TIMELESS.has(script);
}

/** The time in Redis, ms, that an answer tells; undefined: it tells none. */
export function timeIn(answer: unknown): number | undefined {
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

function meeting(raw: unknown, script: string): Meeting {
  const read = reply(raw, script);
  const [epoch = '', inWindow, ids = '', call = ''] = read.rest;
  const present = ids.split(' ').filter((id) => id !== '');
  if (read.what !== 'met' || read.rest.length !== 4 || epoch === '' || present.length === 0)
    throw new UnexpectedReplyError(script, 'who shares the key', raw);
  if (present.length > MOST_INSTANCES)
    throw new UnexpectedReplyError(script, `at most ${MOST_INSTANCES} instances`, present);
  return { ...read, epoch, inWindow: count(inWindow, script), present, call };
}

function decision(raw: unknown, script: string): Decision {
  const read = reply(raw, script);
  const { what, rest } = read;
  if ((what !== 'decided' && what !== 'stale') || !rest.every((verdict) => VERDICTS.includes(verdict)))
    throw new UnexpectedReplyError(script, 'a decision for each request', raw);
  return { ...read, what, verdicts: rest as Verdict[] };
}

function storedReply(raw: unknown, script: string): StoredReply {
  const [what, stored, ttl] = Array.isArray(raw) ? (raw as unknown[]) : [];
  const word = Buffer.isBuffer(what) ? what.toString('latin1', 0, 8) : '';
  if (word === 'busy' || word === 'none') return { what: word };
  const ttlMs = Buffer.isBuffer(ttl) ? Number(ttl.toString('latin1', 0, 32)) : NaN;
  if (word === 'have' && Buffer.isBuffer(stored) && Number.isFinite(ttlMs))
    return { what: word, stored, ttlMs };
  throw new UnexpectedReplyError(script, 'a report, or that there is none', raw);
}

function reply(raw: unknown, script: string): Reply {
  const texts = Array.isArray(raw) ? (raw as unknown[]) : [];
  if (texts.length < HEAD || !texts.every((text) => typeof text === 'string'))
    throw new UnexpectedReplyError(script, `a list of ${HEAD} texts or more`, raw);
  const [what = '', wait, now, day = '', dayUsed, month = '', monthUsed, ...more] = texts;
  const [kind, status, text = '', pauses, remaining, said, lifted = '', ...rest] = more;
  const [pause, spent, refused] = lifted.split(' ').map((at) => number(at, script));
  const time = number(now, script);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || !/^\d{4}-\d\d$/.test(month) || time <= 0)
    throw new UnexpectedReplyError(script, 'the time of Redis', raw);
  return {
    what,
    waitMs: number(wait, script),
    now: time,
    counts: { day, dayUsed: count(dayUsed, script), month, monthUsed: count(monthUsed, script) },
    hold: kind === '' ? undefined : holdRecord(kind, status, text, pauses, remaining, script),
    saidAt: said ? number(said, script) : undefined,
    lifted: { pause: pause ?? 0, spent: spent ?? 0, refused: refused ?? 0 },
    rest,
  };
}

function holdRecord(
  kind: string | undefined,
  status: string | undefined,
  text: string,
  pauses: string | undefined,
  remaining: string | undefined,
  script: string,
): HoldRecord {
  const remainingMs = number(remaining, script);
  if (!isKind(kind) || remainingMs > LONGEST_HOLD_MS)
    throw new UnexpectedReplyError(script, 'a pause, a spent quota or a refused key', kind);
  return {
    kind,
    text: oneLine(text),
    remainingMs,
    pauses: count(pauses, script),
    ...(status ? { status: count(status, script) } : {}),
  };
}

function isKind(text: string | undefined): text is HoldRecord['kind'] {
  return text === 'pause' || text === 'spent' || text === 'refused';
}

function number(text: string | undefined, script: string): number {
  const value = text === undefined || text === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new UnexpectedReplyError(script, 'a number', text);
  return value;
}

/** A whole number from 0. */
function count(text: string | undefined, script: string): number {
  const value = number(text, script);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new UnexpectedReplyError(script, 'a whole number from 0', value);
  return value;
}
