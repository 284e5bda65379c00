import type { Pace } from './pace';
import { inBackground } from './in-background';

/** Rate limit off: everything may start now, without a detour through timers. */
export const unlimitedPace: Pace = {
  next: (start) => {
    const went = start();
    if (went instanceof Promise) inBackground(went);
  },
  waitMs: () => 0,
  close: () => undefined,
};
