import type { QuotaUsage } from '../../api/quota-usage';
import {
  DEFAULT_PRIORITY,
  isUrgent,
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
  type SharingProblem,
  type SlidingWindow,
} from '../limiter-backend';
import type { RedisAddress } from './address';
import { Membership } from './outage/membership';
import { RedisHealth } from './health';
import { KeyNames } from './key-names';
import { LocalUsage } from './outage/local-usage';
import type { ReservedRequest } from './normal/redis-reservation';
import { RedisLimiter } from './normal/redis-limiter';
import { ReportSeal } from './normal/report-seal';
import { RedisReports } from './normal/redis-reports';
import type { ReserveReply, Reply } from './reply';
import { UnexpectedReplyError } from './unexpected-reply';
import { BlockOutbox } from './normal/block-outbox';
import { inBackground } from '../../in-background';

/** Requests are kept for this at least, in ms: another instance may come that limits by a longer time than this one. */
const MIN_RETENTION_MS = 60_000;
/** A reply that takes longer, in ms, is none: the command has timed out. */
const MAX_REPLY_MS = 2_000;
/** Decisions that come too late are asked for again so often. */
const MAX_TRIES = 3;

/**
 * Limiter backend in Redis, for any number of instances: the one that puts together the parts of this folder for one API key.
 *
 * Every decision is one script in Redis, and this class neither decides nor keeps a copy of the state. It sends what the script has to know
 * (`#question`), passes what every reply says about counts and block to the scheduler (`#onReply`), and keeps what would be lost
 * with Redis: own starts (`LocalUsage`), blocks that are not in Redis yet (`BlockOutbox`), and reservations without a reply.
 *
 * A reservation without a reply may or may not have been made. It stays in `#unconfirmed` and is canceled after the next heartbeat: until then it may
 * take a place in the limit, but no request is ever started without one. A reply that arrives later than its places were stamped for is not used
 * either, and the next question allows for a longer way (`#replyMs`).
 */
