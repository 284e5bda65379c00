import { VirusTotalError } from '../errors';
import type { QuotaUsage } from '../api/quota-usage';
import { FairQueue } from './fair-queue';
import { blockReason, CircuitBreaker, type Block, type BlockReason } from './circuit-breaker';
import { DispatchLog, type Reservation } from './dispatch-log';
import { inBackground } from './in-background';
import { KeyClients, type KeyClient } from './key-clients';
import {
  memoryBackend,
  type BackendClient,
  type LimiterBackend,
  type SharingProblem,
} from './limiter-backend';
import { ABANDONED, type QueuedRequest } from './queued-request';
import { QuotaTracker } from './quota-tracker';
import type { Decision, RateLimiter } from './rate-limiter';
import { fromWallClock, toWallClock, type RestartRecord } from './restart-record';
import { afterFailure } from './retry-policy';
import { RetryTimers } from './retry-timers';
import { averageIntervalMs, maxTransitMs, maxStartsWithin, type SlidingWindow } from './sliding-window';
import { forEachYielding } from './yielding';

export interface SchedulerStats {
  requesting: number;
  /** Until a request may start; 0: now. */
  nextStartMs: number;
  problem: { code: string; text: string; reason: BlockReason } | null;
  /** Why the limits aren't shared with other instances now, although they are meant to be. */
  sharingProblem: SharingProblem | null;
  quota: Record<'day' | 'month', { used: number; allowed: number }>;
}

/** Requests under way at once; the network's own limit, not VirusTotal's. */
const MAX_RUNNING = 64;
/** The kind of limit that VirusTotal has. */
const A_MINUTE: SlidingWindow = { count: 1, windowMs: 60_000 };
/** A limiter that failed is asked again after this, in ms. */
const RETRY_MS = 1_000;
/** A wait is looked at again at least this often, in ms: the wall clock may have been set meanwhile. */
const MAX_WAIT_MS = 60_000;

/**
 * All requests of one API key in this process, whichever service asks: one queue, one rate limiter, one count. It outlives its clients, so
 * that a redeploy neither forgets what was used nor lets more through.
 *
 * A request is in one of four places: in the queue; running (at most `MAX_RUNNING`); in the retry timers, after a passing failure; or with a
 * peer, when another instance holds its lease. `#pump` moves the next ones from the queue: while the key isn't blocked and a slot is
 * free it asks the limiter for a decision. It stops at the first `wait`, and goes on when that is over (`#timer`), or when something that
 * may shorten it has changed: an arrival became known, the limits, a block, a count, the connection to Redis (`#wake`).
 */
