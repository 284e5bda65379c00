import { maxTransitMs, type BackendClient, type SlidingWindow } from '../../limiter-backend';
import type { RedisHealth } from '../health';
import type { KeyNames } from '../key-names';
import type { RedisLease } from '../normal/leases';
import type { HeartbeatReply } from '../reply';
import { UnexpectedReplyError } from '../unexpected-reply';
import type { LocalUsage } from './local-usage';

/** An instance without a heartbeat for this long, in ms, is gone. */
const INSTANCE_TTL_MS = 5_000;
/**
 * An instance that has peers starts nothing without Redis before this many ms after the last heartbeat that didn't say so: by then the peers
 * that still reach Redis keep to their part of each limit (`isPartitioned` in commands/includes/partition.lua).
 */
export const OFFLINE_AFTER_MS = 1_500;

/** What a heartbeat came to. */
export interface Heartbeat {
  reply: HeartbeatReply;
  /** Monotonic time: what this process learned since then isn't in the reply. */
  sentAt: number;
  /** It told all that this process knows, as Redis may have lost it. */
  isFull: boolean;
}

/**
 * This instance's registration among those that share a key.
 *
 * - Unregistered (before the first heartbeat that is answered, after `deregister`, or without one for `INSTANCE_TTL_MS`): the
 *   peers divide limits and quotas among themselves without it.
 * - Registered: a heartbeat renews it, its limits, which apply to all instances, and its leases, and brings the shared count, the block and the
 *   peers. It also carries what is marked as dirty.
 * - Coming back, when Redis was away (health isn't up) or has lost its data (another state id): a full heartbeat tells what only this
 *   instance knows, its last starts and its count. Health counts as up only after that, so until then this instance starts nothing by Redis; and
 *   Redis lets no instance start for a quiet window, in which the others come back (commands/heartbeat-6.lua).
 *
 * A heartbeat that isn't answered changes nothing here; `RedisHealth` decides when Redis counts as away.
 */
export class Membership {
  /** Of the requests that run. */
  readonly leases = new Set<RedisLease>();
  readonly #health: RedisHealth;
  readonly #names: KeyNames;
  readonly #usage: LocalUsage;
  /** Redis has the starts and the counts of this process. */
  #startsReported = false;
  #countsReported = false;
  /** The limits that this instance keeps to, and those that it has kept to until Redis knows that it doesn't. */
  #limits: readonly SlidingWindow[] = [];
  #droppedLimits: readonly SlidingWindow[] = [];
  #pending: Promise<Heartbeat | undefined> | undefined;
  #isDeregistered = false;

  constructor(health: RedisHealth, names: KeyNames, usage: LocalUsage) {
    this.#health = health;
    this.#names = names;
    this.#usage = usage;
  }

  /** The count of this process has grown by more than Redis knows. */
  markCountsDirty(): void {
    this.#countsReported = false;
  }

  markStartsDirty(): void {
    this.#startsReported = false;
  }

  /** For the next heartbeat. VirusTotal counts by key: the strictest limit of any instance has to hold for all. */
  setLimits(limits: readonly SlidingWindow[]): void {
    const kept = new Set(limits.map(nameOf));
    this.#droppedLimits = [...this.#droppedLimits, ...this.#limits].filter((each) => !kept.has(nameOf(each)));
    this.#limits = limits;
  }

