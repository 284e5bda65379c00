import { setMaxListeners } from 'node:events';
import { VirusTotalError } from '../errors';
import type { IndicatorFilter } from '../ioc/indicator-filter';
import { BacklogLimit } from './backlog-limit';
import {
  InFlightRequest,
  type RequestBackend,
  type RequestOwner,
  type RequestSpec,
} from './in-flight-request';
import { inBackground } from '../in-background';
import type { KeyScheduler } from './key-scheduler';
import { PendingLookup, type Listener } from './pending-lookup';
import { priorityOf } from './priority';
import { forEachYielding } from './yielding';

/** The options of one lookup. */
export interface LookupOptions {
  /** 0 first .. 9 last. Default 5. From 6 on it may not use the reserve of the day's quota. */
  priority?: number | undefined;
  /** Ask VirusTotal although the report is cached. Joins a request that is under way. */
  refresh?: boolean | undefined;
  /** Ends the wait: the lookup fails with `VT_CLOSED`. A request that was dispatched is not taken back. */
  signal?: AbortSignal | undefined;
  /**
   * Lookups of one message have the same: they take turns with other messages and are one message to `maxQueue`. An object of its
   * own, and not the message: the tables that a Map has outgrown point from old to new ones, and what is in them, with all that hangs
   * on it, outlives many garbage collections.
   */
  batch?: object | undefined;
  /** Whose lookup it is, for `drop`. */
  owner?: object | undefined;
}

type Lookup = PendingLookup<never>;

interface QueueOptions {
  maxQueue: number;
  onQuota: 'fail' | 'wait';
}

/**
 * The requests of one service that wait or are under way: one for all lookups of the same thing. They outlive a service that another one
 * takes over from.
 */
export class RequestCoalescer implements RequestOwner {
  readonly scheduler: KeyScheduler;
  backend: RequestBackend;
  onQuota: 'fail' | 'wait';
  readonly backlog: BacklogLimit;
  readonly #requests = new Map<string, InFlightRequest<never>>();
  readonly #closing = new AbortController();

