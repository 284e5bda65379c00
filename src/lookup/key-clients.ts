import type { QuotaFigures } from '../api/quota-figures';
import type { LimiterBackend } from './limiter-backend';
import { memoryBackend } from './memory-backend';
import type { QuotaLimits, QuotaStore, StoredCounts } from './quota-count';
import type { RestartRecord } from './restart-record';
import {
  maxTransitMs,
  slidingWindowOf,
  withoutImplied,
  type RateLimit,
  type SlidingWindow,
} from './sliding-window';

/** A service that uses the key, and how its user wants the key treated. */
export interface KeyClient {
  limit: RateLimit;
  quota: QuotaLimits;
  timeScale: number;
  quotaStore: QuotaStore | undefined;
  restart: RestartRecord | undefined;
  /** What is shared with other instances, and how. */
  backend: LimiterBackend;
  /** Asks VirusTotal what is left; undefined when it doesn't say. Costs no quota. */
  fetchUsage(): Promise<QuotaFigures | undefined>;
  /** Waiting, problem or counts changed. */
  onChange(): void;
  /** It asks for nothing yet: what waits keeps its place. */
  suspended?: boolean;
}

/** For how long the quota of one who left still holds for the others, in ms. */
const QUOTA_GRACE_MS = 60_000;

/** What one who left wished, and until when, on the monotonic clock. */
interface Expiring<T> {
  value: T;
  until: number;
}

/**
 * The services that share one key. It is one key: all they wish holds. A deploy takes services away and brings them back a little later,
 * all of them perhaps: until its window is over, the limit of one that left holds for those who stay or come.
 */
export class KeyClients {
  readonly #clients = new Set<KeyClient>();
  readonly #onExpired: () => void;
  #removedWindows: Expiring<SlidingWindow>[] = [];
  /** Only while others stayed: a quota that was raised is to be had at once. */
  #removedQuotas: Expiring<QuotaLimits>[] = [];
  #timeScale = 1;
  #timer: NodeJS.Timeout | undefined;

  /** @param onExpired called when a wish no longer holds, unless nobody is left to hear of it */
  constructor(onExpired: () => void) {
    this.#onExpired = onExpired;
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Somebody may ask: not so while a deploy takes the services away and brings them back. */
  get active(): boolean {
    for (const { suspended } of this.#clients) if (!suspended) return true;
    return false;
  }

  get timeScale(): number {
    return this.#timeScale;
  }

  /** All of them hold; none: no limit. */
  get windows(): SlidingWindow[] {
    const now = performance.now();
    const windows = [...this.#clients].map(({ limit }) => slidingWindowOf(limit));
    const removed = this.#removedWindows.filter(({ until }) => until > now).map(({ value }) => value);
    return withoutImplied([...windows.filter((window) => window !== undefined), ...removed]);
  }

  get quota(): QuotaLimits {
    const now = performance.now();
    const removed = this.#removedQuotas.filter(({ until }) => until > now).map(({ value }) => value);
    const quotas = [...[...this.#clients].map(({ quota }) => quota), ...removed];
    return {
      daily: lowestAllowance(quotas.map(({ daily }) => daily)),
      monthly: lowestAllowance(quotas.map(({ monthly }) => monthly)),
    };
  }

  /** One that more than this process uses knows more. */
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
    const now = performance.now();
    const window = slidingWindowOf(client.limit);
    // What left under it may arrive a little later.
    if (window)
      this.#removedWindows.push({ value: window, until: now + window.windowMs + maxTransitMs([window]) });
    if (this.#clients.size === 0) this.#removedQuotas = [];
    else this.#removedQuotas.push({ value: client.quota, until: now + QUOTA_GRACE_MS * this.#timeScale });
    this.#scheduleExpiry();
  }

  /** While nobody has the key there is nobody to tell. */
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

  /** What VirusTotal says to the first member who is told anything: those of API v2 are not. */
  async fetchUsage(): Promise<QuotaFigures | undefined> {
    for (const client of [...this.#clients]) {
      const usage = await client.fetchUsage();
      if (usage) return usage;
    }
    return undefined;
  }
}

function lowestAllowance(allowances: number[]): number {
  const counted = allowances.filter((allowed) => allowed > 0);
  return counted.length === 0 ? 0 : Math.min(...counted);
}
