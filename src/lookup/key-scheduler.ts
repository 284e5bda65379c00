import { VirusTotalError } from '../errors';
import type { Progress } from '../api/http-exchange';
import type { QuotaFigures } from '../api/quota-figures';
import { RetryTimers } from './retry-timers';
import { FairQueue } from './fair-queue';
import { ABANDONED, type Job } from './job';
import { QuotaTracker } from './quota-tracker';
import { blockReason, CircuitBreaker, type Block, type BlockReason } from './circuit-breaker';
import { KeyClients, type KeyClient } from './key-clients';
import type { Candidate, LimiterBackend, BackendClient, SharingProblem } from './limiter-backend';
import { memoryBackend } from './memory-backend';
import type { RateLimiter, TryStart } from './rate-limiter';
import { DispatchLog, type Dispatch } from './dispatch-log';
import { fromWallClock, toWallClock, type RestartRecord } from './restart-record';
import { afterFailure } from './retry-policy';
import { forEachYielding } from './yielding';
import { averageIntervalMs, maxTransitMs, maxStartsWithin, type SlidingWindow } from './sliding-window';
import { unlimitedLimiter } from './unlimited-limiter';
import { inBackground } from './in-background';

export interface SchedulerStats {
  requesting: number;
  /** Until a request may start; 0: now. */
  nextStartMs: number;
  problem: { code: string; text: string; reason: BlockReason } | null;
  /** Why the state isn't shared with other instances now, although it is meant to be. */
  store: SharingProblem | null;
  quota: Record<'day' | 'month', { used: number; allowed: number }>;
}

/** Requests under way at once; the network's own limit, not VirusTotal's. */
const MAX_RUNNING = 64;
/** The kind of limit that VirusTotal has. */
const ONE_MINUTE: SlidingWindow = { count: 1, windowMs: 60_000 };
/** A block is checked again at least this often, in ms: the wall clock may have been set meanwhile. */
const RECHECK_MS = 60_000;

/**
 * All requests of one API key in this process, whoever asks: one queue, one rate limiter, one count. It outlives its clients, so that a
 * redeploy neither forgets what was used nor lets more through.
 */
