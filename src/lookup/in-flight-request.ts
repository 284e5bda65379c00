import { VirusTotalError } from '../errors';
import type { Progress } from '../api/http-exchange';
import type { Indicator } from '../ioc/ioc';
import type { Job } from './job';
import type { Lease } from './limiter-backend';
import type { PendingLookup } from './pending-lookup';

export type AnswerOrRedirect<T> = { answer: T } | { redirect: string };

/** What is asked for, and what becomes of the answer. */
export interface RequestSpec<T> {
  /** Who asks for the same thing has the same. */
  readonly key: string;
  /** What it is about, for those who look whether it may still be sent. */
  readonly indicator?: Indicator;
  /** One exchange, at the address that the one before redirected to. */
  send(redirect: string | undefined, progress: Progress): Promise<AnswerOrRedirect<T>>;
  /** Default: the answer isn't kept, and nobody else asks. Called for the first who asks. */
  shared?(): SharedLookup<T> | undefined;
  /** The answer once more, for each but the first of several who wait for it. Default: they share it. */
  copy?(answer: T): T;
}

/** What is asked for, beyond the flight: where answers are kept, and who else asks. */
export interface SharedLookup<T> {
  readonly claim: Lease | undefined;
  /** What is there; undefined at once where nothing can be. */
  read(): Promise<T | undefined> | undefined;
  /** What another instance gets; undefined when it gets nothing. */
  waitForPeer(): Promise<T | undefined>;
  /** VirusTotal has answered; called before the waiters hear of it. */
  write(answer: T): void;
  /** Lets others ask. */
  release(): void;
}

/** Who hears of a flight. */
export interface RequestObserver {
  /** A request goes out. */
  onStart(batch: object): void;
  /** The request has ended. */
  onEnd(batch: object): void;
  /** Whatever became of it, nobody waits for it any more. */
  onSettled(request: { key: string }): void;
}

/** Redirects of one lookup that are followed; each is a request of its own. */
const MAX_REDIRECTS = 3;

/** One request to VirusTotal for everyone who asks for the same thing meanwhile. */
export class InFlightRequest<T> implements Job {
  readonly key: string;
  priority: number;
  readonly batch: object;
  onQuota: 'fail' | 'wait';
  queued = false;
  failures = 0;
  readonly waiters = new Set<PendingLookup<T>>();
  readonly #observer: RequestObserver;
  readonly spec: RequestSpec<T>;
  #shared: SharedLookup<T> | undefined;
  #redirect: string | undefined = undefined;
  #redirects = 0;
  /** A request is under way, here or in another instance. */
  #isUnderWay = false;
  #isOutdated = false;

  constructor(
    spec: RequestSpec<T>,
    options: { priority: number; batch: object; onQuota: 'fail' | 'wait' },
    observer: RequestObserver,
  ) {
    this.key = spec.key;
    this.priority = options.priority;
    this.batch = options.batch;
    this.onQuota = options.onQuota;
    this.#observer = observer;
    this.spec = spec;
    this.#shared = spec.shared?.();
  }

  get lease(): Lease | undefined {
    return this.#shared?.claim;
  }

  get abandoned(): boolean {
    return this.waiters.size === 0;
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** From now on it is asked and kept elsewhere; if a request is under way, from its next one on. */
  moveToFetcher(): void {
    this.#isOutdated = this.#isUnderWay;
    if (this.#isUnderWay) return;
    // An address of where it was asked before.
    this.#redirect = undefined;
    this.#shared = this.spec.shared?.();
  }

  async attempt(progress: Progress): Promise<'settled' | 'redirected'> {
    this.#isUnderWay = true;
    try {
      return await this.#attempt(progress);
    } finally {
      this.#isUnderWay = false;
      if (this.#isOutdated) this.moveToFetcher();
    }
  }

  async #attempt(progress: Progress): Promise<'settled' | 'redirected'> {
    this.#observer.onStart(this.batch);
    let exchange: AnswerOrRedirect<T>;
    try {
      exchange = await this.spec.send(this.#redirect, progress);
    } catch (error) {
      this.#shared?.release();
      throw error;
    } finally {
      this.#observer.onEnd(this.batch);
    }
    if ('answer' in exchange) {
      this.#shared?.write(exchange.answer);
      this.resolveAll(exchange.answer);
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

  async waitForPeer(): Promise<'settled' | 'retry'> {
    this.#isUnderWay = true;
    const answer = await this.#shared?.waitForPeer().catch(() => undefined);
    this.#isUnderWay = false;
    if (this.#isOutdated) this.moveToFetcher();
    if (answer === undefined) return 'retry';
    this.resolveAll(answer);
    return 'settled';
  }

  /**
   * Looks whether another instance has it by now; what can't be read there is asked for. Never rejects.
   * @returns undefined at once where there is nobody to ask
   */
  checkSharedCache(): Promise<void> | undefined {
    return this.#shared
      ?.read()
      ?.catch(() => undefined)
      .then((answer) => {
        if (answer !== undefined) this.resolveAll(answer);
      });
  }

  /** Whoever waits gets it. */
  resolveAll(answer: T): void {
    this.#observer.onSettled(this);
    const { spec } = this;
    // They go on when all have theirs, so that what is copied is still as it came.
    for (const [index, waiter] of this.#takeWaiters().entries()) {
      let own: T;
      try {
        own = spec.copy && index > 0 ? spec.copy(answer) : answer;
      } catch (error) {
        // Who waits must hear of it, and so must everyone after it.
        waiter.reject(new VirusTotalError('VT_BAD_RESPONSE', `Report not copied: ${nameOf(error)}`));
        continue;
      }
      waiter.resolve(own);
    }
  }

  fail(error: VirusTotalError): void {
    this.#shared?.release();
    this.#observer.onSettled(this);
    for (const waiter of this.#takeWaiters()) waiter.reject(error);
  }

  #takeWaiters(): PendingLookup<T>[] {
    const all = [...this.waiters];
    this.waiters.clear();
    return all;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
