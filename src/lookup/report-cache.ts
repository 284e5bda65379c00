import { LRUCache } from 'lru-cache';
import type { Indicator } from '../ioc/ioc';
import type { Report } from '../report/report';

/** A report as VirusTotal gave it. Shared by all who ask: whoever hands it on makes a copy. */
export interface CachedReport {
  readonly report: Report;
  /** VirusTotal's own bytes, for those who want them untouched. */
  readonly body: Buffer;
}

/** The limits of a report cache. */
export interface CacheOptions {
  /** Maximum number of reports, 1 to 500. */
  size: number;
  /** Seconds. */
  ttl: number;
  /** How long an unknown indicator or a queued scan stays, in seconds. */
  ttlUnknown: number;
}

/** A report of the cache as it is kept over a restart. */
export interface KeptReport {
  readonly indicator: Indicator;
  readonly report: Pick<CachedReport, 'body'>;
  /** For how many milliseconds more it is to be kept. */
  readonly remainingMs: number;
}

/** The whole cache, the one used longest ago first. */
export interface KeptReports {
  readonly reports: readonly KeptReport[];
  /** Other hashes of these files, and the key of the cache that each leads to. */
  readonly aliases: readonly (readonly [alias: string, key: string])[];
}

/** Called at every change, so that the cache can be stored. */
export interface CacheObserver {
  /** A report was put in. */
  added(): void;
  /** All reports were thrown away. */
  cleared(): void;
}

/** All reports of a cache together, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** A parsed report takes about twice the room of its JSON, which is kept beside it. */
const BYTES_PER_BODY_BYTE = 3;
const BYTES_PER_ENTRY = 1024;

/**
 * Reports by canonical indicator. A file is found by each of its three hashes. Errors are never put in.
 *
 * Three limits apply at once: the number of reports, their size together (`MAX_BYTES`), and the time that each was put in for. The one that was
 * used longest ago goes first. A report is kept as VirusTotal's bytes; `LazyReport` says when it is read from them.
 */
export class ReportCache {
  readonly #reports: LRUCache<string, CachedReport>;
  readonly #options: CacheOptions;
  /** md5 and sha1 to the key that the report is kept under; an entry outlives its report only until it is looked up. */
  readonly #aliases: LRUCache<string, string>;
  #hits = 0;
  #misses = 0;
  /** Stores the reports; undefined: they end with the process. */
  observer: CacheObserver | undefined;
  /** Until the reports from before a restart are in; never rejects. */
  loading: Promise<void> | undefined;

