import type { QuotaUsage } from '../../api/quota-usage';
import {
  MAX_TRANSIT_MS,
  maxTransitMs,
  withoutImplied,
  type BackendClient,
  type BlockRecord,
  type DispatchLog,
  type LimiterBackend,
  type QuotaCounts,
  type RateLimiter,
  type ReportOrigin,
  type SharedReports,
  type SharingProblem,
  type SlidingWindow,
} from '../limiter-backend';
import type { RedisAddress } from './address';
import { Membership } from './membership';
import { LeaseManager, RedisLease } from './leases';
import { RedisHealth } from './health';
import { KeyNames } from './key-names';
import { KnownBlock } from './known-block';
import { LimitPublisher } from './limits';
import { LocalUsage, type Partition } from './local-usage';
import type { ReservedRequest } from './redis-reservation';
import { RedisLimiter } from './redis-limiter';
import { ReportSeal } from './report-seal';
import { RedisReports } from './redis-reports';
import type { ReserveReply, Reply } from './reply';
import { COMMANDS } from './commands';
import { UnexpectedReplyError } from './unexpected-reply';
import { BlockOutbox } from './block-outbox';
import { inBackground } from '../../in-background';

/** Requests are kept for this at least, in ms: another instance may come that limits by a longer time than this one. */
const MIN_RETENTION_MS = 60_000;

/** Limiter backend in Redis, for any number of instances. */
export class RedisBackend implements LimiterBackend {
  readonly shared = true;
  readonly health: RedisHealth;
  readonly usage: LocalUsage;
  readonly #names: KeyNames;
  readonly #membership: Membership;
  readonly #leases: LeaseManager;
  readonly #limits: LimitPublisher;
  readonly #seal: ReportSeal;
  readonly #outbox = new BlockOutbox();
  readonly #knownBlock = new KnownBlock();
  readonly #listeners = new Set<() => void>();
  readonly #reports = new Map<string, RedisReports>();
  /** Reservations that Redis may have made although no reply came. */
  #unconfirmed: ReservedRequest[] = [];
  readonly #onClosed: () => void;
  #userCount = 0;
  #isDeregistered = false;
  #client: BackendClient | undefined;
  /** What this instance's configs ask for. */
  #ownWindows: readonly SlidingWindow[] = [];
  /** All that applies: that, and the limits of others. */
  #windows: readonly SlidingWindow[] = [];

