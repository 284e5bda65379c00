import type { QuotaUsage } from '../api/quota-usage';
import { memoryBackend, type LimiterBackend } from './limiter-backend';
import { lowerAllowance, type QuotaLimits, type QuotaStore, type StoredCounts } from './quota-count';
import type { RestartRecord } from './restart-record';
import { maxTransitMs, withoutImplied, type SlidingWindow } from './sliding-window';

/** A service that uses the key, with the limits that its config requests. */
export interface KeyClient {
  /** Undefined: its rate is not limited. */
  limit: SlidingWindow | undefined;
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

/** Limits of a removed client, with the monotonic time until which they apply. */
interface Removed extends Partial<Pick<KeyClient, 'limit' | 'quota' | 'reserve'>> {
  until: number;
}

/**
 * The services that use the same API key. All their limits apply together. A deploy removes services and adds them again a little later.
 * So that it opens no gap, the limit of a removed client applies to the remaining and added ones until its window has passed.
 */
export class KeyClients {
  readonly #clients = new Set<KeyClient>();
  readonly #onExpired: () => void;
  #removed: Removed[] = [];
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
    return withoutImplied(this.#applying.map(({ limit }) => limit).filter((limit) => limit !== undefined));
  }

  get quota(): QuotaLimits {
    const quotas = this.#applying.map(({ quota }) => quota).filter((quota) => quota !== undefined);
    return {
      daily: quotas.map(({ daily }) => daily).reduce(lowerAllowance, 0),
      monthly: quotas.map(({ monthly }) => monthly).reduce(lowerAllowance, 0),
    };
  }

  /** The highest reserve of all, in percent of the day's quota. */
  get reserve(): number {
    return Math.max(0, ...this.#applying.map(({ reserve = 0 }) => reserve));
  }

  /** All whose limits apply. */
  get #applying(): Omit<Removed, 'until'>[] {
    const now = performance.now();
    return [...this.#clients, ...this.#removed.filter(({ until }) => until > now)];
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
    const { limit, quota, reserve = 0 } = client;
    const now = performance.now();
    // A request that was dispatched under this limit may arrive a little later.
    if (limit) this.#removed.push({ limit, until: now + limit.windowMs + maxTransitMs([limit]) });
    // Only while other clients remain: a raised quota applies at once.
    if (this.#clients.size > 0)
      this.#removed.push({ quota, reserve, until: now + QUOTA_GRACE_MS * this.#timeScale });
    else this.#removed = this.#removed.filter((removed) => removed.limit);
    this.#scheduleExpiry();
  }

  /** Without clients there is nothing to notify. */
  #scheduleExpiry(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    this.#removed = this.#removed.filter(({ until }) => until > now);
    const ends = this.#removed.map(({ until }) => until);
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
