import { VirusTotalError } from '../errors';

/** Maximum number of waiting lookups per message of the limit: one message of a search can have thousands. */
export const LOOKUPS_PER_MESSAGE = 10;

/** Admission control: counts waiting messages and waiting lookups, and refuses what exceeds either limit. A message with many lookups counts as one message. A lookup is counted from `acquire` to `release`; while its request runs, it no longer counts as waiting. */
export class BacklogLimit {
  /** Messages with lookups that wait or run, and the number of those lookups. */
  readonly #batches = new Map<object, number>();
  /** Messages with running requests, and the number of those requests: they no longer count as waiting. */
  readonly #running = new Map<object, number>();
  /** Maximum number of waiting messages. */
  capacity: number;
  #lookups = 0;
  #runningCount = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Number of lookups that wait or run. */
  get lookups(): number {
    return this.#lookups;
  }

  /** The error that a lookup of another message would fail with, or undefined. `VT_QUEUE_FULL` says which limit is reached. */
  get refusal(): VirusTotalError | undefined {
    if (this.#batches.size - this.#running.size >= this.capacity)
      return full(`${this.capacity} messages already wait for VirusTotal`, 'Send fewer');
    return this.#lookupRefusal;
  }

  /**
   * Takes a place for a lookup until `release`.
   * @throws VirusTotalError `VT_QUEUE_FULL`
   */
  acquire(batch: object): void {
    const before = this.#batches.get(batch) ?? 0;
    const refusal = before === 0 ? this.refusal : this.#lookupRefusal;
    if (refusal) throw refusal;
    this.#batches.set(batch, before + 1);
    this.#lookups++;
  }

  /** Gives the place back when the lookup has its answer or error. */
  release(batch: object): void {
    this.#lookups--;
    if (!decrement(this.#batches, batch)) return;
    this.#runningCount -= this.#running.get(batch) ?? 0;
    this.#running.delete(batch);
  }

  /** A request for the message has started. */
  started(batch: object): void {
    if (!this.#batches.has(batch)) return;
    this.#running.set(batch, (this.#running.get(batch) ?? 0) + 1);
    this.#runningCount++;
  }

  /** A request for the message has ended, or goes through the queue again. */
  ended(batch: object): void {
    if (!this.#running.has(batch)) return;
    decrement(this.#running, batch);
    this.#runningCount--;
  }

  get #lookupRefusal(): VirusTotalError | undefined {
    const maxLookups = LOOKUPS_PER_MESSAGE * this.capacity;
    if (this.#lookups - this.#runningCount < maxLookups) return undefined;
    return full(
      `${maxLookups} lookups of ${this.#batches.size} ${this.#batches.size === 1 ? 'message' : 'messages'} already wait for VirusTotal, ${LOOKUPS_PER_MESSAGE} for each of ` +
        `the ${this.capacity} messages that may wait`,
      'Send fewer indicators at once',
    );
  }
}

function full(why: string, wayOut: string): VirusTotalError {
  return new VirusTotalError(
    'VT_QUEUE_FULL',
    `Queue full: ${why}, and this one is refused. ${wayOut}, or raise Maximum queue length in the VirusTotal config`,
    { retryable: true },
  );
}

/** @returns true if that was the last one */
function decrement(counts: Map<object, number>, of: object): boolean {
  const remaining = (counts.get(of) ?? 1) - 1;
  if (remaining > 0) counts.set(of, remaining);
  else counts.delete(of);
  return remaining === 0;
}
