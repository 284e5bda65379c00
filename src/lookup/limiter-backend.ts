import type { QuotaFigures } from '../api/quota-figures';
import type { Indicator } from '../ioc/ioc';
import type { BlockRecord } from './circuit-breaker';
import type { RateLimiter, TryStart } from './rate-limiter';
import type { QuotaCounts, QuotaLimits } from './quota-count';
import type { CachedReport } from './report-cache';
import type { DispatchLog } from './dispatch-log';
import type { SlidingWindow } from './sliding-window';

/** A request that is made once for all instances: the instance with the lease sends it, the others wait for the report. */
export interface Lease {
  /** The key of the report in the cache. */
  readonly key: string;
  /** Distinguishes this holder of the lease from others. */
  readonly token: string;
  /** Send the request although there is a report. */
  fresh: boolean;
}

/** A report that another instance had. */
export interface SharedReport extends CachedReport {
  /** Since it was put there, in ms. */
  readonly ageMs: number;
  /** For how long it stays, in ms. */
  readonly ttlMs: number;
}

/** What is there of a report: it, nothing, or what can't be read and so is to be overwritten. */
export type SharedLookupResult = SharedReport | 'unreadable' | undefined;

/** Reports that all instances share, behind each one's own cache. None of these throws or rejects. */
export interface SharedReports {
  /** Undefined without other instances. */
  lease(indicator: Indicator, fresh: boolean): Lease | undefined;
  /** Undefined at once where there is no shared cache. */
  get(indicator: Indicator): Promise<SharedLookupResult> | undefined;
  /** Stores the report for all instances and releases the lease, if it is ours. */
  set(lease: Lease | undefined, indicator: Indicator, found: CachedReport, ttlMs: number): void;
  /** Releases the lease without a report: another instance may try. */
  release(lease: Lease | undefined): void;
  /** The report that another instance requests; undefined when it got none, or is gone. */
  waitForPeer(lease: Lease, indicator: Indicator): Promise<SharedLookupResult>;
  /** Calls with the cache's key of a report that came in. @returns a function that ends it */
  onReport(listener: (key: string) => void): () => void;
  /** Forgets the reports for all instances; none needs to wait for it. */
  clear(): void;
}

/** Whose reports: those of another API are not the same. */
export interface ReportOrigin {
  apiVersion: 'v3' | 'v2';
  /** Empty: VirusTotal's own. */
  apiUrl: string;
}

/** Why a key's state is not shared at the moment, although it is meant to be. */
export interface SharingProblem {
  code: string;
  text: string;
  /** By how many instances the limit is divided meanwhile, and whether this one has seen the others since its start. */
  share: { instances: number; met: boolean };
}

/** A request that may be started next. */
export interface Candidate {
  readonly lease: Lease | undefined;
  readonly tryStart: TryStart;
  /** It needn't start: another instance has its report, or holds the lease for it. */
  waitForPeer(): void;
}

/** How a backend reads and updates the scheduler of a key. */
export interface BackendClient {
  /** 0: not counted. */
  allowances(): QuotaLimits;
  counts(): QuotaCounts;
  /** The requests that would start next, in order, at most `limit`; none when none waits. */
  candidates(limit: number): Candidate[];
  /** Nothing may start, by what the scheduler knows itself. */
  isBlocked(): boolean;
  /** What all instances together have used. */
  setCounts(counts: QuotaCounts): void;
  /** So many instances use up what is left of day and month, each for itself; 1: they count together. */
  divideQuota(instances: number): void;
  /** What VirusTotal said to any instance; undefined: the key is not blocked. */
  setBlock(block: BlockRecord | undefined): void;
  /** Whether the state is shared has changed. */
  onChange(): void;
}

/**
 * What all who use an API key must agree on: when a request may start, what is used up, what VirusTotal has refused, and the reports.
 * Those who use it are the services of this process, or beyond that other instances.
 */
export interface LimiterBackend {
  /** Others than this process may use it. */
  readonly shared: boolean;
  /** Why it is not shared at the moment, although it is meant to be. */
  readonly problem: SharingProblem | null;
  /** @param dispatches the last ones of this process, and those to come: a new limit doesn't forget them */
  createRateLimiter(
    windows: readonly SlidingWindow[],
    dispatches: DispatchLog,
    client: BackendClient,
  ): RateLimiter;
  /** The counts of this process grew by those of an earlier one. */
  countsRestored(): void;
  /** VirusTotal's own figures. @param inFlight starts that may be missing in them @param before the counts when it was asked */
  reconcile(figures: Pick<QuotaFigures, 'daily' | 'monthly'>, inFlight: number, before: QuotaCounts): void;
  block(block: BlockRecord): void;
  /** Blocks of these kinds are over. */
  unblock(kinds: readonly BlockRecord['kind'][]): void;
  reports(origin: ReportOrigin): SharedReports;
  /** Releases the backend for one of its users. */
  close(): Promise<void>;
}
