import type {
  Candidate,
  Candidates,
  Decision,
  DispatchLog,
  Lease,
  RateLimiter,
  SlidingWindow,
  WaitReason,
} from '../limiter-backend';
import { createFallbackLimiter } from './fallback-limiter';
import type { Partition } from './local-usage';
import {
  OfflineReservation,
  RedisReservation,
  type ReservationStore,
  type ReservedRequest,
} from './redis-reservation';
import type { ReserveReply } from './reply';

/** The key's state in Redis, as far as a limiter needs it. */
interface SharedState extends ReservationStore {
  readonly health: { readonly isUp: boolean; readonly isDown: boolean };
  readonly partition: Partition;
  nextId(): string;
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
 * one of the two; `down`, each instance keeps to its own part by a fallback limiter, which begins anew with each outage.
 */
export class RedisLimiter implements RateLimiter {
  readonly #backend: SharedState;
  readonly #windows: readonly SlidingWindow[];
  readonly #dispatches: DispatchLog;
  #fallback: RateLimiter | undefined;
  /** Monotonic time at which Redis may be asked again. */
  #retryAt = -Infinity;

  constructor(backend: SharedState, windows: readonly SlidingWindow[], dispatches: DispatchLog) {
    this.#backend = backend;
    this.#windows = windows;
    this.#dispatches = dispatches;
  }

  get isLocal(): boolean {
    return this.#backend.health.isDown;
  }

  reserve<C extends Candidate>(
    candidates: Candidates<C>,
  ): readonly Decision<C>[] | Promise<readonly Decision<C>[]> {
    const { isDown, isUp } = this.#backend.health;
    if (isDown) return this.#reserveOffline(candidates);
    this.#endFallback();
    return isUp ? this.#reserveShared(candidates(BATCH_SIZE)) : [this.#wait(RETRY_MS, 'no-answer')];
  }

  retryAfterMs(): number {
    return this.#fallback ? this.#fallback.retryAfterMs() : Math.max(0, this.#retryAt - performance.now());
  }

  close(): void {
    this.#endFallback();
  }

  async #reserveShared<C extends Candidate>(requests: readonly C[]): Promise<readonly Decision<C>[]> {
    if (requests.length === 0) return [];
    const reserved = requests.map(({ lease }) => ({ id: this.#backend.nextId(), lease }));
    const reply = await this.#backend.reserve(reserved);
    if (!reply) return [this.#wait(RETRY_MS, 'no-answer')];
    return reply.decisions.map((decision, i): Decision<C> => {
      const [request, { id, lease }] = [
        requests[i] as C,
        reserved[i] as { id: string; lease: Lease | undefined },
      ];
      switch (decision) {
        case 'start': {
          this.#backend.commit({ id, lease });
          const reservation = new RedisReservation(
            this.#backend,
            { id, lease },
            this.#windows,
            this.#dispatches.add(),
          );
          return { action: 'start', request, reservation };
        }
        case 'leased-by-peer':
          return { action: 'leased-by-peer', request };
        case 'wait':
          return this.#wait(reply.waitMs, 'rate-limit');
        default:
          // The scheduler has been told; if it doesn't see it so, by a wrong clock perhaps, it doesn't decide.
          return this.#wait(RETRY_MS, 'blocked');
      }
    });
  }

  #reserveOffline<C extends Candidate>(
    candidates: Candidates<C>,
  ): readonly Decision<C>[] | Promise<readonly Decision<C>[]> {
    this.#fallback ??= createFallbackLimiter(this.#windows, this.#backend.partition, this.#dispatches);
    const decisions = this.#fallback.reserve(candidates);
    if (decisions instanceof Promise) return decisions.then((late) => this.#asOffline(late));
    return this.#asOffline(decisions);
  }

  #asOffline<C extends Candidate>(decisions: readonly Decision<C>[]): readonly Decision<C>[] {
    return decisions.map((decision) =>
      decision.action === 'start'
        ? { ...decision, reservation: new OfflineReservation(this.#backend, decision.reservation) }
        : decision,
    );
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
