import type { Analysis } from '../analysis/analysis';
import type { Origin } from '../report/origin';
import { approximateSize } from './approximate-size';
import { indicatorKey, lookupKey, type Arrival } from './arrival';
import type { FailedLookup, SkippedIndicator } from './incident';

/** What a group has collected, in the order of the lookups: what `renderSummary` takes. */
export interface Collected {
  analyses: Analysis[];
  failed: FailedLookup[];
  origins: Origin[];
  skipped: SkippedIndicator[];
  skippedCount?: number;
  complete: boolean;
  /** How many results the group should have; absent when no message said it. */
  expected?: number;
  /** The indexes of the results that have not arrived; absent when all have, or when their number is not known. */
  lacking?: number[];
  /** From the first result to the last. */
  ms: number;
}

/** No summary has more rows. */
const MOST_LACKING = 1_000;

interface Row {
  arrival: Arrival;
  indicators: string;
}

/** The results of one incident while it waits for the others. `First` stands for the message that came first. */
export class IncidentGroup<First> {
  readonly id: string;
  readonly first: First;
  readonly isUnique: boolean;
  readonly #openedAt: number;
  readonly #rows = new Map<string, Row>();
  #lastAt: number;
  #waitsSince: number;
  #expected: number | undefined;
  #bytes: number;

  constructor(id: string, isUnique: boolean, opened: { first: First; now: number; bytes: number }) {
    this.id = id;
    this.isUnique = isUnique;
    this.first = opened.first;
    this.#bytes = opened.bytes;
    this.#openedAt = this.#lastAt = this.#waitsSince = opened.now;
  }

  get arrived(): number {
    return this.#rows.size;
  }

  get expected(): number | undefined {
    return this.#expected;
  }

  get isComplete(): boolean {
    return this.#expected !== undefined && this.#rows.size >= this.#expected;
  }

  /** When the time without a result began, in ms of the clock. */
  get waitsSince(): number {
    return this.#waitsSince;
  }

  /** About how much memory it takes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The time without a result starts again. */
  keepWaiting(now: number): void {
    this.#waitsSince = now;
  }

  /** @returns false when the result of this lookup is there already; a verdict takes the place of a failure, as a retry gives it */
  add(arrival: Arrival, now: number, limit: number): boolean {
    const key = lookupKey(arrival);
    const before = this.#rows.get(key)?.arrival;
    this.#expected ??= arrival.group?.count;
    if (before && !(before.failed && !arrival.failed)) return false;
    this.#rows.set(key, { arrival, indicators: indicatorKey(arrival) });
    this.#bytes += approximateSize(
      [arrival.analyses, arrival.failed, arrival.origins, arrival.skipped],
      limit,
    );
    this.#lastAt = this.#waitsSince = now;
    return true;
  }

  /** Whether there is no verdict for this place yet. */
  lacks(index: number): boolean {
    const row = this.#rows.get(String(index));
    return !row || row.arrival.failed !== undefined;
  }

  collected(complete: boolean): Collected {
    const arrivals = [...this.#rows.values()].map(({ arrival }) => arrival);
    arrivals.sort((a, b) => (a.group?.index ?? 0) - (b.group?.index ?? 0));
    return {
      ...collect(arrivals, complete),
      ...(this.#expected === undefined ? {} : { expected: this.#expected }),
      ...(complete || this.#expected === undefined ? {} : { lacking: this.#lacking(this.#expected) }),
      ms: Math.round(this.#lastAt - this.#openedAt),
    };
  }

  /** As many as a summary may show. */
  #lacking(expected: number): number[] {
    const indexes: number[] = [];
    for (let index = 0; index < expected && indexes.length < MOST_LACKING; index += 1)
      if (!this.#rows.has(String(index))) indexes.push(index);
    return indexes;
  }

  /** Which results it has, by lookup; the value says of which indicators. */
  indicators(): Map<string, string> {
    return new Map([...this.#rows].map(([key, row]) => [key, row.indicators]));
  }
}

/** What these results come to. */
export function collect(arrivals: readonly Arrival[], complete: boolean): Collected {
  const listed = arrivals.reduce((sum, { skipped }) => sum + skipped.length, 0);
  const counted = arrivals.reduce(
    (sum, { skipped, skippedCount = 0 }) => sum + Math.max(skipped.length, skippedCount),
    0,
  );
  return {
    analyses: arrivals.flatMap(({ analyses }) => analyses),
    failed: arrivals.flatMap(({ failed }) => failed ?? []),
    origins: arrivals.flatMap(({ origins = [] }) => origins),
    skipped: arrivals.flatMap(({ skipped }) => skipped),
    ...(counted > listed ? { skippedCount: counted } : {}),
    complete,
    ms: 0,
  };
}
