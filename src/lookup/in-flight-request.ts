import { VirusTotalError } from '../errors';
import type { Progress } from '../api/http-exchange';
import type { Indicator } from '../ioc/ioc';
import type { Job } from './job';
import type { Lease } from './limiter-backend';
import type { PendingLookup } from './pending-lookup';

export type AnswerOrRedirect<T> = { answer: T } | { redirect: string };

/** Which request to send, and what to do with the answer. */
export interface RequestSpec<T> {
  /** Lookups with the same key share one request. */
  readonly key: string;
  /** Of which indicator, to check whether it may still be sent. */
  readonly indicator?: Indicator;
  /** One exchange, at the address that the one before redirected to. */
  send(redirect: string | undefined, progress: Progress): Promise<AnswerOrRedirect<T>>;
  /** Default: the answer is not cached or shared. Called once for each request. */
  shared?(): SharedLookup<T> | undefined;
  /** A copy of the answer, for each but the first of several pending lookups. Default: they share it. */
  copy?(answer: T): T;
}

/** A lookup that other instances may make too: its lease, and the cache that they share. */
export interface SharedLookup<T> {
  readonly claim: Lease | undefined;
  /** Reads the shared cache; undefined at once where there is none. */
  read(): Promise<T | undefined> | undefined;
  /** The answer that the instance with the lease gets; undefined when it gets none. */
  waitForPeer(): Promise<T | undefined>;
  /** Writes VirusTotal's answer to the cache; called before the pending lookups are resolved. */
  write(answer: T): void;
  /** Releases the lease: another instance may send the request. */
  release(): void;
}

/** Observes a request. */
export interface RequestObserver {
  /** An attempt starts. */
  onStart(batch: object): void;
  /** The attempt has ended. */
  onEnd(batch: object): void;
  /** It has its answer or error: nobody waits for it any more. */
  onSettled(request: { key: string }): void;
}

/** Redirects of one lookup that are followed; each is a request of its own. */
const MAX_REDIRECTS = 3;

/** One request to VirusTotal for all lookups with the same key that come while it is pending. */
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

  /** From now on it uses the new fetcher; if a request is under way, from the next attempt on. */
  moveToFetcher(): void {
    this.#isOutdated = this.#isUnderWay;
    if (this.#isUnderWay) return;
    // The redirect is one of the previous API address.
    this.#redirect = undefined;
    // A redirected request holds its lease, which would be renewed for ever.
    this.#shared?.release();
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
   * Resolves the pending lookups from the shared cache if the answer is there by now. Never rejects.
   * @returns undefined at once where there is no shared cache
   */
  checkSharedCache(): Promise<void> | undefined {
    return this.#shared
      ?.read()
      ?.catch(() => undefined)
      .then((answer) => {
        if (answer !== undefined) this.resolveAll(answer);
      });
  }

  /** Resolves every pending lookup. */
  resolveAll(answer: T): void {
    this.#observer.onSettled(this);
    const { spec } = this;
    // Callers run after all copies are made, so that each copy is of the unchanged answer.
    for (const [index, waiter] of this.#takeWaiters().entries()) {
      let own: T;
      try {
        own = spec.copy && index > 0 ? spec.copy(answer) : answer;
      } catch (error) {
        // This lookup must be rejected, and all after it must still be settled.
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