  /**
   * @param usage what an earlier backend of this key in this Redis knew
   * @param onClosed called when its last user is done with it
   */
  constructor(
    apiKey: string,
    address: RedisAddress,
    usage = new LocalUsage(),
    onClosed = (): void => undefined,
  ) {
    this.usage = usage;
    this.#onClosed = onClosed;
    this.#names = new KeyNames(apiKey);
    this.#seal = new ReportSeal(apiKey);
    this.health = new RedisHealth(address, COMMANDS, this.#names, {
      onReady: () => this.health.inBackground(this.#heartbeat()),
      onChange: () => this.#onChange(),
      onMessage: (word) => this.#reports.forEach((reports) => reports.onMessage(word)),
    });
    this.#leases = new LeaseManager(usage, this.health);
    this.#limits = new LimitPublisher(this.health, usage.instanceId);
    this.#membership = new Membership(this.health, this.#names, usage, (reply, sentAt) =>
      this.#onReply(reply, sentAt),
    );
  }

  get problem(): SharingProblem | null {
    const { problem } = this.health;
    if (!problem) return null;
    const { instances, index } = this.usage.partition;
    return { ...problem, share: { instances, met: index !== undefined } };
  }

  get partition(): Partition {
    return this.usage.partition;
  }

  /** @returns a function that ends it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  createRateLimiter(
    windows: readonly SlidingWindow[],
    requests: DispatchLog,
    use: BackendClient,
  ): RateLimiter {
    this.#client = use;
    this.#ownWindows = windows;
    this.#updateWindows();
    this.usage.importStarts(requests.arrivalsSince(this.#retentionMs));
    this.#membership.markStartsDirty();
    this.#limits.set(windows);
    return new RedisLimiter(this, requests);
  }

  /** The limits that apply to this instance, those of others among them, as far as it knows. */
  get windows(): readonly SlidingWindow[] {
    return this.#windows;
  }

  /** Other instances may start requests without Redis: each keeps to its part of the limits. */
  get isPartitioned(): boolean {
    return this.usage.isPartitioned;
  }

  get #windowMs(): number {
    return Math.max(1, ...this.#windows.map(({ windowMs }) => windowMs));
  }

  get #retentionMs(): number {
    return Math.max(this.#windowMs, MIN_RETENTION_MS);
  }

  /** @returns whether others apply than before */
  #updateWindows(): boolean {
    const windows = withoutImplied([...this.#ownWindows, ...this.usage.limits.windows]);
    if (JSON.stringify(windows) === JSON.stringify(this.#windows)) return false;
    this.#windows = windows;
    this.usage.retainFor(this.#retentionMs);
    return true;
  }

  /**
   * Asks which of these requests may start, and reserves a place for each: limits, counts, a block and leases of other instances in one
   * round trip. @returns undefined when Redis can't say, or others may start requests without it
   */
  async reserve(reservations: readonly ReservedRequest[]): Promise<ReserveReply | undefined> {
    try {
      return await this.#reserve(reservations);
    } catch (error) {
      // Who asks waits for an answer: a rejection would leave the whole queue of the key waiting.
      this.#unconfirmed.push(...reservations);
      this.health.onFailure(error);
      return undefined;
    }
  }

  async #reserve(reservations: readonly ReservedRequest[]): Promise<ReserveReply | undefined> {
    const leases = reservations.map(({ lease }) => (lease instanceof RedisLease ? lease : undefined));
    const keys = leases.flatMap((lease) => (lease ? [lease.leaseName, lease.reportName] : []));
    for (let tries = 0; tries < 2 && this.health.isUp; tries++) {
      const sentAt = performance.now();
      const args = {
        ...{ instance: this.usage.instanceId, epoch: this.usage.epoch || undefined },
        ...{ transitMs: maxTransitMs(this.#windows), maxTransitMs: MAX_TRANSIT_MS },
        retainMs: this.#retentionMs,
        ...(this.#client?.allowances() ?? { daily: 0, monthly: 0 }),
        windows: this.#windows.map(({ count, windowMs }) => [count, windowMs]),
        isPartitioned: this.isPartitioned,
        requests: reservations.map(({ id }, i) => ({ id, token: leases[i]?.token, fresh: leases[i]?.fresh })),
      };
      const reply = await this.health.run('vtReserve', args, keys);
      if (reply === undefined) {
        this.#unconfirmed.push(...reservations);
        return undefined;
      }
      if (reply === 'partitioned') {
        this.usage.isPartitioned = true;
        return undefined;
      }
      if (reply === 'stale') {
        await this.#heartbeat();
        continue;
      }
      if (reply.decisions.length > reservations.length)
        throw new UnexpectedReplyError(
          'vtReserve',
          `${reservations.length} decisions at most`,
          reply.decisions,
        );
      const started = reply.decisions.filter((decision) => decision === 'start').length;
      this.#onReply(reply, sentAt, started);
      return reply;
    }
    return undefined;
  }

  /** A reserved request starts. */
  commit({ id, lease }: ReservedRequest): void {
    this.usage.add(id, performance.now() + maxTransitMs(this.#windows));
    if (lease instanceof RedisLease) this.#leases.track(lease);
  }

  /** A name for a request that nothing else of any instance has. */
  nextId(): string {
    return this.usage.nextId();
  }

  /** A request starts without Redis. @returns a function that takes that back */
  recordOfflineStart(): () => void {
    const id = this.usage.nextId();
    this.usage.add(id, performance.now() + maxTransitMs(this.#windows));
    this.usage.offlineStarts++;
    return () => {
      if (this.usage.remove(id)) this.usage.offlineStarts--;
    };
  }

  /** A reserved request did not start. */
  cancel({ id, lease }: ReservedRequest): void {
    this.usage.remove(id);
    const redisLease = lease instanceof RedisLease ? lease : undefined;
    if (redisLease) this.#leases.release(redisLease);
    const keys = redisLease ? [redisLease.leaseName] : [];
    inBackground(this.health.run('vtCancel', { id, token: redisLease?.token }, keys));
  }

  /** A reserved request arrives within this many ms at the latest; a negative number: it arrived that long ago. */
  restamp(id: string, arrivesInMs: number): void {
    if (this.health.isUp) inBackground(this.health.run('vtRestamp', { id, arrivesInMs }));
  }

  countsRestored(): void {
    this.#membership.markCountsDirty();
  }

  reconcile(
    { daily, monthly }: Pick<QuotaUsage, 'daily' | 'monthly'>,
    open: number,
    before: QuotaCounts,
  ): void {
    if (!this.health.isUp) return;
    const args = {
      daily: { used: daily?.used, before: before.dayUsed },
      monthly: { used: monthly?.used, before: before.monthUsed },
      open,
    };
    inBackground(this.health.run('vtReconcile', args).then((reply) => reply && this.#applyCounts(reply)));
  }

  block(block: BlockRecord): void {
    this.#outbox.set(block);
    this.#knownBlock.set(block, this.health.clock.now());
    this.#publishBlock();
  }

  unblock(kinds: readonly BlockRecord['kind'][]): void {
    this.#outbox.clear(kinds);
    this.#knownBlock.clear(kinds);
    this.#publishBlock();
  }

  reports(origin: ReportOrigin): SharedReports {
    const index = JSON.stringify(origin);
    let reports = this.#reports.get(index);
    if (!reports) {
      reports = new RedisReports(
        this.health,
        this.#names,
        this.#leases,
        this.#seal,
        () => performance.now() + this.usage.partition.clockOffset,
        origin,
      );
      this.#reports.set(index, reports);
    }
    return reports;
  }

  /** One more is to close it. @param instances how many share the key by that user's config */
  retain(instances = 1): this {
    this.usage.configuredInstances =
      this.#userCount > 0 ? Math.max(this.usage.configuredInstances, instances) : instances;
    this.#userCount++;
    return this;
  }

  async close(): Promise<void> {
    if (--this.#userCount > 0) return;
    this.#onClosed();
    this.#isDeregistered = true;
    this.#leases.close();
    for (const reports of this.#reports.values()) reports.close();
    // A script that Redis doesn't know yet takes two round trips: the connection has to stay for both.
    await Promise.all([this.#limits.withdraw(), this.#membership.deregister()]);
    await this.health.close();
  }

  async #heartbeat(): Promise<void> {
    if (this.#isDeregistered) return;
    const wasPartitioned = this.isPartitioned;
    const resynced = await this.#membership.heartbeat(this.#client, this.#windowMs);
    const isChanged = this.#updateWindows();
    if (!this.health.isUp) return;
    if (isChanged || this.isPartitioned !== wasPartitioned) this.#client?.changed();
    for (const reservation of this.#unconfirmed.splice(0)) this.cancel(reservation);
    if (resynced) this.#leases.renew();
    this.#limits.renew(resynced);
    this.#publishBlock();
  }

  /**
   * @param sentAt monotonic time: what this process learned since then isn't in the reply
   * @param reserved starts that it reserves
   */
  #onReply(reply: Reply, sentAt: number, reserved = 0): void {
    this.#applyCounts(reply, reserved);
    if (!this.#outbox.isUpToDateAt(sentAt)) return;
    const forgotten = this.#knownBlock.findForgotten(reply);
    if (!forgotten) return this.#client?.setBlock(reply.block);
    this.#outbox.set(forgotten.block, forgotten.ageMs);
    this.#publishBlock();
  }

  #applyCounts({ counts }: Reply, reserved = 0): void {
    // The scheduler counts reserved starts itself, when they start.
    const unreported = this.usage.offlineStarts - this.usage.offlineStartsReported - reserved;
    this.#client?.setCounts({
      ...counts,
      dayUsed: counts.dayUsed + unreported,
      monthUsed: counts.monthUsed + unreported,
    });
  }

  #publishBlock(): void {
    if (!this.health.isUp) return;
    for (const [command, args] of this.#outbox.drain()) inBackground(this.health.run(command, args));
  }

  #onChange(): void {
    this.#client?.divideQuota(this.health.isDown ? this.usage.partition.instances : 1);
    for (const listener of this.#listeners) listener();
    this.#client?.changed();
  }
}
