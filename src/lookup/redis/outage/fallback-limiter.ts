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
 * The limiter of one instance while Redis is away: its part of each limit, so that all together keep to them.
 *
 * - Each has a part of the requests of a window, as long as there is one for each.
 * - Of fewer requests than instances, those that have seen each other take turns by the clock that they have in common.
 * - Those that have not have no such clock: each has one request in a window that is longer in proportion, the first at a random time in
 *   it, as all may have been started together; so they keep to the limit on average, but not in each single window.
 * @param dispatches the last ones of this process, and those to come
 */
export function createFallbackLimiter(
  windows: readonly SlidingWindow[],
  partition: Partition,
  dispatches: DispatchLog,
): RateLimiter {
  const { instances, index } = partition;
  if (windows.length === 0 || instances === 1) return createLocalLimiter(windows, dispatches);
  if (index !== undefined && windows.some(({ count }) => count < instances)) {
    // So far apart that no window has too many that were long on their way.
    const transitMs = maxTransitMs(windows);
    const slotMs = Math.max(...windows.map(({ count, windowMs }) => (windowMs + transitMs) / count));
    return new TimeSlotLimiter(slotMs, { ...partition, index }, dispatches);
  }
  const parts = windows.map((window) => divide(window, instances));
  const usedByPeersCount = Math.max(...parts.map((part) => usedByPeers(part, dispatches)));
  const usedAt = performance.now() + startsLaterMs(windows, parts);
  return new SlidingWindowLimiter(parts, dispatches, withUsedByPeers(dispatches, usedByPeersCount, usedAt));
}

/**
 * A window of the limit passes before the first start, as until just now the others may have used all of it; so by how much the windows
 * of the parts are to begin later than now, in ms.
 */
function startsLaterMs(
  windows: readonly SlidingWindow[],
  parts: readonly ReturnType<typeof divide>[],
): number {
  const longer = Math.max(0, ...parts.map(({ isLonger, windowMs }) => (isLonger ? windowMs : 0)));
  return longer > 0
    ? Math.max(...windows.map(({ windowMs }) => windowMs)) - Math.random() * longer
    : Math.max(...windows.map(({ windowMs }, i) => windowMs - (parts[i] as SlidingWindow).windowMs));
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

/** Adds this many arrivals at a monotonic time. */
function withUsedByPeers(dispatches: DispatchLog, usedByPeersCount: number, at: number): ArrivalLog {
  return {
    nthLast: (n) => {
      const own = dispatches.nthLast(n);
      if (own > at) return own;
      return n <= usedByPeersCount ? at : Math.min(at, dispatches.nthLast(n - usedByPeersCount));
    },
  };
}
