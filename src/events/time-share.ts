/** The clocks of an event loop, in ms. */
export interface LoopClock {
  now(): number;
  /** For how long the loop has waited for something to do, in all. */
  idle(): number;
}

/**
 * How long work may take that is never to hold up other work on the same event loop: all of the time in which the loop has nothing else to do,
 * and a small share of the rest.
 */
export class TimeShare {
  readonly #share: number;
  readonly #burstMs: number;
  readonly #clock: LoopClock;
  #leftMs: number;
  #now: number;
  #idle: number;

  /**
   * @param share of the time in which the loop is busy, 0 to 1
   * @param burstMs what it saves up at most, and has at the start
   */
  constructor({ share, burstMs, clock }: { share: number; burstMs: number; clock: LoopClock }) {
    this.#share = share;
    this.#burstMs = burstMs;
    this.#clock = clock;
    this.#leftMs = burstMs;
    this.#now = clock.now();
    this.#idle = clock.idle();
  }

  /** What is left, in ms; below 0 what was taken too much. */
  get leftMs(): number {
    const now = this.#clock.now();
    const idle = this.#clock.idle();
    const idleMs = Math.max(0, idle - this.#idle);
    const busyMs = Math.max(0, now - this.#now - idleMs);
    this.#leftMs = Math.min(this.#burstMs, this.#leftMs + idleMs + busyMs * this.#share);
    this.#now = now;
    this.#idle = idle;
    return this.#leftMs;
  }

  spend(ms: number): void {
    this.#leftMs -= ms;
  }

  /** In how many ms there is something left again, if the loop stays busy. */
  get waitMs(): number {
    return Math.max(0, -this.leftMs / this.#share);
  }
}
