import type { Progress } from '../api/http-exchange';

/** Says whether a request really went, perhaps by the promise of its end. */
export type Start = (progress?: Progress) => boolean | Promise<void>;

/** When the next request may start. One behaviour for each way to limit; who goes is the scheduler's matter. */
export interface Pace {
  /**
   * Calls `start` once, as soon as one request may go: at once if it may go now. If no request
   * really went, nothing is used up.
   */
  next(start: Start): void;
  /** Milliseconds until a request may start; 0: now. */
  waitMs(): number;
  /** Forgets who waits; no timer is left. */
  close(): void;
}
