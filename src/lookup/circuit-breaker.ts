import { VirusTotalError } from '../errors';
import { isUrgent } from './priority';
import { nextMidnight, type QuotaCount, type ExhaustedQuota } from './quota-count';

/** Why no request of a key may start now. */
export interface Block {
  /**
   * `rate-limited`: VirusTotal asked to slow down; all requests wait for a pause. `quota-exhausted`: the day or month is used up.
   * `unauthorized`: VirusTotal doesn't accept the key.
   */
  kind: 'rate-limited' | 'quota-exhausted' | 'unauthorized';
  /** What a lookup that doesn't wait for it fails with. */
  error: VirusTotalError;
  /** Time in ms until the block may end. */
  remainingMs: number;
}

/** Why no request of a key may start, for display. `rate`: VirusTotal asks to slow down. `quota`: used up, but it is unknown which one. */
export type BlockReason = 'rate' | 'day' | 'month' | 'quota' | 'key';

/** Tells which kind of limit or refusal a block comes from. `quota` if VirusTotal does not say whether day or month is used up. */
export function blockReason({ kind, error: { reason } }: Pick<Block, 'kind' | 'error'>): BlockReason {
  if (kind === 'rate-limited') return 'rate';
  if (kind === 'unauthorized') return 'key';
  return reason === 'day' || reason === 'month' ? reason : 'quota';
}

/** A block as it is shared with other instances. */
export interface BlockRecord {
  kind: Block['kind'];
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
const MAX_PAUSE_MS = 60 * 60_000;
const UNAUTHORIZED_MS = 5 * 60_000;
/** VirusTotal says neither which allowance is spent nor until when: one request an hour finds out. */
const EXHAUSTED_RECHECK_MS = 60 * 60_000;

/**
 * Blocks the requests of one key after VirusTotal has refused one, or when the local count says that the quota is used up.
 *
 * - Closed: nothing is refused. A refusal for the rate opens it as `rate-limited`, the fourth in a row (or one that asks for more than an
 *   hour) as `quota-exhausted`; a key that isn't accepted as `unauthorized`.
 * - Open (`current()` is a block): nothing starts. During `rate-limited` all requests wait; `quota-exhausted` ends those that don't
 *   wait for the turn of the day; `unauthorized` ends all, and what is added too. When its time is over, or the UTC day turns for a spent quota, it
 *   becomes half-open. A key that was seen to work (`reset`) closes it, but not a pause; a deploy (`resetUnauthorized`) a refused key.
 * - Half-open: a single probe request goes, the others wait. Accepted, it closes; refused, it opens again.
 *
 * The own count is no state of it: while day or month is used up, `current()` is `quota-exhausted` whatever the state, until it turns; so is
 * `currentFor()` a request that isn't urgent, while only the reserve of the day is left. Another
 * instance's block is taken over (`apply`), with its refusals in a row. Waits are on the monotonic clock, so that a wall clock that is set neither
 * ends nor prolongs them; only the turn of the UTC day is wall time.
 */
export class CircuitBreaker {
  readonly #count: QuotaCount;
  readonly #timeScale: () => number;
  #block: { kind: Block['kind']; error: VirusTotalError; until: number; day: number } | undefined;
  #pauses = 0;
  #halfOpen = false;

  constructor(count: QuotaCount, timeScale: () => number) {
    this.#count = count;
    this.#timeScale = timeScale;
  }

  /** True after a block: a single probe request may start, until VirusTotal has accepted one. */
  get halfOpen(): boolean {
    return this.#halfOpen;
  }

  /** Returns what keeps requests from starting now, or undefined. Ends a block whose time has passed, which makes the breaker half-open. */
  current(): Block | undefined {
    const block = this.#currentBlock();
    if (block && block.kind !== 'rate-limited') return block;
    const exhausted = this.#count.exhausted();
    return exhausted ? exhaustedBlock(exhausted) : block;
  }

  /** As `current()`, for a request of this priority: the reserve of the day's quota is left to urgent ones. */
  currentFor(priority: number): Block | undefined {
    const block = this.current();
    if (isUrgent(priority) || (block && block.kind !== 'rate-limited')) return block;
    return this.reserve() ?? block;
  }

  /** What keeps all requests that aren't urgent from starting, while only the reserve of the day's quota is left. */
  reserve(): Block | undefined {
    const exhausted = this.#count.unreservedExhausted();
    return exhausted && exhaustedBlock(exhausted);
  }