export class KeyScheduler {
  readonly #queue = new FairQueue<QueuedRequest>();
  readonly #clients = new KeyClients(() => this.#applyLimits());
  readonly #quota = new QuotaTracker(
    this.#clients,
    () => this.#onQuotaChange(),
    (ms) => this.#maxStartsWithin(ms),
  );
  readonly #breaker = new CircuitBreaker(this.#quota.count, () => this.#clients.timeScale);
  readonly #retries = new RetryTimers((request) => {
    this.#requeue(request);
    this.#pump();
  });
  readonly #dispatches = new DispatchLog(() => this.#onDispatchChange());
  readonly #backendClient: BackendClient = {
    allowances: () => {
      const { daily, monthly } = this.#quota.count.allowances;
      return { daily: finite(daily), monthly: finite(monthly) };
    },
    counts: () => this.#quota.count.counts,
    setCounts: (counts) => {
      const before = this.#quota.count.exhausted()?.period;
      this.#quota.count.replace(counts);
      if (this.#quota.count.exhausted()?.period !== before) this.#onQuotaChange();
    },
    divideQuota: (instances) => this.#quota.count.divide(instances),
    setBlock: (block) => {
      if (this.#breaker.apply(block)) this.#onQuotaChange();
    },
    changed: () => {
      this.#clients.notify();
      this.#wake();
    },
  };
  #backend: LimiterBackend = memoryBackend;
  #windows: readonly SlidingWindow[] = [];
  #limiter: RateLimiter = memoryBackend.createRateLimiter([], this.#dispatches, this.#backendClient);
  #running = 0;
  /** The own count may lack something: one request goes first, so that VirusTotal's figures can be told from what runs meanwhile. */
  #afterKill = false;
  /** The limiter has been asked, and has not decided yet. */
  #deciding = false;
  /** The dispatch log has changed since the limiter was asked. */
  #isOutdated = false;
  /** Monotonic time before which the limiter isn't asked again. */
  #notBefore = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #pumping = false;
  #pumpScheduled = false;

  /** Adding a client is what a deploy does: a key that was refused is given another chance. */
  addClient(client: KeyClient): void {
    this.#clients.add(client);
    this.#breaker.resetUnauthorized();
    this.#applyLimits();
    if (client.restart) this.#continueAfter(client.restart);
    this.#backend.unblock(['unauthorized']);
    this.#quota.clientAdded();
    if (client.quotaStore) this.#quota.load(client.quotaStore);
  }

  removeClient(client: KeyClient): void {
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
  add(request: QueuedRequest): void {
    const block = this.#breaker.current();
    if (block?.kind === 'quota-exhausted') this.#quota.recheckWhenStale();
    if (block && failsOn(block, request)) throw block.error;
    request.queued = true;
    this.#queue.push(request);
    this.#pump();
  }

  /** A more urgent lookup joins a waiting request: it gets a second, better place; the old one is passed over. */
  raisePriority(request: QueuedRequest, priority: number): void {
    request.priority = priority;
    if (request.queued) this.#queue.push(request);
  }

  /** The key was seen to work: nothing that VirusTotal said of it before counts, but for a pause. */
  resetBlock(): void {
    this.#breaker.reset();
    this.#backend.unblock(['quota-exhausted', 'unauthorized']);
    this.#clients.notify();
    this.#wake();
  }

  /** Corrects the count by VirusTotal's own. Passes on what `fetch` gives or throws. */
  reconcileWith(fetch: () => Promise<QuotaUsage | undefined>): Promise<QuotaUsage | undefined> {
    return this.#quota.reconcileWith(fetch);
  }

  /** Ends the requests for which no lookup waits any more. */
  dropAbandoned(): void {
    for (const request of this.#retries.remove(({ abandoned }) => abandoned)) request.fail(ABANDONED);
    for (const request of this.#removeWhere(({ abandoned }) => abandoned)) request.fail(ABANDONED);
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
      sharingProblem: this.#backend.problem,
      quota: {
        day: { used: counts.dayUsed, allowed: finite(allowances.daily) },
        month: { used: counts.monthUsed, allowed: finite(allowances.monthly) },
      },
    };
  }

  /** The limit counts what the previous process has started too. */
  #continueAfter(record: RestartRecord): void {
    const before = record.previous();
    const wayMs = maxTransitMs(this.#windows);
    if (before === 'killed') {
      this.#afterKill = true;
      this.#dispatches.unknownUntil(performance.now() + wayMs);
    }
    // Redis knows of those that were shared.
    else if (before && !this.#backend.shared) this.#dispatches.addEarlier(fromWallClock(before, wayMs));
    record.begin();
  }

  get #longestWindowMs(): number {
    return Math.max(A_MINUTE.windowMs, ...this.#windows.map(({ windowMs }) => windowMs));
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#canStart() && this.#decide());
    } finally {
      this.#pumping = false;
    }
  }

  /** A wait that the limiter gave no longer applies. */
  #wake(): void {
    this.#notBefore = -Infinity;
    this.#pump();
  }

  /** In a microtask, once for all that calls it meanwhile. */
  #schedulePump(): void {
    if (this.#pumping || this.#pumpScheduled || this.#queue.size === 0) return;
    this.#pumpScheduled = true;
    queueMicrotask(() => {
      this.#pumpScheduled = false;
      this.#pump();
    });
  }

  #canStart(): boolean {
    if (this.#deciding || !this.#quota.ready || !this.#clients.active) return false;
    this.#dropStaleHead();
    if (this.#queue.size === 0) return false;
    if (this.#freeSlots <= 0 || this.#isConnecting || performance.now() < this.#notBefore) return false;
    const block = this.#breaker.current();
    if (!block) return true;
    if (block.kind === 'quota-exhausted') this.#quota.recheckWhenStale();
    this.#pumpIn(block.remainingMs + 1);
    return false;
  }

  #pumpIn(ms: number): void {
    clearTimeout(this.#timer);
    // Timers may fire a little early.
    this.#timer = setTimeout(() => this.#wake(), Math.ceil(Math.min(ms, MAX_WAIT_MS)));
  }

  get #freeSlots(): number {
    const oneByOne = this.#breaker.halfOpen || (this.#afterKill && !this.#quota.settled);
    return (oneByOne ? 1 : MAX_RUNNING) - this.#running;
  }

  /** As many as a window has room for wait for their connections: one more could be dispatched together with them. */
  get #isConnecting(): boolean {
    const { connecting } = this.#dispatches;
    return connecting > 0 && this.#windows.some(({ count }) => count <= connecting);
  }

  /** @returns whether the limiter may be asked for the next one at once */
  #decide(): boolean {
    clearTimeout(this.#timer);
    const limiter = this.#limiter;
    const decisions = limiter.reserve((max) => this.#candidates(max));
    if (!(decisions instanceof Promise)) return this.#apply(decisions);
    this.#deciding = true;
    this.#isOutdated = false;
    inBackground(
      decisions.catch(undecided).then((late) => {
        // The limits have changed meanwhile: a new limiter decides.
        if (limiter !== this.#limiter) return cancelAll(late);
        this.#deciding = false;
        // Without a candidate there may be one by now; a wait has its timer, unless it became shorter meanwhile.
        if (this.#apply(late) || late.length === 0 || this.#isOutdated) this.#wake();
      }),
    );
    return false;
  }

  /** The next ones, which stay in their places: it may take a while until they may go. */
  #candidates(max: number): QueuedRequest[] {
    this.#dropStaleHead();
    if (!this.#mayStart()) return [];
    const next = this.#queue.peekMany(Math.min(max, Math.max(1, this.#freeSlots)));
    // One whose priority was raised has two places.
    return [...new Set(next)].filter(({ queued, abandoned }) => queued && !abandoned);
  }

  #mayStart(): boolean {
    return this.#clients.active && !this.#breaker.current();
  }

  /** @returns whether the limiter may be asked for the next one at once */
  #apply(decisions: readonly Decision<QueuedRequest>[]): boolean {
    for (const decision of decisions) {
      if (decision.action === 'wait') {
        this.#notBefore = performance.now() + decision.waitMs;
        this.#pumpIn(decision.waitMs);
        return false;
      }
      const { request } = decision;
      const isWaiting = request.queued && !request.abandoned;
      if (decision.action === 'leased-by-peer') {
        if (isWaiting) inBackground(this.#waitForPeer(request));
      } else if (isWaiting && this.#mayStart()) this.#start(request, decision.reservation);
      else decision.reservation.cancel();
    }
    return decisions.length > 0;
  }

  #start(request: QueuedRequest, reservation: Reservation): void {
    request.queued = false;
    this.#running++;
    this.#quota.requestStarted();
    inBackground(this.#run(request, reservation));
    this.#failBlocked();
  }

  /** It gets its report from another instance; or comes back, when that one got none. */
  async #waitForPeer(request: QueuedRequest): Promise<void> {
    request.queued = false;
    if ((await request.waitForPeer()) === 'settled') return;
    this.#requeue(request);
    this.#pump();
  }

  /** Drops entries at the front whose request doesn't wait any more. */
  #dropStaleHead(): void {
    for (let request = this.#queue.peek(); request; request = this.#queue.peek()) {
      if (request.queued && !request.abandoned) return;
      this.#queue.shift();
      if (request.queued) request.fail(ABANDONED);
      request.queued = false;
    }
  }

  async #run(request: QueuedRequest, reservation: Reservation): Promise<void> {
    try {
      const outcome = await request.attempt(reservation);
      reservation.answered();
      this.#onAccepted();
      if (outcome === 'redirected') this.#requeue(request);
    } catch (error) {
      this.#onFailure(request, error);
    } finally {
      // Whatever happens to this request, the next ones get its slot.
      reservation.ended();
      this.#running--;
      this.#quota.requestEnded();
      this.#pump();
    }
  }

  #onFailure(request: QueuedRequest, thrown: unknown): void {
    const error =
      thrown instanceof VirusTotalError
        ? thrown
        : new VirusTotalError('VT_BAD_RESPONSE', `Unreadable answer: ${String(thrown)}`);
    if (error.retryable && error.code !== 'VT_QUOTA') request.failures++;
    const next = afterFailure(error, request.failures, this.#clients.timeScale);
    switch (next.kind) {
      case 'fail':
      case 'retry':
        if (error.status !== undefined) this.#onAccepted();
        if (next.kind === 'fail') request.fail(error);
        else if (request.abandoned) request.fail(ABANDONED);
        else this.#retries.add(request, next.afterMs);
        return;
      case 'pause':
        if (this.#breaker.pause(next.ms, error)) {
          this.#publishBlock();
          this.#quota.fetchUsage();
        }
        this.#requeue(request);
        break;
      case 'reject-key':
        this.#breaker.rejectKey(error);
        this.#publishBlock();
        request.fail(error);
    }
    this.#failBlocked();
    this.#clients.notify();
  }

  #onAccepted(): void {
    if (this.#breaker.halfOpen) this.#backend.unblock(['rate-limited', 'quota-exhausted', 'unauthorized']);
    this.#breaker.onSuccess();
  }

  #publishBlock(): void {
    const record = this.#breaker.toRecord();
    if (record) this.#backend.block(record);
  }

  /** Before all others; or it ends, when it would only wait to fail. */
  #requeue(request: QueuedRequest): void {
    if (request.abandoned) return request.fail(ABANDONED);
    const block = this.#breaker.current();
    if (block && failsOn(block, request)) return request.fail(block.error);
    request.queued = true;
    this.#queue.requeueFirst(request);
  }

  /** A block ends the requests that don't wait for its end when it begins; those that come later are refused by `add`. */
  #failBlocked(): void {
    const block = this.#breaker.current();
    if (!block || block.kind === 'rate-limited') return;
    const failed = this.#removeWhere((request) => failsOn(block, request));
    if (block.kind === 'unauthorized') failed.push(...this.#retries.remove(() => true));
    inBackground(forEachYielding(failed, (request) => request.fail(block.error)));
  }

  #removeWhere(gone: (request: QueuedRequest) => boolean): QueuedRequest[] {
    const removed: QueuedRequest[] = [];
    for (const request of this.#queue.remove((each) => !each.queued || gone(each))) {
      if (request.queued) removed.push(request);
      request.queued = false;
    }
    if (this.#queue.size === 0) clearTimeout(this.#timer);
    return removed;
  }

  #applyLimits(): void {
    this.#quota.count.limits = this.#clients.quota;
    const { windows, backend, size } = this.#clients;
    const isSame = backend === this.#backend && JSON.stringify(windows) === JSON.stringify(this.#windows);
    if (size === 0) clearTimeout(this.#timer);
    if (size === 0 || !isSame) {
      this.#limiter.close();
      this.#deciding = false;
      this.#notBefore = -Infinity;
      this.#windows = windows;
      this.#backend = backend;
      // Without a limit nothing waits for it, but a limit may come.
      this.#dispatches.maxTransitMs = maxTransitMs(windows.length > 0 ? windows : [A_MINUTE]);
      this.#dispatches.minRemembered = Math.max(0, ...windows.map(({ count }) => count));
      this.#limiter = backend.createRateLimiter(windows, this.#dispatches, this.#backendClient);
    }
    this.#failBlocked();
    this.#pump();
  }

  /** Without a limit as many as there were in as long a time just now. */
  #maxStartsWithin(ms: number): number {
    const most = maxStartsWithin(this.#windows, ms);
    return most === Infinity ? this.#dispatches.countSince(ms) : most;
  }

  #onDispatchChange(): void {
    if (this.#limiter.isLocal) {
      this.#notBefore = -Infinity;
      this.#isOutdated = true;
    }
    this.#schedulePump();
  }

  #onQuotaChange(): void {
    this.#failBlocked();
    this.#clients.notify();
    this.#wake();
  }
}

/** Whether a request ends when its key is blocked for this reason. */
function failsOn({ kind }: Block, { onQuota }: QueuedRequest): boolean {
  return kind === 'unauthorized' || (kind === 'quota-exhausted' && onQuota === 'fail');
}

/** A limiter that fails is asked again: a rejection would leave the whole queue waiting. */
function undecided(): readonly Decision<QueuedRequest>[] {
  return [{ action: 'wait', waitMs: RETRY_MS, reason: 'no-answer' }];
}

function cancelAll(decisions: readonly Decision<QueuedRequest>[]): void {
  for (const decision of decisions) if (decision.action === 'start') decision.reservation.cancel();
}

function finite(allowed: number): number {
  return Number.isFinite(allowed) ? allowed : 0;
}
