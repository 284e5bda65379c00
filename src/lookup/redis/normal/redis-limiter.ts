import {
  maxTransitMs,
  type Candidate,
  type Candidates,
  type Decision,
  type DispatchLog,
  type RateLimiter,
  type Reservation,
  type SlidingWindow,
  type WaitReason,
} from '../../limiter-backend';
import { createFallbackLimiter } from '../outage/fallback-limiter';
import type { LocalUsage } from '../outage/local-usage';
import { OFFLINE_AFTER_MS } from '../outage/membership';
import { RedisReservation, type ReservationStore, type ReservedRequest } from './redis-reservation';
import type { RedisLease } from './leases';
import type { ReserveReply } from '../reply';

/** The key's state in Redis, as far as a limiter needs it. */
interface SharedState extends ReservationStore {
  readonly health: { readonly isUp: boolean; readonly isDown: boolean };
  readonly usage: Pick<LocalUsage, 'partition' | 'isPartitioned' | 'lastOnlineHeartbeatAt' | 'nextId'>;
  /** All limits that apply, those of peers among them. */
  readonly windows: readonly SlidingWindow[];
  /** Undefined: Redis can't say. */
  reserve(requests: readonly ReservedRequest[]): Promise<ReserveReply | undefined>;
  /** A reserved request starts. */
  commit(request: ReservedRequest): void;
}

/** Until Redis is asked again where it doesn't say, in ms; a change of its health ends the wait. */
const RETRY_MS = 1_000;
/** Requests that are decided on in one round trip. */
const BATCH_SIZE = 16;

/**
 * A rate limit that all instances keep together. States, by the health of Redis: `up`, a script decides; neither up nor down, requests wait for
 * one of the two; `down`, each instance keeps to its own part by a fallback limiter, which starts again with each outage. While peers are
 * down, and this instance is not, it keeps to both.
 */
export class RedisLimiter implements RateLimiter {
  readonly #backend: SharedState;
  readonly #dispatches: DispatchLog;
  #windows: readonly SlidingWindow[] = [];
  #fallback: RateLimiter | undefined;
  /** Monotonic time at which Redis may be asked again. */
  #retryAt = -Infinity;

  constructor(backend: SharedState, dispatches: DispatchLog) {
    this.#backend = backend;
    this.#dispatches = dispatches;
  }

  get isLocal(): boolean {
    return this.#fallback?.isLocal ?? this.#backend.health.isDown;
  }

