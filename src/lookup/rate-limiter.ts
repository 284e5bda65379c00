import type { Progress } from '../api/http-exchange';

/** Says whether a request really went, perhaps by the promise of its end. */
export type TryStart = (progress?: Progress) => boolean | Promise<void>;

/** When the next request may start. One behaviour for each way to limit; who goes is the scheduler's matter. */
export interface RateLimiter {
  /**
   * Calls `start` once, as soon as one request may go: at once if it may go now. If no request
   * really went, nothing is used up.
   */
  schedule(tryStart: TryStart): void;
  /** Milliseconds until a request may start; 0: now. */
  retryAfterMs(): number;
  /** Forgets who waits; no timer is left. */
  close(): void;
}
