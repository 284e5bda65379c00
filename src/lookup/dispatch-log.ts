/** A request in the sliding windows of its key. */
export interface Dispatch {
  /** Monotonic time at which it arrives at VirusTotal at the latest; until it is dispatched, at which it started. */
  latestArrival: number;
  state: 'connecting' | 'in flight' | 'ended';
}

/** What a rate limiter reads: when requests arrived at VirusTotal at the latest. */
export interface ArrivalLog {
  /** Monotonic time of the nth last one, from 1; -Infinity: there were not as many. */
  nthLast(n: number): number;
  /** Called when a request has arrived sooner than it might have. */
  onEarlierArrival: (() => void) | undefined;
}

/** So many are remembered for a limit to come, unless one needs more. */
const MIN_REMEMBERED = 4096;

/**
 * The last requests of a key. VirusTotal counts a request when it arrives, at some moment between its start and its answer. The latest
 * one counts here: until it is dispatched it is still to come; then it arrives within the maximum transit time (see `maxTransitMs`), or before its
 * answer, if that is there sooner.
 */
export class DispatchLog implements ArrivalLog {
  onEarlierArrival: (() => void) | undefined;
  #maxTransitMs = 0;
  /** How many there are to be remembered at least. */
  minRemembered = 0;
  /** Dispatched requests, by their latest arrival. In flight are at most 64, so whatever changes is near the end. */
  #sorted: Dispatch[] = [];
  #connecting = 0;
  #unknownUntil = -Infinity;

  /** @param latestArrival monotonic times of requests that are over */
  constructor(latestArrival: readonly number[] = []) {
    this.addEarlier(latestArrival);
  }

  /** Maximum transit time of a request, in ms. A longer one applies to those in flight too. */
  set maxTransitMs(ms: number) {
    const longer = ms - this.#maxTransitMs;
    this.#maxTransitMs = ms;
    if (longer <= 0) return;
    for (const dispatch of this.#sorted) if (dispatch.state === 'in flight') dispatch.latestArrival += longer;
    this.#sorted.sort((a, b) => a.latestArrival - b.latestArrival);
  }

  /** Started, but not yet on a connection. */
  get connecting(): number {
    return this.#connecting;
  }

  add(): Dispatch {
    this.#connecting++;
    return { latestArrival: performance.now(), state: 'connecting' };
  }

  /** It is on a connection. */
  markDispatched(dispatch: Dispatch): void {
    if (dispatch.state !== 'connecting') return;
    this.#connecting--;
    dispatch.state = 'in flight';
    dispatch.latestArrival = performance.now() + this.#maxTransitMs;
    this.#insert(dispatch);
  }

  /** VirusTotal has answered. */
  markAnswered(dispatch: Dispatch): void {
    this.markDispatched(dispatch);
    const now = performance.now();
    if (dispatch.state === 'in flight' && dispatch.latestArrival > now) {
      this.#sorted.splice(this.#sorted.lastIndexOf(dispatch), 1);
      dispatch.latestArrival = now;
      this.#insert(dispatch);
    }
    dispatch.state = 'ended';
    this.onEarlierArrival?.();
  }

  /** There will be no answer. What was dispatched may still arrive; what never was counts from its start. */
  markEnded(dispatch: Dispatch): void {
    if (dispatch.state === 'connecting') {
      this.#connecting--;
      this.#insert(dispatch);
      this.onEarlierArrival?.();
    }
    dispatch.state = 'ended';
  }

  nthLast(n: number): number {
    if (n <= this.#connecting) return performance.now() + this.#maxTransitMs;
    const known = this.#sorted[this.#sorted.length - (n - this.#connecting)]?.latestArrival ?? -Infinity;
    return Math.max(known, this.#unknownUntil);
  }

  /** Requests of an earlier process. @param latestArrival monotonic times */
  addEarlier(latestArrival: readonly number[]): void {
    for (const at of latestArrival) this.#insert({ latestArrival: at, state: 'ended' });
  }

  /** Nobody knows how many requests arrived until then, on the monotonic clock. */
  unknownUntil(at: number): void {
    this.#unknownUntil = Math.max(this.#unknownUntil, at);
  }

  /** Number of requests dispatched within the last `ms`, or one more. */
  countSince(ms: number): number {
    const from = performance.now() - ms;
    return (
      this.#connecting +
      this.#sorted.length -
      this.#sorted.findLastIndex(({ latestArrival }) => latestArrival < from)
    );
  }

  /** Latest possible arrivals within the last `ms` and in the future, as monotonic times, oldest first. */
  arrivalsSince(ms: number): number[] {
    const now = performance.now();
    const known = this.#sorted
      .filter(({ latestArrival }) => latestArrival > now - ms)
      .map(({ latestArrival }) => latestArrival);
    return [...known, ...new Array<number>(this.#connecting).fill(now + this.#maxTransitMs)];
  }

  #insert(dispatch: Dispatch): void {
    const sorted = this.#sorted;
    let at = sorted.length;
    while (at > 0 && (sorted[at - 1] as Dispatch).latestArrival > dispatch.latestArrival) at--;
    if (at === sorted.length) sorted.push(dispatch);
    else sorted.splice(at, 0, dispatch);
    const enough = Math.max(MIN_REMEMBERED, this.minRemembered);
    if (sorted.length > 2 * enough) this.#sorted = sorted.slice(-enough);
  }
}
