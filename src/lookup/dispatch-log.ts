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

/** When the requests that count for a window arrived at the latest. */
export interface ArrivalLog {
  /** Monotonic time of the nth last one, from 1; -Infinity: there were not as many. */
  nthLast(n: number): number;
}

/** Dispatches remembered for a limit to come, unless a window needs more. */
const MIN_REMEMBERED = 4096;

/**
 * One request in the log. States: `connecting` (started, waits for its connection; counts as still to come) -> `in flight` (on a connection;
 * arrives within the longest way) -> `over` (answered, or ended without an answer).
 */
class Dispatch implements Reservation {
  /** Monotonic time at which it arrives at VirusTotal at the latest; while it connects, at which it started. */
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
 * The last requests of a key. VirusTotal counts a request when it arrives, at some moment between its dispatch and its answer. The latest
 * one counts here: until it is dispatched it is still to come; then it arrives within the longest way (see `maxTransitMs`), or before its
 * answer, if that is there sooner.
 */
export class DispatchLog implements ArrivalLog {
  /** How many dispatches are to be remembered at least. */
  minRemembered = 0;
  readonly #onChange: () => void;
  #maxTransitMs = 0;
  /** Those that were dispatched, by their latest arrival. In flight are at most 64, so whatever changes is near the end. */
  #sorted: { latest: number; state: Dispatch['state'] }[] = [];
  #connecting = 0;
  #unknownUntil = -Infinity;

  /** @param onChange called when more is known of when a request arrives, which may shorten a wait */
  constructor(onChange: () => void = () => undefined) {
    this.#onChange = onChange;
  }

  /** How long a request is on its way at most, in ms. A longer one holds for those that are in flight too. */
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

  /** What was dispatched without an answer may still arrive; what never was counts from its start. */
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

  /** Requests of an earlier process. @param latest monotonic times */
  addEarlier(latest: readonly number[]): void {
    for (const at of latest) this.#insert({ latest: at, state: 'over' });
  }

  /** It isn't known how many requests arrived until then, on the monotonic clock. */
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
