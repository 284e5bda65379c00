import { LRUCache } from 'lru-cache';
import { VirusTotalApi } from '../api/client';
import type { QuotaFigures } from '../api/quota-figures';
import { VirusTotalError } from '../errors';
import type { Indicator } from '../ioc/ioc';
import { copyJson } from '../report/copy';
import type { Report } from '../report/report';
import { Backend } from './backend';
import { ReportErrand, TechniquesErrand } from './errands';
import { Flights, type LookupOptions } from './flights';
import type { Member } from './key-members';
import type { KeyScheduler, SchedulerState } from './key-scheduler';
import type { KeyState } from './key-state';
import { testKey } from './key-test';
import { keyring as ours } from './keyring';
import { inBackground } from './in-background';
import { IndicatorFilter } from '../ioc/indicator-filter';
import { resolveOptions, type ResolvedOptions, type ServiceOptions } from './options';
import { redisSecrets } from './redis/address';
import { ReportCache } from './report-cache';
import { ReportStore, type Found } from './report-store';
import type { PaceLimit } from './sliding-window';
import type { Listener } from './waiter';
import { LOOKUPS_A_MESSAGE } from './waiting-room';

export type { Found };

export interface ServiceState extends SchedulerState {
  /** Lookups of this service that wait or are under way. */
  waiting: number;
  cache: { entries: number; bytes: number; hits: number; misses: number };
}

/**
 * Reports of VirusTotal: cache, then one request for everyone who asks, then the key's quota, then the API. All services with the
 * same API key in a process share its pace and its counts.
 */
export class VirusTotalService {
  /** What may be asked. */
  readonly filter: IndicatorFilter;
  readonly #options: ResolvedOptions;
  readonly #api: VirusTotalApi;
  readonly #cache: ReportCache | undefined;
  readonly #state: KeyState;
  readonly #reports: ReportStore | undefined;
  readonly #scheduler: KeyScheduler;
  readonly #member: Member;
  readonly #backend: Backend;
  #flights: Flights;
  readonly #listeners = new Set<() => void>();
  readonly #ignoreReports: () => void;
  /** MITRE ATT&CK trees by hash; few at a time, as they are asked for malicious files only. */
  #techniques: LRUCache<string, { trees: unknown }>;
  #closed: Promise<void> | undefined;
  #hasLeft = false;
  /** Another service goes on with what waits. */
  #successor: VirusTotalService | undefined;
  /** The one that this one took over from, as long as it has requests under way. */
  #predecessor: VirusTotalService | undefined;

