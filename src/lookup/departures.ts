/** A request that has started. VirusTotal counts it from when it leaves: on a connection, which it may have to wait for. */
export interface Departure {
  /** Monotonic time at which it left, or started while it has not. */
  at: number;
  isLeaving: boolean;
}

/** Remembered for a pace that is set up anew, unless its window takes more. */
const REMEMBERED = 4096;

/** When the last requests of a key left, and how many have yet to. */
export class Departures {
  #recent: Departure[] = [];
  #leaving = 0;

  /** Started, but not yet on a connection. */
  get leaving(): number {
    return this.#leaving;
  }

  /** @param atLeast how many are to be remembered */
  begin(atLeast: number): Departure {
    const departure = { at: performance.now(), isLeaving: true };
    const enough = Math.max(REMEMBERED, atLeast);
    this.#leaving++;
    this.#recent.push(departure);
    if (this.#recent.length > 2 * enough) this.#recent = this.#recent.slice(-enough);
    return departure;
  }

  /** It is on a connection. */
  left(departure: Departure): void {
    departure.at = performance.now();
    this.over(departure);
  }

  /** It has left, or ended without; what is said again changes nothing. */
  over(departure: Departure): void {
    if (departure.isLeaving) this.#leaving--;
    departure.isLeaving = false;
  }

  /** Monotonic times, oldest first. */
  times(): number[] {
    return this.#recent.map(({ at }) => at).sort((a, b) => a - b);
  }

  /** How many there were in so many ms until now, or one more. */
  within(ms: number): number {
    const from = performance.now() - ms;
    return this.#recent.length - this.#recent.findLastIndex(({ at }) => at < from);
  }
}
