import { VirusTotalError } from '../errors';
import { nextMidnight, type QuotaCount, type Spent } from './quota-count';

/** Why nothing of a key may start now. */
export interface Hold {
  /**
   * `pause`: VirusTotal said "quota" and is asked again soon; all wait. `spent`: day or month is used up. `refused`: the key
   * isn't taken.
   */
  kind: 'pause' | 'spent' | 'refused';
  /** What a lookup that doesn't wait for it fails with. */
  error: VirusTotalError;
  /** Until it may be over. */
  remainingMs: number;
}

/** Why nothing of a key may start, for people: `rate`: VirusTotal asks to slow down; `quota`: used up, nobody says which. */
export type HoldReason = 'rate' | 'day' | 'month' | 'quota' | 'key';

export function holdReason({ kind, error: { reason } }: Pick<Hold, 'kind' | 'error'>): HoldReason {
  if (kind === 'pause') return 'rate';
  if (kind === 'refused') return 'key';
  return reason === 'day' || reason === 'month' ? reason : 'quota';
}

/** A hold as other instances hear of it. */
export interface HoldRecord {
  kind: Hold['kind'];
  text: string;
  /** HTTP status of what VirusTotal said. */
  status?: number;
  /** 0 or less: it is over, and one request of one instance tries whether VirusTotal takes it. */
  remainingMs: number;
  /** Refusals in a row so far. */
  pauses: number;
}

/** Refusals in a row, each after a pause, until the day or month counts as spent. */
const MAX_PAUSES = 3;
/** Retry-After may ask for more. */
const LONGEST_PAUSE_MS = 60 * 60_000;
const REFUSED_KEY_MS = 5 * 60_000;
/** VirusTotal says neither which allowance is spent nor until when: one request an hour finds out. */
const SPENT_RECHECK_MS = 60 * 60_000;

/**
 * What holds one key up, from what VirusTotal answered and from its own count. Waits are on the monotonic clock, so that a wall
 * clock that is set neither ends nor prolongs them; only the turn of the UTC day is wall time.
 */
export class KeyHold {
  readonly #count: QuotaCount;
  readonly #timeScale: () => number;
  #held: { kind: Hold['kind']; error: VirusTotalError; until: number; day: number } | undefined;
  #pauses = 0;
  #trying = false;

  constructor(count: QuotaCount, timeScale: () => number) {
    this.#count = count;
    this.#timeScale = timeScale;
  }

  /** After a hold only one request goes, until VirusTotal has taken it. */
  get trying(): boolean {
    return this.#trying;
  }

  current(): Hold | undefined {
    const held = this.#stillHeld();
    if (held && held.kind !== 'pause') return held;
    const spent = this.#count.spent();
    if (!spent) return held;
    return { kind: 'spent', error: spentError(spent), remainingMs: Math.max(0, spent.until - Date.now()) };
  }

