import type { ArrivalLog, DispatchLog, Reservation } from './dispatch-log';
import type { SlidingWindow } from './sliding-window';

/** A queued request that could be the next one to start. */
export interface Candidate {
  /** Makes it one request for all instances; undefined where no other instance could ask for the same. */
  readonly lease: Lease | undefined;
  /** 0 first .. 9 last. Above 5 the reserve of the day's quota is not for it. Default 5. */
  readonly priority?: number;
}

/** A request that is made once for all instances: the holder of the lease asks VirusTotal, the others wait for its report. */
export interface Lease {
  /** The cache's key of the report. */
  readonly key: string;
  /** Tells this request from others for the same report. */
  readonly token: string;
  /** Ask although a report is stored. */
  fresh: boolean;
}

/** What becomes of one candidate: it starts with a reservation, a peer gets its report, or it and all behind it wait. */
export type Decision<C extends Candidate> =
  | { readonly action: 'start'; readonly request: C; readonly reservation: Reservation }
  | { readonly action: 'leased-by-peer'; readonly request: C }
  | { readonly action: 'wait'; readonly waitMs: number; readonly reason: WaitReason };

/**
 * `rate-limit`: a window is full. `blocked`: another instance knows of a pause, a refused key or a spent quota. `reserved`: only the reserve of
 * the day's quota is left, which is not for these. `no-answer`: Redis is silent.
 */
export type WaitReason = 'rate-limit' | 'blocked' | 'reserved' | 'no-answer';

/**
 * The next candidates in their order, at most `max`; none when nothing may start any more. Called at the moment of the decision, so that a
 * more urgent lookup that came meanwhile is the first.
 */
export type Candidates<C extends Candidate> = (max: number) => readonly C[];

/**
 * Says when requests of a key may start. The scheduler asks, and asks again when the wait is over or its dispatch log changes; a
 * limiter neither queues nor starts anything.
 */
export interface RateLimiter {
  /** It decides by the dispatch log of this process alone: a request that arrived sooner than it might have shortens the wait. */
  readonly isLocal: boolean;
  /**
   * Decides on the candidates up to the first that has to wait, and reserves a place in every window for those that start. A reservation
   * whose request doesn't go is to be canceled. No decision: there was no candidate.
   */
  reserve<C extends Candidate>(
    candidates: Candidates<C>,
  ): readonly Decision<C>[] | Promise<readonly Decision<C>[]>;
  /** Milliseconds until a request may start; 0: now. */
  retryAfterMs(): number;
  /** Ends timers; a promise of a decision resolves with none. */
  close(): void;
}

/**
 * Keeps to all of several sliding windows: a request starts when, for each of them, the one `count` before it has arrived a window ago. (A
 * reservoir that refills at fixed times lets twice the count through around its edge.) Times are monotonic: a wall clock that is set
 * back or forward neither stalls nor floods. Without a window it lets everything through.
 */
export class SlidingWindowLimiter implements RateLimiter {
  readonly isLocal = true;
  readonly #windows: readonly SlidingWindow[];
  readonly #dispatches: DispatchLog;
  readonly #arrivals: ArrivalLog;

  /** @param arrivals what is counted, if more than what the log has */
  constructor(windows: readonly SlidingWindow[], dispatches: DispatchLog, arrivals: ArrivalLog = dispatches) {
    this.#windows = windows;
    this.#dispatches = dispatches;
    this.#arrivals = arrivals;
  }

  reserve<C extends Candidate>(candidates: Candidates<C>): readonly Decision<C>[] {
    const waitMs = this.retryAfterMs();
    if (waitMs > 0) return [{ action: 'wait', waitMs, reason: 'rate-limit' }];
    const [request] = candidates(1);
    return request ? [{ action: 'start', request, reservation: this.#dispatches.add() }] : [];
  }

  retryAfterMs(): number {
    if (this.#windows.length === 0) return 0;
    const now = performance.now();
    let waitMs = 0;
    for (const { count, windowMs } of this.#windows)
      waitMs = Math.max(waitMs, windowMs - (now - this.#arrivals.nthLast(count)));
    return waitMs;
  }

  close(): void {}
}
