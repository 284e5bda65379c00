import { createRateLimiter } from './create-rate-limiter';
import type { LimiterBackend, SharedReports } from './limiter-backend';

const noReports: SharedReports = {
  lease: () => undefined,
  get: () => undefined,
  set: () => undefined,
  release: () => undefined,
  waitForPeer: () => Promise.resolve(undefined),
  onReport: () => () => undefined,
  clear: () => undefined,
};

/** One instance for itself: its scheduler, its cache and its count are all there is to agree on. */
export const memoryBackend: LimiterBackend = {
  shared: false,
  problem: null,
  createRateLimiter,
  countsRestored: () => undefined,
  reconcile: () => undefined,
  block: () => undefined,
  unblock: () => undefined,
  reports: () => noReports,
  close: () => Promise.resolve(),
};
