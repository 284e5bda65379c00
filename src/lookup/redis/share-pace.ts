import { createPace } from '../create-pace';
import { ARRIVAL_MARGIN, type Pace, type PaceLimit } from '../pace';
import type { Share } from './own-use';
import { SlotPace } from './slot-pace';

/**
 * The pace of one instance that can't ask the others: its share of the limit, so that all together keep to it.
 * @param starts monotonic times of this process's last starts, oldest first
 */
export function createSharePace(limit: PaceLimit, share: Share, starts: readonly number[]): Pace {
  const { instances } = share;
  if (limit.mode === 'none' || instances === 1) return createPace(limit, starts);
  if (limit.mode === 'spacing') return new SlotPace(limit.ms * ARRIVAL_MARGIN, share);
  const { count, windowMs } = limit;
  const each = Math.floor(count / instances);
  // Fewer starts than instances: they take turns.
  if (each === 0) return new SlotPace((windowMs * ARRIVAL_MARGIN) / count, share);
  return createPace({ mode: 'window', count: each, windowMs }, [
    ...starts,
    ...lent(limit, share, each, starts),
  ]);
}

/**
 * Of this instance's share others may have used a part before Redis went away. That part stands as starts of just now: it is free
 * when it surely is theirs no more, a window later.
 */
function lent(
  { count, windowMs }: { count: number; windowMs: number },
  { instances, inWindow }: Share,
  each: number,
  starts: readonly number[],
): number[] {
  const now = performance.now();
  const own = starts.filter((start) => start > now - windowMs).length;
  const unused = Math.floor(Math.max(0, count - inWindow) / instances);
  return new Array<number>(Math.max(0, each - own - unused)).fill(now);
}
