import type { BlockRecord } from '../limiter-backend';
import type { Reply } from './reply';

/** Answers take a different time each: a block that ends so much later, in ms, isn't the same. */
const SAME_END_MS = 1_000;

interface Known {
  block: BlockRecord;
  /** When VirusTotal answered so, by the time in Redis. Undefined: before Redis was reached. */
  receivedAt: number | undefined;
  /** Monotonic time at which `remainingMs` was so long. */
  measuredAt: number;
}

/**
 * The block of the key that this process last knew of, from VirusTotal or from Redis. It is dropped when it is over or was cleared, but
 * not for a Redis that has forgotten it.
 */
export class KnownBlock {
  #known: Known | undefined;

  set(block: BlockRecord, receivedAt: number | undefined): void {
    this.#known = { block, receivedAt, measuredAt: performance.now() };
  }

  clear(kinds: readonly BlockRecord['kind'][]): void {
    if (this.#known && kinds.includes(this.#known.block.kind)) this.#known = undefined;
  }

  /**
   * Takes what Redis says for the truth, unless this process knows more.
   * @returns the block that Redis has forgotten, with what remains of it and its age in ms
   */
  findForgotten({
    block,
    blockedAt,
    unblockedAt,
    now,
  }: Reply): { block: BlockRecord; ageMs: number } | undefined {
    const known = this.#known;
    if (known) {
      const remainingMs = known.block.remainingMs - (performance.now() - known.measuredAt);
      const isCleared = known.receivedAt !== undefined && unblockedAt[known.block.kind] >= known.receivedAt;
      if (!isCleared && remainingMs > SAME_END_MS + Math.max(0, block?.remainingMs ?? -SAME_END_MS))
        return {
          block: { ...known.block, remainingMs },
          ageMs: Math.max(0, now - (known.receivedAt ?? now)),
        };
    }
    this.#known = block && { block, receivedAt: blockedAt, measuredAt: performance.now() };
    return undefined;
  }
}
