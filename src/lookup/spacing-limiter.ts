import Bottleneck from 'bottleneck';
import type { RateLimiter, TryStart } from './rate-limiter';

/** Wall and monotonic clock may drift apart by this much, in ms, before it counts as the clock having been set. */
const CLOCK_STEP_MS = 500;

/**
 * Spaces starts by Bottleneck's `minTime`. Bottleneck knows nothing of when requests arrive, of earlier ones and of other limits: the
 * limiter behind it, which decides then, does. And it reckons by the wall clock, which can be set: an hour back would stall it for an
 * hour, so then it is renewed.
 */
export class SpacingLimiter implements RateLimiter {
  readonly #ms: number;
  readonly #next: RateLimiter;
  #bottleneck: Bottleneck;
  #clockOffset = 0;
  #closed = false;

  /** @param next has the last word */
  constructor(ms: number, next: RateLimiter) {
    this.#ms = ms;
    this.#next = next;
    this.#bottleneck = this.#renew();
  }

  schedule(tryStart: TryStart): void {
    if (Math.abs(wallClockOffset() - this.#clockOffset) > CLOCK_STEP_MS) this.#bottleneck = this.#renew();
    const tryStartInTurn: TryStart = (progress) => {
      const started = tryStart(progress);
      if (started === false) this.#bottleneck = this.#renew();
      return started;
    };
    this.#bottleneck
      .schedule(() => {
        // Bottleneck lets go of what waits a little after it was stopped, and its timer may fire before.
        if (!this.#closed) this.#next.schedule(tryStartInTurn);
        return Promise.resolve();
      })
      // Bottleneck rejects what still waits when it is stopped; the scheduler ends those jobs itself.
      .catch(() => undefined);
  }

  retryAfterMs(): number {
    return this.#next.retryAfterMs();
  }

  close(): void {
    this.#closed = true;
    this.#next.close();
    this.#bottleneck.stop({ dropWaitingJobs: true }).catch(() => undefined);
  }

  #renew(): Bottleneck {
    this.#clockOffset = wallClockOffset();
    return new Bottleneck({ minTime: Math.ceil(this.#ms) });
  }
}

function wallClockOffset(): number {
  return Date.now() - performance.now();
}