export class RedisBackend implements LimiterBackend {
  readonly shared = true;
  readonly health: RedisHealth;
  readonly usage: LocalUsage;
  readonly #names: KeyNames;
  readonly #membership: Membership;
  readonly #seal: ReportSeal;
  readonly #outbox = new BlockOutbox();
  /** Monotonic time at which the key's block, as this process has it, was last known to be so. */
  #blockKnownAt = -Infinity;
  /** A reply that arrives within this time after its decision, in ms, is in time for the start that it allows. */
  #replyMs = 0;
  readonly #listeners = new Set<() => void>();
  readonly #reports = new Map<string, RedisReports>();
  /** Reservations that Redis may have made although no reply came. */
  #unconfirmed: ReservedRequest[] = [];
  readonly #onClosed: () => void;
  #userCount = 0;
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
    this.health = new RedisHealth(address, this.#names, {
      onReady: () => this.health.inBackground(this.#heartbeat()),
      onChange: () => this.#onChange(),
      onMessage: (word) => this.#reports.forEach((reports) => reports.onMessage(word)),
    });
    this.#membership = new Membership(this.health, this.#names, usage);
  }

  get problem(): SharingProblem | null {
    const { problem } = this.health;
    if (!problem) return null;
    const { instances, index } = this.usage.partition;
    return { ...problem, share: { instances, met: index !== undefined } };
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
    this.#membership.setLimits(windows);
    if (this.health.isUp) this.health.inBackground(this.#heartbeat(true));
    return new RedisLimiter(this, requests);
  }

  /** The limits that apply to this instance, those of others among them, as far as it knows. */
  get windows(): readonly SlidingWindow[] {
    return this.#windows;
  }

  get #retentionMs(): number {
    return Math.max(MIN_RETENTION_MS, ...this.#windows.map(({ windowMs }) => windowMs));
  }

  /** @returns whether others apply than before */
  #updateWindows(): boolean {
    const windows = withoutImplied([...this.#ownWindows, ...this.usage.limits]);
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
      for (let tries = 0; tries < MAX_TRIES && this.health.isUp; tries++) {
        const sentAt = performance.now();
        const reply = await this.health.run('vtReserve', ...this.#question(reservations));
        if (reply === undefined) break;
        if (reply === 'partitioned') {
          this.usage.isPartitioned = true;
          return undefined;
        }
        if (reply === 'stale') {
          await this.#heartbeat();
          continue;
        }
        const { decisions } = reply;
        if (decisions.length > reservations.length)
          throw new UnexpectedReplyError('vtReserve', `${reservations.length} decisions at most`, decisions);
        const starting = reservations.filter((_, i) => decisions[i] === 'start');
        if (starting.length === 0 || this.#isInTime(performance.now() - sentAt)) {
          this.#onReply(reply, sentAt, starting.length);
          return reply;
        }
        // One after the other: under the same id it is asked for again.
        await Promise.all(starting.map((reservation) => this.#release(reservation)));
      }
    } catch (error) {
      // Who asks waits for an answer: a rejection would leave the whole queue of the key waiting.
      this.health.onFailure(error);
    }
    this.#unconfirmed.push(...reservations);
    return undefined;
  }

  /** Arguments and keys of the command that decides. */
  #question(reservations: readonly ReservedRequest[]): [args: object, keys: string[]] {
    const args = {
      ...{ instance: this.usage.instanceId, stateId: this.usage.stateId || undefined },
      ...{ transitMs: maxTransitMs(this.#windows), maxTransitMs: MAX_TRANSIT_MS + MAX_REPLY_MS },
      ...{ replyMs: this.#replyMs, retainMs: this.#retentionMs },
      ...{ reserved: 0, ...(this.#client?.allowances() ?? { daily: 0, monthly: 0 }) },
      windows: this.#windows.map(({ count, windowMs }) => [count, windowMs]),
      isPartitioned: this.usage.isPartitioned,
      requests: reservations.map(({ id, lease, priority = DEFAULT_PRIORITY }) => ({
        ...{ id, token: lease?.token, fresh: lease?.fresh, isUrgent: isUrgent(priority) },
      })),
    };
    return [args, reservations.flatMap(({ lease }) => (lease ? [lease.leaseName, lease.reportName] : []))];
  }

  /**
   * Redis has stamped the places of what starts with its own time. By a late reply, of a slow Redis or to a process that was held up, requests
   * would arrive when their places are free again. Such a reply is not used, and the next one may take as long.
   */
  #isInTime(tookMs: number): boolean {
    const allowedMs = maxTransitMs(this.#windows) + this.#replyMs;
    const isInTime = this.#windows.length === 0 || tookMs <= allowedMs;
    if (!isInTime) this.#replyMs = Math.min(MAX_REPLY_MS, 2 * tookMs);
    else if (tookMs < this.#replyMs / 2) this.#replyMs = this.#replyMs < 2 ? 0 : this.#replyMs / 2;
    return isInTime;
  }

  /** A reserved request starts. */
  commit({ id, lease }: ReservedRequest): void {
    this.usage.add(id, performance.now() + maxTransitMs(this.#windows));
    if (lease) this.#membership.leases.add(lease);
  }

  /** A request starts without Redis. */
  recordOfflineStart(): ReservedRequest {
    const id = this.usage.nextId();
    this.usage.add(id, performance.now() + maxTransitMs(this.#windows));
    this.usage.offlineStarts++;
    return { id, lease: undefined, isOffline: true };
  }

  /** A reserved request did not start. */
  cancel(reserved: ReservedRequest): void {
    const wasKnown = this.usage.remove(reserved.id);
    if (!reserved.isOffline) inBackground(this.#release(reserved));
    else if (wasKnown) this.usage.offlineStarts--;
  }

  /** Redis forgets that it has let a request start. */
  async #release({ id, lease }: ReservedRequest): Promise<void> {
    if (lease) this.#membership.leases.delete(lease);
    await this.health.run('vtCancel', { id, token: lease?.token }, lease ? [lease.leaseName] : []);
  }

  /** A request arrives within this many ms at the latest; a negative number: it arrived that long ago. */
  restamp(id: string, arrivesInMs: number): void {
    this.usage.restamp(id, performance.now() + arrivesInMs);
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
    this.#blockKnownAt = performance.now();
    this.#outbox.set(block);
    this.#publishBlock();
  }

  unblock(kinds: readonly BlockRecord['kind'][]): void {
    this.#outbox.clear(kinds);
    this.#publishBlock();
  }

  reports(origin: ReportOrigin): RedisReports {
    const index = JSON.stringify(origin);
    let reports = this.#reports.get(index);
    if (!reports) {
      reports = new RedisReports(
        this.health,
        this.#names,
        this.usage,
        this.#membership.leases,
        this.#seal,
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
    for (const reports of this.#reports.values()) reports.close();
    // A script that Redis doesn't know yet takes two round trips: the connection has to stay for both.
    await this.#membership.deregister();
    await this.health.close();
  }

  /** @param hasNews to be told, although one may be under way */
  async #heartbeat(hasNews = false): Promise<void> {
    const wasPartitioned = this.usage.isPartitioned;
    const heartbeat = await this.#membership.heartbeat(this.#client, this.#windows, hasNews);
    if (heartbeat) {
      // Redis may have lost the block too, and what it says of it may be less than what this instance knows.
      if (heartbeat.isFull) this.#tellBlock();
      this.#onReply(heartbeat.reply, heartbeat.sentAt);
      this.health.markUp();
    }
    const isChanged = this.#updateWindows();
    if (!this.health.isUp) return;
    if (isChanged || this.usage.isPartitioned !== wasPartitioned) this.#client?.changed();
    for (const reservation of this.#unconfirmed.splice(0)) this.cancel(reservation);
    this.#publishBlock();
  }

  #tellBlock(): void {
    const block = this.#client?.block();
    if (block) this.#outbox.set(block, performance.now() - this.#blockKnownAt);
  }

  /**
   * @param sentAt monotonic time: what this process learned since then isn't in the reply
   * @param reserved starts that it reserves
   */
  #onReply(reply: Reply, sentAt: number, reserved = 0): void {
    this.#applyCounts(reply, reserved);
    if (!this.#outbox.isUpToDateAt(sentAt)) return;
    this.#blockKnownAt = sentAt;
    this.#client?.setBlock(reply.block);
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
