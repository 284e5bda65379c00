import type { Arrived } from './arrivals';
import type { Started } from './starts';

/** A limit that was in force: a maximum number of requests in any window of a length in ms. */
export interface InForce {
  /** Whose it is, for complaints. */
  of: string;
  count: number;
  ms: number;
  /** How long a request is on its way at most, in ms: of a longer one nothing is promised. At a time of the machine's clock. */
  longestWayMs: (at: number) => number;
  /** How long before it left it may have been decided that a request may go, in ms, if it wasn't then: that belongs to its way. */
  decidedBefore: (start: Started) => number;
  /** Whether it was in force when it was decided that the last of some requests may go. */
  holds: (first: Started, last: Started) => boolean;
}

/** @returns starts beyond the limits, in words. @param starts in the order of time */
export function overAtStart(limits: readonly InForce[], starts: readonly Started[]): string[] {
  return limits.flatMap(({ of, count, ms, longestWayMs, decidedBefore, holds }) => {
    const over: string[] = [];
    for (let last = count; last < starts.length; last++) {
      const [a, b] = [starts[last - count] as Started, starts[last] as Started];
      if (b.at - a.at < ms && holds(a, b) && decidedBefore(a) <= longestWayMs(a.at))
        over.push(
          `${of}: ${count + 1} starts in ${(b.at - a.at).toFixed(3)} ms, not ${ms}, from ${a.name} to ${b.name}`,
        );
    }
    return over;
  });
}

export interface OverAtServer {
  over: string[];
  /** Groups of which one was longer on its way than is allowed for, by the machine or the line. */
  tooSlow: number;
}

/**
 * What arrived beyond the limits. Whoever starts a request knows that one of those before it in the window must have arrived a window
 * before: one that left so early. If all of these arrived in time, the product is at fault.
 */
export function overAtServer(
  limits: readonly InForce[],
  starts: readonly Started[],
  arrivals: readonly Arrived[],
): OverAtServer {
  const startOf = new Map(starts.map((start) => [start.name, start]));
  const known = arrivals
    .filter(({ name }) => startOf.has(name))
    .map((each) => ({ ...each, start: startOf.get(each.name) as Started }))
    .sort((a, b) => a.after - b.after);
  const found: OverAtServer = { over: [], tooSlow: 0 };
  for (const { of, count, ms, longestWayMs, decidedBefore, holds } of limits)
    for (let last = count; last < known.length; last++) {
      const end = known[last] as (typeof known)[number];
      if (end.after - (known[last - count] as (typeof known)[number]).before >= ms) continue;
      const group = known.slice(last - count, last + 1);
      const span = end.after - Math.min(...group.map(({ before }) => before));
      const left = group.map(({ start }) => start).sort((a, b) => a.at - b.at);
      const [first, latest] = [left[0] as Started, left.at(-1) as Started];
      if (span >= ms || !holds(first, latest)) continue;
      const early = group.filter(({ start }) => start.at - decidedBefore(start) <= latest.at - ms);
      // Then they started too close to each other: that is judged by itself.
      if (early.length === 0) continue;
      if (early.some(({ start, after }) => after - start.at + decidedBefore(start) > longestWayMs(start.at)))
        found.tooSlow++;
      else
        found.over.push(
          `${of}: ${count + 1} requests arrived in ${span.toFixed(3)} ms, not ${ms}, the last is ${end.name}`,
        );
    }
  return found;
}
