import type { Dispatcher } from 'undici';
import type { ProxyOptions, TlsOptions } from '../api/options';
import { quote, VirusTotalError } from '../errors';
import { defaultsOf, numberOf, OPTIONS, rangeText, type Option } from '../options';
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
  /** Percent of `dailyQuota` that only lookups of priority 0 to 5 may use, 0 to 99; 0: none. Default 20. */
  reserve?: number;
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
  /** @internal For Node-RED, which keeps the cache over a restart. Default true. */
  keepCache?: boolean;
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

/** The options of a service after validation, with a value for each option that has a default. */
export type ResolvedOptions = Required<Pick<HostOptions, keyof HostOptions & keyof typeof DEFAULTS>> &
  HostOptions;

const { name: _label, apiUrl: _version, ...CONFIG } = defaultsOf('virustotal-config');
const DEFAULTS = { ...CONFIG, timeScale: 1 };

/**
 * Fills in the defaults and refuses what can't be meant. The API key and URLs are judged by the API client.
 * @throws VirusTotalError `VT_CONFIG` naming the option, its value and what it may be.
 */
export function resolveOptions(options: HostOptions): ResolvedOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved: ResolvedOptions = { ...DEFAULTS, ...(given as unknown as HostOptions) };
  const values = resolved as unknown as Record<string, unknown>;
  for (const [name, option] of Object.entries<Option>(OPTIONS['virustotal-config'])) {
    const value = values[name];
    if (option.kind === 'number' && (typeof value !== 'number' || numberOf(option, value) === undefined))
      throw refused(`${name} is ${quote(value)} (${typeof value}); it takes ${rangeText(option)}`);
    if (option.kind === 'choice' && !option.choices.includes(value as string))
      throw refused(`${name} is ${quote(value)}; it takes ${option.choices.join(' or ')}`);
  }
  const { timeScale } = resolved;
  if (!(timeScale > 0))
    throw refused(`timeScale is ${quote(timeScale)} (${typeof timeScale}); it takes a number above 0`);
  return resolved;
}

function refused(problem: string): VirusTotalError {
  return new VirusTotalError('VT_CONFIG', `Not valid: ${problem}`);
}
