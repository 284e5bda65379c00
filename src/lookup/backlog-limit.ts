import { VirusTotalError } from '../errors';

/** Lookups that may wait for each message that may wait: one message of a search can have thousands. */
export const LOOKUPS_PER_MESSAGE = 10;

/** Counts the messages and the lookups that wait and refuses one too many. A message with many lookups counts once. */
export class BacklogLimit {
  /** Messages that have lookups waiting or under way, with how many. */
  readonly #batches = new Map<object, number>();
  /** Those of them that have requests under way, with how many: they no longer wait. */
  readonly #running = new Map<object, number>();
  /** Messages that may wait. */
  capacity: number;
  #lookups = 0;
  #runningCount = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Lookups that wait or are under way. */
  get lookups(): number {
    return this.#lookups;
  }

  /** Why a lookup of another message would be refused: a `VT_QUEUE_FULL` that says whether messages or lookups are too many. */
  get refusal(): VirusTotalError | undefined {
    if (this.#batches.size - this.#running.size >= this.capacity)
      return full(`${this.capacity} messages already wait for VirusTotal`, 'Send fewer');
    return this.#lookupRefusal;
  }

  /**
   * Takes a place for a lookup, until `release`.
   * @throws VirusTotalError `VT_QUEUE_FULL`
   */
  acquire(batch: object): void {
    const before = this.#batches.get(batch) ?? 0;
    const refusal = before === 0 ? this.refusal : this.#lookupRefusal;
    if (refusal) throw refusal;
    this.#batches.set(batch, before + 1);
    this.#lookups++;
  }

  /** A lookup has its answer or error. */
  release(batch: object): void {
    this.#lookups--;
    if (!decrement(this.#batches, batch)) return;
    this.#runningCount -= this.#running.get(batch) ?? 0;
    this.#running.delete(batch);
  }

  /** A request for the message goes out. */
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

/** @returns whether that was the last */
function decrement(counts: Map<object, number>, of: object): boolean {
  const remaining = (counts.get(of) ?? 1) - 1;
  if (remaining > 0) counts.set(of, remaining);
  else counts.delete(of);
  return remaining === 0;
}
