import type { Pace } from './pace';

/** Rate limit off: everything may start now, without a detour through timers. */
export const unlimitedPace: Pace = {
  next: (start) => void start(),
  waitMs: () => 0,
  close: () => undefined,
};
