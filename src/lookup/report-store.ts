import type { Indicator } from '../ioc/ioc';
import type { Sharing } from './flight';
import type { Kept, SharedReport, SharedReports } from './key-state';
import type { CachedReport, ReportCache } from './report-cache';

/** A report as it was had. Shared with the cache: copy what you hand on. */
export interface Found extends CachedReport {
  readonly cached: boolean;
}

/** Reports that are kept: in this process's cache and, behind it, where all instances have them. */
export class ReportStore {
  readonly #cache: ReportCache;
  readonly #shared: SharedReports;

  constructor(cache: ReportCache, shared: SharedReports) {
    this.#cache = cache;
    this.#shared = shared;
  }

  /** From this process's cache, and so at once. */
  peek(indicator: Indicator): Found | undefined {
    const found = this.#cache.get(indicator);
    return found && { ...found, cached: true };
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
        this.#cache.set(indicator, found);
        this.#shared.set(claim, indicator, found, this.#cache.ttlMs(indicator, found));
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
    this.#cache.set(indicator, { report, body }, keptMs);
    return { report, body, cached: true };
  }
}
