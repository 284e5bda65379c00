import { VirusTotalError } from '../api/errors';
import type { Waiter } from './flight';

/** Counts the messages that wait and refuses one too many. A message with many lookups counts once. */
export class WaitingRoom {
  /** Messages that have lookups waiting or under way, with how many. */
  readonly #batches = new Map<object, number>();
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
   * Counts a waiter in until it has its answer or error.
   * @param running requests under way: their messages no longer wait
   * @throws VirusTotalError `VT_QUEUE_FULL`
   */
  admit<T>(batch: object, waiter: Waiter<T>, running: number): void {
    const before = this.#batches.get(batch) ?? 0;
    if (before === 0 && this.#batches.size - running >= this.#seats)
      throw new VirusTotalError(
        'VT_QUEUE_FULL',
        `${this.#seats} messages wait for VirusTotal already, and this one is refused. Send fewer, or raise the queue's ` +
          'size in the VirusTotal config',
        { retryable: true },
      );
    this.#batches.set(batch, before + 1);
    this.#lookups++;
    const { resolve, reject } = waiter;
    waiter.resolve = (value) => {
      this.#leave(batch);
      resolve(value);
    };
    waiter.reject = (error) => {
      this.#leave(batch);
      reject(error);
    };
  }

  #leave(batch: object): void {
    this.#lookups--;
    const left = (this.#batches.get(batch) ?? 1) - 1;
    if (left === 0) this.#batches.delete(batch);
    else this.#batches.set(batch, left);
  }
}