  /**
   * VirusTotal said "quota". Requests that were under way together are one refusal. A wait that long is no pause: those who don't
   * want to wait for the turn of the day don't want to wait for it either.
   * @returns whether a hold begins
   */
  pause(ms: number, error: VirusTotalError): boolean {
    if (this.#stillHeld()) return false;
    if (ms > LONGEST_PAUSE_MS) {
      this.#hold('spent', ms, error);
      return true;
    }
    if (this.#pauses < MAX_PAUSES) {
      this.#pauses++;
      this.#hold('pause', ms, error);
      return true;
    }
    const recheckMs = Math.min(
      SPENT_RECHECK_MS * this.#timeScale(),
      Math.max(1000, nextMidnight(Date.now()) - Date.now()),
    );
    const text =
      `Quota used up: VirusTotal refused ${MAX_PAUSES + 1} times in a row, with a pause after each. The key's day or month is ` +
      `used up, or another tool uses the key. It is tried again in ${duration(recheckMs)}`;
    this.#hold('spent', recheckMs, quotaError(text, error.status));
    return true;
  }

  refuseKey(error: VirusTotalError): void {
    this.#hold('refused', REFUSED_KEY_MS * this.#timeScale(), error);
  }

  /** VirusTotal took a request, whatever it made of it. */
  accepted(): void {
    this.#pauses = 0;
    this.#trying = false;
  }

  /** The config was deployed again: a key that was refused may be right by now. What was spent still is. */
  forgiveKey(): void {
    if (this.#held?.kind === 'refused') this.#held = undefined;
  }

  /** VirusTotal was seen to take the key. It does so in a pause too, which is about the last minute and stays. */
  lift(): void {
    if (this.#held?.kind !== 'pause') this.#held = undefined;
  }

  #stillHeld(): Hold | undefined {
    const held = this.#held;
    if (!held) return undefined;
    const remainingMs = held.until - performance.now();
    const dayTurned = held.kind === 'spent' && utcDay() > held.day;
    if (remainingMs > 0 && !dayTurned) return { kind: held.kind, error: held.error, remainingMs };
    this.#held = undefined;
    this.#trying = true;
    return undefined;
  }

  /** What VirusTotal said last, for other instances. */
  record(): HoldRecord | undefined {
    if (!this.#held) return undefined;
    const { kind, error, until } = this.#held;
    const remainingMs = until - performance.now();
    return {
      kind,
      text: error.message,
      ...(error.status === undefined ? {} : { status: error.status }),
      remainingMs: kind === 'spent' ? Math.min(remainingMs, utcDay() - Date.now()) : remainingMs,
      pauses: this.#pauses,
    };
  }

  /** What VirusTotal said last to any instance; undefined: nothing that still holds. @returns whether that is news */
  agree(record: HoldRecord | undefined): boolean {
    const before = this.#held;
    if (!record) {
      this.#held = undefined;
      this.accepted();
      return before !== undefined;
    }
    const { kind, text, status, remainingMs, pauses } = record;
    this.#pauses = pauses;
    if (remainingMs <= 0) {
      this.#held = undefined;
      this.#trying = true;
      return before !== undefined;
    }
    const details = {
      retryable: kind !== 'refused',
      ...(status === undefined ? {} : { status }),
      ...(kind === 'pause' ? ({ reason: 'rate' } as const) : {}),
    };
    const same = before?.kind === kind && before.error.message === text;
    const error = same
      ? before.error
      : new VirusTotalError(kind === 'refused' ? 'VT_AUTH' : 'VT_QUOTA', text, details);
    this.#hold(kind, remainingMs, error);
    return !same;
  }

  #hold(kind: Hold['kind'], ms: number, error: VirusTotalError): void {
    // Until it is put into words, an error's stack keeps all that was on it: the service that asked, with its reports.
    void error.stack;
    this.#held = { kind, error, until: performance.now() + ms, day: utcDay() };
  }
}

function utcDay(): number {
  return nextMidnight(Date.now());
}

function quotaError(text: string, status: number | undefined): VirusTotalError {
  return new VirusTotalError('VT_QUOTA', text, {
    retryable: true,
    ...(status === undefined ? {} : { status }),
  });
}

function spentError({ period, allowed, instances = 1, until }: Spent): VirusTotalError {
  const whose =
    instances > 1
      ? `this instance's share, one of ${instances} while Redis can't be used, of the quota of ${allowed} lookups`
      : `the quota of ${allowed} lookups`;
  const turn = period === 'day' ? '00:00 UTC' : '00:00 UTC on the 1st';
  return new VirusTotalError(
    'VT_QUOTA',
    `${period === 'day' ? 'Day' : 'Month'}'s quota used up: ${whose} resets at ${turn}, in ${duration(until - Date.now())}. ` +
      'Raise it in the VirusTotal config if your key allows more, or let messages wait there',
    { retryable: true, reason: period },
  );
}

function duration(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 1) return `${Math.max(1, Math.round(ms / 1000))} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} days`;
}
