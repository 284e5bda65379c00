import type { Analysis } from '../analysis/analysis';
import type { Indicator } from '../ioc/ioc';
import { indicatorName } from './indicator-lines';
import type { Report } from '../report/report';
import { afterReport, LOOK_AFTER_MS } from './rescan';
import { readStored, type StoredWatch, type VerdictChange, type Watched, type WatchSource } from './watched';

/** Indicators in one list. */
export const MAX_WATCHED = 10_000;

/** Until a lookup that failed is made again, in ms; doubled with each failure in a row. */
const RETRY_MS = 15 * 60_000;
/** By how much of the interval a lookup is made early at most, so that the list spreads over the interval. */
const MAX_EARLY = 0.25;
/** An interval is full when it has no room for lookups that are made early. */
const FULL = 0.8;

/**
 * The indicators of one list: when each is to be looked up, and what is known of it. Each has a place of its own in the interval, by its
 * name; a lookup is made up to a quarter of the interval early until it is at that place. So a list that was added at once spreads out,
 * and none waits for longer than an interval.
 */
export class WatchList {
  readonly #watched: Map<string, Watched>;
  readonly #removed: Set<string>;
  readonly #everyMs: number;
  #spent: StoredWatch['spent'];

  /** @param stored what `stored` gave before, or anything else */
  constructor(stored: unknown, everyMs: number) {
    const { watched, removed, spent } = readStored(stored);
    this.#everyMs = everyMs;
    this.#watched = new Map(watched.slice(0, MAX_WATCHED).map((each) => [indicatorName(each), each]));
    this.#removed = new Set(removed);
    this.#spent = spent;
    // The interval may be shorter than it was.
    const latest = Date.now() + everyMs;
    for (const each of this.#watched.values()) each.dueAt = Math.min(each.dueAt, latest);
  }

  get size(): number {
    return this.#watched.size;
  }

  get all(): Watched[] {
    return [...this.#watched.values()];
  }

  /** Indicators whose verdict has changed since a time, in ms since 1970. */
  changedSince(time: number): number {
    let count = 0;
    for (const { changedAt = -Infinity } of this.#watched.values()) if (changedAt >= time) count++;
    return count;
  }

  has(indicator: Indicator): boolean {
    return this.#watched.has(indicatorName(indicator));
  }

  /** Indicators that have no verdict yet. */
  get withoutBaseline(): number {
    let count = 0;
    for (const { verdict } of this.#watched.values()) if (verdict === undefined) count++;
    return count;
  }

  /** Whether a verdict of it is known. */
  hasBaseline(indicator: Indicator): boolean {
    return this.#watched.get(indicatorName(indicator))?.verdict !== undefined;
  }

  /** These and no others are what the list or the file names. @returns those that have no room */
  setSource(source: 'list' | 'file', indicators: readonly Indicator[]): Indicator[] {
    const names = new Set(indicators.map(indicatorName));
    for (const name of this.#watched.keys()) if (!names.has(name)) this.#withdraw(name, source);
    return indicators.filter(
      (indicator) => !this.#removed.has(indicatorName(indicator)) && !this.#add(indicator, source),
    );
  }

  /** A message adds them. @returns those that have no room */
  add(indicators: readonly Indicator[]): Indicator[] {
    for (const indicator of indicators) this.#removed.delete(indicatorName(indicator));
    return indicators.filter((indicator) => !this.#add(indicator, 'message'));
  }

  /** A message removes them, whoever named them. @returns those that were not watched */
  remove(indicators: readonly Indicator[]): Indicator[] {
    return indicators.filter((indicator) => {
      const name = indicatorName(indicator);
      const watched = this.#watched.get(name);
      if (watched?.sources.some((source) => source !== 'message')) this.#removed.add(name);
      return !this.#watched.delete(name);
    });
  }

  /** A message wants them to be looked up now. @returns those that are not watched */
  ask(indicators: readonly Indicator[]): Indicator[] {
    return indicators.filter((indicator) => {
      const watched = this.#watched.get(indicatorName(indicator));
      if (watched) watched.isAsked = true;
      return !watched;
    });
  }

  /**
   * The one to look up next: what a message asks for or is to be scanned again, then what is new, then what is due first. It may be due later.
   * @param now ms since 1970
   */
  next(now: number): Watched | undefined {
    let next: Watched | undefined;
    for (const each of this.#watched.values()) if (!next || isBefore(each, next, now)) next = each;
    return next;
  }

  /** A lookup starts. @param now ms since 1970 */
  spend(now: number): void {
    this.#spent = { day: dayOf(now), lookups: this.spentAt(now) + 1 };
  }

  /** Lookups that were made in the UTC day of a time. */
  spentAt(now: number): number {
    return this.#spent.day === dayOf(now) ? this.#spent.lookups : 0;
  }

  /**
   * A report was judged. The first one is the baseline.
   * @param roundMs how long one lookup of each takes at least
   * @returns the change, when the verdict is another than before
   */
  seen(indicator: Indicator, analysis: Analysis, now: number, roundMs: number): VerdictChange | undefined {
    const watched = this.#watched.get(indicatorName(indicator));
    if (!watched) return undefined;
    const { verdict, positives } = analysis;
    if (verdict === 'error' || verdict === 'missing') {
      this.failed(indicator, now);
      return undefined;
    }
    const before = { ...watched };
    delete watched.failures;
    delete watched.isAsked;
    watched.checkedAt = now;
    watched.dueAt = this.#dueAfter(watched, now, roundMs);
    watched.positives = positives;
    if (before.verdict === verdict) return undefined;
    watched.verdict = verdict;
    watched.since = now;
    if (before.verdict === undefined) return undefined;
    watched.changedAt = now;
    return {
      indicator: { type: watched.type, value: watched.value },
      analysis,
      previous: {
        verdict: before.verdict,
        positives: before.positives ?? null,
        since: new Date(before.since ?? now).toISOString(),
      },
    };
  }

  /**
   * Whether its scan is too old, so that the report is no baseline: it is to be scanned again, or its new report is to be looked up later.
   * @param afterMs the age from which on it is scanned again; 0: never
   */
  isOutdated(indicator: Indicator, report: Report, afterMs: number, now: number): boolean {
    const watched = this.#watched.get(indicatorName(indicator));
    if (!watched) return false;
    const next = afterReport(watched, report, afterMs, now);
    if (next === 'judge') return false;
    delete watched.isAsked;
    if (next === 'rescan') {
      watched.isStale = true;
      watched.dueAt = now;
    } else {
      watched.looks = (watched.looks ?? 0) + 1;
      watched.dueAt = now + (LOOK_AFTER_MS[watched.looks] ?? 0);
    }
    return true;
  }

  /** VirusTotal was asked to scan it again, or refuses to: then it is looked up as it is. */
  rescanned(indicator: Indicator, hasBegun: boolean, now: number): void {
    const watched = this.#watched.get(indicatorName(indicator));
    if (!watched) return;
    delete watched.isStale;
    watched.rescanAt = now;
    watched.looks = hasBegun ? 0 : LOOK_AFTER_MS.length;
    watched.dueAt = now + (hasBegun ? (LOOK_AFTER_MS[0] as number) : 0);
  }

  /** A lookup failed for a reason of its own: it is made again after a while. */
  failed(indicator: Indicator, now: number): void {
    const watched = this.#watched.get(indicatorName(indicator));
    if (!watched) return;
    watched.failures = (watched.failures ?? 0) + 1;
    delete watched.isAsked;
    delete watched.isStale;
    watched.dueAt = now + Math.min(this.#everyMs, RETRY_MS * 2 ** (watched.failures - 1));
  }

  /** For the store. It is not to be changed. */
  get stored(): Pick<StoredWatch, 'version' | 'watched' | 'removed' | 'spent'> {
    return { version: 1, watched: this.all, removed: [...this.#removed], spent: this.#spent };
  }

  /** @returns whether it is watched now */
  #add({ type, value }: Indicator, source: WatchSource): boolean {
    const name = indicatorName({ type, value });
    const watched = this.#watched.get(name);
    if (watched) {
      if (!watched.sources.includes(source)) watched.sources.push(source);
      return true;
    }
    if (this.#watched.size >= MAX_WATCHED) return false;
    this.#watched.set(name, { type, value, sources: [source], dueAt: Date.now() });
    return true;
  }

  #withdraw(name: string, source: WatchSource): void {
    const watched = this.#watched.get(name);
    if (!watched?.sources.includes(source)) return;
    watched.sources = watched.sources.filter((each) => each !== source);
    if (watched.sources.length === 0) this.#watched.delete(name);
  }

  #dueAfter(watched: Watched, now: number, roundMs: number): number {
    const everyMs = this.#everyMs;
    const place = placeOf(indicatorName(watched)) * everyMs;
    const behindMs = (((now - place) % everyMs) + everyMs) % everyMs;
    const early = roundMs / everyMs < FULL ? MAX_EARLY : 0;
    return now + everyMs - Math.min(behindMs, early * everyMs);
  }
}

function isBefore(a: Watched, b: Watched, now: number): boolean {
  const ahead = rankOf(a, now) - rankOf(b, now);
  return ahead < 0 || (ahead === 0 && a.dueAt < b.dueAt);
}

/** What waits for its next try holds up nothing else. */
function rankOf({ isAsked, isStale, checkedAt, dueAt }: Watched, now: number): number {
  if (isAsked || isStale) return 0;
  return checkedAt === undefined && dueAt <= now ? 1 : 2;
}

/** Where in an interval an indicator has its place, 0 to 1, by its name (FNV-1a, and MurmurHash3's last step, as names are much alike). */
function placeOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
