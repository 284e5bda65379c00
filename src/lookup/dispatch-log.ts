import type { RequestObserver } from '../api/http-call';

/**
 * The place of one request in the rate limit of its key, handed down to the HTTP call, which reports how far the request has come. Each
 * request ends with `ended` or, if it never started, with `cancel`; what is reported after that changes nothing.
 */
export interface Reservation extends RequestObserver {
  /** The request is over, with or without an answer. */
  ended(): void;
  /** The request did not start: nothing is used up. */
  cancel(): void;
}

/** The latest possible arrival times of the requests that count for a window. */
export interface ArrivalLog {
  /** Monotonic time of the nth last one, counted from 1. -Infinity: there were fewer. */
  nthLast(n: number): number;
}

/** Minimum number of dispatches to remember: a limit that is set later may need them. */
const MIN_REMEMBERED = 4096;

/**
 * One request in the log. States: `connecting` (started, waits for its connection; counts as still to come) -> `in flight` (on a connection;
 * arrives within the longest way) -> `over` (answered, or ended without an answer).
 */
class Dispatch implements Reservation {
  /** Latest monotonic time of its arrival at VirusTotal. While it connects: the time of its start. */
  latest = performance.now();
  state: 'connecting' | 'in flight' | 'over' = 'connecting';
  readonly #log: DispatchLog;

  constructor(log: DispatchLog) {
    this.#log = log;
  }

  dispatched(): void {
    this.#log.markDispatched(this);
  }

  answered(): void {
    this.#log.markAnswered(this);
  }

  ended(): void {
    this.#log.markEnded(this);
  }

  cancel(): void {
    this.#log.remove(this);
  }
}

/**
 * The last requests of a key. VirusTotal counts a request when it arrives, at an unknown time between its dispatch and its answer. This
 * log assumes the latest possible time: a request that is still connecting has not arrived; a dispatched one arrives within the transit
 * time (see `maxTransitMs`), or before its answer if that comes sooner.
 */
export class DispatchLog implements ArrivalLog {
  /** Minimum number of dispatches to remember. */
  minRemembered = 0;
  readonly #onChange: () => void;
  #maxTransitMs = 0;
  /** Dispatched requests, ordered by their latest arrival. At most 64 are in flight, so every change is near the end. */
  #sorted: { latest: number; state: Dispatch['state'] }[] = [];
  #connecting = 0;
  #unknownUntil = -Infinity;

  /** @param onChange called when an arrival time becomes known more precisely, which may shorten a wait */
  constructor(onChange: () => void = () => undefined) {
    this.#onChange = onChange;
  }

  /** The transit time: how long a request may take to arrive, in ms. A longer time applies to requests in flight too. */
  set maxTransitMs(ms: number) {
    const longer = ms - this.#maxTransitMs;
    this.#maxTransitMs = ms;
    if (longer <= 0) return;
    for (const dispatch of this.#sorted) if (dispatch.state === 'in flight') dispatch.latest += longer;
    this.#sorted.sort((a, b) => a.latest - b.latest);
  }

  /** Requests that have started, but are not yet on a connection. */
  get connecting(): number {
    return this.#connecting;
  }

  /** A request starts. */
  add(): Reservation {
    this.#connecting++;
    return new Dispatch(this);
  }

  markDispatched(dispatch: Dispatch): void {
    if (dispatch.state !== 'connecting') return;
    this.#connecting--;
    dispatch.state = 'in flight';
    dispatch.latest = performance.now() + this.#maxTransitMs;
    this.#insert(dispatch);
    this.#onChange();
  }

  markAnswered(dispatch: Dispatch): void {
    this.markDispatched(dispatch);
    if (dispatch.state !== 'in flight') return;
    const now = performance.now();
    if (dispatch.latest > now) {
      this.#sorted.splice(this.#sorted.lastIndexOf(dispatch), 1);
      dispatch.latest = now;
      this.#insert(dispatch);
    }
    dispatch.state = 'over';
    this.#onChange();
  }

  /** A request that ended without an answer may still arrive; one that was never dispatched counts from its start. */
  markEnded(dispatch: Dispatch): void {
    const wasConnecting = dispatch.state === 'connecting';
    dispatch.state = 'over';
    if (!wasConnecting) return;
    this.#connecting--;
    this.#insert(dispatch);
    this.#onChange();
  }

  remove(dispatch: Dispatch): void {
    if (dispatch.state !== 'connecting') return;
    this.#connecting--;
    dispatch.state = 'over';
    this.#onChange();
  }

  nthLast(n: number): number {
    if (n <= this.#connecting) return performance.now() + this.#maxTransitMs;
    const known = this.#sorted[this.#sorted.length - (n - this.#connecting)]?.latest ?? -Infinity;
    return Math.max(known, this.#unknownUntil);
  }

  /** Adds the requests of an earlier process. @param latest their latest arrivals, as monotonic times */
  addEarlier(latest: readonly number[]): void {
    for (const at of latest) this.#insert({ latest: at, state: 'over' });
  }

  /** Marks the time until then (monotonic) as unknown: any number of requests may have arrived in it. */
  unknownUntil(at: number): void {
    this.#unknownUntil = Math.max(this.#unknownUntil, at);
  }

  /** Number of requests that were dispatched within the last `ms`, or one more. */
  countSince(ms: number): number {
    const from = performance.now() - ms;
    return this.#connecting + this.#sorted.length - this.#sorted.findLastIndex(({ latest }) => latest < from);
  }

  /** Latest possible arrivals within the last `ms` and in the future, as monotonic times, oldest first. */
  arrivalsSince(ms: number): number[] {
    const now = performance.now();
    const known = this.#sorted.filter(({ latest }) => latest > now - ms).map(({ latest }) => latest);
    return [...known, ...new Array<number>(this.#connecting).fill(now + this.#maxTransitMs)];
  }

  #insert(dispatch: { latest: number; state: Dispatch['state'] }): void {
    const sorted = this.#sorted;
    let at = sorted.length;
    while (at > 0 && (sorted[at - 1] as { latest: number }).latest > dispatch.latest) at--;
    if (at === sorted.length) sorted.push(dispatch);
    else sorted.splice(at, 0, dispatch);
    const enough = Math.max(MIN_REMEMBERED, this.minRemembered);
    if (sorted.length > 2 * enough) this.#sorted = sorted.slice(-enough);
  }
}
