import type { Dispatcher } from 'undici';
import type { ProxyOptions, TlsOptions } from '../api/options';
import { quote, VirusTotalError } from '../errors';
import type { KeyRegistry } from './key-registry';
import type { QuotaStore } from './quota-count';
import type { ReportCache } from './report-cache';
import type { RestartRecord } from './restart-record';

/** Options of a `VirusTotalService`, named as the properties of the config node. */
export interface ServiceOptions {
  /** The API key. */
  apiKey: string;
  /** Default "v3". */
  apiVersion?: 'v3' | 'v2';
  /** Base URL, with or without the last slash. Default: VirusTotal's own for the version. */
  apiUrl?: string;
  /** Limit the rate of requests at all. Default true. */
  rateLimit?: boolean;
  /** `spacing`: at least `rateLimitMs` between two starts. `window`: at most `rateLimitCount` in any 60 s. Default "spacing". */
  rateLimitMode?: 'spacing' | 'window';
  /** Milliseconds. Default 15000: the public key's 4 a minute. */
  rateLimitMs?: number;
  /** Starts in any sliding 60 s. Default 4. */
  rateLimitCount?: number;
  /** Lookups a day, turning at 00:00 UTC; 0: not counted. Default 500. */
  dailyQuota?: number;
  /** Lookups a month, turning at 00:00 UTC of the 1st; 0: not counted. Default 15500. */
  monthlyQuota?: number;
  /** What waiting and new lookups do once the day or month is spent: `fail` with `VT_QUOTA`, or `wait`. Default "fail". */
  onQuota?: 'fail' | 'wait';
  /** Keep reports. Default true. */
  cache?: boolean;
  /** Reports kept, 1 to 500, in 64 MiB at most. Default 500. */
  cacheSize?: number;
  /** Seconds a report is kept. Default 3600. */
  cacheTtl?: number;
  /** Seconds that "unknown" and "still queued" are kept. Default 300. */
  cacheTtlUnknown?: number;
  /** Milliseconds for one request, from connecting to the last byte. Default 30000. */
  timeout?: number;
  /** Messages that may wait, and ten times as many lookups; one more is refused with `VT_QUEUE_FULL`. Default 10000. */
  maxQueue?: number;
  /** Never send private, reserved or internal indicators. Default true. */
  skipPrivate?: boolean;
  /** One per line: domain, IP, CIDR, hash or URL prefix that is never sent. */
  allowList?: string;
  /** What to trust and how to identify. Default: Node's own certificate authorities, and no client certificate. */
  tls?: TlsOptions;
  /** The proxy to go through. Default: what `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` say. */
  proxy?: ProxyOptions;
  /** An undici dispatcher to use instead of an own one; it is not closed with the service. */
  dispatcher?: Dispatcher;
  /** `redis`: quota and cache are shared with every instance that names the same Redis and has the same key. Default "memory". */
  store?: 'memory' | 'redis';
  /** For `store: "redis"`: `redis://user:password@host:6379/0`, or `rediss://` for TLS; `?sentinel=NAME`, `?cluster=true`. */
  redisUrl?: string;
  /**
   * For `store: "redis"`, 1 to 1000: how many instances share the key. Until this process has seen the others in Redis, and while Redis is
   * away, it keeps to its share of the limit and of the quotas, or to less when more were seen. Default 1.
   */
  instances?: number;
}

/** What a host gives a service beside: what outlives the service or the process, and what tests and simulations need. */
export interface HostOptions extends ServiceOptions {
  /** Schedulers and limiter backends by key. Default: those of this process. */
  keyRegistry?: KeyRegistry;
  /** Where the day and month counts outlive the process. Default: nowhere. */
  quotaStore?: QuotaStore;
  /**
   * What the next process is to know of this one's last requests. Default: nothing, so that two processes in a row may make twice as many
   * as the rate limit allows.
   */
  restartRecord?: RestartRecord;
  /** @internal Start no request until `resume` is called. Default false. */
  suspended?: boolean;
  /** @internal A cache that outlives the service. Default: one of its own. */
  reports?: ReportCache;
  /**
   * Factor on every wait that is VirusTotal's and not the user's: the 60 s window and pause, the back-off, the five
   * minutes after a refused key. Default 1; tests and simulations take less.
   */
  timeScale?: number;
}

type Defaulted = Required<
  Omit<
    HostOptions,
    | 'apiKey'
    | 'tls'
    | 'proxy'
    | 'dispatcher'
    | 'quotaStore'
    | 'restartRecord'
    | 'suspended'
    | 'reports'
    | 'apiUrl'
    | 'redisUrl'
    | 'keyRegistry'
  >
>;
export type ResolvedOptions = Defaulted & HostOptions;

const DEFAULTS: Defaulted = {
  apiVersion: 'v3',
  rateLimit: true,
  rateLimitMode: 'spacing',
  rateLimitMs: 15_000,
  rateLimitCount: 4,
  dailyQuota: 500,
  monthlyQuota: 15_500,
  onQuota: 'fail',
  cache: true,
  cacheSize: 500,
  cacheTtl: 3600,
  cacheTtlUnknown: 300,
  timeout: 30_000,
  maxQueue: 10_000,
  skipPrivate: true,
  allowList: '',
  timeScale: 1,
  store: 'memory',
  instances: 1,
};

const WHOLE: Record<string, [min: number, max: number]> = {
  rateLimitMs: [0, 86_400_000],
  rateLimitCount: [1, 1_000_000],
  dailyQuota: [0, Number.MAX_SAFE_INTEGER],
  monthlyQuota: [0, Number.MAX_SAFE_INTEGER],
  cacheSize: [1, 500],
  cacheTtl: [1, 31_536_000],
  cacheTtlUnknown: [1, 31_536_000],
  timeout: [1, 3_600_000],
  maxQueue: [1, 10_000_000],
  instances: [1, 1000],
};

const CHOICES: Record<string, readonly string[]> = {
  apiVersion: ['v3', 'v2'],
  rateLimitMode: ['spacing', 'window'],
  onQuota: ['fail', 'wait'],
  store: ['memory', 'redis'],
};

/**
 * Fills in the defaults and refuses what can't be meant. The API key and URLs are judged by the API client.
 * @throws VirusTotalError `VT_CONFIG` naming the option, its value and what it may be.
 */
export function resolveOptions(options: HostOptions): ResolvedOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const resolved = { ...DEFAULTS, ...Object.fromEntries(given) } as ResolvedOptions;
  const values = resolved as unknown as Record<string, unknown>;
  for (const [name, [min, max]] of Object.entries(WHOLE)) {
    const value = values[name];
    if (!Number.isInteger(value) || (value as number) < min || (value as number) > max)
      throw new VirusTotalError(
        'VT_CONFIG',
        `Not valid: ${name} is ${quote(value)} (${typeof value}); it takes a whole number from ${min} to ${max}`,
      );
  }
  for (const [name, choices] of Object.entries(CHOICES)) {
    if (!choices.includes(values[name] as string))
      throw new VirusTotalError(
        'VT_CONFIG',
        `Not valid: ${name} is ${quote(values[name])}; it takes ${choices.join(' or ')}`,
      );
  }
  if (!(resolved.timeScale > 0))
    throw new VirusTotalError(
      'VT_CONFIG',
      `Not valid: timeScale is ${quote(resolved.timeScale)} (${typeof resolved.timeScale}); it takes a number above 0`,
    );
  return resolved;
}
