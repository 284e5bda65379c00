import { setMaxListeners } from 'node:events';
import { VirusTotalApi, type Answer } from '../api/client';
import type { QuotaFigures } from '../api/quota-figures';
import { VirusTotalError } from '../api/errors';
import type { Indicator } from '../ioc/ioc';
import { copyJson } from '../report/copy';
import type { Report } from '../report/report';
import { Flight, type Exchange, type Waiter } from './flight';
import type { KeyScheduler, Member, SchedulerState } from './key-scheduler';
import { schedulerFor } from './key-schedulers';
import { testKey } from './key-test';
import { IocGate } from './ioc-gate';
import { resolveOptions, type ResolvedOptions, type ServiceOptions } from './options';
import type { PaceLimit } from './pace';
import { cacheKey, ReportCache, type CachedReport } from './report-cache';
import { inSlices } from './slices';
import { WaitingRoom } from './waiting-room';

export interface LookupOptions {
  /** 0 first .. 9 last. Default 5. */
  priority?: number | undefined;
  /** Ask VirusTotal although the report is cached. Joins a request that is under way. */
  refresh?: boolean | undefined;
  /** Stops waiting: the lookup ends with `VT_CLOSED`. A request that has gone out is not taken back. */
  signal?: AbortSignal | undefined;
  /** Lookups of one message have the same: they take turns with other messages and count once against `maxQueue`. */
  batch?: object | undefined;
  /** Whose lookup it is, for `drop`. */
  owner?: object | undefined;
}

/** A report as it was had. Shared with the cache: copy what you hand on. */
export interface Found extends CachedReport {
  readonly cached: boolean;
}

export interface ServiceState extends SchedulerState {
  /** Lookups of this service that wait or are under way. */
  waiting: number;
  cache: { entries: number; bytes: number; hits: number; misses: number };
}

const DEFAULT_PRIORITY = 5;

/**
 * Reports of VirusTotal: cache, then one request for everyone who asks, then the key's quota, then the API. All services with the
 * same API key in a process share its pace and its counts.
 */
export class VirusTotalService {
  /** What may be asked. */
  readonly gate: IocGate;
  readonly #options: ResolvedOptions;
  readonly #api: VirusTotalApi;
  readonly #cache: ReportCache | undefined;
  readonly #scheduler: KeyScheduler;
  readonly #member: Member;
  readonly #flights = new Map<string, Flight<never>>();
  readonly #closing = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #waitingRoom: WaitingRoom;
  #closed: Promise<void> | undefined;

