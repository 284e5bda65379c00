import type { Pace } from './pace';
import type { Arrivals } from './reservations';
import type { SlidingWindow } from './sliding-window';
import { SlidingWindowPace } from './sliding-window-pace';
import { SpacingPace } from './spacing-pace';
import { unlimitedPace } from './unlimited-pace';

/** @param windows all of them hold; none: no limit */
export function createPace(windows: readonly SlidingWindow[], arrivals: Arrivals): Pace {
  if (windows.length === 0) return unlimitedPace;
  const all = new SlidingWindowPace(windows, arrivals);
  const spacing = windows.find(({ count }) => count === 1);
  return spacing ? new SpacingPace(spacing.windowMs, all) : all;
}
