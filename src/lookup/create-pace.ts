import type { Pace, PaceLimit } from './pace';
import { SpacingPace } from './spacing-pace';
import { unlimitedPace } from './unlimited-pace';
import { WindowPace } from './window-pace';

/** @param starts monotonic times of the key's last starts, oldest first: a new limit doesn't forget them */
export function createPace(limit: PaceLimit, starts: readonly number[]): Pace {
  switch (limit.mode) {
    case 'none':
      return unlimitedPace;
    case 'spacing':
      return new SpacingPace(limit.ms, starts.at(-1));
    case 'window':
      return new WindowPace(limit.count, limit.windowMs, starts);
  }
}
