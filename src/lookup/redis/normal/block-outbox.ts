import type { BlockRecord } from '../../limiter-backend';

type OutboxEntry = [command: 'vtBlock' | 'vtUnblock', args: object];

/**
 * Blocks set or cleared by this process that are not in Redis yet. Redis may be away when VirusTotal refuses a request, so each change waits here
 * until it can be sent, with its age: Redis then takes neither an old refusal after a newer success nor the other way round. Only the last change of a
 * block counts. A reply that Redis sent before such a change does not know it, and must not undo it (`isUpToDateAt`).
 */
export class BlockOutbox {
  #block: { block: BlockRecord; at: number; ageMs: number } | undefined;
  #cleared: { kinds: readonly BlockRecord['kind'][]; at: number } | undefined;
  /** Monotonic time of the last change here. */
  #changedAt = -Infinity;

  /** @param ageMs since VirusTotal answered so */
  set(block: BlockRecord, ageMs = 0): void {
    this.#changedAt = performance.now();
    this.#block = { block, at: this.#changedAt, ageMs };
  }

  clear(kinds: readonly BlockRecord['kind'][]): void {
    this.#changedAt = performance.now();
    if (this.#block && kinds.includes(this.#block.block.kind)) this.#block = undefined;
    this.#cleared = { kinds: [...new Set([...(this.#cleared?.kinds ?? []), ...kinds])], at: this.#changedAt };
  }

  /** Whether a reply to a request sent at that monotonic time reflects everything from here. */
  isUpToDateAt(sentAt: number): boolean {
    return !this.#block && !this.#cleared && this.#changedAt < sentAt;
  }

  /** The commands to run; the outbox is empty then. */
  drain(): OutboxEntry[] {
    const entries: OutboxEntry[] = [];
    const now = performance.now();
    if (this.#cleared)
      entries.push(['vtUnblock', { kinds: this.#cleared.kinds, ageMs: now - this.#cleared.at }]);
    if (this.#block) {
      const { block, at, ageMs } = this.#block;
      const remainingMs = block.remainingMs - (now - at);
      if (remainingMs > 0) entries.push(['vtBlock', { ...block, remainingMs, ageMs: ageMs + now - at }]);
    }
    this.#block = undefined;
    this.#cleared = undefined;
    return entries;
  }
}
