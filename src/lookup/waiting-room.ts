import { VirusTotalError } from '../api/errors';

/** Counts the messages that wait and refuses one too many. A message with many lookups counts once. */
export class WaitingRoom {
  /** Messages that have lookups waiting or under way, with how many. */
  readonly #batches = new Map<object, number>();
  /** Those of them that have requests under way, with how many: they no longer wait. */
  readonly #underWay = new Map<object, number>();
  readonly #seats: number;
  #lookups = 0;

  constructor(seats: number) {
    this.#seats = seats;
  }

  /** Lookups that wait or are under way. */
  get lookups(): number {
    return this.#lookups;
  }

  /**
   * Counts a lookup in, until it leaves.
   * @throws VirusTotalError `VT_QUEUE_FULL`
   */
  admit(batch: object): void {
    const before = this.#batches.get(batch) ?? 0;
    if (before === 0 && this.#batches.size - this.#underWay.size >= this.#seats)
      throw new VirusTotalError(
        'VT_QUEUE_FULL',
        `${this.#seats} messages wait for VirusTotal already, and this one is refused. Send fewer, or raise the queue's ` +
          'size in the VirusTotal config',
        { retryable: true },
      );
    this.#batches.set(batch, before + 1);
    this.#lookups++;
  }

  /** A lookup has its answer or error. */
  leave(batch: object): void {
    this.#lookups--;
    if (lower(this.#batches, batch)) this.#underWay.delete(batch);
  }

  /** A request for the message goes out. */
  sent(batch: object): void {
    if (this.#batches.has(batch)) this.#underWay.set(batch, (this.#underWay.get(batch) ?? 0) + 1);
  }

  /** A request for the message has ended, or goes through the queue again. */
  back(batch: object): void {
    lower(this.#underWay, batch);
  }
}

/** @returns whether that was the last */
function lower(counts: Map<object, number>, of: object): boolean {
  const left = (counts.get(of) ?? 1) - 1;
  if (left > 0) counts.set(of, left);
  else counts.delete(of);
  return left === 0;
}
