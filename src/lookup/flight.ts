import { VirusTotalError } from '../api/errors';
import type { Job } from './key-scheduler';

/** One who waits for a flight. Each lookup is its own, so that one can leave without the others. */
export interface Waiter<T> {
  /** Whom it waits for: all waiters of an owner can be dropped together. */
  owner: object | undefined;
  resolve: (value: T) => void;
  reject: (error: VirusTotalError) => void;
}

export type Exchange<T> = { answer: T } | { redirect: string };

/** Redirects of one lookup that are followed; each is a request of its own. */
const MAX_REDIRECTS = 3;

/** One request to VirusTotal for everyone who asks for the same thing meanwhile. */
export class Flight<T> implements Job {
  priority: number;
  readonly batch: object;
  readonly onQuota: 'fail' | 'wait';
  queued = false;
  failures = 0;
  readonly waiters = new Set<Waiter<T>>();
  readonly #ask: (redirect: string | undefined) => Promise<Exchange<T>>;
  readonly #ended: (value: T | undefined) => void;
  #redirect: string | undefined;
  #redirects = 0;

  /**
   * @param ask one exchange
   * @param ended called once, before the waiters hear of it: with the answer, or with undefined when there is none
   */
  constructor(
    place: { priority: number; batch: object; onQuota: 'fail' | 'wait' },
    ask: (redirect: string | undefined) => Promise<Exchange<T>>,
    ended: (value: T | undefined) => void,
  ) {
    this.priority = place.priority;
    this.batch = place.batch;
    this.onQuota = place.onQuota;
    this.#ask = ask;
    this.#ended = ended;
  }

  get abandoned(): boolean {
    return this.waiters.size === 0;
  }

  async attempt(): Promise<'settled' | 'redirected'> {
    const exchange = await this.#ask(this.#redirect);
    if ('answer' in exchange) {
      this.#ended(exchange.answer);
      for (const waiter of this.#leave()) waiter.resolve(exchange.answer);
      return 'settled';
    }
    if (++this.#redirects > MAX_REDIRECTS)
      throw new VirusTotalError(
        'VT_BAD_RESPONSE',
        `VirusTotal redirected ${this.#redirects} times in a row, last to ${exchange.redirect}`,
      );
    this.#redirect = exchange.redirect;
    return 'redirected';
  }

  fail(error: VirusTotalError): void {
    this.#ended(undefined);
    for (const waiter of this.#leave()) waiter.reject(error);
  }

  #leave(): Waiter<T>[] {
    const all = [...this.waiters];
    this.waiters.clear();
    return all;
  }
}
