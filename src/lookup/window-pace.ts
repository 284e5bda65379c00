import { ARRIVAL_MARGIN, type Pace, type Start } from './pace';

/**
 * At most `count` starts in any sliding window: each start waits until the one `count` before it is a window old. (A
 * reservoir that refills at fixed times lets twice the count through around its edge.) Times are monotonic: a wall clock that
 * is set back or forward neither stalls nor floods.
 */
export class WindowPace implements Pace {
  /** Ring of the last `count` starts; the nth stands at n modulo its length. */
  readonly #starts: Float64Array;
  readonly #windowMs: number;
  #next = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param recent monotonic times of earlier starts of this key, oldest first */
  constructor(count: number, windowMs: number, recent: readonly number[] = []) {
    this.#windowMs = windowMs * ARRIVAL_MARGIN;
    this.#starts = new Float64Array(count).fill(-Infinity);
    for (const start of recent.slice(-count)) this.#starts[this.#next++ % count] = start;
  }

  next(start: Start): void {
    const wait = this.waitMs();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.next(start), Math.ceil(wait));
      return;
    }
    const nth = this.#next;
    // Noted when the request has left, not when it was about to: those in a burst take their time.
    if (start(() => this.#note(nth))) this.#note(this.#next++);
  }

  waitMs(): number {
    return Math.max(
      0,
      (this.#starts[this.#next % this.#starts.length] as number) + this.#windowMs - performance.now(),
    );
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #note(nth: number): void {
    const { length } = this.#starts;
    // Its place may be another's by now.
    if (nth + length >= this.#next) this.#starts[nth % length] = performance.now();
  }
}
