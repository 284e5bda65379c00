import type { Indicator } from '../ioc/ioc';
import { copyReport } from '../report/copy';
import type { Sharing } from './flight';
import { KeptReport } from './kept-report';
import type { Claim, Kept, SharedReport, SharedReports } from './key-state';
import type { CachedReport, ReportCache } from './report-cache';

/** A report as it was had, for one who asked: nothing of it is shared but the bytes. */
export interface Found extends CachedReport {
  readonly cached: boolean;
}

/** Reports that are kept: in this process's cache and, behind it, where all instances have them. */
export class ReportStore {
  readonly #apiVersion: 'v2' | 'v3';
  readonly #cache: ReportCache;
  readonly #shared: SharedReports;

  constructor(apiVersion: 'v2' | 'v3', cache: ReportCache, shared: SharedReports) {
    this.#apiVersion = apiVersion;
    this.#cache = cache;
    this.#shared = shared;
  }

  /** From this process's cache, and so at once. */
  peek(indicator: Indicator): Found | undefined {
    const found = this.#cache.get(indicator);
    return found && { report: copyReport(found.report), body: found.body, cached: true };
  }

  has(indicator: Indicator): boolean {
    return this.#cache.has(indicator);
  }

  /** @param refresh a report that is kept won't do */
  errand(indicator: Indicator, refresh: boolean): Sharing<Found> {
    return new ReportSharing(this, this.#shared, indicator, refresh);
  }

  /** Puts a report where it is found again. */
  keep(indicator: Indicator, found: CachedReport, ttlMs = this.#cache.ttlMs(indicator, found)): number {
    const kept = new KeptReport(this.#apiVersion, indicator, found);
    this.#cache.set(indicator, kept, ttlMs);
    kept.giveAway();
    return ttlMs;
  }

  /** Another instance may keep its reports longer than this one wants them: undefined when it is too old here. */
  take(indicator: Indicator, { report, body, ageMs, ttlMs }: SharedReport): Found | undefined {
    const keptMs = Math.min(this.#cache.ttlMs(indicator, { report, body }) - ageMs, ttlMs);
    if (!(keptMs > 0)) return undefined;
    const found = { report, body, cached: true };
    this.keep(indicator, found, keptMs);
    return found;
  }

  /** @returns how many reports this process threw away */
  clear(): number {
    this.#shared.clear();
    return this.#cache.clear();
  }
}

/** Where the answer to one question is kept, and who else asks it. A class and no closures: a hundred thousand may wait. */
class ReportSharing implements Sharing<Found> {
  readonly claim: Claim | undefined;
  readonly #store: ReportStore;
  readonly #shared: SharedReports;
  readonly #indicator: Indicator;
  readonly #refresh: boolean;

  constructor(store: ReportStore, shared: SharedReports, indicator: Indicator, refresh: boolean) {
    this.claim = shared.claim(indicator, refresh);
    this.#store = store;
    this.#shared = shared;
    this.#indicator = indicator;
    this.#refresh = refresh;
  }

  had(): Promise<Found | undefined> | undefined {
    if (this.#refresh) return undefined;
    return this.#shared.get(this.#indicator)?.then((kept) => this.#take(kept));
  }

  async follow(): Promise<Found | undefined> {
    return this.claim && this.#take(await this.#shared.follow(this.claim, this.#indicator));
  }

  landed(found: Found): void {
    const ttlMs = this.#store.keep(this.#indicator, found);
    this.#shared.set(this.claim, this.#indicator, found, ttlMs);
  }

  release(): void {
    this.#shared.release(this.claim);
  }

  #take(kept: Kept): Found | undefined {
    const found = kept === 'unreadable' ? undefined : kept && this.#store.take(this.#indicator, kept);
    // What is there will not do: it is no reason to leave the request to others.
    if (kept && !found && this.claim) this.claim.fresh = true;
    return found;
  }
}
