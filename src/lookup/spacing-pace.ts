import Bottleneck from 'bottleneck';
import type { Pace, Start } from './pace';

/** Wall and monotonic clock may drift apart by this much, in ms, before it counts as the clock having been set. */
const CLOCK_SET = 500;

/**
 * Spaces starts by Bottleneck's `minTime`. Bottleneck knows nothing of when requests arrive, of earlier ones and of other limits: the
 * pace behind it, whose turn comes then, does. And it reckons by the wall clock, which can be set: an hour back would stall it for an
 * hour, so then it is renewed.
 */
export class SpacingPace implements Pace {
  readonly #ms: number;
  readonly #pace: Pace;
  #limiter: Bottleneck;
  #clockOffset = 0;
  #closed = false;

  /** @param pace has the last word */
  constructor(ms: number, pace: Pace) {
    this.#ms = ms;
    this.#pace = pace;
    this.#limiter = this.#renew();
  }

  next(start: Start): void {
    if (Math.abs(wallOffset() - this.#clockOffset) > CLOCK_SET) this.#limiter = this.#renew();
    const startInTurn: Start = (progress) => {
      const went = start(progress);
      if (went === false) this.#limiter = this.#renew();
      return went;
    };
    this.#limiter
      .schedule(() => {
        // Bottleneck lets go of what waits a little after it was stopped, and its timer may fire before.
        if (!this.#closed) this.#pace.next(startInTurn);
        return Promise.resolve();
      })
      // Bottleneck rejects what still waits when it is stopped; the scheduler ends those jobs itself.
      .catch(() => undefined);
  }

  waitMs(): number {
    return this.#pace.waitMs();
  }

  close(): void {
    this.#closed = true;
    this.#pace.close();
    this.#limiter.stop({ dropWaitingJobs: true }).catch(() => undefined);
  }

  #renew(): Bottleneck {
    this.#clockOffset = wallOffset();
    return new Bottleneck({ minTime: Math.ceil(this.#ms) });
  }
}

function wallOffset(): number {
  return Date.now() - performance.now();
}
