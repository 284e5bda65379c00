import type { Candidate, Candidates, Decision, DispatchLog, RateLimiter } from '../../limiter-backend';
import type { Partition } from './local-usage';

/** The part of a slot in which a request that comes then may still start. */
const SLOT_TOLERANCE = 0.02;

/**
 * Turns without communication (TDMA): time, by the clock that all instances have in common, is cut into slots, and each instance starts a
 * request only at the beginning of its own, which is every n-th.
 */
export class TimeSlotLimiter implements RateLimiter {
  readonly isLocal = true;
  readonly #slotMs: number;
  readonly #roundMs: number;
  readonly #dispatches: DispatchLog;
  /** Where this instance's slots begin, on the monotonic clock. */
  readonly #phaseMs: number;
  #notBefore: number;
  /** The slot that was waited for. */
  #nextSlotAt: number | undefined;

  /** @param slotMs between the starts of two instances */
  constructor(
    slotMs: number,
    { instances, index, clockOffset }: Partition & { index: number },
    dispatches: DispatchLog,
  ) {
    this.#slotMs = slotMs;
    this.#roundMs = slotMs * instances;
    this.#phaseMs = slotMs * index - clockOffset;
    this.#dispatches = dispatches;
    // Another instance may have started a request just now.
    this.#notBefore = performance.now() + slotMs;
  }

  reserve<C extends Candidate>(candidates: Candidates<C>): readonly Decision<C>[] {
    const now = performance.now();
    const waitMs = this.#isInTime(now) ? 0 : this.retryAfterMs();
    if (waitMs > 0) {
      this.#nextSlotAt = now + waitMs;
      return [{ action: 'wait', waitMs, reason: 'rate-limit' }];
    }
    const [request] = candidates(1);
    if (!request) return [];
    this.#nextSlotAt = undefined;
    this.#notBefore = now + this.#slotMs;
    return [{ action: 'start', request, reservation: this.#dispatches.add() }];
  }

  retryAfterMs(): number {
    const now = performance.now();
    const from = Math.max(now, this.#notBefore);
    const into = modulo(from - this.#phaseMs, this.#roundMs);
    const begins = into < this.#slotMs * SLOT_TOLERANCE ? from : from - into + this.#roundMs;
    return Math.max(0, begins - now);
  }

  close(): void {
    // There is nothing to end.
  }

  /** Timers are late by much when the process was held up: the rest of the slot is then too short. */
  #isInTime(now: number): boolean {
    const lateMs = now - (this.#nextSlotAt ?? Infinity);
    return lateMs >= 0 && lateMs <= this.#slotMs / 2;
  }
}

function modulo(a: number, b: number): number {
  return ((a % b) + b) % b;
}