  constructor(scheduler: KeyScheduler, backend: RequestBackend, options: QueueOptions) {
    this.scheduler = scheduler;
    this.backend = backend;
    this.onQuota = options.onQuota;
    this.backlog = new BacklogLimit(options.maxQueue);
    setMaxListeners(0, this.#closing.signal);
  }

  /** Aborted by `close`, with its reason as a text. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  get closed(): boolean {
    return this.closing.aborted;
  }

  /** How long the oldest request has waited, in ms; 0 without one. */
  get oldestWaitMs(): number {
    // In the order in which they came.
    const [oldest] = this.#requests.values();
    return oldest ? performance.now() - oldest.createdAt : 0;
  }

  /** As `request`, but returns the answer as a promise. */
  fetch<T>(spec: RequestSpec<T>, options: LookupOptions): Promise<T> {
    return new Promise<T>((resolve, failed) =>
      this.request(spec, options, {
        answered: (_index, answer: T) => resolve(answer),
        failed: (_index, error) => failed(error),
      }),
    );
  }

  /** Joins the request that is under way for the same thing, or queues one. @param index by which the listener knows the lookup */
  request<T>(spec: RequestSpec<T>, options: LookupOptions, listener: Listener<T>, index = 0): void {
    try {
      this.#checkOpen(options);
      const { batch = {}, owner } = options;
      const lookup = new PendingLookup<T>(this.backlog, { owner, batch }, listener, index);
      const priority = priorityOf(options.priority);
      const pending = this.#requests.get(spec.key) as InFlightRequest<T> | undefined;
      const request = pending ?? this.#newRequest(spec, priority, lookup.batch);
      request.lookups.add(lookup);
      request.mustAsk ||= options.refresh === true;
      if (options.signal) abortOn(options.signal, lookup, request);
      if (pending && priority < pending.priority) this.scheduler.raisePriority(pending, priority);
      if (pending) return;
      // Another instance may have the report already.
      const checking = request.checkSharedCache();
      if (checking) inBackground(checking.then(() => this.scheduler.add(request)));
      else this.scheduler.add(request);
    } catch (error) {
      queueMicrotask(() => listener.failed(index, error as VirusTotalError));
    }
  }

  /**
   * Another service goes on with all that waits, in the same order, by its own settings. What may not be sent by these ends with
   * `VT_INVALID_IOC`; what is under way is told to its lookups when it ends.
   */
  moveTo(backend: RequestBackend, filter: IndicatorFilter, { maxQueue, onQuota }: QueueOptions): void {
    this.backend = backend;
    this.onQuota = onQuota;
    this.backlog.capacity = maxQueue;
    for (const request of this.#requests.values()) {
      request.moveToBackend();
      if (request.busy) continue;
      try {
        if (request.spec.indicator) filter.sendable(request.spec.indicator);
      } catch (error) {
        request.fail(error as VirusTotalError);
      }
    }
    this.scheduler.dropAbandoned();
  }

  /** Messages that have lookups waiting or under way: of one owner, or of all. */
  messages(owner?: object): number {
    return new Set(Array.from(this.#pending(owner), ([{ batch }]) => batch)).size;
  }

  /** Lookups that wait or are under way: of one owner, or of all. */
  lookupsOf(owner?: object): number {
    return Array.from(this.#pending(owner)).length;
  }

  /** The batches with a lookup that waits for its request to start. */
  queuedBatches(): Set<object> {
    const batches = new Set<object>();
    for (const { busy, lookups } of this.#requests.values())
      if (!busy) for (const { batch } of lookups) batches.add(batch);
    return batches;
  }

  /** Ends what an owner has waiting; each lookup rejects with `VT_CLOSED`. @returns how many there were */
  async drop(owner: object, why: string): Promise<number> {
    const dropped = this.#take(owner);
    this.scheduler.dropAbandoned();
    await rejectAll(dropped, why);
    return dropped.length;
  }

  /** Ends everything that waits with `VT_CLOSED`, and takes no more. The scheduler is to be told that it is abandoned. */
  close(why: string): Promise<void> {
    this.#closing.abort(why);
    const dropped = this.#take();
    this.#requests.clear();
    return rejectAll(dropped, why);
  }

  /** Another instance has stored a report. */
  onSharedReport(key: string): void {
    const request = this.#requests.get(key);
    if (request?.queued) inBackground(request.checkSharedCache());
  }

  onSettled(request: { spec: { key: string } }): void {
    const { key } = request.spec;
    if (this.#requests.get(key) === request) this.#requests.delete(key);
  }

  /** Each lookup that waits or is under way, of one owner or of all, with the lookups of its request. */
  *#pending(owner?: object): Generator<[lookup: Lookup, lookups: Set<Lookup>]> {
    for (const { lookups } of this.#requests.values())
      for (const lookup of lookups) if (!owner || lookup.owner === owner) yield [lookup, lookups];
  }

  /** Takes the lookups of one owner, or all, away from their requests. */
  #take(owner?: object): Lookup[] {
    const taken: Lookup[] = [];
    for (const [lookup, lookups] of this.#pending(owner)) {
      lookups.delete(lookup);
      taken.push(lookup);
    }
    return taken;
  }

  /** @throws VirusTotalError `VT_CLOSED` */
  #checkOpen({ signal }: LookupOptions): void {
    if (this.closed)
      throw new VirusTotalError(
        'VT_CLOSED',
        'Closed: the VirusTotal config is closed and takes no more lookups',
      );
    if (signal?.aborted)
      throw new VirusTotalError('VT_CLOSED', 'Dropped: the lookup was given up before it began');
  }

  #newRequest<T>(spec: RequestSpec<T>, priority: number, batch: object): InFlightRequest<T> {
    const request = new InFlightRequest<T>(spec, { priority, batch }, this);
    this.#requests.set(spec.key, request as unknown as InFlightRequest<never>);
    return request;
  }
}

function rejectAll(lookups: Lookup[], why: string): Promise<void> {
  // One error for all: creating each would capture the stack again.
  const error = new VirusTotalError('VT_CLOSED', why);
  return forEachYielding(lookups, (lookup) => lookup.reject(error));
}

/** Its place in the queue is passed over later, unless another lookup of the same thing has come meanwhile. */
function abortOn<T>(signal: AbortSignal, lookup: PendingLookup<T>, request: InFlightRequest<T>): void {
  const abort = (): void => {
    if (request.lookups.delete(lookup))
      lookup.reject(new VirusTotalError('VT_CLOSED', 'Dropped: the lookup was given up while it waited'));
  };
  signal.addEventListener('abort', abort, { once: true });
  lookup.onEnd = () => signal.removeEventListener('abort', abort);
}
