/** At most `count` requests may arrive at VirusTotal in any `windowMs`. "15 s between two" is one in 15 s. */
export interface SlidingWindow {
  count: number;
  windowMs: number;
}

/** Those that say something: without what is there twice, and what another one implies. */
export function withoutImplied(windows: readonly SlidingWindow[]): SlidingWindow[] {
  return windows.filter(
    (window, i) =>
      !windows.some((other, j) => implies(other, window) && (!implies(window, other) || j < i)) &&
      Number.isFinite(window.count),
  );
}

function implies(strict: SlidingWindow, loose: SlidingWindow): boolean {
  return strict.count <= loose.count && strict.windowMs >= loose.windowMs;
}

/** Requests that may start within a number of ms; Infinity without a limit. */
export function maxStartsWithin(windows: readonly SlidingWindow[], ms: number): number {
  const most = windows.map(({ count, windowMs }) => count * (Math.floor(ms / windowMs) + 1));
  return Math.min(Infinity, ...most);
}

/** Between two starts in the long run, in ms; 0 without a limit. */
export function averageIntervalMs(windows: readonly SlidingWindow[]): number {
  return Math.max(0, ...windows.map(({ count, windowMs }) => windowMs / count));
}

/** A server that works long on an answer costs no more than this part of the allowance. */
const TRANSIT_PART = 0.03;
/**
 * A lost packet is sent again after 200 ms and a round trip or two (Linux); and so late may a request be that crosses a busy line.
 * A second one that is lost in a row takes twice as long.
 */
const RETRANSMIT_MS = 450;
/** Where that would be more than this part of a window, the window is shorter than what it limits can be timed. */
const MAX_TRANSIT_PART = 0.075;
/** Whoever limits by the hour needs no more. */
export const MAX_TRANSIT_MS = 5_000;

/**
 * How long after it has left a request is taken to be on its way at most, in ms, if its answer doesn't say sooner that it has arrived. An
 * answer that takes longer does so because VirusTotal works on it, and that is not to hold up the next one.
 *
 * Of several windows the one decides that lets the fewest through in the long run: it is where time is lost. For a spacing of 15 s it
 * is 450 ms, for a minute 1.8 s (three packets lost in a row), for 6 s 450 ms, for 1 s 75 ms.
 */
export function maxTransitMs(windows: readonly SlidingWindow[]): number {
  let narrowest: SlidingWindow | undefined;
  for (const window of windows) {
    const perRequest = window.windowMs / window.count;
    const least = narrowest ? narrowest.windowMs / narrowest.count : -Infinity;
    if (perRequest > least || (perRequest === least && window.windowMs < (narrowest?.windowMs ?? Infinity)))
      narrowest = window;
  }
  if (!narrowest) return 0;
  const { windowMs } = narrowest;
  return Math.min(
    MAX_TRANSIT_MS,
    Math.max(TRANSIT_PART * windowMs, Math.min(RETRANSMIT_MS, MAX_TRANSIT_PART * windowMs)),
  );
}
