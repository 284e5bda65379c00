import { inBackground } from './in-background';
import type { Pace, Start } from './pace';
import type { Arrivals } from './reservations';
import type { SlidingWindow } from './sliding-window';

/**
 * Keeps to all of several sliding windows: a request starts when, for each of them, the one `count` before it has arrived a window ago. (A
 * reservoir that refills at fixed times lets twice the count through around its edge.) Times are monotonic: a wall clock that is set
 * back or forward neither stalls nor floods.
 */
export class SlidingWindowPace implements Pace {
  readonly #windows: readonly SlidingWindow[];
  readonly #arrivals: Arrivals;
  #timer: NodeJS.Timeout | undefined;

  /** @param arrivals the key's record of request arrivals; the caller adds each request that it starts */
  constructor(windows: readonly SlidingWindow[], arrivals: Arrivals) {
    this.#windows = windows;
    this.#arrivals = arrivals;
  }

  next(start: Start): void {
    this.close();
    const wait = this.waitMs();
    if (wait === 0) {
      const went = start();
      if (went instanceof Promise) inBackground(went);
      return;
    }
    const again = (): void => this.next(start);
    // Timers may fire a little early.
    this.#timer = setTimeout(again, Math.ceil(wait));
    this.#arrivals.onEarlier = again;
  }

  waitMs(): number {
    const now = performance.now();
    let wait = 0;
    for (const { count, windowMs } of this.#windows)
      wait = Math.max(wait, windowMs - (now - this.#arrivals.nthLast(count)));
    return wait;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#arrivals.onEarlier = undefined;
  }
}
