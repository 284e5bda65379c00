import type { BackendClient } from '../limiter-backend';
import type { RedisHealth } from './health';
import type { KeyNames } from './key-names';
import type { LocalUsage } from './local-usage';
import type { Reply } from './reply';
import { UnexpectedReplyError } from './unexpected-reply';

/** An instance without a heartbeat for this long, in ms, is gone. */
const INSTANCE_TTL_MS = 5_000;
/**
 * An instance that has peers starts nothing without Redis before this many ms after the last heartbeat that didn't say so: by then the peers
 * that still reach Redis keep to their part of each limit (`isPartitioned` in commands/includes/partition.lua).
 */
export const OFFLINE_AFTER_MS = 1_500;
/** A resync is over after two or three. */
const MAX_ROUNDS = 10;

/**
 * This instance's registration among those that share a key.
 *
 * - Unregistered (before the first heartbeat that is answered, after `deregister`, or without one for `INSTANCE_TTL_MS`): the
 *   peers divide limits and quotas among themselves without it.
 * - Registered: a heartbeat renews it and brings the shared count, the block and the peers. It also carries what is marked as dirty.
 * - Resyncing, when Redis was away (health down), has lost its data (another epoch), or asks all for it: the heartbeat is repeated, each
 *   time with what only this instance knows (its last starts and its count), until Redis asks for no more. Health counts as up only after that, so
 *   until then this instance starts nothing by Redis, and Redis lets nobody start while it waits for those that it has asked.
 *
 * A heartbeat that isn't answered changes nothing here; `RedisHealth` decides when Redis counts as away.
 */
export class Membership {
  readonly #health: RedisHealth;
  readonly #names: KeyNames;
  readonly #usage: LocalUsage;
  readonly #onReply: (reply: Reply, asked: number) => void;
  /** Redis has the starts and the counts of this process. */
  #startsReported = false;
  #countsReported = false;
  #pending: Promise<boolean> | undefined;

  /** @param onReply gets each reply, and when the request was sent, on the monotonic clock */
  constructor(
    health: RedisHealth,
    names: KeyNames,
    usage: LocalUsage,
    onReply: (reply: Reply, asked: number) => void,
  ) {
    this.#health = health;
    this.#names = names;
    this.#usage = usage;
    this.#onReply = onReply;
  }

  /** The count of this process has grown by more than Redis knows. */
  markCountsDirty(): void {
    this.#countsReported = false;
  }

  markStartsDirty(): void {
    this.#startsReported = false;
  }

  /** One at a time. @returns whether everything was reported again, as Redis had lost it or was away */
  heartbeat(client: BackendClient | undefined, windowMs: number): Promise<boolean> {
    this.#pending ??= this.#heartbeat(client, windowMs).finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  async deregister(): Promise<void> {
    if (this.#health.isUp) await this.#health.run('vtDeregister', { instance: this.#usage.instanceId });
  }

  async #heartbeat(client: BackendClient | undefined, windowMs: number): Promise<boolean> {
    const usage = this.#usage;
    const offlineStartsKey = this.#names.offlineStarts(usage.instanceId);
    let resync: string | undefined;
    for (let round = 1; ; round++) {
      const sentAt = performance.now();
      const { offlineStarts } = usage;
      const unreported = offlineStarts - usage.offlineStartsReported;
      const isOffline = this.#health.isDown;
      if (!isOffline) usage.lastOnlineHeartbeatAt = sentAt;
      const fullResync = !this.#health.isUp || round > 1;
      const reportStarts = fullResync || !this.#startsReported;
      const counts = fullResync || !this.#countsReported ? client?.counts() : undefined;
      const args = {
        ...{ instance: usage.instanceId, instanceTtlMs: INSTANCE_TTL_MS, windowMs, isOffline },
        ...{ epoch: usage.epoch || undefined, peers: usage.peers, resync },
        ...{ offlineStarts, offlineStartsReported: usage.offlineStartsReported },
        counts: counts && {
          ...counts,
          dayUsed: counts.dayUsed - unreported,
          monthUsed: counts.monthUsed - unreported,
        },
        starts: reportStarts ? usage.starts() : undefined,
      };
      const reply = await this.#health.run('vtHeartbeat', args, [offlineStartsKey]);
      if (reply === undefined) return false;
      const { epoch: redisEpoch, present, resyncId } = reply;
      if (!present.includes(usage.instanceId))
        throw new UnexpectedReplyError('vtHeartbeat', 'this instance among those that are there', present);
      usage.offlineStartsReported = offlineStarts;
      const lostMemory = usage.epoch !== '' && usage.epoch !== redisEpoch;
      const all = usage.updatePeers(present, lostMemory, INSTANCE_TTL_MS);
      usage.lastPartition = {
        instances: all.length,
        index: all.indexOf(usage.instanceId),
        clockOffset: reply.now - performance.now(),
      };
      usage.limits.update(reply.limits);
      usage.isPartitioned = reply.isPartitioned;
      usage.epoch = redisEpoch;
      if (reportStarts) this.#startsReported = true;
      if (counts) this.#countsReported = true;
      // A request sent before this instance went offline, or before Redis lost its data, lacks that; from now on it starts nothing offline.
      const needsResync = this.#health.isDown || (lostMemory && !fullResync);
      if ((needsResync || resyncId !== undefined) && round < MAX_ROUNDS) {
        this.#health.onAnswer();
        resync = resyncId;
        continue;
      }
      this.#onReply(reply, sentAt);
      this.#health.markUp();
      return fullResync;
    }
  }
}
