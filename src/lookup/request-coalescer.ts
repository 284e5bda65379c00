import { VirusTotalError } from '../errors';
import type { ReportFetcher } from './report-fetcher';
import type { HasFetcher } from './request-specs';
import { InFlightRequest, type RequestSpec, type RequestObserver } from './in-flight-request';
import type { IndicatorFilter } from '../ioc/indicator-filter';
import { ABANDONED } from './job';
import type { KeyScheduler } from './key-scheduler';
import { forEachYielding } from './yielding';
import { PendingLookup, type Listener } from './pending-lookup';
import { BacklogLimit } from './backlog-limit';
import { inBackground } from './in-background';

export interface LookupOptions {
  /** 0 first .. 9 last. Default 5. */
  priority?: number | undefined;
  /** Ask VirusTotal although the report is cached. Joins a request that is under way. */
  refresh?: boolean | undefined;
  /** Stops waiting: the lookup ends with `VT_CLOSED`. A request that has gone out is not taken back. */
  signal?: AbortSignal | undefined;
  /**
   * Lookups of one message have the same: they take turns with other messages and count as one message for `maxQueue`. An object of its
   * own, and not the message: the tables that a Map has outgrown point from old to new ones, and what is in them, with all that hangs
   * on it, outlives many garbage collections.
   */
  batch?: object | undefined;
  /** Whose lookup it is, for `drop`. */
  owner?: object | undefined;
}

interface QueueOptions {
  maxQueue: number;
  onQuota: 'fail' | 'wait';
}

const DEFAULT_PRIORITY = 5;

/**
 * Coalesces lookups of one service: those with the same key share one request while it waits or is under way. The requests outlive a
 * service that another one takes over from.
 */
export class RequestCoalescer implements HasFetcher {
  readonly scheduler: KeyScheduler;
  fetcher: ReportFetcher;
  #onQuota: 'fail' | 'wait';
  readonly #inFlight = new Map<string, InFlightRequest<never>>();
  readonly #backlog: BacklogLimit;
  readonly #observer: RequestObserver = {
    onStart: (batch) => this.#backlog.started(batch),
    onEnd: (batch) => this.#backlog.ended(batch),
    onSettled: (inFlight) => {
      if (this.#inFlight.get(inFlight.key) === inFlight) this.#inFlight.delete(inFlight.key);
    },
  };
  #closed = false;

