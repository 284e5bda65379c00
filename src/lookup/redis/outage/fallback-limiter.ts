import {
  SlidingWindowLimiter,
  createLocalLimiter,
  maxTransitMs,
  type ArrivalLog,
  type DispatchLog,
  type RateLimiter,
  type SlidingWindow,
} from '../../limiter-backend';
import type { Partition } from './local-usage';
import { TimeSlotLimiter } from './time-slots';

/** VirusTotal counts a minute: a spacing is that many starts in it, and what is divided. */
const MINUTE_MS = 60_000;

/**
 * The limiter of one instance while Redis is away: its share of each limit, so that all together keep to them.
 * @param dispatches the last ones of this process, and those to come
 */
export function createFallbackLimiter(
  windows: readonly SlidingWindow[],
  partition: Partition,
  dispatches: DispatchLog,
): RateLimiter {
  const { instances, index } = partition;
  if (windows.length === 0 || instances === 1) return createLocalLimiter(windows, dispatches);
  if (index === undefined) return createDividedLimiter(windows, instances, dispatches);
  const shares = windows.map(({ count, windowMs }) => ({ count: Math.floor(count / instances), windowMs }));
  // Fewer requests than instances: they take turns, so far apart that no window has too many that were long on their way.
  if (shares.some(({ count }) => count === 0)) {
    const transitMs = maxTransitMs(windows);
    const slotMs = Math.max(...windows.map(({ count, windowMs }) => (windowMs + transitMs) / count));
    return new TimeSlotLimiter(slotMs, { ...partition, index }, dispatches);
  }
  const usedByPeersCount = shares.map((share) => usedByPeers(share, dispatches));
  return new SlidingWindowLimiter(
    shares,
    dispatches,
    withUsedByPeers(dispatches, Math.max(...usedByPeersCount)),
  );
}

/**
 * For instances that have not seen each other: no clock in common tells whose turn it is, so each has its part of the requests of a window. Of more
 * instances than requests each has one in a window that is longer in proportion, the first at a random time in it, as all may have
 * been started together; so they keep to the limit on average, but not in each single window. A window passes before the first: until
 * just now those that have met may have used all of it.
 */
function createDividedLimiter(
  windows: readonly SlidingWindow[],
  instances: number,
  dispatches: DispatchLog,
): RateLimiter {
  const divided = windows.map((window) => divide(window, instances));
  const usedByPeersCount = Math.max(...divided.map((share) => usedByPeers(share, dispatches)));
  const now = performance.now();
  const longer = Math.max(0, ...divided.map(({ isLonger, windowMs }) => (isLonger ? windowMs : 0)));
  // So that each part begins when the window that is divided is over.
  const at =
    longer > 0
      ? now + Math.max(...windows.map(({ windowMs }) => windowMs)) - Math.random() * longer
      : now +
        Math.max(...windows.map(({ windowMs }, i) => windowMs - (divided[i] as SlidingWindow).windowMs));
  return new SlidingWindowLimiter(divided, dispatches, withUsedByPeers(dispatches, usedByPeersCount, at));
}

function divide(
  { count, windowMs }: SlidingWindow,
  instances: number,
): SlidingWindow & { isLonger: boolean } {
  // VirusTotal counts by the minute: a spacing becomes the number of requests that fit into one.
  const aMinute = count === 1 && windowMs < MINUTE_MS ? Math.floor(MINUTE_MS / windowMs) : undefined;
  const [most, ms] = aMinute === undefined ? [count, windowMs] : [aMinute, MINUTE_MS];
  const each = Math.floor(most / instances);
  if (each === 0) return { count: 1, windowMs: (ms * instances) / most, isLonger: true };
  if (aMinute !== undefined) return { count: 1, windowMs: ms / each, isLonger: false };
  return { count: each, windowMs: ms, isLonger: false };
}

/**
 * Of this instance's share others may have used what it has not used itself: Redis may have let them until just now. It is free when it
 * surely is theirs no more, a window later.
 */
function usedByPeers({ count, windowMs }: SlidingWindow, dispatches: DispatchLog): number {
  return Math.max(0, count - dispatches.arrivalsSince(windowMs).length);
}

/** Adds this many arrivals at a monotonic time, by default now. */
function withUsedByPeers(
  dispatches: DispatchLog,
  usedByPeersCount: number,
  at = performance.now(),
): ArrivalLog {
  return {
    nthLast: (n) => {
      const own = dispatches.nthLast(n);
      if (own > at) return own;
      return n <= usedByPeersCount ? at : Math.min(at, dispatches.nthLast(n - usedByPeersCount));
    },
  };
}