  constructor(options: CacheOptions) {
    this.#options = options;
    this.#reports = new LRUCache({
      max: options.size,
      maxSize: MAX_BYTES,
      // At 0 it reads the clock each time, else it sets a timer for each millisecond that has a lookup.
      ttlResolution: 0,
      perf: { now: () => performance.now() },
      sizeCalculation: ({ body }) => BYTES_PER_ENTRY + body.length * BYTES_PER_BODY_BYTE,
    });
    this.#aliases = new LRUCache({ max: options.size * 3 });
  }

  get entries(): number {
    return this.#reports.size;
  }

  get bytes(): number {
    return this.#reports.calculatedSize;
  }

  get hits(): number {
    return this.#hits;
  }

  get misses(): number {
    return this.#misses;
  }

  get(indicator: Indicator): CachedReport | undefined {
    const key = cacheKey(indicator);
    const found = this.#reports.get(key) ?? this.#byAlias(indicator, key);
    if (found) this.#hits++;
    else this.#misses++;
    return found;
  }

  /** As `get`, without the report and without counting it. */
  has(indicator: Indicator): boolean {
    const key = cacheKey(indicator);
    if (this.#reports.has(key)) return true;
    const alias = indicator.type === 'file' ? this.#aliases.get(key) : undefined;
    return alias !== undefined && this.#reports.has(alias);
  }

  /** How long a report is kept, in ms. */
  ttlMs(indicator: Indicator, { report }: CachedReport): number {
    const { ttl, ttlUnknown } = this.#options;
    const settled = report.response_code === 1 && report.positives !== undefined;
    // A v2 domain or IP has no positives and is settled all the same; a file or URL without them is still queued.
    const known =
      settled || (report.response_code === 1 && (indicator.type === 'domain' || indicator.type === 'ip'));
    return (known ? ttl : ttlUnknown) * 1000;
  }

  set(indicator: Indicator, found: CachedReport, ttlMs = this.ttlMs(indicator, found)): void {
    const key = cacheKey(indicator);
    this.#reports.set(key, found, { ttl: ttlMs });
    for (const alias of hashKeys(indicator, found.report)) {
      this.#aliases.set(alias, key);
      // What was known of the file by its other hash is older.
      this.#reports.delete(alias);
    }
    this.observer?.added();
  }

  /** Throws away a report, which may be kept by another hash of its file. */
  delete(indicator: Indicator): void {
    const key = cacheKey(indicator);
    this.#reports.delete(key);
    const alias = indicator.type === 'file' ? this.#aliases.get(key) : undefined;
    if (alias !== undefined) this.#reports.delete(alias);
    // So that it is not there after a restart either.
    this.observer?.added();
  }

  /** What is worth keeping over a restart. Takes no copy of the bytes. */
  dump(): KeptReports {
    const now = Date.now();
    const reports = this.#reports.dump().flatMap(([key, { value, ttl = 0, start = 0 }]) => {
      const remainingMs = start + ttl - now;
      return remainingMs > 0 ? [{ indicator: indicatorOf(key), report: value, remainingMs }] : [];
    });
    return { reports, aliases: this.#aliases.dump().map(([alias, { value }]) => [alias, value]) };
  }

  /** Puts in what was dumped; a report that is there already is newer and stays. What doesn't fit is what was used longest ago. */
  load({ reports, aliases }: { reports: readonly LoadedReport[]; aliases: KeptReports['aliases'] }): void {
    const start = Date.now();
    const entries = reports.map(({ indicator, report, remainingMs }) => {
      return [cacheKey(indicator), { value: report, ttl: remainingMs, start }] as LoadedEntry<CachedReport>;
    });
    this.#reports.load([...entries, ...this.#reports.dump()]);
    const others = aliases.map(([alias, value]): LoadedEntry<string> => [alias, { value }]);
    this.#aliases.load([...others, ...this.#aliases.dump()]);
  }

  /** @returns how many reports there were */
  clear(): number {
    const entries = this.#reports.size;
    this.#reports.clear();
    this.#aliases.clear();
    this.observer?.cleared();
    return entries;
  }

  /** The report says which hash was asked, so one that was asked by another hash is relabelled. */
  #byAlias(indicator: Indicator, alias: string): CachedReport | undefined {
    if (indicator.type !== 'file') return undefined;
    const key = this.#aliases.get(alias);
    const found = key === undefined ? undefined : this.#reports.get(key);
    return found && { body: found.body, report: { ...found.report, resource: indicator.value } };
  }
}

type LoadedReport = KeptReport & { readonly report: CachedReport };
type LoadedEntry<V extends object | string> = [string, LRUCache.Entry<V>];

/** The indicator of a key that `cacheKey` made. */
function indicatorOf(key: string): Indicator {
  const colon = key.indexOf(':');
  return { type: key.slice(0, colon) as Indicator['type'], value: key.slice(colon + 1) };
}

/** Two spellings of one indicator are one key, because indicators are canonical. */
export function cacheKey(indicator: Indicator): string {
  return `${indicator.type}:${indicator.value}`;
}

/** Keys of the other hashes by which a file may be asked. */
export function hashKeys(indicator: Indicator, report: Report): string[] {
  if (indicator.type !== 'file' || report.response_code !== 1) return [];
  const hashes = [report.md5, report.sha1, report.sha256]
    .filter((hash) => typeof hash === 'string')
    .map((hash) => hash.toLowerCase())
    .filter((hash) => /^[0-9a-f]+$/.test(hash));
  const isOfAnother = hashes.some(
    (hash) => hash.length === indicator.value.length && hash !== indicator.value,
  );
  // A report of another file than the requested hash must not be stored for other hashes.
  return isOfAnother ? [] : hashes.filter((hash) => hash !== indicator.value).map((hash) => `file:${hash}`);
}