export class KeyScheduler {
  readonly #queue = new FairQueue<Job>();
  readonly #clients = new KeyClients(() => this.#applyLimits());
  readonly #quota = new QuotaTracker(
    this.#clients,
    () => this.#quotaChanged(),
    (ms) => this.#maxStartsWithin(ms),
  );
  readonly #breaker = new CircuitBreaker(this.#quota.count, () => this.#clients.timeScale);
  readonly #retries = new RetryTimers((job) => {
    this.#requeueFirst(job);
    this.#pump();
  });
  readonly #startNext: TryStart = (progress) => this.#start(() => this.#takeNext(), progress);
  readonly #backendClient: BackendClient = {
    allowances: () => {
      const { daily, monthly } = this.#quota.count.allowances;
      return { daily: zeroIfInfinite(daily), monthly: zeroIfInfinite(monthly) };
    },
    counts: () => this.#quota.count.counts,
    candidates: (limit) => this.#candidates(limit),
    isBlocked: () => this.#breaker.current() !== undefined,
    setCounts: (counts) => {
      const before = this.#quota.count.exhausted()?.period;
      this.#quota.count.replace(counts);
      if (this.#quota.count.exhausted()?.period !== before) this.#quotaChanged();
    },
    divideQuota: (instances) => this.#quota.count.divide(instances),
    setBlock: (block) => {
      if (this.#breaker.apply(block)) this.#quotaChanged();
    },
    onChange: () => this.#clients.notify(),
  };
  #backend: LimiterBackend = memoryBackend;
  #windows: readonly SlidingWindow[] = [];
  #limiter: RateLimiter = unlimitedLimiter;
  readonly #dispatches = new DispatchLog();
  #running = 0;
  /** The own count may lack something: one request goes first, so that VirusTotal's usage is not mixed up with what runs meanwhile. */
  #afterKill = false;
  /** The limiter has the callback for the next start. */
  #awaitingLimiter = false;
  #pumping = false;
  #recheckTimer: NodeJS.Timeout | undefined;

  /** Joining is what a deploy does: a key that was refused is given another chance. */
  join(client: KeyClient): void {
    this.#clients.add(client);
    this.#breaker.resetUnauthorized();
    this.#applyLimits();
    if (client.restart) this.#continueAfterRestart(client.restart);
    this.#backend.unblock(['unauthorized']);
    this.#quota.clientAdded();
    if (client.quotaStore) this.#quota.load(client.quotaStore);
  }

  leave(client: KeyClient): void {
    this.#quota.clientRemoved(client);
    this.#clients.delete(client);
    if (this.#clients.size === 0)
      client.restart?.end(toWallClock(this.#dispatches.arrivalsSince(this.#longestWindowMs)));
    this.dropAbandoned();
    this.#applyLimits();
  }

  /** A client is no longer suspended. */
  resume(): void {
    this.#pump();
  }

  /** @throws VirusTotalError `VT_AUTH` or `VT_QUOTA` at once when it would only wait to fail */
  add(job: Job): void {
    const block = this.#breaker.current();
    if (block?.kind === 'quota-exhausted') this.#quota.recheckWhenStale();
    if (block && isFailedBy(job, block)) throw block.error;
    job.queued = true;
    this.#queue.push(job);
    this.#pump();
  }

  /** A queued job is requested again with a higher priority: it gets a second, better place; the old one is skipped. */
  raisePriority(job: Job, priority: number): void {
    job.priority = priority;
    if (job.queued) this.#queue.push(job);
  }

  /** The key was seen to work: nothing that VirusTotal said of it before counts, but for a pause. */
  resetBlock(): void {
    this.#breaker.reset();
    this.#backend.unblock(['quota-exhausted', 'unauthorized']);
    this.#clients.notify();
    this.#pump();
  }

  /** Corrects the count by VirusTotal's own. Passes on what `ask` gives or throws. */
  reconcileWith(fetch: () => Promise<QuotaFigures | undefined>): Promise<QuotaFigures | undefined> {
    return this.#quota.reconcileWith(fetch);
  }

  /** Lets go of what nobody waits for any more. */
  dropAbandoned(): void {
    for (const job of this.#retries.remove(({ abandoned }) => abandoned)) job.fail(ABANDONED);
    for (const job of this.#removeWhere(({ abandoned }) => abandoned)) job.fail(ABANDONED);
  }

  /** Between two requests on average, by the limit, in ms; 0: there is none. */
  get averageIntervalMs(): number {
    return averageIntervalMs(this.#windows);
  }

  stats(): SchedulerStats {
    const block = this.#breaker.current();
    const { counts, allowances } = this.#quota.count;
    return {
      requesting: this.#running,
      nextStartMs: block ? block.remainingMs : this.#limiter.retryAfterMs(),
      problem: block
        ? { code: block.error.code, text: block.error.message, reason: blockReason(block) }
        : null,
      store: this.#backend.problem,
      quota: {
        day: { used: counts.dayUsed, allowed: zeroIfInfinite(allowances.daily) },
        month: { used: counts.monthUsed, allowed: zeroIfInfinite(allowances.monthly) },
      },
    };
  }

  /** The limit counts what the previous process has started too. */
  #continueAfterRestart(record: RestartRecord): void {
    const previous = record.previous();
    const transitMs = maxTransitMs(this.#windows);
    if (previous === 'killed') {
      this.#afterKill = true;
      this.#dispatches.unknownUntil(performance.now() + transitMs);
    }
    // Redis knows of those that were shared.
    else if (previous && !this.#backend.shared)
      this.#dispatches.addEarlier(fromWallClock(previous, transitMs));
    record.begin();
  }

  get #longestWindowMs(): number {
    return Math.max(ONE_MINUTE.windowMs, ...this.#windows.map(({ windowMs }) => windowMs));
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#canStart()) {
        this.#awaitingLimiter = true;
        this.#limiter.schedule(this.#startNext);
      }
    } finally {
      this.#pumping = false;
    }
  }

  #canStart(): boolean {
    if (this.#awaitingLimiter || this.#queue.size === 0 || !this.#quota.ready || !this.#clients.active)
      return false;
    if (this.#freeSlots <= 0 || this.#isConnecting) return false;
    const block = this.#breaker.current();
    if (!block) return true;
    if (block.kind === 'quota-exhausted') this.#quota.recheckWhenStale();
    clearTimeout(this.#recheckTimer);
    this.#recheckTimer = setTimeout(() => this.#pump(), Math.min(block.remainingMs + 1, RECHECK_MS));
    return false;
  }

  /** How many more requests may start. */
  get #freeSlots(): number {
    const oneByOne = this.#breaker.halfOpen || (this.#afterKill && !this.#quota.settled);
    return (oneByOne ? 1 : MAX_RUNNING) - this.#running;
  }

  /** As many requests as a window allows are still connecting: one more could be dispatched together with them. */
  get #isConnecting(): boolean {
    const { connecting } = this.#dispatches;
    return connecting > 0 && this.#windows.some(({ count }) => count <= connecting);
  }

  /** Called by the limiter when a request may start. @returns its end, or false when none started */
  #start(take: () => Job | undefined, progress?: Progress): Promise<void> | false {
    this.#awaitingLimiter = false;
    this.#schedulePump();
    if (!this.#clients.active || this.#breaker.current()) return false;
    const job = take();
    if (!job) return false;
    this.#running++;
    this.#quota.requestStarted();
    const end = this.#run(job, this.#dispatches.add(), progress);
    // Some limiters ignore it.
    inBackground(end);
    this.#failBlocked();
    return end;
  }

  #schedulePump(): void {
    if (!this.#pumping) queueMicrotask(() => this.#pump());
  }

  /** The next jobs; they keep their places, as it may take a while until they may start. */
  #candidates(limit: number): Candidate[] {
    this.#dropStaleHead();
    const next = this.#queue.peekMany(Math.min(limit, Math.max(1, this.#freeSlots)));
    // A job whose priority was raised has two places.
    const waiting = new Set(next.filter(({ queued, abandoned }) => queued && !abandoned));
    return [...waiting].map((job) => {
      const take = (): Job | undefined => {
        if (!job.queued || job.abandoned) return undefined;
        job.queued = false;
        return job;
      };
      return {
        lease: job.lease,
        tryStart: (progress) => this.#start(take, progress),
        waitForPeer: () => inBackground(this.#waitForPeer(take())),
      };
    });
  }

  /** It gets its report from another instance; or is queued again, when that one got none. */
  async #waitForPeer(job: Job | undefined): Promise<void> {
    this.#awaitingLimiter = false;
    this.#schedulePump();
    if (!job || (await job.waitForPeer()) === 'settled') return;
    this.#requeueFirst(job);
    this.#pump();
  }

  /** Drops places at the front whose job is abandoned or no longer queued. */
  #dropStaleHead(): void {
    for (let job = this.#queue.peek(); job; job = this.#queue.peek()) {
      if (job.queued && !job.abandoned) return;
      this.#queue.shift();
      if (job.queued) job.fail(ABANDONED);
      job.queued = false;
    }
  }

  /** The next job that still waits; stale places are skipped. */
  #takeNext(): Job | undefined {
    for (let job = this.#queue.shift(); job; job = this.#queue.shift()) {
      if (!job.queued) continue;
      job.queued = false;
      if (!job.abandoned) return job;
      job.fail(ABANDONED);
    }
    return undefined;
  }

  async #run(job: Job, dispatch: Dispatch, progress?: Progress): Promise<void> {
    try {
      const outcome = await job.attempt({
        onDispatched: () => {
          const { connecting } = this.#dispatches;
          this.#dispatches.markDispatched(dispatch);
          progress?.onDispatched();
          if (this.#windows.some(({ count }) => count === connecting)) this.#schedulePump();
        },
        onAnswered: () => {
          this.#dispatches.markAnswered(dispatch);
          progress?.onAnswered();
        },
      });
      this.#dispatches.markAnswered(dispatch);
      this.#onSuccess();
      if (outcome === 'redirected') this.#requeueFirst(job);
    } catch (error) {
      this.#onFailure(job, error);
    } finally {
      // Whatever happens to this job, the next ones get its place.
      this.#dispatches.markEnded(dispatch);
      this.#running--;
      this.#quota.requestEnded();
      this.#pump();
    }
  }

  #onFailure(job: Job, thrown: unknown): void {
    const error =
      thrown instanceof VirusTotalError
        ? thrown
        : new VirusTotalError('VT_BAD_RESPONSE', `Unreadable answer: ${String(thrown)}`);
    if (error.retryable && error.code !== 'VT_QUOTA') job.failures++;
    const next = afterFailure(error, job.failures, this.#clients.timeScale);
    switch (next.kind) {
      case 'fail':
      case 'retry':
        if (error.status !== undefined) this.#onSuccess();
        if (next.kind === 'fail') job.fail(error);
        else if (job.abandoned) job.fail(ABANDONED);
        else this.#retries.add(job, next.afterMs);
        return;
      case 'pause':
        if (this.#breaker.pause(next.ms, error)) {
          this.#publishBlock();
          this.#quota.fetchUsage();
        }
        this.#requeueFirst(job);
        break;
      case 'reject-key':
        this.#breaker.rejectKey(error);
        this.#publishBlock();
        job.fail(error);
    }
    this.#failBlocked();
    this.#clients.notify();
  }

  #onSuccess(): void {
    if (this.#breaker.halfOpen) this.#backend.unblock(['rate-limited', 'quota-exhausted', 'unauthorized']);
    this.#breaker.onSuccess();
  }

  #publishBlock(): void {
    const record = this.#breaker.toRecord();
    if (record) this.#backend.block(record);
  }

  /** Before all others; or it ends, when it would only wait to fail. */
  #requeueFirst(job: Job): void {
    if (job.abandoned) return job.fail(ABANDONED);
    const block = this.#breaker.current();
    if (block && isFailedBy(job, block)) return job.fail(block.error);
    job.queued = true;
    this.#queue.requeueFirst(job);
  }

  /** When a block begins, jobs that don't wait for its end fail; later ones are refused by `add`. */
  #failBlocked(): void {
    const block = this.#breaker.current();
    if (!block || block.kind === 'rate-limited') return;
    const ended = this.#removeWhere((job) => isFailedBy(job, block));
    if (block.kind === 'unauthorized') ended.push(...this.#retries.remove(() => true));
    inBackground(forEachYielding(ended, (job) => job.fail(block.error)));
  }

  #removeWhere(matches: (job: Job) => boolean): Job[] {
    const taken: Job[] = [];
    for (const job of this.#queue.remove((each) => !each.queued || matches(each))) {
      if (job.queued) taken.push(job);
      job.queued = false;
    }
    if (this.#queue.size === 0) clearTimeout(this.#recheckTimer);
    return taken;
  }

  #applyLimits(): void {
    this.#quota.count.limits = this.#clients.quota;
    const { windows, backend } = this.#clients;
    const same = backend === this.#backend && JSON.stringify(windows) === JSON.stringify(this.#windows);
    if (this.#clients.size === 0) clearTimeout(this.#recheckTimer);
    if (this.#clients.size === 0 || !same) {
      this.#limiter.close();
      this.#awaitingLimiter = false;
      this.#windows = windows;
      this.#backend = backend;
      // Without a limit nothing waits for it, but a limit may come.
      this.#dispatches.maxTransitMs = maxTransitMs(windows.length > 0 ? windows : [ONE_MINUTE]);
      this.#dispatches.minRemembered = Math.max(0, ...windows.map(({ count }) => count));
      this.#limiter = backend.createRateLimiter(windows, this.#dispatches, this.#backendClient);
    }
    this.#failBlocked();
    this.#pump();
  }

  /** Without a limit as many as there were in as long a time just now. */
  #maxStartsWithin(ms: number): number {
    const limit = maxStartsWithin(this.#windows, ms);
    return limit === Infinity ? this.#dispatches.countSince(ms) : limit;
  }

  #quotaChanged(): void {
    this.#failBlocked();
    this.#clients.notify();
    this.#pump();
  }
}

/** Whether a job fails when its key is blocked for this reason. */
function isFailedBy(job: Job, { kind }: Block): boolean {
  return kind === 'unauthorized' || (kind === 'quota-exhausted' && job.onQuota === 'fail');
}

function zeroIfInfinite(allowed: number): number {
  return Number.isFinite(allowed) ? allowed : 0;
}
