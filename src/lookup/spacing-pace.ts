import Bottleneck from 'bottleneck';
import { ARRIVAL_MARGIN, type Pace, type Start } from './pace';

/** Wall and monotonic clock may drift apart by this much, in ms, before it counts as the clock having been set. */
const CLOCK_SET = 500;

/**
 * At least `ms` between two starts, by Bottleneck's `minTime`. Bottleneck reckons by the wall clock, which can be set: an
 * hour back would stall it for an hour, so then it is renewed from the monotonic time of the last start.
 */
export class SpacingPace implements Pace {
  readonly #ms: number;
  #last: number;
  #limiter: Bottleneck;
  #clockOffset = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param lastStart monotonic time of the key's last start */
  constructor(ms: number, lastStart = -Infinity) {
    this.#ms = ms * ARRIVAL_MARGIN;
    this.#last = lastStart;
    this.#limiter = this.#renew();
  }

  next(start: Start): void {
    if (Math.abs(wallOffset() - this.#clockOffset) > CLOCK_SET) this.#limiter = this.#renew();
    this.#limiter
      .schedule(() => {
        this.#startOnTime(start);
        return Promise.resolve();
      })
      // Bottleneck rejects what still waits when it is stopped; the scheduler ends those jobs itself.
      .catch(() => undefined);
  }

  waitMs(): number {
    return Math.max(0, this.#last + this.#ms - performance.now());
  }

  close(): void {
    // Bottleneck lets go of what waits a little later, and its timer may fire before.
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#limiter.stop({ dropWaitingJobs: true }).catch(() => undefined);
  }

  /** A renewed limiter knows nothing of the last start, and timers may fire a little early: both wait out the rest here. */
  #startOnTime(start: Start): void {
    if (this.#closed) return;
    const wait = this.waitMs();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.#startOnTime(start), Math.ceil(wait));
      return;
    }
    const went = start(() => (this.#last = performance.now()));
    if (went) this.#last = performance.now();
    else this.#limiter = this.#renew();
  }

  #renew(): Bottleneck {
    this.#clockOffset = wallOffset();
    return new Bottleneck({ minTime: Math.ceil(this.#ms) });
  }
}

function wallOffset(): number {
  return Date.now() - performance.now();
}
