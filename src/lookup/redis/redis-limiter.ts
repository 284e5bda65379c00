import type { Candidate, BackendClient } from '../limiter-backend';
import type { RateLimiter, TryStart } from '../rate-limiter';
import type { DispatchLog } from '../dispatch-log';
import type { SlidingWindow } from '../sliding-window';
import { ReservedRequest } from './reserved-request';
import type { Reservation, RedisBackend } from './redis-backend';
import type { ReserveReply } from './reply';
import { createFallbackLimiter } from './fallback-limiter';
import { inBackground } from '../in-background';

const RETRY_MS = 1_000;
/** Requests that are decided on in one round trip. */
const BATCH_SIZE = 16;

/** A rate limit that all instances keep together; each keeps to its own share while Redis is away. */
export class RedisLimiter implements RateLimiter {
  readonly #backend: RedisBackend;
  readonly #windows: readonly SlidingWindow[];
  readonly #dispatches: DispatchLog;
  readonly #client: BackendClient;
  readonly #unsubscribe: () => void;
  #tryStart: TryStart | undefined;
  #fallback: RateLimiter | undefined;
  /** The fallback limiter has the callback for the next start. */
  #awaitingFallback = false;
  #isReserving = false;
  #timer: NodeJS.Timeout | undefined;
  /** Monotonic time at which Redis may be asked again. */
  #retryAt = -Infinity;
  #closed = false;

  constructor(
    backend: RedisBackend,
    windows: readonly SlidingWindow[],
    dispatches: DispatchLog,
    client: BackendClient,
  ) {
    this.#backend = backend;
    this.#windows = windows;
    this.#dispatches = dispatches;
    this.#client = client;
    this.#unsubscribe = backend.onChange(() => this.#onHealthChange());
  }

  schedule(tryStart: TryStart): void {
    this.#tryStart = tryStart;
    this.#advance();
  }

  retryAfterMs(): number {
    return this.#fallback ? this.#fallback.retryAfterMs() : Math.max(0, this.#retryAt - performance.now());
  }

  close(): void {
    this.#closed = true;
    this.#tryStart = undefined;
    this.#unsubscribe();
    this.#fallback?.close();
    clearTimeout(this.#timer);
  }

  #onHealthChange(): void {
    this.#retryAt = -Infinity;
    if (!this.#backend.health.isDown && this.#fallback) {
      this.#fallback.close();
      this.#fallback = undefined;
      this.#awaitingFallback = false;
    }
    this.#advance();
  }

  /** While Redis is neither up nor down, who waits waits on. */
  #advance(): void {
    if (!this.#tryStart || this.#closed) return;
    const { health } = this.#backend;
    if (health.isDown) this.#useFallback();
    else if (health.isUp && !this.#isReserving && performance.now() >= this.#retryAt)
      health.inBackground(this.#reserve());
  }

  #useFallback(): void {
    if (this.#awaitingFallback) return;
    clearTimeout(this.#timer);
    this.#fallback ??= createFallbackLimiter(this.#windows, this.#backend.partition, this.#dispatches);
    this.#awaitingFallback = true;
    this.#fallback.schedule(this.#startOffline);
  }

  readonly #startOffline: TryStart = (progress) => {
    this.#awaitingFallback = false;
    const started = this.#callTryStart(progress);
    if (started) this.#backend.recordOfflineStart();
    return started !== false;
  };

  async #reserve(): Promise<void> {
    clearTimeout(this.#timer);
    const candidates = this.#client.candidates(BATCH_SIZE);
    if (candidates.length === 0) return this.#startUnreserved();
    this.#isReserving = true;
    const reservations = candidates.map(({ lease }) => ({ id: this.#backend.usage.nextId(), lease }));
    const reply = await this.#backend.reserve(reservations).finally(() => (this.#isReserving = false));
    if (reply) this.#applyDecisions(reply, candidates, reservations);
    else this.#advance();
  }

  #applyDecisions(
    { decisions, waitMs }: ReserveReply,
    candidates: readonly Candidate[],
    reservations: readonly Reservation[],
  ): void {
    for (const [i, decision] of decisions.entries()) {
      const [candidate, reservation] = [candidates[i] as Candidate, reservations[i] as Reservation];
      if (decision === 'start') this.#start(candidate, reservation);
      else if (this.#closed) return;
      else if (decision === 'leased-by-peer') {
        this.#tryStart = undefined;
        candidate.waitForPeer();
      } else if (decision === 'wait') this.#retryLater(waitMs);
      // Blocked or quota exhausted. The scheduler knows; if it decides otherwise, by a wrong clock perhaps, Redis has the last word.
      else if (this.#client.isBlocked()) this.#startUnreserved();
      else this.#retryLater(RETRY_MS);
    }
  }

  #start({ tryStart }: Candidate, reservation: Reservation): void {
    this.#tryStart = undefined;
    if (this.#closed) return this.#backend.cancel(reservation);
    const request = new ReservedRequest(this.#backend, reservation.id, this.#windows);
    const started = tryStart(request);
    if (started === false) return this.#backend.cancel(reservation);
    this.#backend.commit(reservation);
    request.started();
    if (started !== true) inBackground(started.then(() => request.ended()));
  }

  #retryLater(ms: number): void {
    this.#retryAt = performance.now() + ms;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#retryAt = -Infinity;
      this.#advance();
    }, Math.ceil(ms));
  }

  /** The scheduler then fails or keeps what waits. */
  #startUnreserved(): void {
    const started = this.#callTryStart();
    if (started instanceof Promise) inBackground(started);
  }

  #callTryStart(...progress: Parameters<TryStart>): ReturnType<TryStart> {
    const tryStart = this.#tryStart;
    this.#tryStart = undefined;
    return tryStart ? tryStart(...progress) : false;
  }
}
