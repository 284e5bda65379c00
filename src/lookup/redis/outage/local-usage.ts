import { randomBytes } from 'node:crypto';
import type { SlidingWindow } from '../../limiter-backend';
import type { LimitInForce } from '../reply';

/** A process that starts more than this in a window reports the last ones only to Redis. */
const MAX_STARTS = 10_000;

/** How many share the key, and which of them this is, so that each can keep to its part of the limit while Redis is away. */
export interface Partition {
  /** The limit is divided by that. */
  instances: number;
  /** Which of them this is, 0 up to `instances`. Undefined: it has not seen the others since its start. */
  index: number | undefined;
  /** Redis's clock less the monotonic one, in ms: a clock that all share once they have reached Redis. */
  clockOffset: number;
}

/**
 * What this process knows of its own use of a key in one Redis: what is reported to Redis when it has lost it, or was away; and what it last
 * heard there of its peers. It outlives a redeploy, so that one while Redis is away doesn't take the whole limit.
 */
export class LocalUsage {
  /** Distinguishes this instance from others. */
  readonly instanceId = randomBytes(6).toString('base64url');
  /** Id of the state in Redis; empty: Redis was never reached. */
  stateId = '';
  /** What Redis last said about the instances that share the key. */
  lastPartition: Partition | undefined;
  /** Other instances may start requests without Redis, as far as Redis has told. */
  isPartitioned = false;
  /** Monotonic time of the last heartbeat that said that this instance starts nothing without Redis. */
  lastOnlineHeartbeatAt = -Infinity;
  /** How many share the key by the config: they may start while Redis is away, unseen by those that are registered there. */
  configuredInstances = 1;
  /** The other instances that were there: a Redis that has lost them is told. */
  peers: readonly string[] = [];
  /** Starts made while Redis was away. */
  offlineStarts = 0;
  /** Those of them that are known to be in the common count. */
  offlineStartsReported = 0;
  #starts: { id: string; at: number }[] = [];
  /** The latest arrival that was expected of any start when it was made. */
  #newestAt = -Infinity;
  #retainMs = 1;
  #idCount = 0;
  /** Limits of all instances, with the monotonic time at which each ends. */
  readonly #limits = new Map<string, { window: SlidingWindow; until: number }>();

  /** By how many the limit is divided while Redis is away: those last seen, or those that the config names if they are more. */
  get partition(): Partition {
    const partition = this.lastPartition ?? { instances: 1, index: undefined, clockOffset: 0 };
    return { ...partition, instances: Math.max(partition.instances, this.configuredInstances) };
  }

  /** The limits that Redis last had in force for all instances. */
  get limits(): SlidingWindow[] {
    return [...this.#limits.values()].map(({ window }) => window);
  }

  /**
   * Redis has told the limits. One that goes away, or loses them, doesn't make them forgotten here: while it can't be asked they stay, and
   * then each ends when Redis last said that it would.
   */
  updateLimits(inForce: readonly LimitInForce[]): void {
    const now = performance.now();
    for (const { window, remainingMs } of inForce)
      this.#limits.set(`${window.count}:${window.windowMs}`, { window, until: now + remainingMs });
    for (const [name, { until }] of this.#limits) if (until <= now) this.#limits.delete(name);
  }

  retainFor(ms: number): void {
    this.#retainMs = ms;
  }

  /** An id that is unique among all instances. */
  nextId(): string {
    return `${this.instanceId}.${(++this.#idCount).toString(36)}`;
  }

  /** @param at monotonic time at which it arrives at VirusTotal at the latest */
  add(id: string, at: number): void {
    this.#starts.push({ id, at });
    this.#newestAt = Math.max(this.#newestAt, at);
    if (this.#starts.length >= 2 * MAX_STARTS) this.#trim();
  }

  /** More is known of when it arrives at the latest, on the monotonic clock. */
  restamp(id: string, at: number): void {
    const start = this.#starts.findLast((each) => each.id === id);
    if (start) start.at = at;
  }

  /** @returns whether it was there */
  remove(id: string): boolean {
    const at = this.#starts.findLastIndex((start) => start.id === id);
    if (at >= 0) this.#starts.splice(at, 1);
    return at >= 0;
  }

  /**
   * Starts of this key that were made before its state was in this Redis.
   * @param times monotonic times of this process's last starts, those that are known here among them
   */
  importStarts(times: readonly number[]): void {
    const newest = this.#newestAt;
    for (const at of times) if (at > newest) this.add(this.nextId(), at);
    this.#trim();
  }

  /** The last starts, for a heartbeat. */
  starts(): [ageMs: number, id: string][] {
    this.#trim();
    const now = performance.now();
    return this.#starts.map(({ at, id }) => [now - at, id]);
  }

  #trim(): void {
    const edge = performance.now() - this.#retainMs;
    this.#starts = this.#starts.filter(({ at }) => at > edge).slice(-MAX_STARTS);
  }
}
