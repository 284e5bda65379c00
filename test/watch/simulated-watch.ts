import { createAnalyzer } from '../../src/analysis/analyze';
import type { Indicator } from '../../src/ioc/ioc';
import type { QuotaStore, StoredCounts } from '../../src/lookup/quota-count';
import type { VirusTotalService } from '../../src/lookup/service';
import type { VirusTotalError } from '../../src/errors';
import { askForRescan } from '../../src/submit/rescan';
import { IocStream } from '../../src/watch/ioc-stream';
import type { StreamNotification } from '../../src/watch/stream-page';
import { StreamRequest } from '../../src/watch/stream-request';
import type { VerdictChange } from '../../src/watch/watched';
import { WatchList } from '../../src/watch/watch-list';
import { Watcher, type WatcherHost, type WatcherOptions } from '../../src/watch/watcher';
import type { VirtualRequest, VirtualVirusTotal } from '../support/virtual-virustotal';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A free key. */
export const PUBLIC_KEY = {
  rateLimit: true,
  rateLimitMode: 'window',
  rateLimitCount: 4,
  dailyQuota: 500,
  monthlyQuota: 15_500,
} as const;

export function domains(count: number, prefix = 'shop-'): Indicator[] {
  return Array.from({ length: count }, (_, i) => ({ type: 'domain', value: `${prefix}${i}.example` }));
}

/** The same numbers in each run, 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Counts that outlive a service, as a context store keeps them. */
export class KeptCounts implements QuotaStore {
  saved: StoredCounts | undefined;
  load = (): Promise<StoredCounts | undefined> => Promise.resolve(this.saved);
  save(counts: StoredCounts): void {
    this.saved = counts;
  }
}

/** A report with this number of detections, as VirusTotal answers. */
export function reportOf(indicator: string, malicious: number): { status: number; json: unknown } {
  const stats = { malicious, suspicious: 0, undetected: 10, harmless: 60 };
  return {
    status: 200,
    json: { data: { id: indicator, type: 'domain', attributes: { last_analysis_stats: stats } } },
  };
}

/** The number of detections of each domain at a time. */
export function knows(vt: VirtualVirusTotal, detections: (domain: string, time: number) => number): void {
  vt.trouble = ({ indicator, number }: VirtualRequest) =>
    number > 0 ? reportOf(indicator, detections(indicator, Date.now())) : undefined;
}

/** A watch that looks up by a service, with what it has found. */
export class SimulatedWatch {
  readonly changes: (VerdictChange & { at: number })[] = [];
  readonly notifications: (StreamNotification & { at: number })[] = [];
  readonly warnings: VirusTotalError[] = [];
  readonly #indicators: readonly Indicator[];
  readonly #options: WatcherOptions & { filter?: string };
  readonly #analyzer = createAnalyzer();
  #stored: unknown;
  #storedStream: unknown;
  #stream: IocStream | undefined;
  #list: WatchList | undefined;
  #watcher: Watcher | undefined;

  /** @param options `filter`: of the IoC stream, which is not read without one */
  constructor(
    indicators: readonly Indicator[],
    options: Pick<WatcherOptions, 'everyMs' | 'share'> & { rescanAfterMs?: number; filter?: string },
  ) {
    this.#indicators = indicators;
    this.#options = { rescanAfterMs: 0, ...options };
  }

  get list(): WatchList {
    return this.#list as WatchList;
  }

  get stream(): IocStream {
    return this.#stream as IocStream;
  }

  get watcher(): Watcher {
    return this.#watcher as Watcher;
  }

  start(service: VirusTotalService): void {
    this.#list = new WatchList(this.#stored, this.#options.everyMs);
    this.#list.setSource('list', this.#indicators);
    const host: WatcherHost = {
      allowance: () => {
        const { quota, reserve, problem, nextStartMs } = service.stats();
        return {
          daily: quota.day.allowed,
          monthly: quota.month.allowed,
          usedToday: quota.day.used,
          reserved: reserve?.lookups ?? 0,
          intervalMs: service.averageIntervalMs,
          blockedMs: problem ? nextStartMs : 0,
        };
      },
      lookUp: (indicator, signal) =>
        service.get(indicator, { priority: 9, refresh: true, signal }).then(({ report }) => report),
      rescan: (indicator, signal) => askForRescan(service, indicator, { priority: 9, signal }),
      readStream: (query, signal) => service.fetch(new StreamRequest(query), { priority: 9, signal }),
      notified: (notifications) =>
        void this.notifications.push(...notifications.map((each) => ({ ...each, at: Date.now() }))),
      warned: (error) => void this.warnings.push(error),
      judge: (report) => this.#analyzer.analyze(report),
      changed: (change) => void this.changes.push({ ...change, at: Date.now() }),
      updated: () => undefined,
    };
    const { filter } = this.#options;
    this.#stream = filter === undefined ? undefined : new IocStream(this.#storedStream, filter);
    this.#watcher = new Watcher({ list: this.#list, stream: this.#stream }, this.#options, host);
    this.#watcher.start();
  }

  /** As a restart with a persistent context store: what it knows goes through JSON. */
  stop(): void {
    this.watcher.stop();
    this.#stored = JSON.parse(JSON.stringify(this.list.stored));
    this.#storedStream = this.#stream && JSON.parse(JSON.stringify(this.#stream.stored));
  }
}
