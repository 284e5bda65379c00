/** A process that starts more than this in a window tells Redis of the last ones only. */
const MOST = 10_000;

/** The starts of this process in the last window: what Redis is told of when it has forgotten, or wasn't there. */
export class OwnStarts {
  /** Made while Redis was away, and in no common count yet. */
  uncounted = 0;
  #starts: { ticket: string; at: number }[] = [];
  #keepMs = 1;

  keepFor(ms: number): void {
    this.#keepMs = ms;
  }

  add(ticket: string): void {
    this.#starts.push({ ticket, at: performance.now() });
    if (this.#starts.length >= 2 * MOST) this.#trim();
  }

  /** Monotonic times, oldest first. */
  times(): number[] {
    this.#trim();
    return this.#starts.map(({ at }) => at);
  }

  /** Age in ms and ticket of each, one after the other. */
  agesAndTickets(): (number | string)[] {
    this.#trim();
    const now = performance.now();
    return this.#starts.flatMap(({ at, ticket }) => [now - at, ticket]);
  }

  #trim(): void {
    const edge = performance.now() - this.#keepMs;
    this.#starts = this.#starts.filter(({ at }) => at > edge).slice(-MOST);
  }
}
