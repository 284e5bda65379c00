import type { RateLimiter, TryStart } from '../rate-limiter';
import type { Partition } from './local-usage';

/** The part of a slot in which a request may still start. */
const SLOT_TOLERANCE = 0.02;

/**
 * Time slots (TDMA), as instances can't communicate: time, by the clock that all instances have in common, is cut into slots, and each instance starts only
 * at the beginning of its own, which is every n-th.
 */
export class TimeSlotLimiter implements RateLimiter {
  readonly #slotMs: number;
  readonly #roundMs: number;
  /** Where this instance's slots begin, on the monotonic clock. */
  readonly #phase: number;
  #notBefore: number;
  #timer: NodeJS.Timeout | undefined;

  /** @param slotMs between the starts of two instances */
  constructor(slotMs: number, { instances, index, clockOffset }: Partition & { index: number }) {
    this.#slotMs = slotMs;
    this.#roundMs = slotMs * instances;
    this.#phase = slotMs * index - clockOffset;
    // Somebody may have started just now.
    this.#notBefore = performance.now() + slotMs;
  }

  schedule(tryStart: TryStart): void {
    const waitMs = this.retryAfterMs();
    if (waitMs === 0) return this.#go(tryStart);
    const startsAt = performance.now() + waitMs;
    this.#timer = setTimeout(() => {
      // Timers may be early a little, and late by much when the process was held up.
      const lateMs = performance.now() - startsAt;
      if (lateMs < 0 || lateMs > this.#slotMs / 2) this.schedule(tryStart);
      else this.#go(tryStart);
    }, Math.ceil(waitMs));
  }

  retryAfterMs(): number {
    const now = performance.now();
    const from = Math.max(now, this.#notBefore);
    const into = modulo(from - this.#phase, this.#roundMs);
    const startsAt = into < this.#slotMs * SLOT_TOLERANCE ? from : from - into + this.#roundMs;
    return Math.max(0, startsAt - now);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #go(tryStart: TryStart): void {
    const now = performance.now();
    if (tryStart()) this.#notBefore = now + this.#slotMs;
  }
}

function modulo(a: number, b: number): number {
  return ((a % b) + b) % b;
}
