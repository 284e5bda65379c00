import type { Progress } from '../api/http-exchange';

/** Starts a request if one is still waiting. Returns false if none started; else true, or the promise of its end. */
export type TryStart = (progress?: Progress) => boolean | Promise<void>;

/** When the next request may start. One implementation for each kind of limit; the scheduler decides which request it is. */
export interface RateLimiter {
  /**
   * Calls `tryStart` once, as soon as one request may go: at once if it may go now. If no request
   * really went, nothing is used up.
   */
  schedule(tryStart: TryStart): void;
  /** Milliseconds until a request may start; 0: now. */
  retryAfterMs(): number;
  /** Drops the waiting callback; no timer is left. */
  close(): void;
}
