import { inBackground } from './in-background';
import type { RateLimiter, TryStart } from './rate-limiter';
import type { ArrivalLog } from './dispatch-log';
import type { SlidingWindow } from './sliding-window';

/**
 * Keeps to all of several sliding windows: a request starts when, for each of them, the one `count` before it has arrived a window ago. (A
 * reservoir that refills at fixed times lets twice the count through around its edge.) Times are monotonic: a wall clock that is set
 * back or forward neither stalls nor floods.
 */
export class SlidingWindowLimiter implements RateLimiter {
  readonly #windows: readonly SlidingWindow[];
  readonly #arrivals: ArrivalLog;
  #timer: NodeJS.Timeout | undefined;

  /** @param arrivals log of the key's requests; the caller adds each request that it starts */
  constructor(windows: readonly SlidingWindow[], arrivals: ArrivalLog) {
    this.#windows = windows;
    this.#arrivals = arrivals;
  }

  schedule(tryStart: TryStart): void {
    this.close();
    const waitMs = this.retryAfterMs();
    if (waitMs === 0) {
      const started = tryStart();
      if (started instanceof Promise) inBackground(started);
      return;
    }
    const retry = (): void => this.schedule(tryStart);
    // Timers may fire a little early.
    this.#timer = setTimeout(retry, Math.ceil(waitMs));
    this.#arrivals.onEarlierArrival = retry;
  }

  retryAfterMs(): number {
    const now = performance.now();
    let waitMs = 0;
    for (const { count, windowMs } of this.#windows)
      waitMs = Math.max(waitMs, windowMs - (now - this.#arrivals.nthLast(count)));
    return waitMs;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#arrivals.onEarlierArrival = undefined;
  }
}
