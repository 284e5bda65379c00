import { createPace } from '../create-pace';
import type { Pace } from '../pace';
import type { Arrivals, Reservations } from '../reservations';
import { longestWayMs, type SlidingWindow } from '../sliding-window';
import { SlidingWindowPace } from '../sliding-window-pace';
import type { Share } from './own-use';
import { SlotPace } from './slot-pace';

/** VirusTotal counts a minute: a spacing is that many starts in it, and what is divided. */
const MINUTE_MS = 60_000;

/**
 * The pace of one instance that can't ask the others: its share of each limit, so that all together keep to them.
 * @param requests the last ones of this process, and those to come
 */
export function createSharePace(
  windows: readonly SlidingWindow[],
  share: Share,
  requests: Reservations,
): Pace {
  const { instances, place } = share;
  if (windows.length === 0 || instances === 1) return createPace(windows, requests);
  if (place === undefined) return createDividedPace(windows, instances, requests);
  const shares = windows.map(({ count, windowMs }) => ({ count: Math.floor(count / instances), windowMs }));
  // Fewer requests than instances: they take turns, so far apart that no window has too many that were long on their way.
  if (shares.some(({ count }) => count === 0)) {
    const way = longestWayMs(windows);
    const slotMs = Math.max(...windows.map(({ count, windowMs }) => (windowMs + way) / count));
    return new SlotPace(slotMs, { ...share, place });
  }
  const lent = windows.map((window, i) =>
    lentOf(window, share, (shares[i] as SlidingWindow).count, requests),
  );
  return new SlidingWindowPace(shares, withLent(requests, Math.max(...lent)));
}

/**
 * Of instances that have not met: no clock in common tells whose turn it is, so each has its part of the requests of a window. Of more
 * instances than requests each has one in a window that is longer in proportion, the first at a random time in it, as all may have
 * been started together; so they keep to the limit on average, but not in each single window.
 */
function createDividedPace(
  windows: readonly SlidingWindow[],
  instances: number,
  requests: Reservations,
): Pace {
  const divided = windows.map((window) => divide(window, instances));
  const longer = Math.max(0, ...divided.map(({ isLonger, windowMs }) => (isLonger ? windowMs : 0)));
  if (longer === 0) return new SlidingWindowPace(divided, withLent(requests, 0));
  return new SlidingWindowPace(divided, withLent(requests, 1, performance.now() - Math.random() * longer));
}

function divide(
  { count, windowMs }: SlidingWindow,
  instances: number,
): SlidingWindow & { isLonger: boolean } {
  // Requests that are spaced are so many a minute, which is what VirusTotal counts.
  const aMinute = count === 1 && windowMs < MINUTE_MS ? Math.floor(MINUTE_MS / windowMs) : undefined;
  const [most, ms] = aMinute === undefined ? [count, windowMs] : [aMinute, MINUTE_MS];
  const each = Math.floor(most / instances);
  if (each === 0) return { count: 1, windowMs: (ms * instances) / most, isLonger: true };
  if (aMinute !== undefined) return { count: 1, windowMs: ms / each, isLonger: false };
  return { count: each, windowMs: ms, isLonger: false };
}

/**
 * Of this instance's share others may have used a part before Redis went away. It is free when it surely is theirs no more, a window
 * later.
 */
function lentOf(
  { count, windowMs }: SlidingWindow,
  { instances, inWindow }: Share,
  each: number,
  requests: Reservations,
): number {
  const own = requests.since(windowMs).length;
  const unused = Math.floor(Math.max(0, count - inWindow) / instances);
  return Math.max(0, each - own - unused);
}

/** Adds this many arrivals at a monotonic time, by default now. */
function withLent(requests: Reservations, lent: number, at = performance.now()): Arrivals {
  return {
    nthLast: (n) => {
      const own = requests.nthLast(n);
      if (own > at) return own;
      return n <= lent ? at : Math.min(at, requests.nthLast(n - lent));
    },
    get onEarlier() {
      return requests.onEarlier;
    },
    set onEarlier(listener) {
      requests.onEarlier = listener;
    },
  };
}
