import type { DispatchLog } from './dispatch-log';
import { SlidingWindowLimiter, type RateLimiter } from './rate-limiter';
import type { SlidingWindow } from './sliding-window';
import { SpacingLimiter } from './spacing-limiter';

/** The limiter of one instance for itself. @param windows all of them apply; none: no limit */
export function createRateLimiter(windows: readonly SlidingWindow[], dispatches: DispatchLog): RateLimiter {
  const limiter = new SlidingWindowLimiter(windows, dispatches);
  const spacing = windows.find(({ count }) => count === 1);
  return spacing ? new SpacingLimiter(spacing.windowMs, limiter) : limiter;
}