  /** @throws VirusTotalError `VT_CONFIG` when an option can't be meant or the key is missing */
  constructor(options: ServiceOptions) {
    this.#options = resolveOptions(options);
    const { apiKey, apiVersion, apiUrl, timeout, tls, proxy, dispatcher } = this.#options;
    this.#api = new VirusTotalApi({
      apiKey,
      apiVersion,
      timeout,
      ...(apiUrl ? { apiUrl } : {}),
      ...(tls ? { tls } : {}),
      ...(proxy ? { proxy } : {}),
      ...(dispatcher ? { dispatcher } : {}),
    });
    // Every request under way listens to it; Node warns of a leak over ten.
    setMaxListeners(0, this.#closing.signal);
    this.gate = new IocGate(this.#options);
    this.#waitingRoom = new WaitingRoom(this.#options.maxQueue);
    this.#cache = this.#options.cache
      ? (this.#options.reports ?? new ReportCache(cacheOptions(this.#options)))
      : undefined;
    this.#member = {
      limit: limitOf(this.#options),
      quota: { daily: this.#options.dailyQuota, monthly: this.#options.monthlyQuota },
      timeScale: this.#options.timeScale,
      store: this.#options.quotaStore,
      figures: () => this.#api.overallQuotas(this.#closing.signal),
      changed: () => this.#notify(),
    };
    this.#scheduler = schedulerFor(apiKey);
    this.#scheduler.join(this.#member);
  }

  /** The report from the cache, without asking anybody. */
  peek(indicator: Indicator): Found | undefined {
    const found = this.#cache?.get(indicator);
    return found && { ...found, cached: true };
  }

  /**
   * The report of an indicator that the gate let through.
   * @throws VirusTotalError in the promise, with any code but `VT_INVALID_IOC`
   */
  find(indicator: Indicator, options: LookupOptions = {}): Promise<Found> {
    if (!options.refresh) {
      const cached = this.peek(indicator);
      if (cached) return Promise.resolve(cached);
    }
    return this.ask(indicator, options);
  }

  /** As `find`, without looking into the cache: for those who have. */
  ask(indicator: Indicator, options: LookupOptions = {}): Promise<Found> {
    return this.#fly(
      cacheKey(indicator),
      options,
      async (redirect) => found(await this.#api.ask(indicator, this.#exchangeOptions(redirect))),
      (report) => this.#cache?.set(indicator, report),
    );
  }

  /**
   * The report of an indicator in any spelling, as a copy of its own.
   * @throws VirusTotalError in the promise; `VT_INVALID_IOC` also for one that may not be sent
   */
  async lookup(indicator: Indicator, options: LookupOptions = {}): Promise<Report> {
    const checked = this.gate.check(indicator.type, indicator.value);
    if ('skipped' in checked) {
      const { value, reason } = checked.skipped;
      throw new VirusTotalError('VT_INVALID_IOC', `${value} is not sent to VirusTotal: ${reason}`);
    }
    const { report } = await this.find(checked.indicator, options);
    return copyJson(report);
  }

  /** What sandboxes saw of a file, as MITRE ATT&CK trees (v3). Costs a lookup and goes through the same queue. */
  behaviourMitreTrees(sha256: string, options: LookupOptions = {}): Promise<unknown> {
    return this.#fly(
      `mitre:${sha256}`,
      options,
      async (redirect): Promise<Exchange<unknown>> => {
        const trees = await this.#api.behaviourMitreTrees(sha256, this.#exchangeOptions(redirect));
        return 'redirect' in trees ? trees : { answer: trees.body };
      },
      () => undefined,
    );
  }

  /** Whether VirusTotal takes the key, and what is left: see `testKey`. */
  test(): Promise<QuotaFigures | undefined> {
    return testKey(this.#options);
  }

  state(): ServiceState {
    const { entries = 0, bytes = 0, hits = 0, misses = 0 } = this.#cache ?? {};
    return {
      ...this.#scheduler.state(),
      waiting: this.#waitingRoom.lookups,
      cache: { entries, bytes, hits, misses },
    };
  }

  /** @returns how many reports were thrown away */
  clearCache(): number {
    return this.#cache?.clear() ?? 0;
  }

  /** @returns a function that ends it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hides the key and whatever else is secret in a text from outside. */
  redact(text: string): string {
    return this.#api.redact(text);
  }

  /** Ends what an owner has waiting; each lookup rejects with `VT_CLOSED`. @returns how many there were */
  async drop(owner: object, why: string): Promise<number> {
    const waiters: Waiter<never>[] = [];
    for (const flight of this.#flights.values()) {
      for (const waiter of flight.waiters) {
        if (waiter.owner !== owner) continue;
        flight.waiters.delete(waiter);
        waiters.push(waiter);
      }
    }
    this.#scheduler.forgetAbandoned();
    await inSlices(waiters, (waiter) => waiter.reject(new VirusTotalError('VT_CLOSED', why)));
    return waiters.length;
  }

  /** Ends everything that waits with `VT_CLOSED`, and every timer and socket. May be called again. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const flights = [...this.#flights.values()];
    this.#flights.clear();
    const waiters = flights.flatMap((flight) => [...flight.waiters]);
    for (const flight of flights) flight.waiters.clear();
    this.#scheduler.leave(this.#member);
    this.#closing.abort();
    await inSlices(waiters, (waiter) =>
      waiter.reject(new VirusTotalError('VT_CLOSED', 'The VirusTotal config was closed or redeployed')),
    );
    this.#listeners.clear();
    await this.#api.close();
  }

  /** Joins the flight of a key, or starts one. */
  #fly<T>(
    key: string,
    options: LookupOptions,
    ask: (redirect: string | undefined) => Promise<Exchange<T>>,
    landed: (value: T) => void,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { owner, signal } = options;
      if (this.#closed) throw new VirusTotalError('VT_CLOSED', 'The VirusTotal config is closed');
      if (signal?.aborted) throw new VirusTotalError('VT_CLOSED', 'The lookup was given up before it began');
      const waiter: Waiter<T> = { owner, resolve, reject };
      const batch = options.batch ?? waiter;
      this.#waitingRoom.admit(batch, waiter, this.#scheduler.running);
      const priority = priorityOf(options.priority);
      const underWay = this.#flights.get(key) as Flight<T> | undefined;
      const flight = underWay ?? this.#newFlight(key, { priority, batch }, ask, landed);
      flight.waiters.add(waiter);
      if (signal) giveUpOn(signal, waiter, flight);
      if (!underWay) this.#schedule(flight);
      else if (priority < flight.priority) this.#scheduler.hasten(flight, priority);
    });
  }

  #newFlight<T>(
    key: string,
    place: { priority: number; batch: object },
    ask: (redirect: string | undefined) => Promise<Exchange<T>>,
    landed: (value: T) => void,
  ): Flight<T> {
    const flight = new Flight<T>({ ...place, onQuota: this.#options.onQuota }, ask, (value) => {
      if (this.#flights.get(key) === (flight as unknown)) this.#flights.delete(key);
      if (value !== undefined && !this.#closed) landed(value);
    });
    this.#flights.set(key, flight as unknown as Flight<never>);
    return flight;
  }

  #schedule<T>(flight: Flight<T>): void {
    try {
      this.#scheduler.add(flight);
    } catch (error) {
      flight.fail(error as VirusTotalError);
    }
  }

  #exchangeOptions(redirect: string | undefined): { signal: AbortSignal; redirect?: string } {
    return { signal: this.#closing.signal, ...(redirect === undefined ? {} : { redirect }) };
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

function found(exchange: { answer: Answer } | { redirect: string }): Exchange<Found> {
  return 'redirect' in exchange ? exchange : { answer: { ...exchange.answer, cached: false } };
}

/** Its place in the queue is passed over when its turn comes, unless somebody else has asked meanwhile. */
function giveUpOn<T>(signal: AbortSignal, waiter: Waiter<T>, flight: Flight<T>): void {
  const giveUp = () => {
    if (flight.waiters.delete(waiter))
      waiter.reject(new VirusTotalError('VT_CLOSED', 'The lookup was given up while it waited'));
  };
  signal.addEventListener('abort', giveUp, { once: true });
  const { resolve, reject } = waiter;
  waiter.resolve = (value) => {
    signal.removeEventListener('abort', giveUp);
    resolve(value);
  };
  waiter.reject = (error) => {
    signal.removeEventListener('abort', giveUp);
    reject(error);
  };
}

function priorityOf(wish: unknown): number {
  const priority = typeof wish === 'number' && Number.isFinite(wish) ? Math.round(wish) : DEFAULT_PRIORITY;
  return Math.min(9, Math.max(0, priority));
}

function cacheOptions(options: ResolvedOptions): ConstructorParameters<typeof ReportCache>[0] {
  return { size: options.cacheSize, ttl: options.cacheTtl, ttlUnknown: options.cacheTtlUnknown };
}

function limitOf(options: ResolvedOptions): PaceLimit {
  if (!options.rateLimit) return { mode: 'none' };
  return options.rateLimitMode === 'spacing'
    ? { mode: 'spacing', ms: options.rateLimitMs }
    : { mode: 'window', count: options.rateLimitCount, windowMs: 60_000 * options.timeScale };
}
