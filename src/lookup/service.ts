import { EventEmitter } from 'node:events';
import { LRUCache } from 'lru-cache';
import { VirusTotalApi } from '../api/client';
import type { IndicatorQuery } from '../api/request';
import type { QuotaUsage } from '../api/quota-usage';
import { VirusTotalError } from '../errors';
import type { Indicator } from '../ioc/ioc';
import { copyJson } from '../report/copy';
import type { Report } from '../report/report';
import { ReportRequest, MitreTreesRequest, QueryRequest } from './request-specs';
import type { RequestBackend, RequestSpec } from './in-flight-request';
import { RequestCoalescer, type LookupOptions } from './request-coalescer';
import type { KeyClient } from './key-clients';
import type { KeyScheduler, SchedulerStats } from './key-scheduler';
import { verifyApiKey } from './verify-api-key';
import { defaultRegistry, redisSecrets } from './key-registry';
import { inBackground } from '../in-background';
import { IndicatorFilter } from '../ioc/indicator-filter';
import { resolveOptions, type ResolvedOptions, type HostOptions } from './options';
import { ReportCache } from './report-cache';
import { ReportRepository, type LookupResult } from './report-repository';
import type { SlidingWindow } from './sliding-window';
import type { Listener } from './pending-lookup';
import { LOOKUPS_PER_MESSAGE } from './backlog-limit';

export type { LookupResult };

/** Answers that are no reports, kept at once. */
const MAX_ANSWERS = 500;
/** MITRE ATT&CK trees are large: they take the room of this many. */
const TREES_SIZE = 5;

/** What becomes of the lookups of one message, by their index. None of these may throw. */
export interface LookupListener extends Listener<LookupResult> {
  /** It was in the cache of this process. */
  cached(index: number, found: LookupResult): void;
}

/** The state of a service for status lines and dialogs. */
export interface ServiceStats extends SchedulerStats {
  /** Lookups of this service that wait or are under way. */
  waiting: number;
  cache: { entries: number; bytes: number; hits: number; misses: number };
}

/**
 * Reports of VirusTotal: cache, then one request for everyone who asks, then the key's quota, then the API. All services with the
 * same API key in a process share its rate limiter and its counts.
 */
export class VirusTotalService {
  /** Which indicators may be sent. */
  readonly filter: IndicatorFilter;
  readonly #options: ResolvedOptions;
  readonly #cache: ReportCache | undefined;
  readonly #scheduler: KeyScheduler;
  readonly #client: KeyClient;
  readonly #backend: RequestBackend;
  #requests: RequestCoalescer;
  /** `change`: what `stats` returns may have changed. */
  readonly events = new EventEmitter<{ change: [] }>().setMaxListeners(0);
  readonly #unsubscribeReports: () => void;
  /** Answers that are no reports: what was narrowed, and not the bodies. */
  #answers: LRUCache<string, { answer: unknown }>;
  #closed: Promise<void> | undefined;
  #isDetached = false;
  /** Another service goes on with what waits. */
  #successor: VirusTotalService | undefined;
  /** The one that this one took over from, as long as it has requests under way. */
  #predecessor: VirusTotalService | undefined;

