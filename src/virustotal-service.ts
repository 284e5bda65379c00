import type { Indicator } from './ioc/ioc';
import type { ServiceOptions } from './lookup/options';
import { VirusTotalService as LookupService } from './lookup/service';
import type { Report } from './report/report';

/** How one lookup is made. */
export interface LookupOptions {
  /** The place in the queue: 0 goes first, 9 last. Default 5. */
  priority?: number | undefined;
  /** Ask VirusTotal although the report is cached. A request for it that is under way is joined. Default false. */
  refresh?: boolean | undefined;
  /** Ends the wait: the lookup rejects with `VT_CLOSED`. A request that was sent already counts against the quota all the same. */
  signal?: AbortSignal | undefined;
}

/** How much of an allowance is used up. */
export interface QuotaUse {
  /** The number of lookups made in this day or month (UTC), in every process that shares the count. */
  used: number;
  /** The number of lookups allowed; 0 means that they are not counted. */
  allowed: number;
}

/** What a service is doing at this moment, as plain data. */
export interface ServiceStats {
  /** The number of lookups of this service that wait or are under way. */
  waiting: number;
  /** The number of requests with this API key that are under way, for every service in this process. */
  requesting: number;
  /** The number of requests with this API key that this process has started. */
  requests: number;
  /** Milliseconds until the next request with this API key may start; 0 means now. */
  nextStartMs: number;
  /**
   * Why no request may start, or null: the code of the error that lookups would get, and whether VirusTotal asks to slow down (`rate`),
   * the day, the month or an unnamed quota is used up, or the key is refused.
   */
  problem: { code: string; text: string; reason: 'rate' | 'day' | 'month' | 'quota' | 'key' } | null;
  /**
   * Why quota and cache are not shared through Redis, although they are meant to be; else null. The limit is divided by
   * `share.instances` meanwhile; `share.met` says whether this process has met the others since it started.
   */
  sharingProblem: { code: string; text: string; share: { instances: number; met: boolean } } | null;
  /** What is used of the day and of the month. */
  quota: Record<'day' | 'month', QuotaUse>;
  /** The reports kept, their size in bytes, and how many lookups were answered from them (`hits`) or not (`misses`). */
  cache: { entries: number; bytes: number; hits: number; misses: number };
}

/** The events of a service. `change`: what `stats` returns may have changed. */
export interface ServiceEvents {
  /** Calls a listener on every event of this name. */
  on(event: 'change', listener: () => void): this;
  /** Calls a listener on the next event of this name. */
  once(event: 'change', listener: () => void): this;
  /** Stops calling a listener. */
  off(event: 'change', listener: () => void): this;
}

/**
 * Gets reports from VirusTotal: from the cache, else by one request for all lookups of the same report, within the rate limit
 * and the quotas of the API key. All services with the same key in a process share its rate limit and its counts.
 */
export interface VirusTotalService {
  /**
   * Looks up an indicator, in any spelling that `extractIocs` reads.
   *
   * @returns the report, as a copy that the caller may change; `response_code` is 0 when VirusTotal does not know the indicator
   * @throws VirusTotalError as a rejection; `VT_INVALID_IOC` also for an indicator that may not be sent (private, or on the allow list)
   */
  lookup(indicator: Indicator, options?: LookupOptions): Promise<Report>;
  /**
   * Ends all that waits with `VT_CLOSED`, and releases every socket and timer, so that the process can end. It may be called again.
   *
   * @param why - begins the message of these errors
   */
  close(why?: string): Promise<void>;
  /** Returns what the service is doing at this moment. */
  stats(): ServiceStats;
  /** Tells when `stats` would return something else. */
  readonly events: ServiceEvents;
}

/** The constructor of `VirusTotalService`. */
export interface VirusTotalServiceConstructor {
  /**
   * Makes a service.
   *
   * @throws VirusTotalError `VT_CONFIG` when an option is not valid or the API key is missing; the message names it
   */
  new (options: ServiceOptions): VirusTotalService;
}

/** Makes a `VirusTotalService`. Close it at the end: it holds sockets and timers. */
export const VirusTotalService: VirusTotalServiceConstructor = LookupService;
