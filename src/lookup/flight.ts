import { VirusTotalError } from '../errors';
import type { Progress } from '../api/http-exchange';
import type { Indicator } from '../ioc/ioc';
import type { Job } from './job';
import type { Claim } from './key-state';
import type { Waiter } from './waiter';

export type Exchange<T> = { answer: T } | { redirect: string };

/** What is asked for, and what becomes of the answer. */
export interface Errand<T> {
  /** Who asks for the same thing has the same. */
  readonly key: string;
  /** What it is about, for those who look whether it may still be sent. */
  readonly indicator?: Indicator;
  /** One exchange, at the address that the one before redirected to. */
  ask(redirect: string | undefined, progress: Progress): Promise<Exchange<T>>;
  /** Default: the answer isn't kept, and nobody else asks. Called for the first who asks. */
  sharing?(): Sharing<T> | undefined;
  /** The answer once more, for each but the first of several who wait for it. Default: they share it. */
  copy?(answer: T): T;
}

/** What is asked for, beyond the flight: where answers are kept, and who else asks. */
export interface Sharing<T> {
  readonly claim: Claim | undefined;
  /** What is there; undefined at once where nothing can be. */
  had(): Promise<T | undefined> | undefined;
  /** What another instance gets; undefined when it gets nothing. */
  follow(): Promise<T | undefined>;
  /** VirusTotal has answered; called before the waiters hear of it. */
  landed(answer: T): void;
  /** Lets others ask. */
  release(): void;
}

/** Who hears of a flight. */
export interface Tower {
  /** A request goes out. */
  sent(batch: object): void;
  /** The request has ended. */
  back(batch: object): void;
  /** Whatever became of it, nobody waits for it any more. */
  over(flight: { key: string }): void;
}

/** Redirects of one lookup that are followed; each is a request of its own. */
const MAX_REDIRECTS = 3;

/** One request to VirusTotal for everyone who asks for the same thing meanwhile. */
export class Flight<T> implements Job {
  readonly key: string;
  priority: number;
  readonly batch: object;
  onQuota: 'fail' | 'wait';
  queued = false;
  failures = 0;
  readonly waiters = new Set<Waiter<T>>();
  readonly #tower: Tower;
  readonly errand: Errand<T>;
  #sharing: Sharing<T> | undefined;
  #redirect: string | undefined = undefined;
  #redirects = 0;
  /** A request is under way, here or in another instance. */
  #isUnderWay = false;
  #isOutdated = false;

  constructor(
    errand: Errand<T>,
    place: { priority: number; batch: object; onQuota: 'fail' | 'wait' },
    tower: Tower,
  ) {
    this.key = errand.key;
    this.priority = place.priority;
    this.batch = place.batch;
    this.onQuota = place.onQuota;
    this.#tower = tower;
    this.errand = errand;
    this.#sharing = errand.sharing?.();
  }

  get claim(): Claim | undefined {
    return this.#sharing?.claim;
  }

  get abandoned(): boolean {
    return this.waiters.size === 0;
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** From now on it is asked and kept elsewhere; if a request is under way, from its next one on. */
  move(): void {
    this.#isOutdated = this.#isUnderWay;
    if (this.#isUnderWay) return;
    // An address of where it was asked before.
    this.#redirect = undefined;
    this.#sharing = this.errand.sharing?.();
  }

  async attempt(progress: Progress): Promise<'settled' | 'redirected'> {
    this.#isUnderWay = true;
    try {
      return await this.#attempt(progress);
    } finally {
      this.#isUnderWay = false;
      if (this.#isOutdated) this.move();
    }
  }

  async #attempt(progress: Progress): Promise<'settled' | 'redirected'> {
    this.#tower.sent(this.batch);
    let exchange: Exchange<T>;
    try {
      exchange = await this.errand.ask(this.#redirect, progress);
    } catch (error) {
      this.#sharing?.release();
      throw error;
    } finally {
      this.#tower.back(this.batch);
    }
    if ('answer' in exchange) {
      this.#sharing?.landed(exchange.answer);
      this.land(exchange.answer);
      return 'settled';
    }
    if (++this.#redirects > MAX_REDIRECTS)
      throw new VirusTotalError(
        'VT_BAD_RESPONSE',
        `Redirect loop: VirusTotal redirected ${this.#redirects} times in a row, last to ${exchange.redirect}`,
      );
    this.#redirect = exchange.redirect;
    return 'redirected';
  }

  async elsewhere(): Promise<'settled' | 'again'> {
    this.#isUnderWay = true;
    const answer = await this.#sharing?.follow().catch(() => undefined);
    this.#isUnderWay = false;
    if (this.#isOutdated) this.move();
    if (answer === undefined) return 'again';
    this.land(answer);
    return 'settled';
  }

  /**
   * Looks whether another instance has it by now; what can't be read there is asked for. Never rejects.
   * @returns undefined at once where there is nobody to ask
   */
  look(): Promise<void> | undefined {
    return this.#sharing
      ?.had()
      ?.catch(() => undefined)
      .then((answer) => {
        if (answer !== undefined) this.land(answer);
      });
  }

  /** Whoever waits gets it. */
  land(answer: T): void {
    this.#tower.over(this);
    const { errand } = this;
    // They go on when all have theirs, so that what is copied is still as it came.
    for (const [index, waiter] of this.#leave().entries()) {
      let own: T;
      try {
        own = errand.copy && index > 0 ? errand.copy(answer) : answer;
      } catch (error) {
        // Who waits must hear of it, and so must everyone after it.
        waiter.reject(new VirusTotalError('VT_BAD_RESPONSE', `Report not copied: ${nameOf(error)}`));
        continue;
      }
      waiter.resolve(own);
    }
  }

  fail(error: VirusTotalError): void {
    this.#sharing?.release();
    this.#tower.over(this);
    for (const waiter of this.#leave()) waiter.reject(error);
  }

  #leave(): Waiter<T>[] {
    const all = [...this.waiters];
    this.waiters.clear();
    return all;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
