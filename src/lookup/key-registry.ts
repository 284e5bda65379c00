import { keyFingerprint } from '../api/key-fingerprint';
import { KeyScheduler } from './key-scheduler';
import { memoryBackend, type LimiterBackend } from './limiter-backend';
import { redisAddress, type RedisAddress } from './redis/address';
import { LocalUsage } from './redis/outage/local-usage';
import type * as RedisState from './redis/redis-backend';

/** What of a Redis URL must be in no text. */
export { redisSecrets } from './redis/address';

/** Where a key's state is kept, as `ServiceOptions` says it. */
export interface StateOptions {
  apiKey: string;
  store?: 'memory' | 'redis';
  redisUrl?: string;
  instances?: number;
}

/**
 * What this process has of each API key: VirusTotal counts by key, whichever node asks and however often it is redeployed. The keys
 * themselves are not kept here.
 */
export class KeyRegistry {
  readonly #schedulers = new Map<string, KeyScheduler>();
  readonly #redisBackends = new Map<string, RedisState.RedisBackend>();
  readonly #localUsage = new Map<string, LocalUsage>();

  /** @internal The one scheduler of a key. */
  scheduler(apiKey: string): KeyScheduler {
    const fingerprint = keyFingerprint(apiKey);
    let scheduler = this.#schedulers.get(fingerprint);
    if (!scheduler) {
      scheduler = new KeyScheduler();
      this.#schedulers.set(fingerprint, scheduler);
    }
    return scheduler;
  }

  /**
   * The backend of a key's limiter; the caller closes it.
   * @internal
   * @throws VirusTotalError `VT_CONFIG` for a Redis URL that can't be read
   */
  backend({ apiKey, store, redisUrl = '', instances = 1 }: StateOptions): LimiterBackend {
    return store === 'redis' ? this.#redisBackend(apiKey, redisAddress(redisUrl), instances) : memoryBackend;
  }

  /** Services that share key and Redis share a connection. */
  #redisBackend(apiKey: string, address: RedisAddress, instances: number): LimiterBackend {
    const name = keyFingerprint(apiKey, address);
    let backend = this.#redisBackends.get(name);
    if (!backend) {
      const usage = this.#localUsage.get(name) ?? new LocalUsage();
      this.#localUsage.set(name, usage);
      backend = new (loadRedisBackend().RedisBackend)(apiKey, address, usage, () =>
        this.#redisBackends.delete(name),
      );
      this.#redisBackends.set(name, backend);
    }
    return backend.retain(instances);
  }
}

/** The registry of this process. */
export const defaultRegistry = new KeyRegistry();

/** Loaded when a config uses it: most keep all in memory. */
function loadRedisBackend(): typeof RedisState {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('./redis/redis-backend') as typeof RedisState;
}
