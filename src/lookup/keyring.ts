import { keyFingerprint } from '../api/key-fingerprint';
import { KeyScheduler } from './key-scheduler';
import type { KeyState } from './key-state';
import { memoryState } from './memory-state';
import { redisAddress, type RedisAddress } from './redis/address';
import { OwnUse } from './redis/own-use';
import type * as RedisState from './redis/redis-key-state';

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
export class Keyring {
  readonly #schedulers = new Map<string, KeyScheduler>();
  readonly #redisStates = new Map<string, RedisState.RedisKeyState>();
  readonly #ownUses = new Map<string, OwnUse>();

  /** The one scheduler of a key. */
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
   * Where a key's state is kept; to be closed by who asked.
   * @throws VirusTotalError `VT_CONFIG` for a Redis URL that can't be read
   */
  state({ apiKey, store, redisUrl = '', instances = 1 }: StateOptions): KeyState {
    return store === 'redis' ? this.#redisState(apiKey, redisAddress(redisUrl), instances) : memoryState;
  }

  /** Services that share key and Redis share a connection. */
  #redisState(apiKey: string, address: RedisAddress, instances: number): KeyState {
    const name = keyFingerprint(apiKey, address);
    let state = this.#redisStates.get(name);
    if (!state) {
      const own = this.#ownUses.get(name) ?? new OwnUse();
      this.#ownUses.set(name, own);
      state = new (redisState().RedisKeyState)(apiKey, address, own, () => this.#redisStates.delete(name));
      this.#redisStates.set(name, state);
    }
    return state.use(instances);
  }
}

/** That of this process. */
export const keyring = new Keyring();

/** Loaded when a config uses it: most keep all in memory. */
function redisState(): typeof RedisState {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('./redis/redis-key-state') as typeof RedisState;
}
