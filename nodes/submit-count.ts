import type { Node } from 'node-red';
import { VirusTotalError } from '../src/errors';
import { isCount, isObject } from '../src/report/narrow';
import { KeptValue } from './kept-value';

interface Count {
  /** UTC, as "2026-11-29". */
  day: string;
  used: number;
}

/** How much a node has sent today, over deploys and restarts. */
export class SubmitCount {
  readonly #kept: KeptValue<Count>;
  readonly #loading: Promise<void>;
  #count: Count = { day: '', used: 0 };

  constructor(node: Node, settings: unknown) {
    this.#kept = new KeptValue(node, settings, { key: 'virustotal-submit-count', read: countIn });
    this.#loading = this.#kept.load().then((count) => {
      this.#count = count;
    });
  }

  attach(node: Node): void {
    this.#kept.attach(node);
  }

  forget(): void {
    this.#kept.forget();
  }

  /**
   * Counts one that is about to be sent.
   * @throws VirusTotalError in the promise: `VT_QUOTA` when the node has sent as many as it may
   */
  async take(maxPerDay: number): Promise<void> {
    await this.#loading;
    const day = new Date().toISOString().slice(0, 10);
    const used = this.#count.day === day ? this.#count.used : 0;
    if (used >= maxPerDay)
      throw new VirusTotalError(
        'VT_QUOTA',
        `Limit per day reached: this node has submitted ${used} today, and Maximum per day (maxPerDay) is ${maxPerDay}. ` +
          'It counts from 0 again at 00:00 UTC. Send the message again then, or raise the limit in the dialog',
        { reason: 'submissions' },
      );
    this.#count = { day, used: used + 1 };
    this.#kept.save(this.#count);
  }
}

function countIn(stored: unknown): Count {
  const { day, used } = isObject(stored) ? stored : {};
  return typeof day === 'string' && isCount(used) ? { day, used } : { day: '', used: 0 };
}
