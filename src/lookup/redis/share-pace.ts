import { createPace } from '../create-pace';
import type { Pace } from '../pace';
import type { Arrivals, Reservations } from '../reservations';
import { longestWayMs, type SlidingWindow } from '../sliding-window';
import { SlidingWindowPace } from '../sliding-window-pace';
import type { Share } from './own-use';
import { SlotPace } from './slot-pace';

/**
 * The pace of one instance that can't ask the others: its share of each limit, so that all together keep to them.
 * @param requests the last ones of this process, and those to come
 */
export function createSharePace(
  windows: readonly SlidingWindow[],
  share: Share,
  requests: Reservations,
): Pace {
  const { instances } = share;
  if (windows.length === 0 || instances === 1) return createPace(windows, requests);
  const shares = windows.map(({ count, windowMs }) => ({ count: Math.floor(count / instances), windowMs }));
  // Fewer requests than instances: they take turns, so far apart that no window has too many that were long on their way.
  if (shares.some(({ count }) => count === 0)) {
    const way = longestWayMs(windows);
    return new SlotPace(Math.max(...windows.map(({ count, windowMs }) => (windowMs + way) / count)), share);
  }
  const lent = windows.map((window, i) =>
    lentOf(window, share, (shares[i] as SlidingWindow).count, requests),
  );
  return new SlidingWindowPace(shares, withLent(requests, Math.max(...lent)));
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

/** As if so many more had arrived just now. */
function withLent(requests: Reservations, lent: number): Arrivals {
  const at = performance.now();
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
