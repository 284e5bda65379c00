import type { Progress } from '../../api/http-exchange';
import { longestWayMs, type SlidingWindow } from '../sliding-window';
import type { RedisKeyState } from './redis-key-state';

/**
 * A request that was booked in Redis as one that leaves at once. Redis is told when more is known of its arrival: that it has to wait for
 * its connection, that it was answered, or that it ended without.
 */
export class BookedRequest implements Progress {
  readonly #state: Pick<RedisKeyState, 'arrivesIn'>;
  readonly #ticket: string;
  readonly #longestWayMs: number;
  readonly #shortestMs: number;
  #leftAt: number | undefined;
  #told = false;
  #bookAgain: NodeJS.Timeout | undefined;

  constructor(state: Pick<RedisKeyState, 'arrivesIn'>, ticket: string, windows: readonly SlidingWindow[]) {
    this.#state = state;
    this.#ticket = ticket;
    this.#longestWayMs = longestWayMs(windows);
    this.#shortestMs = Math.min(...windows.map(({ windowMs }) => windowMs));
  }

  /** While it waits for its connection it is booked anew, so that its place in the window stays its own. */
  started(): void {
    if (this.#leftAt !== undefined || this.#told || this.#longestWayMs === 0) return;
    this.#bookAgain = setInterval(
      () => this.#state.arrivesIn(this.#longestWayMs, this.#ticket),
      Math.max(100, this.#shortestMs / 2),
    );
    this.#bookAgain.unref();
  }

  left(): void {
    this.#leftAt = performance.now();
    if (!this.#bookAgain) return;
    clearInterval(this.#bookAgain);
    this.#state.arrivesIn(this.#longestWayMs, this.#ticket);
  }

  answered(): void {
    this.#tell(Math.min(0, this.#remainingMs));
  }

  /** Without an answer it may still be on its way. */
  ended(): void {
    clearInterval(this.#bookAgain);
    if (this.#leftAt !== undefined) this.#tell(this.#remainingMs);
  }

  /** Until it has arrived at the latest. */
  get #remainingMs(): number {
    return this.#longestWayMs - (performance.now() - (this.#leftAt ?? performance.now()));
  }

  #tell(ms: number): void {
    if (this.#told || this.#longestWayMs === 0) return;
    this.#told = true;
    this.#state.arrivesIn(ms, this.#ticket);
  }
}
