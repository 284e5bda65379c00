import type { QuotaUsage } from '../api/quota-usage';
import { memoryBackend, type LimiterBackend } from './limiter-backend';
import { lowerAllowance, type QuotaLimits, type QuotaStore, type StoredCounts } from './quota-count';
import type { RestartRecord } from './restart-record';
import {
  maxTransitMs,
  slidingWindowOf,
  withoutImplied,
  type RateLimit,
  type SlidingWindow,
} from './sliding-window';

/** A service that uses the key, with the limits that its config requests. */
export interface KeyClient {
  limit: RateLimit;
  quota: QuotaLimits;
  /** Percent of the day's quota that only urgent requests may use. Default 0. */
  reserve?: number;
  timeScale: number;
  quotaStore: QuotaStore | undefined;
  restart: RestartRecord | undefined;
  /** The state that is shared with other instances. */
  backend: LimiterBackend;
  /** Asks VirusTotal for the used quota; undefined if it does not say (API v2). Costs no quota. */
  fetchUsage(): Promise<QuotaUsage | undefined>;
  /** Called when the queue, the problem or the counts have changed. */
  onChange(): void;
  /** True while the client starts no requests. Waiting lookups keep their place. */
  suspended?: boolean;
}

/** For how long the quota of a removed client still applies to the others, in ms. */
const QUOTA_GRACE_MS = 60_000;

/** A limit of a removed client, with the monotonic time until which it applies. */
interface Expiring<T> {
  value: T;
  until: number;
}

/**
 * The services that use the same API key. All their limits apply together. A deploy removes services and adds them again a little later.
 * So that it opens no gap, the limit of a removed client applies to the remaining and added ones until its window has passed.
 */
export class KeyClients {
  readonly #clients = new Set<KeyClient>();
  readonly #onExpired: () => void;
  #removedWindows: Expiring<SlidingWindow>[] = [];
  /** Only while other clients remain: a raised quota applies at once. */
  #removedQuotas: Expiring<Pick<KeyClient, 'quota' | 'reserve'>>[] = [];
  #timeScale = 1;
  #timer: NodeJS.Timeout | undefined;

  /** @param onExpired called when a limit of a removed client expires, unless no client is left */
  constructor(onExpired: () => void) {
    this.#onExpired = onExpired;
  }

  get size(): number {
    return this.#clients.size;
  }

  /** True if a client may start requests. False while a deploy removes and re-adds the clients, and while all are suspended. */
  get active(): boolean {
    for (const { suspended } of this.#clients) if (!suspended) return true;
    return false;
  }

  get timeScale(): number {
    return this.#timeScale;
  }

  /** The windows of all limits; all of them apply. Empty: no limit. */
  get windows(): SlidingWindow[] {
    const now = performance.now();
    const windows = [...this.#clients].map(({ limit }) => slidingWindowOf(limit));
    const removed = this.#removedWindows.filter(({ until }) => until > now).map(({ value }) => value);
    return withoutImplied([...windows.filter((window) => window !== undefined), ...removed]);
  }

  get quota(): QuotaLimits {
    const quotas = this.#withRemoved.map(({ quota }) => quota);
    return {
      daily: quotas.map(({ daily }) => daily).reduce(lowerAllowance, 0),
      monthly: quotas.map(({ monthly }) => monthly).reduce(lowerAllowance, 0),
    };
  }

  /** The highest reserve of all, in percent of the day's quota. */
  get reserve(): number {
    return Math.max(0, ...this.#withRemoved.map(({ reserve = 0 }) => reserve));
  }

  get #withRemoved(): Pick<KeyClient, 'quota' | 'reserve'>[] {
    const now = performance.now();
    const removed = this.#removedQuotas.filter(({ until }) => until > now).map(({ value }) => value);
    return [...this.#clients, ...removed];
  }

  /** Prefers a shared backend: it also sees other processes. */
  get backend(): LimiterBackend {
    const backends = [...this.#clients].map(({ backend }) => backend);
    return backends.find(({ shared }) => shared) ?? backends[0] ?? memoryBackend;
  }

  add(client: KeyClient): void {
    this.#clients.add(client);
    this.#timeScale = client.timeScale;
    this.#scheduleExpiry();
  }

  delete(client: KeyClient): void {
    this.#clients.delete(client);
    const { quota, reserve = 0 } = client;
    const now = performance.now();
    const window = slidingWindowOf(client.limit);
    // A request that was dispatched under this limit may arrive a little later.
    if (window)
      this.#removedWindows.push({ value: window, until: now + window.windowMs + maxTransitMs([window]) });
    if (this.#clients.size === 0) this.#removedQuotas = [];
    else
      this.#removedQuotas.push({ value: { quota, reserve }, until: now + QUOTA_GRACE_MS * this.#timeScale });
    this.#scheduleExpiry();
  }

  /** Without clients there is nothing to notify. */
  #scheduleExpiry(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    this.#removedWindows = this.#removedWindows.filter(({ until }) => until > now);
    this.#removedQuotas = this.#removedQuotas.filter(({ until }) => until > now);
    const ends = [...this.#removedWindows, ...this.#removedQuotas].map(({ until }) => until);
    if (ends.length === 0 || this.#clients.size === 0) return;
    this.#timer = setTimeout(
      () => {
        this.#scheduleExpiry();
        this.#onExpired();
      },
      Math.ceil(Math.min(...ends) - now),
    ).unref();
  }

  /** @param counts for a store that takes so long, in ms, until what it gets outlives a process that is killed */
  save(counts: (delayMs: number) => StoredCounts): void {
    for (const { quotaStore } of this.#clients) quotaStore?.save(counts(quotaStore.delayMs ?? 0));
  }

  notify(): void {
    for (const client of this.#clients) client.onChange();
  }

  /** Usage from the first client that VirusTotal gives any: those of API v2 get none. */
  async fetchUsage(): Promise<QuotaUsage | undefined> {
    for (const client of [...this.#clients]) {
      const usage = await client.fetchUsage();
      if (usage) return usage;
    }
    return undefined;
  }
}
