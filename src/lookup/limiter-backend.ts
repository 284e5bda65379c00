import type { QuotaUsage } from '../api/quota-usage';
import type { Indicator } from '../ioc/ioc';
import type { BlockRecord } from './circuit-breaker';
import type { DispatchLog } from './dispatch-log';
import type { QuotaCounts, QuotaLimits } from './quota-count';
import { SlidingWindowLimiter, type Lease, type RateLimiter } from './rate-limiter';
import type { CachedReport } from './report-cache';
import type { SlidingWindow } from './sliding-window';
import { SpacingLimiter } from './spacing-limiter';

/**
 * The words in which a key's state is asked and answers, wherever it is kept. The one in Redis imports this file and nothing else of
 * lookup/.
 */
export type { BlockRecord, QuotaCounts, CachedReport, SlidingWindow };
export type { ArrivalLog, DispatchLog, Reservation } from './dispatch-log';
export type { Candidate, Candidates, Decision, Lease, RateLimiter, WaitReason } from './rate-limiter';
/** A limiter of one instance, for a share of the limit. */
export { SlidingWindowLimiter };
/** Whether the reserve is for a request of this priority. */
export { DEFAULT_PRIORITY, isUrgent } from './priority';
export { MAX_TRANSIT_MS, maxTransitMs, withoutImplied } from './sliding-window';
/** Names of a report. */
export { cacheKey, hashKeys } from './report-cache';

/** A report that another instance fetched. */
export interface SharedReport extends CachedReport {
  /** Since it was stored, in ms. */
  readonly ageMs: number;
  /** For how long it stays, in ms. */
  readonly ttlMs: number;
}

/** What is stored of a report: it, nothing, or what can't be read and so is to be overwritten. */
export type SharedLookupResult = SharedReport | 'unreadable' | undefined;

/** Reports that all instances share, behind each one's own cache. None of these throws or rejects. */
export interface SharedReports {
  /** Undefined where no other instance could ask. */
  lease(indicator: Indicator, fresh: boolean): Lease | undefined;
  /** Undefined at once where nothing is shared. */
  get(indicator: Indicator): Promise<SharedLookupResult> | undefined;
  /** Ends the lease, if it is ours, and stores the report for all. */
  set(lease: Lease | undefined, indicator: Indicator, result: CachedReport, ttlMs: number): void;
  /** Ends the lease without a report: another instance may ask. */
  release(lease: Lease | undefined): void;
  /** The report that the lease's holder asks for; undefined when it got none, or is gone. */
  waitForPeer(lease: Lease, indicator: Indicator): Promise<SharedLookupResult>;
  /** Calls with the cache's key of a report that another instance stored. @returns a function that ends it */
  onReport(listener: (key: string) => void): () => void;
  /** Forgets the reports for all instances, in the background. */
  clear(): void;
}

/** Whose reports: those of another API are not the same. */
export interface ReportOrigin {
  apiVersion: 'v3' | 'v2';
  /** Empty: VirusTotal's own. */
  apiUrl: string;
}

/** Why a key's limits are not shared at the moment, although they are meant to be. */
export interface SharingProblem {
  code: string;
  text: string;
  /** By how many instances the limit is divided meanwhile, and whether this one has met the others since its start. */
  share: { instances: number; met: boolean };
}

/** What a key's scheduler tells its backend, and is told by it. */
export interface BackendClient {
  /** 0: not counted. `reserved`: lookups of the day that only urgent requests may use; default 0. */
  allowances(): QuotaLimits & { reserved?: number };
  counts(): QuotaCounts;
  /** What all instances together have used. */
  setCounts(counts: QuotaCounts): void;
  /** As many instances use up what is left of day and month, each for itself; 1: they count together. */
  divideQuota(instances: number): void;
  /** What VirusTotal said last, as far as this process knows; undefined: the key isn't blocked. */
  block(): BlockRecord | undefined;
  /** What VirusTotal said to any instance; undefined: the key isn't blocked. */
  setBlock(block: BlockRecord | undefined): void;
  /** The backend can be asked again, or not any more: a wait that it gave no longer applies. */
  changed(): void;
}

/**
 * What all clients of an API key must agree on: when a request may start, what is used up, what VirusTotal has refused, and the reports.
 * Its clients are the services of this process, or beyond that other instances.
 */
export interface LimiterBackend {
  /** Other processes may use it. */
  readonly shared: boolean;
  /** Why it is not shared at the moment, although it is meant to be. */
  readonly problem: SharingProblem | null;
  /** @param dispatches the last dispatches of this process, and those to come: a new limit doesn't forget them */
  createRateLimiter(
    windows: readonly SlidingWindow[],
    dispatches: DispatchLog,
    client: BackendClient,
  ): RateLimiter;
  /** The counts of this process grew by those of an earlier one. */
  countsRestored(): void;
  /** VirusTotal's own figures. @param open starts that may be missing in them @param before the counts when it was asked */
  reconcile(usage: Pick<QuotaUsage, 'daily' | 'monthly'>, open: number, before: QuotaCounts): void;
  block(block: BlockRecord): void;
  /** A block of one of these kinds is over. */
  unblock(kinds: readonly BlockRecord['kind'][]): void;
  reports(origin: ReportOrigin): SharedReports;
  /** This user is done with it. */
  close(): Promise<void>;
}

const noReports: SharedReports = {
  lease: () => undefined,
  get: () => undefined,
  set: () => undefined,
  release: () => undefined,
  waitForPeer: () => Promise.resolve(undefined),
  onReport: () => () => undefined,
  clear: () => undefined,
};

/** The limiter of one instance for itself. @param windows all of them apply; none: no limit */
export function createLocalLimiter(windows: readonly SlidingWindow[], dispatches: DispatchLog): RateLimiter {
  const limiter = new SlidingWindowLimiter(windows, dispatches);
  const spacing = windows.find(({ count }) => count === 1);
  return spacing ? new SpacingLimiter(spacing.windowMs, limiter) : limiter;
}

/** One instance for itself: its scheduler, its cache and its count are all there is to agree on. */
export const memoryBackend: LimiterBackend = {
  shared: false,
  problem: null,
  createRateLimiter: createLocalLimiter,
  countsRestored: () => undefined,
  reconcile: () => undefined,
  block: () => undefined,
  unblock: () => undefined,
  reports: () => noReports,
  close: () => Promise.resolve(),
};
