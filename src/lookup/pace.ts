/**
 * Says whether a request really went, perhaps by the promise of its end. One that has to wait for its connection calls `left` when it
 * leaves: VirusTotal counts it from then.
 */
export type Start = (left?: () => void) => boolean | Promise<void>;

/** When the next request may start. One behaviour for each way to limit; who goes is the scheduler's matter. */
export interface Pace {
  /**
   * Calls `start` once, as soon as one request may go: at once if it may go now. If no request
   * really went, nothing is used up.
   */
  next(start: Start): void;
  /** Milliseconds until a request may start; 0: now. */
  waitMs(): number;
  /** Forgets who waits; no timer is left. */
  close(): void;
}

/** How a key is limited. */
export type PaceLimit =
  { mode: 'none' } | { mode: 'spacing'; ms: number } | { mode: 'window'; count: number; windowMs: number };

/**
 * Requests leave on time but arrive when the network lets them, one a little later than another. Periods are this much longer than
 * asked, so that a strict server doesn't see them too close; it costs 0.4 % of the allowance.
 */
export const ARRIVAL_MARGIN = 1.004;

/** A limit that keeps both: the one that lets less through, and never closer than a spacing allows. */
export function stricter(a: PaceLimit, b: PaceLimit): PaceLimit {
  const strict = startsPerMinute(b) < startsPerMinute(a) ? b : a;
  const spaced = a.mode === 'spacing' || b.mode === 'spacing';
  const perMinute = startsPerMinute(strict);
  return strict.mode === 'window' && spaced ? { mode: 'spacing', ms: 60_000 / perMinute } : strict;
}

/** Starts that a limit lets through within so many ms. */
export function mostStarts(limit: PaceLimit, ms: number): number {
  switch (limit.mode) {
    case 'none':
      return Infinity;
    case 'spacing':
      return limit.ms === 0 ? Infinity : Math.floor(ms / limit.ms) + 1;
    case 'window':
      return limit.count * (Math.floor(ms / limit.windowMs) + 1);
  }
}

/** Between two starts in the long run, in ms; 0 without a limit. */
export function averageMs(limit: PaceLimit): number {
  return limit.mode === 'none' ? 0 : 60_000 / startsPerMinute(limit);
}

/** Starts a minute that a limit lets through in the long run. */
function startsPerMinute(limit: PaceLimit): number {
  switch (limit.mode) {
    case 'none':
      return Number.MAX_VALUE;
    case 'spacing':
      return limit.ms === 0 ? Number.MAX_VALUE : 60_000 / limit.ms;
    case 'window':
      return (limit.count * 60_000) / limit.windowMs;
  }
}
