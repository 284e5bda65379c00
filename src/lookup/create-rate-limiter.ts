import type { RateLimiter } from './rate-limiter';
import type { ArrivalLog } from './dispatch-log';
import type { SlidingWindow } from './sliding-window';
import { SlidingWindowLimiter } from './sliding-window-limiter';
import { SpacingLimiter } from './spacing-limiter';
import { unlimitedLimiter } from './unlimited-limiter';

/** @param windows all of them hold; none: no limit */
export function createRateLimiter(windows: readonly SlidingWindow[], arrivals: ArrivalLog): RateLimiter {
  if (windows.length === 0) return unlimitedLimiter;
  const all = new SlidingWindowLimiter(windows, arrivals);
  const spacing = windows.find(({ count }) => count === 1);
  return spacing ? new SpacingLimiter(spacing.windowMs, all) : all;
}
