import type { Indicator } from '../ioc/ioc';
import { copyReport } from '../report/copy';
import { LazyReport } from './lazy-report';
import type { SharedLookupResult, SharedReport, SharedReports } from './limiter-backend';
import type { Lease } from './rate-limiter';
import type { CachedReport, ReportCache } from './report-cache';

/** A report for one caller: nothing of it is shared but the bytes. */
export interface LookupResult extends CachedReport {
  readonly cached: boolean;
}

/** One report beyond this process's request for it: the repository, and the instances that share it. */
export interface SharedLookup<T> {
  readonly lease: Lease | undefined;
  /** What this process has stored meanwhile: of a file, by another of its hashes perhaps. */
  peek(): T | undefined;
  /** What is stored; undefined at once where nothing can be. */
  read(): Promise<T | undefined> | undefined;
  /** What another instance gets; undefined when it gets nothing. */
  waitForPeer(): Promise<T | undefined>;
  /** VirusTotal has answered; called before the lookups are told. */
  write(answer: T): void;
  /** Lets other instances ask. */
  release(): void;
}

/** Reports that are kept: in this process's cache and, behind it, where all instances have them. */
export class ReportRepository {
  readonly #apiVersion: 'v2' | 'v3';
  readonly #cache: ReportCache;
  readonly #shared: SharedReports;

  constructor(apiVersion: 'v2' | 'v3', cache: ReportCache, shared: SharedReports) {
    this.#apiVersion = apiVersion;
    this.#cache = cache;
    this.#shared = shared;
  }

  /** From this process's cache, and so at once. */
  peek(indicator: Indicator): LookupResult | undefined {
    const cached = this.#cache.get(indicator);
    return cached && { report: copyReport(cached.report), body: cached.body, cached: true };
  }

  has(indicator: Indicator): boolean {
    return this.#cache.has(indicator);
  }

  /** Until what was kept from before a restart is read; undefined: it is. */
  get loading(): Promise<void> | undefined {
    return this.#cache.loading;
  }

  /** @param refresh a report that is kept won't do */
  entry(indicator: Indicator, refresh: boolean): SharedLookup<LookupResult> {
    return new SharedReportLookup(this, this.#shared, indicator, {
      refresh,
      lease: this.#shared.lease(indicator, refresh),
    });
  }

  /** Where a report that VirusTotal has just made is put, for all instances. Nothing is read from there, and no instance waits for it. */
  storeOf(indicator: Indicator): SharedLookup<LookupResult> {
    return new SharedReportLookup(this, this.#shared, indicator, { refresh: true, lease: undefined });
  }

  /** Throws a report away in this process. */
  forget(indicator: Indicator): void {
    this.#cache.delete(indicator);
  }

  /** Puts a report where it is found again. */
  put(indicator: Indicator, report: CachedReport, ttlMs = this.#cache.ttlMs(indicator, report)): number {
    const lazy = new LazyReport(this.#apiVersion, indicator, report.body, report.report);
    this.#cache.set(indicator, lazy, ttlMs);
    lazy.releaseParsed();
    return ttlMs;
  }

  /** Another instance may keep its reports longer than this one wants them: undefined when it is too old here. */
  importShared(indicator: Indicator, { report, body, ageMs, ttlMs }: SharedReport): LookupResult | undefined {
    const keptMs = Math.min(this.#cache.ttlMs(indicator, { report, body }) - ageMs, ttlMs);
    if (!(keptMs > 0)) return undefined;
    const result = { report, body, cached: true };
    this.put(indicator, result, keptMs);
    return result;
  }

  /** @returns how many reports this process threw away */
  clear(): number {
    this.#shared.clear();
    return this.#cache.clear();
  }
}

/** Lease and shared cache of one lookup. A class and no closures: a hundred thousand may wait. */
class SharedReportLookup implements SharedLookup<LookupResult> {
  readonly lease: Lease | undefined;
  readonly #repository: ReportRepository;
  readonly #shared: SharedReports;
  readonly #indicator: Indicator;
  readonly #refresh: boolean;

  constructor(
    repository: ReportRepository,
    shared: SharedReports,
    indicator: Indicator,
    { refresh, lease }: { refresh: boolean; lease: Lease | undefined },
  ) {
    this.lease = lease;
    this.#repository = repository;
    this.#shared = shared;
    this.#indicator = indicator;
    this.#refresh = refresh;
  }

  peek(): LookupResult | undefined {
    return this.#refresh || !this.#repository.has(this.#indicator)
      ? undefined
      : this.#repository.peek(this.#indicator);
  }

  read(): Promise<LookupResult | undefined> | undefined {
    if (this.#refresh) return undefined;
    const { loading } = this.#repository;
    if (!loading) return this.#readShared();
    return loading.then(() => this.#repository.peek(this.#indicator) ?? this.#readShared());
  }

  async waitForPeer(): Promise<LookupResult | undefined> {
    return this.lease && this.#import(await this.#shared.waitForPeer(this.lease, this.#indicator));
  }

  write(found: LookupResult): void {
    const ttlMs = this.#repository.put(this.#indicator, found);
    this.#shared.set(this.lease, this.#indicator, found, ttlMs);
  }

  release(): void {
    this.#shared.release(this.lease);
  }

  #readShared(): Promise<LookupResult | undefined> | undefined {
    return this.#shared.get(this.#indicator)?.then((shared) => this.#import(shared));
  }

  #import(shared: SharedLookupResult): LookupResult | undefined {
    const found =
      shared === 'unreadable' ? undefined : shared && this.#repository.importShared(this.#indicator, shared);
    // An unusable report in the shared cache is no reason to leave the request to a peer.
    if (shared && !found && this.lease) this.lease.fresh = true;
    return found;
  }
}
