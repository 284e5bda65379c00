import type { SlidingWindow } from '../limiter-backend';
import type { LimitInForce } from './reply';

/**
 * The limits that Redis last had in force for all instances. A Redis that goes away, or loses them, doesn't make them forgotten here: while
 * it can't be asked they stay, and then each ends when Redis last said that it would.
 */
export class KnownLimits {
  /** With the monotonic time at which each ends. */
  readonly #limits = new Map<string, { window: SlidingWindow; until: number }>();

  get windows(): SlidingWindow[] {
    return [...this.#limits.values()].map(({ window }) => window);
  }

  /** Redis has answered. */
  update(inForce: readonly LimitInForce[]): void {
    const now = performance.now();
    for (const { window, remainingMs } of inForce)
      this.#limits.set(`${window.count}:${window.windowMs}`, { window, until: now + remainingMs });
    for (const [name, { until }] of this.#limits) if (until <= now) this.#limits.delete(name);
  }
}
