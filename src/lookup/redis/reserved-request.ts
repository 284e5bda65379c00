import type { Progress } from '../../api/http-exchange';
import { maxTransitMs, type SlidingWindow } from '../sliding-window';
import type { RedisBackend } from './redis-backend';

/**
 * A request reserved in Redis as one that is dispatched at once. Its reservation is restamped when more is known of its arrival: that it
 * waits for its connection, that it was answered, or that it ended without an answer.
 */
export class ReservedRequest implements Progress {
  readonly #backend: Pick<RedisBackend, 'restamp'>;
  readonly #id: string;
  readonly #maxTransitMs: number;
  readonly #shortestWindowMs: number;
  #dispatchedAt: number | undefined;
  #isReported = false;
  #restampTimer: NodeJS.Timeout | undefined;

  constructor(backend: Pick<RedisBackend, 'restamp'>, id: string, windows: readonly SlidingWindow[]) {
    this.#backend = backend;
    this.#id = id;
    this.#maxTransitMs = maxTransitMs(windows);
    this.#shortestWindowMs = Math.min(...windows.map(({ windowMs }) => windowMs));
  }

  /** While it waits for its connection it is restamped, so that it keeps its place in the window. */
  started(): void {
    if (this.#dispatchedAt !== undefined || this.#isReported || this.#maxTransitMs === 0) return;
    this.#restampTimer = setInterval(
      () => this.#backend.restamp(this.#maxTransitMs, this.#id),
      Math.max(100, this.#shortestWindowMs / 2),
    );
    this.#restampTimer.unref();
  }

  onDispatched(): void {
    this.#dispatchedAt = performance.now();
    if (!this.#restampTimer) return;
    clearInterval(this.#restampTimer);
    this.#backend.restamp(this.#maxTransitMs, this.#id);
  }

  onAnswered(): void {
    this.#report(Math.min(0, this.#remainingMs));
  }

  /** Without an answer it may still be on its way. */
  ended(): void {
    clearInterval(this.#restampTimer);
    if (this.#dispatchedAt !== undefined) this.#report(this.#remainingMs);
  }

  /** Until its latest possible arrival. */
  get #remainingMs(): number {
    return this.#maxTransitMs - (performance.now() - (this.#dispatchedAt ?? performance.now()));
  }

  #report(ms: number): void {
    if (this.#isReported || this.#maxTransitMs === 0) return;
    this.#isReported = true;
    this.#backend.restamp(ms, this.#id);
  }
}
