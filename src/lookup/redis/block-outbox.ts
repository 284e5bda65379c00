import type { BlockRecord } from '../circuit-breaker';
import type { Argument } from './connection';
import type { ScriptName } from './scripts';

type OutboxEntry = [script: ScriptName, args: Argument[]];

/** What VirusTotal said to this process, until Redis has been told. */
export class BlockOutbox {
  #block: { block: BlockRecord; at: number; ageMs: number } | undefined;
  #cleared: { kinds: readonly BlockRecord['kind'][]; at: number } | undefined;
  /** Monotonic time of the last change here. */
  #changedAt = -Infinity;

  /** @param ageMs since VirusTotal said it */
  set(block: BlockRecord, ageMs = 0): void {
    this.#changedAt = performance.now();
    this.#block = { block, at: this.#changedAt, ageMs };
  }

  clear(kinds: readonly BlockRecord['kind'][]): void {
    this.#changedAt = performance.now();
    if (this.#block && kinds.includes(this.#block.block.kind)) this.#block = undefined;
    this.#cleared = { kinds: [...new Set([...(this.#cleared?.kinds ?? []), ...kinds])], at: this.#changedAt };
  }

  /** Whether what Redis was asked at that time, on the monotonic clock, takes account of all that was said here. */
  isUpToDateAt(sentAt: number): boolean {
    return !this.#block && !this.#cleared && this.#changedAt < sentAt;
  }

  /** What is to be told, and is taken as told. */
  drain(): OutboxEntry[] {
    const entries: OutboxEntry[] = [];
    const now = performance.now();
    if (this.#cleared) entries.push(['vtUnblock', [now - this.#cleared.at, ...this.#cleared.kinds]]);
    if (this.#block) {
      const { block, at, ageMs } = this.#block;
      const remaining = block.remainingMs - (now - at);
      if (remaining > 0)
        entries.push([
          'vtBlock',
          [block.kind, block.status ?? '', block.text, remaining, block.pauses, ageMs + now - at],
        ]);
    }
    this.#block = undefined;
    this.#cleared = undefined;
    return entries;
  }
}