  /**
   * One at a time.
   * @param hasNews not to be answered by one that is under way: there is something that it doesn't tell
   * @returns undefined when it wasn't answered
   */
  async heartbeat(
    client: BackendClient | undefined,
    windows: readonly SlidingWindow[],
    hasNews = false,
  ): Promise<Heartbeat | undefined> {
    if (hasNews) await this.#pending;
    this.#pending ??= this.#heartbeat(client, windows).finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  /** For good. */
  async deregister(): Promise<void> {
    this.#isDeregistered = true;
    if (!this.#health.isUp) return;
    const limits = [...this.#limits, ...this.#droppedLimits].map(encodeLimit);
    await this.#health.run('vtDeregister', { instance: this.#usage.instanceId, limits });
  }

  async #heartbeat(
    client: BackendClient | undefined,
    windows: readonly SlidingWindow[],
  ): Promise<Heartbeat | undefined> {
    const { stateId } = this.#usage;
    const first = await this.#send(client, windows, !this.#health.isUp);
    if (!first) return undefined;
    const isOffline = this.#health.isDown;
    // From now on it starts nothing offline: what the next heartbeat tells is whole.
    if (isOffline) this.#health.onAnswer();
    const hasLost = stateId !== first.reply.stateId;
    if (!isOffline && (first.isFull || !hasLost)) return first;
    return this.#send(client, windows, true);
  }

  async #send(
    client: BackendClient | undefined,
    windows: readonly SlidingWindow[],
    isFull: boolean,
  ): Promise<Heartbeat | undefined> {
    if (this.#isDeregistered) return undefined;
    const usage = this.#usage;
    const sentAt = performance.now();
    const { offlineStarts } = usage;
    const unreported = offlineStarts - usage.offlineStartsReported;
    const isOffline = this.#health.isDown;
    if (!isOffline) usage.lastOnlineHeartbeatAt = sentAt;
    const reportStarts = isFull || !this.#startsReported;
    const counts = isFull || !this.#countsReported ? client?.counts() : undefined;
    const droppedLimits = this.#droppedLimits;
    const leases = [...this.leases];
    // What is marked as dirty from now on is not in this one.
    if (reportStarts) this.#startsReported = true;
    if (counts) this.#countsReported = true;
    const args = {
      ...{ limits: this.#limits.map(encodeLimit), droppedLimits: droppedLimits.map(encodeLimit) },
      ...{ instance: usage.instanceId, instanceTtlMs: INSTANCE_TTL_MS, isOffline },
      leases: leases.map(({ token }) => token),
      windowMs: Math.max(0, ...windows.map(({ windowMs }) => windowMs)),
      transitMs: maxTransitMs(windows),
      ...{ stateId: usage.stateId || undefined, peers: usage.peers },
      ...{ offlineStarts, offlineStartsReported: usage.offlineStartsReported },
      counts: counts && {
        ...counts,
        dayUsed: counts.dayUsed - unreported,
        monthUsed: counts.monthUsed - unreported,
      },
      starts: reportStarts ? usage.starts() : undefined,
    };
    const keys = [this.#names.offlineStarts(usage.instanceId), ...leases.map(({ leaseName }) => leaseName)];
    const reply = await this.#health.run('vtHeartbeat', args, keys);
    if (reply === undefined) {
      this.#startsReported = this.#countsReported = false;
      return undefined;
    }
    const { stateId, present, limits, isPartitioned } = reply;
    if (!present.includes(usage.instanceId))
      throw new UnexpectedReplyError('vtHeartbeat', 'this instance among those that are there', present);
    usage.offlineStartsReported = offlineStarts;
    usage.peers = present.filter((id) => id !== usage.instanceId);
    usage.lastPartition = {
      instances: present.length,
      index: present.indexOf(usage.instanceId),
      clockOffset: reply.now - performance.now(),
    };
    usage.updateLimits(limits);
    this.#droppedLimits = this.#droppedLimits.filter((each) => !droppedLimits.includes(each));
    usage.isPartitioned = isPartitioned;
    usage.stateId = stateId;
    return { reply, sentAt, isFull };
  }
}

/** As Redis has it, and the ms that it applies beyond the time when the last instance has dropped it. */
function encodeLimit(window: SlidingWindow): [name: string, beyondMs: number] {
  return [nameOf(window), window.windowMs + maxTransitMs([window])];
}

function nameOf(window: SlidingWindow): string {
  return `${window.count}:${window.windowMs}:${maxTransitMs([window])}`;
}