  constructor(scheduler: KeyScheduler, fetcher: ReportFetcher, options: QueueOptions) {
    this.scheduler = scheduler;
    this.fetcher = fetcher;
    this.#onQuota = options.onQuota;
    this.#backlog = new BacklogLimit(options.maxQueue);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Lookups that wait or are under way. */
  get lookups(): number {
    return this.#backlog.lookups;
  }

  /** Why a lookup of another message would be refused, if it would be: `VT_QUEUE_FULL`. */
  get refusal(): VirusTotalError | undefined {
    return this.#backlog.refusal;
  }

  /** Like `request`, but returns the answer as a promise. */
  fetch<T>(spec: RequestSpec<T>, options: LookupOptions): Promise<T> {
    return new Promise<T>((resolve, failed) =>
      this.request(spec, options, { answered: (answer: T) => resolve(answer), failed }),
    );
  }

  /** Joins the in-flight request with the same key, or starts one. */
  request<T>(spec: RequestSpec<T>, options: LookupOptions, listener: Listener<T>): void {
    try {
      this.#request(spec, options, listener);
    } catch (error) {
      queueMicrotask(() => listener.failed(error as VirusTotalError));
    }
  }

  #request<T>(spec: RequestSpec<T>, options: LookupOptions, listener: Listener<T>): void {
    const { owner, signal } = options;
    if (this.#closed)
      throw new VirusTotalError(
        'VT_CLOSED',
        'Closed: the VirusTotal config is closed and takes no more lookups',
      );
    if (signal?.aborted)
      throw new VirusTotalError('VT_CLOSED', 'Dropped: the lookup was given up before it began');
    const batch = options.batch ?? {};
    const waiter = new PendingLookup<T>(this.#backlog, { owner, batch }, listener);
    const priority = priorityOf(options.priority);
    const underWay = this.#inFlight.get(spec.key) as InFlightRequest<T> | undefined;
    const inFlight = underWay ?? this.#create(spec, priority, batch);
    inFlight.waiters.add(waiter);
    if (signal) abortOn(signal, waiter, inFlight);
    if (!underWay) this.#start(inFlight);
    else if (priority < inFlight.priority) this.scheduler.raisePriority(inFlight, priority);
  }

  /**
   * Another service goes on with all that waits, in the same order, by its own settings. What may not be sent by these ends with
   * `VT_INVALID_IOC`; what is under way comes back to those who wait for it.
   */
  moveTo(fetcher: ReportFetcher, filter: IndicatorFilter, { maxQueue, onQuota }: QueueOptions): void {
    this.fetcher = fetcher;
    this.#onQuota = onQuota;
    this.#backlog.capacity = maxQueue;
    for (const inFlight of this.#inFlight.values()) {
      inFlight.onQuota = onQuota;
      inFlight.moveToFetcher();
      if (inFlight.isUnderWay || !inFlight.spec.indicator) continue;
      try {
        filter.sendable(inFlight.spec.indicator);
      } catch (error) {
        inFlight.fail(error as VirusTotalError);
      }
    }
    this.scheduler.dropAbandoned();
  }

  /** Messages that have lookups waiting or under way: of one owner, or of all. */
  messages(owner?: object): number {
    const batches = new Set<object>();
    for (const { waiters } of this.#inFlight.values())
      for (const waiter of waiters) if (!owner || waiter.owner === owner) batches.add(waiter.batch);
    return batches.size;
  }

  /** Ends what an owner has waiting; each lookup rejects with `VT_CLOSED`. @returns how many there were */
  async drop(owner: object, why: string): Promise<number> {
    const waiters: PendingLookup<never>[] = [];
    for (const inFlight of this.#inFlight.values()) {
      for (const waiter of inFlight.waiters) {
        if (waiter.owner !== owner) continue;
        inFlight.waiters.delete(waiter);
        waiters.push(waiter);
      }
    }
    this.scheduler.dropAbandoned();
    await rejectAll(waiters, why);
    return waiters.length;
  }

  /** Ends everything that waits with `VT_CLOSED`, and takes no more. The caller lets the scheduler drop what is abandoned. */
  close(why: string): Promise<void> {
    this.#closed = true;
    const waiters: PendingLookup<never>[] = [];
    for (const inFlight of this.#inFlight.values()) {
      for (const waiter of inFlight.waiters) waiters.push(waiter);
      inFlight.waiters.clear();
    }
    this.#inFlight.clear();
    return rejectAll(waiters, why);
  }

  /** Another instance has stored the report. */
  onSharedReport(key: string): void {
    const inFlight = this.#inFlight.get(key);
    if (inFlight?.queued) inBackground(inFlight.checkSharedCache());
  }

  #create<T>(spec: RequestSpec<T>, priority: number, batch: object): InFlightRequest<T> {
    const inFlight = new InFlightRequest<T>(
      spec,
      { priority, batch, onQuota: this.#onQuota },
      this.#observer,
    );
    this.#inFlight.set(spec.key, inFlight as unknown as InFlightRequest<never>);
    return inFlight;
  }

  /** Another instance may have it already. */
  #start<T>(inFlight: InFlightRequest<T>): void {
    const check = inFlight.checkSharedCache();
    if (check) inBackground(check.then(() => this.#schedule(inFlight)));
    else this.#schedule(inFlight);
  }

  #schedule<T>(inFlight: InFlightRequest<T>): void {
    if (inFlight.abandoned) return inFlight.fail(ABANDONED);
    try {
      this.scheduler.add(inFlight);
    } catch (error) {
      inFlight.fail(error as VirusTotalError);
    }
  }
}

function rejectAll(waiters: PendingLookup<never>[], why: string): Promise<void> {
  // One error for all: each would take the stack anew.
  const error = new VirusTotalError('VT_CLOSED', why);
  return forEachYielding(waiters, (waiter) => waiter.reject(error));
}

/** The request's place in the queue is skipped when its turn comes, unless another lookup waits for it. */
function abortOn<T>(signal: AbortSignal, waiter: PendingLookup<T>, inFlight: InFlightRequest<T>): void {
  const abort = () => {
    if (inFlight.waiters.delete(waiter))
      waiter.reject(new VirusTotalError('VT_CLOSED', 'Dropped: the lookup was given up while it waited'));
  };
  signal.addEventListener('abort', abort, { once: true });
  waiter.onEnd = () => signal.removeEventListener('abort', abort);
}

function priorityOf(value: unknown): number {
  const priority = typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : DEFAULT_PRIORITY;
  return Math.min(9, Math.max(0, priority));
}