  /** @throws VirusTotalError `VT_CONFIG` when an option can't be meant or the key is missing */
  constructor(options: ServiceOptions) {
    this.#options = resolveOptions(options);
    const { apiKey, apiVersion, apiUrl = '', timeout, tls, proxy, dispatcher } = this.#options;
    const { keyring = ours, redisUrl } = this.#options;
    this.#api = new VirusTotalApi({
      apiKey,
      apiVersion,
      timeout,
      ...(apiUrl ? { apiUrl } : {}),
      ...(tls ? { tls } : {}),
      ...(proxy ? { proxy } : {}),
      ...(dispatcher ? { dispatcher } : {}),
      secrets: redisSecrets(redisUrl),
    });
    this.filter = new IndicatorFilter(this.#options);
    // Last of what may be refused: it holds a connection that only `close` ends.
    this.#state = keyring.state(this.#options);
    this.#techniques = new LRUCache({ max: 100, ttl: this.#options.cacheTtl * 1000 });
    this.#cache = this.#options.cache
      ? (this.#options.reports ?? new ReportCache(cacheOptions(this.#options)))
      : undefined;
    this.#member = {
      limit: limitOf(this.#options),
      quota: { daily: this.#options.dailyQuota, monthly: this.#options.monthlyQuota },
      timeScale: this.#options.timeScale,
      store: this.#options.quotaStore,
      restart: this.#options.restartRecord,
      state: this.#state,
      figures: () => this.#api.overallQuotas(),
      changed: () => this.#notify(),
      suspended: this.#options.suspended === true,
    };
    const shared = this.#state.reports({ apiVersion, apiUrl });
    this.#reports = this.#cache && new ReportStore(apiVersion, this.#cache, shared);
    this.#scheduler = keyring.scheduler(apiKey);
    this.#backend = new Backend(this.#api, this.#reports);
    this.#flights = new Flights(this.#scheduler, this.#backend, this.#options);
    this.#scheduler.join(this.#member);
    this.#ignoreReports = shared.onReport((key) => this.#flights.heard(key));
  }

  /** The report from the cache, without asking anybody. */
  peek(indicator: Indicator): Found | undefined {
    return this.#reports?.peek(indicator);
  }

  /**
   * The report of an indicator that the filter let through.
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
    return this.#flights.join(this.#errand(indicator, options), options);
  }

  /**
   * Why a message with these lookups would be refused as a whole: `VT_QUEUE_FULL`, when there is no room at all and not all of them
   * are cached. Of one that has a few, or for which there is some room, each lookup is refused by itself.
   */
  refusal(indicators: readonly Indicator[], { refresh }: LookupOptions): VirusTotalError | undefined {
    if (indicators.length <= LOOKUPS_A_MESSAGE) return undefined;
    const refusal = this.#flights.refusal;
    if (!refusal || (!refresh && indicators.every((indicator) => this.#reports?.has(indicator))))
      return undefined;
    return refusal;
  }

  /** As `ask`, for many: a promise of its own for each takes more room than all that it waits for. */
  request(indicator: Indicator, options: LookupOptions, listener: Listener<Found>): void {
    this.#flights.request(this.#errand(indicator, options), options, listener);
  }

  #errand(indicator: Indicator, { refresh }: LookupOptions): ReportErrand {
    return new ReportErrand(this.#flights, indicator, refresh === true);
  }

  /**
   * The report of an indicator in any spelling, as a copy of its own.
   * @throws VirusTotalError in the promise; `VT_INVALID_IOC` also for one that may not be sent
   */
  async lookup(indicator: Indicator, options: LookupOptions = {}): Promise<Report> {
    const { report } = await this.find(this.filter.sendable(indicator), options);
    return report;
  }

  /**
   * What sandboxes saw of a file, as MITRE ATT&CK trees; undefined when they saw nothing. Costs a lookup, goes through the same queue
   * and is kept as long as a report.
   * @throws VirusTotalError in the promise; `VT_CONFIG` with API v2, `VT_INVALID_IOC` for what is no hash or may not be sent
   */
  async behaviourMitreTrees(sha256: string, options: LookupOptions = {}): Promise<unknown> {
    if (this.#options.apiVersion === 'v2')
      throw new VirusTotalError(
        'VT_CONFIG',
        'API v3 needed: v2 has no MITRE ATT&CK techniques. Choose v3 in the VirusTotal config',
      );
    const { value } = this.filter.sendable({ type: 'file', value: sha256 });
    const kept = this.#techniques.get(value);
    if (kept) return copyJson(kept.trees);
    const trees = await this.#flights.join<unknown>(new TechniquesErrand(this.#flights, value), options);
    if (this.#options.cache) this.#techniques.set(value, { trees });
    return copyJson(trees);
  }

  /** Whether VirusTotal takes the key, and what is left: see `testKey`. */
  test(): Promise<QuotaFigures | undefined> {
    return testKey(this.#options);
  }

  /** Between two requests on average, by the limit of the key, in ms; 0: there is none. */
  get paceMs(): number {
    return this.#scheduler.paceMs;
  }

  state(): ServiceState {
    const { entries = 0, bytes = 0, hits = 0, misses = 0 } = this.#cache ?? {};
    return {
      ...this.#scheduler.state(),
      waiting: this.#flights.lookups,
      cache: { entries, bytes, hits, misses },
    };
  }

  /** @returns how many reports were thrown away */
  clearCache(): number {
    return this.#reports?.clear() ?? 0;
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
  drop(owner: object, why: string): Promise<number> {
    return this.#flights.drop(owner, why);
  }

  /** Messages that have lookups waiting or under way: of one owner, or of all. */
  messages(owner?: object): number {
    return this.#successor ? 0 : this.#flights.messages(owner);
  }

  /** Whether the other one has the same API key. */
  sharesKeyWith(other: VirusTotalService): boolean {
    return this.#scheduler === other.#scheduler;
  }

  /** Starts to ask, where it was told to wait. */
  resume(): void {
    if (!this.#member.suspended) return;
    this.#member.suspended = false;
    this.#scheduler.resume();
  }

  /**
   * Leaves what waits in its place until `takeOver` or `close`, without asking for it: no lookup is lost while its config is deployed
   * anew. What is under way ends, and its report is there for those who wait for it.
   */
  park(): void {
    this.#leave();
    this.#listeners.clear();
  }

  /**
   * Goes on with all that waits in another service, in its order and by the settings of this one, which must be new. A parked one ends
   * with what it has under way. @returns false when it has another API key: nothing has changed then
   */
  takeOver(from: VirusTotalService): boolean {
    if (!this.sharesKeyWith(from) || from.#flights.closed || from.#successor) return false;
    from.#successor = this;
    this.#flights = from.#flights;
    const { cacheTtl, apiVersion, apiUrl } = this.#options;
    const before = from.#options;
    if (before.cacheTtl === cacheTtl && before.apiVersion === apiVersion && before.apiUrl === apiUrl)
      this.#techniques = from.#techniques;
    this.#flights.moveTo(this.#backend, this.filter, this.#options);
    // As long as a request takes at most, and then some.
    this.#predecessor = from;
    inBackground(from.rest(2 * before.timeout).then(() => (this.#predecessor = undefined)));
    return true;
  }

  /**
   * Lets go of timers and sockets; what waits may still be taken over, but is not asked for meanwhile.
   * @param mostMs for what is under way to end; after that it is given up, and asked for again by who takes over
   */
  rest(mostMs: number): Promise<void> {
    const before = this.#predecessor?.rest(mostMs);
    const rested = this.#backend.rest(mostMs);
    this.park();
    this.#closed ??= Promise.all([before, rested]).then(() => this.#state.close());
    return this.#closed;
  }

  /** Ends everything that waits with `VT_CLOSED`, and every timer and socket. May be called again. */
  close(why = 'The VirusTotal config was closed or redeployed'): Promise<void> {
    const ended = this.#successor ? Promise.resolve() : this.#flights.close(why);
    this.#closed ??= this.#close();
    this.#scheduler.forgetAbandoned();
    return Promise.all([ended, this.#closed]).then(() => undefined);
  }

  async #close(): Promise<void> {
    this.#leave();
    this.#listeners.clear();
    await Promise.all([this.#predecessor?.rest(0), this.#api.close()]);
    // After that, so that what was under way can be told to be over.
    await this.#state.close();
  }

  #leave(): void {
    if (this.#hasLeft) return this.#scheduler.forgetAbandoned();
    this.#hasLeft = true;
    this.#ignoreReports();
    this.#scheduler.leave(this.#member);
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

function cacheOptions(options: ResolvedOptions): ConstructorParameters<typeof ReportCache>[0] {
  return { size: options.cacheSize, ttl: options.cacheTtl, ttlUnknown: options.cacheTtlUnknown };
}

function limitOf(options: ResolvedOptions): PaceLimit {
  const { rateLimit, rateLimitMode: mode, rateLimitMs: ms, rateLimitCount: count, timeScale } = options;
  if (!rateLimit || (mode === 'spacing' && ms === 0)) return { mode: 'none' };
  return mode === 'spacing' ? { mode, ms } : { mode, count, windowMs: 60_000 * timeScale };
}
