import type { Indicator } from '../ioc/ioc';
import { copyReport } from '../report/copy';
import type { Sharing } from './flight';
import { KeptReport } from './kept-report';
import type { Kept, SharedReport, SharedReports } from './key-state';
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

  /** @param refresh a report that is kept won't do */
  errand(indicator: Indicator, refresh: boolean): Sharing<Found> {
    const claim = this.#shared.claim(indicator, refresh);
    const take = (kept: Kept): Found | undefined => {
      const found = kept === 'unreadable' ? undefined : kept && this.#take(indicator, kept);
      // What is there will not do: it is no reason to leave the request to others.
      if (kept && !found && claim) claim.fresh = true;
      return found;
    };
    return {
      claim,
      had: () => (refresh ? undefined : this.#shared.get(indicator)?.then(take)),
      follow: async () => claim && take(await this.#shared.follow(claim, indicator)),
      release: () => this.#shared.release(claim),
      landed: (found) => {
        const ttlMs = this.#cache.ttlMs(indicator, found);
        this.#keep(indicator, found, ttlMs);
        this.#shared.set(claim, indicator, found, ttlMs);
      },
    };
  }

  /** @returns how many reports this process threw away */
  clear(): number {
    this.#shared.clear();
    return this.#cache.clear();
  }

  /** Another instance may keep its reports longer than this one wants them. */
  #take(indicator: Indicator, { report, body, ageMs, ttlMs }: SharedReport): Found | undefined {
    const keptMs = Math.min(this.#cache.ttlMs(indicator, { report, body }) - ageMs, ttlMs);
    if (!(keptMs > 0)) return undefined;
    const found = { report, body, cached: true };
    this.#keep(indicator, found, keptMs);
    return found;
  }

  #keep(indicator: Indicator, found: CachedReport, ttlMs: number): void {
    const kept = new KeptReport(this.#apiVersion, indicator, found);
    this.#cache.set(indicator, kept, ttlMs);
    kept.giveAway();
  }
}
