import type { RateLimiter } from './rate-limiter';
import { inBackground } from './in-background';

/** Rate limit off: everything may start now, without a detour through timers. */
export const unlimitedLimiter: RateLimiter = {
  schedule: (tryStart) => {
    const started = tryStart();
    if (started instanceof Promise) inBackground(started);
  },
  retryAfterMs: () => 0,
  close: () => undefined,
};
