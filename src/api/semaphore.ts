/**
 * Limits how many run at once; the others wait, first come, first served. Waiting for a connection inside undici would
 * use up a request's time before it has begun.
 */
export class Semaphore {
  #free: number;
  #waiting: ((mayRun: boolean) => void)[] = [];
  #head = 0;

  constructor(permits: number) {
    this.#free = permits;
  }

  /** True at once when a permit is free; else a promise of true, or of false when `close` was called meanwhile. */
  acquire(): true | Promise<boolean> {
    if (this.#free > 0) {
      this.#free--;
      return true;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** After each `acquire` that gave true. */
  release(): void {
    const next = this.#waiting[this.#head];
    if (next === undefined) {
      this.#free++;
      return;
    }
    // Not shift(): it moves the whole queue, which may hold a hundred thousand.
    this.#head++;
    if (this.#head > 1024 && this.#head * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    next(true);
  }

  /** Resolves every waiting `acquire` with false. */
  close(): void {
    const waiting = this.#waiting.slice(this.#head);
    this.#waiting = [];
    this.#head = 0;
    for (const resolve of waiting) resolve(false);
  }
}
