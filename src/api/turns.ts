/**
 * Lets so many run at once; the others wait, first come, first served. Waiting for a connection inside undici would
 * use up a request's time before it has begun.
 */
export class Turns {
  #free: number;
  #queue: ((mayRun: boolean) => void)[] = [];
  #head = 0;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** True at once when there is room; else a promise of true, or of false when `end` was called meanwhile. */
  take(): true | Promise<boolean> {
    if (this.#free > 0) {
      this.#free--;
      return true;
    }
    return new Promise((resolve) => this.#queue.push(resolve));
  }

  /** After each `take` that gave true. */
  give(): void {
    const next = this.#queue[this.#head];
    if (next === undefined) {
      this.#free++;
      return;
    }
    // Not shift(): it moves the whole queue, which may hold a hundred thousand.
    this.#head++;
    if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    next(true);
  }

  /** Sends everyone away who waits. */
  end(): void {
    const waiting = this.#queue.slice(this.#head);
    this.#queue = [];
    this.#head = 0;
    for (const resolve of waiting) resolve(false);
  }
}