  /**
   * VirusTotal said "quota". Requests that were under way together are one refusal. A wait that long is no pause: those who don't
   * want to wait for the turn of the day don't want to wait for it either.
   * @returns whether a block begins
   */
  pause(ms: number, error: VirusTotalError): boolean {
    if (this.#currentBlock()) return false;
    if (ms > MAX_PAUSE_MS) {
      this.#open('quota-exhausted', ms, error);
      return true;
    }
    if (this.#pauses < MAX_PAUSES) {
      this.#pauses++;
      this.#open('rate-limited', ms, error);
      return true;
    }
    const recheckMs = Math.min(
      EXHAUSTED_RECHECK_MS * this.#timeScale(),
      Math.max(1000, nextMidnight(Date.now()) - Date.now()),
    );
    const text =
      `Quota used up: VirusTotal refused ${MAX_PAUSES + 1} times in a row, with a pause after each. The key's quota of the day or month is ` +
      `used up, or another tool uses the key. Next try in ${formatDuration(recheckMs)}`;
    this.#open('quota-exhausted', recheckMs, quotaError(text, error.status));
    return true;
  }

  /** VirusTotal refused the key: opens the breaker as `unauthorized` for five minutes. */
  rejectKey(error: VirusTotalError): void {
    this.#open('unauthorized', UNAUTHORIZED_MS * this.#timeScale(), error);
  }

  /** VirusTotal accepted a request, whatever its result: closes the breaker and forgets earlier refusals. */
  onSuccess(): void {
    this.#pauses = 0;
    this.#halfOpen = false;
  }

  /** The config was deployed again: lifts a block for a refused key, which may be valid now. An exhausted quota stays blocked. */
  resetUnauthorized(): void {
    if (this.#block?.kind === 'unauthorized') this.#block = undefined;
  }

  /** VirusTotal has accepted the key, in a test for example: closes the breaker. A pause stays, because VirusTotal accepts the key during a pause too. */
  reset(): void {
    if (this.#block?.kind !== 'rate-limited') this.#block = undefined;
  }

  #currentBlock(): Block | undefined {
    const block = this.#block;
    if (!block) return undefined;
    const remainingMs = block.until - performance.now();
    const dayTurned = block.kind === 'quota-exhausted' && utcDay() > block.day;
    if (remainingMs > 0 && !dayTurned) return { kind: block.kind, error: block.error, remainingMs };
    this.#block = undefined;
    this.#halfOpen = true;
    return undefined;
  }

  /** The current block in the form that other instances share; undefined without a block. */
  toRecord(): BlockRecord | undefined {
    if (!this.#block) return undefined;
    const { kind, error, until } = this.#block;
    const remainingMs = until - performance.now();
    return {
      kind,
      text: error.message,
      ...(error.status === undefined ? {} : { status: error.status }),
      remainingMs: kind === 'quota-exhausted' ? Math.min(remainingMs, utcDay() - Date.now()) : remainingMs,
      pauses: this.#pauses,
    };
  }

  /** Takes over the block of another instance; undefined closes the breaker. @returns true if that changes the block */
  apply(record: BlockRecord | undefined): boolean {
    const before = this.#block;
    if (!record) {
      this.#block = undefined;
      this.onSuccess();
      return before !== undefined;
    }
    const { kind, text, status, remainingMs, pauses } = record;
    this.#pauses = pauses;
    if (remainingMs <= 0) {
      this.#block = undefined;
      this.#halfOpen = true;
      return before !== undefined;
    }
    const details = {
      retryable: kind !== 'unauthorized',
      ...(status === undefined ? {} : { status }),
      ...(kind === 'rate-limited' ? ({ reason: 'rate' } as const) : {}),
    };
    const same = before?.kind === kind && before.error.message === text;
    const error = same
      ? before.error
      : new VirusTotalError(kind === 'unauthorized' ? 'VT_AUTH' : 'VT_QUOTA', text, details);
    this.#open(kind, remainingMs, error);
    return !same;
  }

  #open(kind: Block['kind'], ms: number, error: VirusTotalError): void {
    // Until it is put into words, an error's stack keeps all that was on it: the service that asked, with its reports.
    void error.stack;
    this.#block = { kind, error, until: performance.now() + ms, day: utcDay() };
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

function exhaustedBlock(exhausted: ExhaustedQuota): Block {
  return {
    kind: 'quota-exhausted',
    error: exhausted.reserved === undefined ? exhaustedError(exhausted) : reservedError(exhausted),
    remainingMs: Math.max(0, exhausted.until - Date.now()),
  };
}

function reservedError({ allowed, reserved = 0, instances = 1, until }: ExhaustedQuota): VirusTotalError {
  const whose = instances > 1 ? ` (one of ${instances} instances while Redis can't be used)` : '';
  return new VirusTotalError(
    'VT_QUOTA',
    `Only the reserve is left: the last ${reserved} of the day's ${allowed} lookups${whose} are reserved for more urgent messages, of priority 0 to 5. ` +
      `The quota resets at 00:00 UTC, in ${formatDuration(until - Date.now())}. ` +
      'Lower the reserve in the VirusTotal config, or send the message with msg.priority 5',
    { retryable: true, reason: 'reserve' },
  );
}

function exhaustedError({ period, allowed, instances = 1, until }: ExhaustedQuota): VirusTotalError {
  const whose =
    instances > 1
      ? `this instance's share, one of ${instances} while Redis can't be used, of the quota of ${allowed} lookups`
      : `the quota of ${allowed} lookups`;
  const turn = period === 'day' ? '00:00 UTC' : '00:00 UTC on the 1st';
  return new VirusTotalError(
    'VT_QUOTA',
    `${period === 'day' ? 'Day' : 'Month'}'s quota used up: ${whose} resets at ${turn}, in ${formatDuration(until - Date.now())}. ` +
      'Raise it in the VirusTotal config if your key allows more, or let messages wait there',
    { retryable: true, reason: period },
  );
}

function formatDuration(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 1) return `${Math.max(1, Math.round(ms / 1000))} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} days`;
}
