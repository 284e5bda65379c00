import { VirusTotalError } from '../errors';
import type { VirusTotalApi } from '../api/client';
import type { ApiRequest } from '../api/request';
import type { Indicator } from '../ioc/ioc';
import type { BacklogLimit } from './backlog-limit';
import type { Reservation } from './dispatch-log';
import type { PendingLookup } from './pending-lookup';
import type { QueuedRequest } from './request-queue';
import type { Lease } from './rate-limiter';
import type { ReportRepository, SharedLookup } from './report-repository';

/** The API client for the request and the store for its report. A deploy may replace both while a request waits. */
export interface RequestBackend {
  readonly api: VirusTotalApi;
  readonly reports: ReportRepository | undefined;
}

/** What is requested from VirusTotal. A class instead of closures, because a hundred thousand may wait. */
export interface RequestSpec<T> {
  /** Lookups with the same key share one request. */
  readonly key: string;
  /** The indicator, to check whether it may still be sent; undefined: the request names none. */
  readonly indicator: Indicator | undefined;
  /** It is not even sent again after a refusal for the rate. Default false. */
  readonly once?: boolean | undefined;
  /** @throws VirusTotalError `VT_CONFIG` when this API has no such thing */
  of(api: VirusTotalApi): ApiRequest<T>;
  /** The shared entry that the answer is stored in. Undefined: the answer is not stored and not shared. */
  shared(backend: RequestBackend): SharedLookup<T> | undefined;
  /** Copies the answer for each further lookup. */
  copy(answer: T): T;
}

/** The owner of the requests, with its settings of this moment: a deploy may change them while a request waits. */
export interface RequestOwner {
  readonly backend: RequestBackend;
  readonly onQuota: 'fail' | 'wait';
  /** Where the messages of requests under way don't count as waiting. */
  readonly backlog: Pick<BacklogLimit, 'started' | 'ended'>;
  /** Called when no lookup waits for the request any more, whatever its result. */
  onSettled(request: { spec: { key: string } }): void;
}

/** Maximum number of redirects to follow. Each one is a request of its own. */
const MAX_REDIRECTS = 3;

/**
 * One request to VirusTotal for all lookups of the same thing (coalescing). States: waiting in the queue (`queued`), `busy` (a request is under
 * way, here or in another instance), settled (no lookups left). A redirect, a retry or a peer that failed lead from `busy` back to
 * the queue.
 */
export class InFlightRequest<T> implements QueuedRequest {
  readonly spec: RequestSpec<T>;
  readonly batch: object;
  readonly lookups = new Set<PendingLookup<T>>();
  /** By the monotonic clock, in ms. */
  readonly createdAt = performance.now();
  priority: number;
  queued = false;
  failures = 0;
  /** A lookup with `refresh` has joined. */
  mustAsk = false;
  readonly #owner: RequestOwner;
  #shared: SharedLookup<T> | undefined;
  #redirect: string | undefined = undefined;
  #redirects = 0;
  #busy = false;
  /** The backend was replaced while it was busy. */
  #isOutdated = false;

  constructor(
    spec: RequestSpec<T>,
    { priority, batch }: { priority: number; batch: object },
    owner: RequestOwner,
  ) {
    this.spec = spec;
    this.priority = priority;
    this.batch = batch;
    this.#owner = owner;
    this.#shared = spec.shared(owner.backend);
  }

  get once(): boolean | undefined {
    return this.spec.once;
  }

  get onQuota(): 'fail' | 'wait' {
    return this.#owner.onQuota;
  }

  get lease(): Lease | undefined {
    return this.#shared?.lease;
  }

  /**
   * Looks once more whether this process has the answer by now: a file's other hash was asked while this one waited. The request is settled
   * then, without being made.
   */
  settleFromCache(): boolean {
    const answer = this.mustAsk ? undefined : this.#shared?.peek();
    if (answer === undefined) return false;
    this.#shared?.release();
    this.#resolveAll(answer);
    return true;
  }

  get abandoned(): boolean {
    return this.lookups.size === 0;
  }

  /** A request is under way, here or in another instance. */
  get busy(): boolean {
    return this.#busy;
  }

  /** The owner's backend was replaced: used from now on or, while a request is under way, from the next one on. */
  moveToBackend(): void {
    this.#isOutdated = this.#busy;
    if (this.#busy) return;
    // The redirect path belongs to the previous backend.
    this.#redirect = undefined;
    // A redirected request holds its lease, which would be renewed forever.
    this.#shared?.release();
    this.#shared = this.spec.shared(this.#owner.backend);
  }

  async attempt(reservation: Reservation): Promise<'settled' | 'redirected'> {
    this.#busy = true;
    this.#owner.backlog.started(this.batch);
    try {
      const { api } = this.#owner.backend;
      const response = await api.send(this.spec.of(api), { redirect: this.#redirect, observer: reservation });
      if ('redirect' in response) return this.#follow(response.redirect);
      this.#shared?.write(response.answer);
      this.#resolveAll(response.answer);
      return 'settled';
    } catch (error) {
      this.#shared?.release();
      throw error;
    } finally {
      this.#owner.backlog.ended(this.batch);
      this.#notBusy();
    }
  }

  async waitForPeer(): Promise<'settled' | 'retry'> {
    this.#busy = true;
    const answer = await this.#shared?.waitForPeer().catch(() => undefined);
    this.#notBusy();
    if (answer === undefined) return 'retry';
    this.#resolveAll(answer);
    return 'settled';
  }

  /**
   * Checks whether another instance has stored the report by now. An unreadable report is requested again. Never rejects.
   * @returns undefined at once where nothing is shared
   */
  checkSharedCache(): Promise<void> | undefined {
    return this.#shared
      ?.read()
      ?.catch(() => undefined)
      .then((answer) => {
        if (answer !== undefined) this.#resolveAll(answer);
      });
  }

  fail(error: VirusTotalError): void {
    this.#shared?.release();
    this.#owner.onSettled(this);
    for (const lookup of this.#takeLookups()) lookup.reject(error);
  }

  #follow(path: string): 'redirected' {
    if (++this.#redirects > MAX_REDIRECTS)
      throw new VirusTotalError(
        'VT_BAD_RESPONSE',
        `Redirect loop: VirusTotal redirected ${this.#redirects} times in a row, last to ${path}`,
      );
    this.#redirect = path;
    return 'redirected';
  }

  #notBusy(): void {
    this.#busy = false;
    if (this.#isOutdated) this.moveToBackend();
  }

  #resolveAll(answer: T): void {
    this.#owner.onSettled(this);
    // Copy for every waiter before any of them runs: the first one may modify its report.
    for (const [index, lookup] of this.#takeLookups().entries()) {
      let own: T;
      try {
        own = index > 0 ? this.spec.copy(answer) : answer;
      } catch (error) {
        // This lookup must be told, and so must every one after it.
        lookup.reject(new VirusTotalError('VT_BAD_RESPONSE', `Report not copied: ${nameOf(error)}`));
        continue;
      }
      lookup.resolve(own);
    }
  }

  #takeLookups(): PendingLookup<T>[] {
    const all = [...this.lookups];
    this.lookups.clear();
    return all;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
