/** The place of a request in the sliding windows of its key. */
export interface Reservation {
  /** Monotonic time at which it arrives at VirusTotal at the latest; while it has not left, at which it started. */
  latest: number;
  state: 'waits for its connection' | 'in flight' | 'over';
}

/** What the pace asks: when the requests that count for it arrived at the latest. */
export interface Arrivals {
  /** Monotonic time of the nth last one, from 1; -Infinity: there were not as many. */
  nthLast(n: number): number;
  /** Called when a request has arrived sooner than it might have. */
  onEarlier: (() => void) | undefined;
}

/** So many are remembered for a limit to come, unless one needs more. */
const REMEMBERED = 4096;

/**
 * The last requests of a key. VirusTotal counts a request when it arrives, at some moment between its start and its answer. The latest
 * one counts here: until it has left it is still to come; then it arrives within the longest way (see `longestWayMs`), or before its
 * answer, if that is there sooner.
 */
export class Reservations implements Arrivals {
  onEarlier: (() => void) | undefined;
  #longestWayMs = 0;
  /** How many there are to be remembered at least. */
  atLeast = 0;
  /** Those that have left, by their latest arrival. In flight are at most 64, so whatever changes is near the end. */
  #sorted: Reservation[] = [];
  #connecting = 0;
  #unknownUntil = -Infinity;

  /** @param latest monotonic times of requests that are over */
  constructor(latest: readonly number[] = []) {
    this.addEarlier(latest);
  }

  /** How long a request is on its way at most, in ms. A longer one holds for those that are in flight too. */
  set longestWayMs(ms: number) {
    const longer = ms - this.#longestWayMs;
    this.#longestWayMs = ms;
    if (longer <= 0) return;
    for (const reservation of this.#sorted)
      if (reservation.state === 'in flight') reservation.latest += longer;
    this.#sorted.sort((a, b) => a.latest - b.latest);
  }

  /** Started, but not yet on a connection. */
  get connecting(): number {
    return this.#connecting;
  }

  begin(): Reservation {
    this.#connecting++;
    return { latest: performance.now(), state: 'waits for its connection' };
  }

  /** It is on a connection. */
  left(reservation: Reservation): void {
    if (reservation.state !== 'waits for its connection') return;
    this.#connecting--;
    reservation.state = 'in flight';
    reservation.latest = performance.now() + this.#longestWayMs;
    this.#insert(reservation);
  }

  /** VirusTotal has answered. */
  answered(reservation: Reservation): void {
    this.left(reservation);
    const now = performance.now();
    if (reservation.state === 'in flight' && reservation.latest > now) {
      this.#sorted.splice(this.#sorted.lastIndexOf(reservation), 1);
      reservation.latest = now;
      this.#insert(reservation);
    }
    reservation.state = 'over';
    this.onEarlier?.();
  }

  /** There will be no answer. What has left may still arrive; what never left counts from its start. */
  ended(reservation: Reservation): void {
    if (reservation.state === 'waits for its connection') {
      this.#connecting--;
      this.#insert(reservation);
      this.onEarlier?.();
    }
    reservation.state = 'over';
  }

  nthLast(n: number): number {
    if (n <= this.#connecting) return performance.now() + this.#longestWayMs;
    const known = this.#sorted[this.#sorted.length - (n - this.#connecting)]?.latest ?? -Infinity;
    return Math.max(known, this.#unknownUntil);
  }

  /** Requests of an earlier process. @param latest monotonic times */
  addEarlier(latest: readonly number[]): void {
    for (const at of latest) this.#insert({ latest: at, state: 'over' });
  }

  /** Nobody knows how many requests arrived until then, on the monotonic clock. */
  unknownUntil(at: number): void {
    this.#unknownUntil = Math.max(this.#unknownUntil, at);
  }

  /** Number of requests that left within the last `ms`, or one more. */
  within(ms: number): number {
    const from = performance.now() - ms;
    return this.#connecting + this.#sorted.length - this.#sorted.findLastIndex(({ latest }) => latest < from);
  }

  /** Latest possible arrivals within the last `ms` and in the future, as monotonic times, oldest first. */
  since(ms: number): number[] {
    const now = performance.now();
    const known = this.#sorted.filter(({ latest }) => latest > now - ms).map(({ latest }) => latest);
    return [...known, ...new Array<number>(this.#connecting).fill(now + this.#longestWayMs)];
  }

  #insert(reservation: Reservation): void {
    const sorted = this.#sorted;
    let at = sorted.length;
    while (at > 0 && (sorted[at - 1] as Reservation).latest > reservation.latest) at--;
    if (at === sorted.length) sorted.push(reservation);
    else sorted.splice(at, 0, reservation);
    const enough = Math.max(REMEMBERED, this.atLeast);
    if (sorted.length > 2 * enough) this.#sorted = sorted.slice(-enough);
  }
}
