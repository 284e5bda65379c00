/** Requests to Redis take different times. One may take this much longer than the last one, in ms. */
const JITTER_MS = 250;

/**
 * What this process's monotonic clock says of the time in Redis, whose own clock may be set at any time: how far it has got since an
 * answer told it, at least and at most.
 */
export class ClockBounds {
  #last: { now: number; corrections: number; sentAt: number; receivedAt: number } | undefined;

  /**
   * A reply had the time.
   * @param time in Redis, ms, and how often it was corrected
   * @param sentAt monotonic time at which its request was sent; it is received now
   */
  update({ now, corrections }: { now: number; corrections: number }, sentAt: number): void {
    this.#last = { now, corrections, sentAt, receivedAt: performance.now() };
  }

  /**
   * For a command that is sent now: ms in Redis at least, and at most, and as of how many corrections, unless nothing is known; and this
   * host's wall clock.
   */
  arguments(): { leastMs?: number; mostMs?: number; corrections?: number; wallMs: number } {
    const last = this.#last;
    const wallMs = Date.now();
    if (!last) return { wallMs };
    const now = performance.now();
    return {
      leastMs: last.now + (now - last.receivedAt),
      mostMs: last.now + (now - last.sentAt) + JITTER_MS,
      corrections: last.corrections,
      wallMs,
    };
  }
}
