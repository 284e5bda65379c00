import type { Pace, Start } from '../pace';
import type { Share } from './own-use';

/** The part of a slot that counts as its beginning for who comes then. */
const STILL_BEGINNING = 0.02;

/**
 * Taking turns without a word: time, by the clock that all instances have in common, is cut into slots, and each instance starts only
 * at the beginning of its own, which is every n-th.
 */
export class SlotPace implements Pace {
  readonly #slotMs: number;
  readonly #roundMs: number;
  /** Where this instance's slots begin, on the monotonic clock. */
  readonly #phase: number;
  #notBefore: number;
  #timer: NodeJS.Timeout | undefined;

  /** @param slotMs between the starts of two instances */
  constructor(slotMs: number, { instances, place, clockOffset }: Share & { place: number }) {
    this.#slotMs = slotMs;
    this.#roundMs = slotMs * instances;
    this.#phase = slotMs * place - clockOffset;
    // Somebody may have started just now.
    this.#notBefore = performance.now() + slotMs;
  }

  next(start: Start): void {
    const wait = this.waitMs();
    if (wait === 0) return this.#go(start);
    const begins = performance.now() + wait;
    this.#timer = setTimeout(() => {
      // Timers may be early a little, and late by much when the process was held up.
      const late = performance.now() - begins;
      if (late < 0 || late > this.#slotMs / 2) this.next(start);
      else this.#go(start);
    }, Math.ceil(wait));
  }

  waitMs(): number {
    const now = performance.now();
    const from = Math.max(now, this.#notBefore);
    const into = modulo(from - this.#phase, this.#roundMs);
    const begins = into < this.#slotMs * STILL_BEGINNING ? from : from - into + this.#roundMs;
    return Math.max(0, begins - now);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #go(start: Start): void {
    const now = performance.now();
    if (start()) this.#notBefore = now + this.#slotMs;
  }
}

function modulo(a: number, b: number): number {
  return ((a % b) + b) % b;
}
