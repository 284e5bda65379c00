import { createPace } from './create-pace';
import type { KeyState, SharedReports } from './key-state';

const noReports: SharedReports = {
  claim: () => undefined,
  get: () => undefined,
  set: () => undefined,
  release: () => undefined,
  follow: () => Promise.resolve(undefined),
  onReport: () => () => undefined,
  clear: () => undefined,
};

/** One instance for itself: its scheduler, its cache and its count are all there is to agree on. */
export const memoryState: KeyState = {
  shared: false,
  problem: null,
  createPace,
  countsMerged: () => undefined,
  correct: () => undefined,
  hold: () => undefined,
  lift: () => undefined,
  reports: () => noReports,
  close: () => Promise.resolve(),
};
