import { VirusTotalError } from '../api/errors';
import type { Job } from './job';
import type { Claim } from './key-state';

/** One who waits for a flight. Each lookup is its own, so that one can leave without the others. */
export interface Waiter<T> {
  /** Whom it waits for: all waiters of an owner can be dropped together. */
  owner: object | undefined;
  resolve: (value: T) => void;
  reject: (error: VirusTotalError) => void;
}

export type Exchange<T> = { answer: T } | { redirect: string };

/** What a flight does, and who hears of it. */
export interface Plan<T> {
  /** One exchange, at the address that the one before redirected to. Calls `left` when the request leaves. */
  ask: (redirect: string | undefined, left: () => void) => Promise<Exchange<T>>;
  /** A request goes out. */
  sent: (batch: object) => void;
  /** The request has ended. */
  back: (batch: object) => void;
  /** Whatever became of it, nobody waits for it any more. */
  over: () => void;
  /** Default: the answer isn't kept, and nobody else asks. */
  sharing?: Sharing<T> | undefined;
  /** Default: all who wait share the answer. */
  copy?: ((answer: T) => T) | undefined;
}

/** What is asked for, beyond the flight: where answers are kept, and who else asks. */
export interface Sharing<T> {
  claim: Claim | undefined;
  /** What is there; undefined at once where nothing can be. */
  had: () => Promise<T | undefined> | undefined;
  /** What another instance gets; undefined when it gets nothing. */
  follow: () => Promise<T | undefined>;
  /** VirusTotal has answered; called before the waiters hear of it. */
  landed: (answer: T) => void;
  /** Lets others ask. */
  release: () => void;
}

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
  readonly #plan: Plan<T>;
  #redirect: string | undefined;
  #redirects = 0;

  constructor(place: { priority: number; batch: object; onQuota: 'fail' | 'wait' }, plan: Plan<T>) {
    this.priority = place.priority;
    this.batch = place.batch;
    this.onQuota = place.onQuota;
    this.#plan = plan;
  }

  get claim(): Claim | undefined {
    return this.#plan.sharing?.claim;
  }

  get abandoned(): boolean {
    return this.waiters.size === 0;
  }

  async attempt(left: () => void): Promise<'settled' | 'redirected'> {
    this.#plan.sent(this.batch);
    let exchange: Exchange<T>;
    try {
      exchange = await this.#plan.ask(this.#redirect, left);
    } catch (error) {
      this.#plan.sharing?.release();
      throw error;
    } finally {
      this.#plan.back(this.batch);
    }
    if ('answer' in exchange) {
      this.#plan.sharing?.landed(exchange.answer);
      this.land(exchange.answer);
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

  async elsewhere(): Promise<'settled' | 'again'> {
    const answer = await this.#plan.sharing?.follow();
    if (answer === undefined) return 'again';
    this.land(answer);
    return 'settled';
  }

  /** Looks whether another instance has it by now. @returns undefined at once where there is nobody to ask */
  look(): Promise<void> | undefined {
    return this.#plan.sharing?.had()?.then((answer) => {
      if (answer !== undefined) this.land(answer);
    });
  }

  /** Whoever waits gets it. */
  land(answer: T): void {
    this.#plan.over();
    const { copy } = this.#plan;
    // They go on when all have theirs, so that what is copied is still as it came.
    for (const [index, waiter] of this.#leave().entries())
      waiter.resolve(copy && index > 0 ? copy(answer) : answer);
  }

  fail(error: VirusTotalError): void {
    this.#plan.sharing?.release();
    this.#plan.over();
    for (const waiter of this.#leave()) waiter.reject(error);
  }

  #leave(): Waiter<T>[] {
    const all = [...this.waiters];
    this.waiters.clear();
    return all;
  }
}