  reserve<C extends Candidate>(
    candidates: Candidates<C>,
  ): readonly Decision<C>[] | Promise<readonly Decision<C>[]> {
    const { isDown, isUp } = this.#backend.health;
    this.#updateWindows();
    if (isDown) return this.#reserveOffline(candidates);
    if (isUp && this.#backend.usage.isPartitioned) return this.#reservePart(candidates);
    this.#endFallback();
    return isUp ? this.#reserveShared(candidates(BATCH_SIZE)) : [this.#wait(RETRY_MS, 'no-answer')];
  }

  retryAfterMs(): number {
    return this.#fallback ? this.#fallback.retryAfterMs() : Math.max(0, this.#retryAt - performance.now());
  }

  close(): void {
    this.#endFallback();
  }

  /** @param local its place in the log of this process; by default a new one */
  async #reserveShared<C extends Candidate>(
    requests: readonly C[],
    local?: Reservation,
  ): Promise<readonly Decision<C>[]> {
    if (requests.length === 0) return [];
    const reserved = requests.map(({ lease, priority }) => ({
      // The only leases of requests that are shared by Redis.
      ...{ id: this.#backend.usage.nextId(), lease: lease as RedisLease | undefined, priority },
    }));
    const wasPartitioned = this.#backend.usage.isPartitioned;
    const reply = await this.#backend.reserve(reserved);
    // That others may start requests too is news: now each keeps to its part.
    const isNews = !wasPartitioned && this.#backend.usage.isPartitioned;
    if (!reply) return [this.#wait(isNews ? 0 : RETRY_MS, 'no-answer')];
    const decisions = reply.decisions.map((decision, i): Decision<C> => {
      const [request, { id, lease }] = [requests[i] as C, reserved[i] as ReservedRequest];
      switch (decision) {
        case 'start': {
          this.#backend.commit({ id, lease });
          const reservation = this.#reservation({ id, lease }, local ?? this.#dispatches.add());
          return { action: 'start', request, reservation };
        }
        case 'leased-by-peer':
          return { action: 'leased-by-peer', request };
        case 'wait':
          return this.#wait(reply.waitMs, 'rate-limit');
        case 'reserved':
          return { action: 'wait', waitMs: RETRY_MS, reason: 'reserved' };
        default:
          // The scheduler has been told; if it doesn't see it so, by a wrong clock perhaps, it doesn't decide.
          return this.#wait(RETRY_MS, 'blocked');
      }
    });
    // The scheduler has been told by the counts, and asks for the urgent ones alone from now on.
    const others = decisions.filter((each) => each.action !== 'wait' || each.reason !== 'reserved');
    return others.length > 0 ? others : decisions.slice(0, 1);
  }

  /** By its part of the limit, and by Redis. */
  async #reservePart<C extends Candidate>(candidates: Candidates<C>): Promise<readonly Decision<C>[]> {
    const [part] = await this.#currentFallback.reserve(candidates);
    if (part?.action !== 'start') return part ? [part] : [];
    const decisions = await this.#reserveShared([part.request], part.reservation);
    if (decisions[0]?.action !== 'start') part.reservation.cancel();
    return decisions;
  }

  #reserveOffline<C extends Candidate>(
    candidates: Candidates<C>,
  ): readonly Decision<C>[] | Promise<readonly Decision<C>[]> {
    const tooSoonMs = this.#tooSoonMs;
    if (tooSoonMs > 0) return [this.#wait(tooSoonMs, 'no-answer')];
    const decisions = this.#currentFallback.reserve(candidates);
    if (decisions instanceof Promise) return decisions.then((late) => this.#asOffline(late));
    return this.#asOffline(decisions);
  }

  #asOffline<C extends Candidate>(decisions: readonly Decision<C>[]): readonly Decision<C>[] {
    return decisions.map((decision) => {
      if (decision.action !== 'start') return decision;
      const reserved = this.#backend.recordOfflineStart();
      return { ...decision, reservation: this.#reservation(reserved, decision.reservation) };
    });
  }

  #reservation(reserved: ReservedRequest, local: Reservation): RedisReservation {
    return new RedisReservation(this.#backend, reserved, this.#windows, local);
  }

  get #currentFallback(): RateLimiter {
    this.#fallback ??= createFallbackLimiter(this.#windows, this.#backend.usage.partition, this.#dispatches);
    return this.#fallback;
  }

  /** Until all peers surely know that this instance may start requests without Redis. */
  get #tooSoonMs(): number {
    const { partition, lastOnlineHeartbeatAt } = this.#backend.usage;
    if (partition.index === undefined || partition.instances === 1) return 0;
    return lastOnlineHeartbeatAt + OFFLINE_AFTER_MS - performance.now();
  }

  #updateWindows(): void {
    const { windows } = this.#backend;
    if (windows === this.#windows) return;
    this.#endFallback();
    this.#windows = windows;
    if (windows.length === 0) return;
    this.#dispatches.maxTransitMs = maxTransitMs(windows);
    this.#dispatches.minRemembered = Math.max(...windows.map(({ count }) => count));
  }

  #wait(waitMs: number, reason: WaitReason): { action: 'wait'; waitMs: number; reason: WaitReason } {
    this.#retryAt = performance.now() + waitMs;
    return { action: 'wait', waitMs, reason };
  }

  #endFallback(): void {
    this.#fallback?.close();
    this.#fallback = undefined;
  }
}