  /** @throws VirusTotalError `VT_CONFIG` when an option can't be meant or the key is missing */
  constructor(options: HostOptions) {
    this.#options = resolveOptions(options);
    const { apiKey, apiVersion, apiUrl = '', keyRegistry = defaultRegistry, redisUrl } = this.#options;
    const api = new VirusTotalApi({ ...this.#options, secrets: redisSecrets(redisUrl) });
    this.filter = new IndicatorFilter(this.#options);
    // Last of what may be refused: it holds a connection that only `close` ends.
    const backend = keyRegistry.backend(this.#options);
    this.#answers = new LRUCache({ maxSize: MAX_ANSWERS, ttl: this.#options.cacheTtl * 1000 });
    this.#cache = this.#options.cache
      ? (this.#options.reports ?? new ReportCache(cacheOptions(this.#options)))
      : undefined;
    this.#client = {
      limit: limitOf(this.#options),
      quota: { daily: this.#options.dailyQuota, monthly: this.#options.monthlyQuota },
      reserve: this.#options.reserve,
      timeScale: this.#options.timeScale,
      quotaStore: this.#options.quotaStore,
      restart: this.#options.restartRecord,
      backend,
      fetchUsage: () => api.overallQuotas(),
      onChange: () => this.#notify(),
      suspended: this.#options.suspended === true,
    };
    const shared = backend.reports({ apiVersion, apiUrl });
    const reports = this.#cache && new ReportRepository(apiVersion, this.#cache, shared);
    this.#scheduler = keyRegistry.scheduler(apiKey);
    this.#backend = { api, reports };
    this.#requests = new RequestCoalescer(this.#scheduler, this.#backend, this.#options);
    this.#scheduler.addClient(this.#client);
    this.#unsubscribeReports = shared.onReport((key) => this.#requests.onSharedReport(key));
  }

  /** The report from the cache, without asking anybody. */
  peek(indicator: Indicator): LookupResult | undefined {
    return this.#backend.reports?.peek(indicator);
  }

  /**
   * The report of an indicator that the filter let through.
   * @throws VirusTotalError in the promise, with any code but `VT_INVALID_IOC`
   */
  get(indicator: Indicator, options: LookupOptions = {}): Promise<LookupResult> {
    const refresh = options.refresh === true;
    const cached = refresh ? undefined : this.peek(indicator);
    if (cached) return Promise.resolve(cached);
    return this.#requests.fetch(new ReportRequest(indicator, refresh), options);
  }

  /**
   * Why a message with these lookups would be refused as a whole: `VT_QUEUE_FULL`, when there is no room at all and not all of them
   * are cached. Of one that has a few, or for which there is some room, each lookup is refused by itself.
   */
  refusal(indicators: readonly Indicator[], { refresh }: LookupOptions): VirusTotalError | undefined {
    if (indicators.length <= LOOKUPS_PER_MESSAGE) return undefined;
    const refusal = this.#requests.backlog.refusal;
    if (!refusal || (!refresh && indicators.every((indicator) => this.#backend.reports?.has(indicator))))
      return undefined;
    return refusal;
  }

  /**
   * As `get`, for all lookups of a message: a promise for each takes more room than all that it waits for. What is in the cache is handed
   * on before this returns.
   */
  request(indicators: readonly Indicator[], options: LookupOptions, listener: LookupListener): void {
    const refresh = options.refresh === true;
    for (let index = 0; index < indicators.length; index++) {
      const indicator = indicators[index] as Indicator;
      const cached = refresh ? undefined : this.peek(indicator);
      if (cached) listener.cached(index, cached);
      else this.#requests.request(new ReportRequest(indicator, refresh), options, listener, index);
    }
  }

  /**
   * The report of an indicator in any spelling, as a copy of its own.
   * @throws VirusTotalError in the promise; `VT_INVALID_IOC` also for one that may not be sent
   */
  async lookup(indicator: Indicator, options: LookupOptions = {}): Promise<Report> {
    const { report } = await this.get(this.filter.sendable(indicator), options);
    return report;
  }

  /**
   * What sandboxes saw of a file, as MITRE ATT&CK trees; undefined when they saw nothing. Costs a lookup, goes through the same queue
   * and is kept as long as a report.
   * @throws VirusTotalError in the promise; `VT_CONFIG` with API v2, `VT_INVALID_IOC` for what is no hash or may not be sent
   */
  async behaviorMitreTrees(sha256: string, options: LookupOptions = {}): Promise<unknown> {
    this.#requireV3('MITRE ATT&CK techniques');
    const { value } = this.filter.sendable({ type: 'file', value: sha256 });
    return (await this.#answer(new MitreTreesRequest(value), options, TREES_SIZE)).answer;
  }

  /** Which version of the API it asks. */
  get apiVersion(): 'v3' | 'v2' {
    return this.#options.apiVersion;
  }

  /** The factor on the waits that are VirusTotal's: see `HostOptions.timeScale`. */
  get timeScale(): number {
    return this.#options.timeScale;
  }

  /** Aborted by `close`, with its reason as a text; not by that of a service from which another one took over. */
  get closing(): AbortSignal {
    return this.#requests.closing;
  }

  /**
   * Any other request of the key, in the same queue. Those that are under way for the same `key` of the spec share one.
   * @throws VirusTotalError in the promise
   */
  fetch<T>(spec: RequestSpec<T>, options: LookupOptions = {}): Promise<T> {
    return this.#requests.fetch(spec, options);
  }

  /** Throws away the cached report of an indicator, in this process. */
  forget(indicator: Indicator): void {
    this.#requests.backend.reports?.forget(indicator);
  }

  /**
   * What VirusTotal says of an indicator beside its report. Costs a lookup, goes through the same queue, and is kept as long as a report.
   * @throws VirusTotalError in the promise; `VT_CONFIG` with API v2, `VT_INVALID_IOC` for what may not be sent
   */
  async query<T>(
    query: IndicatorQuery<T>,
    options: LookupOptions = {},
  ): Promise<{ answer: T; cached: boolean }> {
    this.#requireV3('relationships');
    const indicator = this.filter.sendable(query.indicator);
    return this.#answer(new QueryRequest({ ...query, indicator }), options);
  }

  /** Whether VirusTotal takes the key, and what is left: see `verifyApiKey`. */
  verifyKey(): Promise<QuotaUsage | undefined> {
    return verifyApiKey(this.#options);
  }

  /** Between two requests on average, by the limit of the key, in ms; 0: there is none. */
  get averageIntervalMs(): number {
    return this.#scheduler.averageIntervalMs;
  }

  /** As far as the key's limit goes by the minute: requests of the last 60 seconds, and how many are allowed; null without such a limit. */
  get minute(): { used: number; allowed: number } | null {
    return this.#scheduler.minute;
  }

  /** How long the oldest lookup has waited, in ms; 0 when none waits. */
  get oldestWaitMs(): number {
    return this.#requests.oldestWaitMs;
  }

  stats(): ServiceStats {
    const { entries = 0, bytes = 0, hits = 0, misses = 0 } = this.#cache ?? {};
    return {
      ...this.#scheduler.stats(),
      waiting: this.#requests.backlog.lookups,
      cache: { entries, bytes, hits, misses },
    };
  }

  /** @returns how many reports were thrown away */
  clearCache(): number {
    this.#answers.clear();
    return this.#backend.reports?.clear() ?? 0;
  }

  /** @returns a function that ends it */
  onChange(listener: () => void): () => void {
    this.events.on('change', listener);
    return () => void this.events.off('change', listener);
  }

  /** Ends what an owner has waiting; each lookup rejects with `VT_CLOSED`. @returns how many there were */
  drop(owner: object, why: string): Promise<number> {
    return this.#requests.drop(owner, why);
  }

  /** Messages that have lookups waiting or under way: of one owner, or of all. */
  messages(owner?: object): number {
    return this.#successor ? 0 : this.#requests.messages(owner);
  }

  /** Lookups that wait or are under way: of one owner, or of all. */
  lookupsOf(owner?: object): number {
    return this.#successor ? 0 : this.#requests.lookupsOf(owner);
  }

  /**
   * The batches with a lookup that waits for its turn in the rate limit. None while the key is blocked by its quota or by a refusal: that
   * may last until the next day.
   */
  queuedBatches(): ReadonlySet<object> {
    const problem = this.#scheduler.stats().problem;
    if (this.#successor || (problem && problem.reason !== 'rate')) return new Set();
    return this.#requests.queuedBatches();
  }

  /** Whether the other one has the same API key. */
  sharesKeyWith(other: VirusTotalService): boolean {
    return this.#scheduler === other.#scheduler;
  }

  /** Starts to ask, where it was told to wait. */
  resume(): void {
    if (!this.#client.suspended) return;
    this.#client.suspended = false;
    this.#scheduler.resume();
  }

  /**
   * Suspends the service: waiting lookups keep their place until `takeOver` or `close`, and no request starts. So a redeploy of the
   * config loses no lookup. A request in flight continues, and its report goes to the lookups that wait for it.
   */
  park(): void {
    this.#detach();
    this.events.removeAllListeners();
  }

  /**
   * Goes on with all that waits in another service, in its order and by the settings of this one, which must be new. A parked one ends
   * with what it has under way. @returns false when it has another API key: nothing has changed then
   */
  takeOver(from: VirusTotalService): boolean {
    if (!this.sharesKeyWith(from) || from.#requests.closed || from.#successor) return false;
    from.#successor = this;
    this.#requests = from.#requests;
    const { cacheTtl, apiVersion, apiUrl } = this.#options;
    const before = from.#options;
    if (before.cacheTtl === cacheTtl && before.apiVersion === apiVersion && before.apiUrl === apiUrl)
      this.#answers = from.#answers;
    this.#requests.moveTo(this.#backend, this.filter, this.#options);
    // As long as a request takes at most, and then some.
    this.#predecessor = from;
    inBackground(
      from
        .drain(Math.max(2 * before.timeout, from.#backend.api.longestCallMs))
        .then(() => (this.#predecessor = undefined)),
    );
    return true;
  }

  /**
   * Releases timers and sockets. Waiting lookups can still be taken over; no request starts meanwhile.
   * @param timeoutMs time for requests in flight to end, in ms. After it they are aborted, and the service that takes over sends them again
   */
  drain(timeoutMs: number): Promise<void> {
    const predecessor = this.#predecessor?.drain(timeoutMs);
    const drained = this.#backend.api.drain(timeoutMs);
    this.park();
    this.#closed ??= Promise.all([predecessor, drained]).then(() => this.#client.backend.close());
    return this.#closed;
  }

  /** Ends everything that waits with `VT_CLOSED`, and every timer and socket. May be called again. */
  close(why = 'The VirusTotal config was closed or redeployed'): Promise<void> {
    const ended = this.#successor ? Promise.resolve() : this.#requests.close(why);
    this.#closed ??= this.#close();
    this.#scheduler.dropAbandoned();
    return Promise.all([ended, this.#closed]).then(() => undefined);
  }

  async #close(): Promise<void> {
    this.#detach();
    this.events.removeAllListeners();
    await Promise.all([this.#predecessor?.drain(0), this.#backend.api.close()]);
    // After that, so that what was under way can be told to be over.
    await this.#client.backend.close();
  }

  /** An answer that is no report: one that is kept, or VirusTotal's. @param size its part of `MAX_ANSWERS` */
  async #answer<T>(
    spec: RequestSpec<T>,
    options: LookupOptions,
    size = 1,
  ): Promise<{ answer: T; cached: boolean }> {
    const kept = options.refresh === true ? undefined : this.#answers.get(spec.key);
    if (kept) return { answer: copyJson(kept.answer as T), cached: true };
    const answer = await this.#requests.fetch(spec, options);
    if (this.#options.cache) this.#answers.set(spec.key, { answer: copyJson(answer) }, { size });
    return { answer, cached: false };
  }

  #requireV3(what: string): void {
    if (this.#options.apiVersion === 'v3') return;
    throw new VirusTotalError(
      'VT_CONFIG',
      `API v3 needed: v2 has no ${what}. Choose v3 in the VirusTotal config`,
    );
  }

  #detach(): void {
    if (this.#isDetached) return this.#scheduler.dropAbandoned();
    this.#isDetached = true;
    this.#unsubscribeReports();
    this.#scheduler.removeClient(this.#client);
  }

  #notify(): void {
    try {
      this.events.emit('change');
    } catch (error) {
      // A fault of the listener: it is told as any other uncaught one, and does not stop the queue.
      process.nextTick(() => {
        throw error;
      });
    }
  }
}

function cacheOptions(options: ResolvedOptions): ConstructorParameters<typeof ReportCache>[0] {
  return { size: options.cacheSize, ttl: options.cacheTtl, ttlUnknown: options.cacheTtlUnknown };
}

function limitOf(options: ResolvedOptions): SlidingWindow | undefined {
  const { rateLimit, rateLimitMode: mode, rateLimitMs: ms, rateLimitCount: count, timeScale } = options;
  if (!rateLimit || (mode === 'spacing' && ms === 0)) return undefined;
  return mode === 'spacing' ? { count: 1, windowMs: ms } : { count, windowMs: 60_000 * timeScale };
}
