import type { QuotaUsage } from '../api/quota-usage';
import { blockReason, CircuitBreaker, type BlockReason } from './circuit-breaker';
import { DispatchLog, type Reservation } from './dispatch-log';
import { FailureHandler } from './failure-handler';
import { inBackground } from '../in-background';
import { KeyClients, type KeyClient } from './key-clients';
import {
  memoryBackend,
  type BackendClient,
  type LimiterBackend,
  type SharingProblem,
} from './limiter-backend';
import { LAST_PRIORITY, LAST_URGENT_PRIORITY } from './priority';
import { QuotaTracker } from './quota-tracker';
import type { Decision, RateLimiter } from './rate-limiter';
import { ABANDONED, isWaiting, RequestQueue, type QueuedRequest } from './request-queue';
import { fromWallClock, toWallClock, type RestartRecord } from './restart-record';
import { averageIntervalMs, maxTransitMs, maxStartsWithin, type SlidingWindow } from './sliding-window';

/** The state of a key for status lines and dialogs. Times are in ms, quotas in lookups. */
export interface SchedulerStats {
  requesting: number;
  /** Requests started since the process began. */
  requests: number;
  /** Time until the next request may start; 0: now. */
  nextStartMs: number;
  problem: { code: string; text: string; reason: BlockReason } | null;
  /** Why the limits are not shared with other instances now, although Redis is configured. */
  sharingProblem: SharingProblem | null;
  quota: Record<'day' | 'month', { used: number; allowed: number }>;
  /**
   * `lookups` of the day's quota are for priority 0 to 5 alone. `waitMs`: all that waits for its start is of a later priority, and is held
   * back for that many ms; null: nothing is held back. Absent: there is no reserve.
   */
  reserve?: { lookups: number; waitMs: number | null };
}

/** Requests under way at once; the network's own limit, not VirusTotal's. */
const MAX_RUNNING = 64;
/** The kind of limit that VirusTotal has. */
const MINUTE_MS = 60_000;
const A_MINUTE: SlidingWindow = { count: 1, windowMs: MINUTE_MS };
/** A limiter that failed is asked again after this, in ms. */
const RETRY_MS = 1_000;
/** A wait is looked at again at least this often, in ms: the wall clock may have been set meanwhile. */
const MAX_WAIT_MS = 60_000;

type Decisions = readonly Decision<QueuedRequest>[];
type Start = Extract<Decision<QueuedRequest>, { action: 'start' }>;
type Wait = Extract<Decision<QueuedRequest>, { action: 'wait' }>;

/**
 * All requests of one API key in this process, whichever service asks: one queue, one rate limiter, one count. It outlives its clients, so
 * that a redeploy neither forgets what was used nor lets more through.
 *
 * A request is in one of four places. Added, it is in the queue, unless a block of the key refuses it at once. From there a decision of the
 * limiter makes it run (at most `MAX_RUNNING` do), or leaves it to a peer, when another instance holds its lease. A running one ends with its
 * answer or error, goes back to the queue when VirusTotal redirects it or asks for a pause, or waits for a retry of its own, after a passing
 * failure; from there, and from a peer that got no report, it goes back to the front of the queue. Once no lookup waits for it, it is refused a
 * place in the queue and among the retries; what runs is not taken back.
 *
 * The key itself is idle (nothing waits), deciding (the limiter was asked and hasn't answered: it is asked once at a time), waiting
 * (until `#notBefore`, by `#timer`) or blocked; once only the reserve of the day's quota is left, the requests that aren't urgent neither start
 * nor stand in the way of those that are. `#pump` starts what may start until it meets one of the four. A wait ends early when something
 * that may shorten it has changed: an arrival became known, the limits, a block, a count, the connection to Redis (`#wake`). Nothing starts
 * while the counts of the process before are being read, and while all clients are suspended.
 */
export class KeyScheduler {
  readonly #queue = new RequestQueue();
  readonly #clients = new KeyClients(() => this.#applyLimits());
  readonly #quota = new QuotaTracker(
    this.#clients,
    () => this.#onQuotaChange(),
    (ms) => this.#maxStartsWithin(ms),
  );
  readonly #breaker = new CircuitBreaker(this.#quota.count, () => this.#clients.timeScale);
  readonly #dispatches = new DispatchLog(() => this.#onDispatchChange());
  readonly #backendClient: BackendClient = {
    allowances: () => ({ ...this.#quota.count.allowances, reserved: this.#quota.count.reserved }),
    counts: () => this.#quota.count.counts,
    setCounts: (counts) => {
      const before = this.#exhaustedPart;
      this.#quota.count.replace(counts);
      if (this.#exhaustedPart !== before) this.#onQuotaChange();
    },
    divideQuota: (instances) => this.#quota.count.divide(instances),
    block: () => this.#breaker.toRecord(),
    setBlock: (block) => {
      if (this.#breaker.apply(block)) this.#onQuotaChange();
    },
    changed: () => {
      this.#clients.notify();
      this.#wake();
    },
  };
  readonly #failures = new FailureHandler({
    queue: this.#queue,
    breaker: this.#breaker,
    clients: this.#clients,
    quota: this.#quota,
    pump: () => this.#pump(),
  });
  #backend: LimiterBackend = memoryBackend;
  #windows: readonly SlidingWindow[] = [];
  #limiter: RateLimiter = memoryBackend.createRateLimiter([], this.#dispatches, this.#backendClient);
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

  /** Starts requests again after a client has been resumed. */
  resume(): void {
    this.#pump();
  }

  /** Queues a request. If a block of the key would fail it anyway, it fails at once with `VT_AUTH` or `VT_QUOTA`. */
  add(request: QueuedRequest): void {
    if (this.#breaker.currentFor(request.priority)?.kind === 'quota-exhausted')
      this.#quota.recheckWhenStale();
    const refusal = request.abandoned ? ABANDONED : this.#failures.refusal(request);
    if (refusal) return request.fail(refusal);
    this.#queue.push(request);
    this.#pump();
  }

  /** A more urgent lookup joins a waiting request. */
  raisePriority(request: QueuedRequest, priority: number): void {
    this.#queue.raisePriority(request, priority);
    // The reserve may be for it now.
    this.#pump();
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
    this.#failures.dropAbandoned();
    if (this.#queue.isEmpty) clearTimeout(this.#timer);
  }

  /** Between two requests on average, by the limit, in ms; 0: there is none. */
  get averageIntervalMs(): number {
    return averageIntervalMs(this.#windows);
  }

  /** Requests of the last 60 seconds, and how many the limit allows in that time on average; null without such a limit. */
  get minute(): { used: number; allowed: number } | null {
    const { averageIntervalMs } = this;
    const allowed = averageIntervalMs > 0 ? Math.round(MINUTE_MS / averageIntervalMs) : 0;
    if (allowed < 1) return null;
    return { used: this.#dispatches.arrivalsSince(MINUTE_MS).length, allowed };
  }

  stats(): SchedulerStats {
    const block = this.#breaker.current();
    const { counts, allowances } = this.#quota.count;
    const reserve = this.#reserve;
    return {
      requesting: this.#quota.inFlight,
      requests: this.#quota.started,
      nextStartMs: block ? block.remainingMs : this.#limiter.retryAfterMs(),
      problem: block
        ? { code: block.error.code, text: block.error.message, reason: blockReason(block) }
        : null,
      sharingProblem: this.#backend.problem,
      quota: {
        day: { used: counts.dayUsed, allowed: allowances.daily },
        month: { used: counts.monthUsed, allowed: allowances.monthly },
      },
      ...(reserve ? { reserve } : {}),
    };
  }

  get #reserve(): SchedulerStats['reserve'] {
    const lookups = this.#quota.count.reserved;
    if (lookups === 0) return undefined;
    const isHeldBack = this.#queue.waitsBehind(LAST_URGENT_PRIORITY);
    return { lookups, waitMs: (isHeldBack && this.#breaker.reserve()?.remainingMs) || null };
  }

  /** Which part of the quota is used up. */
  get #exhaustedPart(): 'day' | 'month' | 'unreserved' | undefined {
    const { count } = this.#quota;
    return count.exhausted()?.period ?? (count.unreservedExhausted() && 'unreserved');
  }

  /** The last priority that may start. */
  get #lastPriority(): number {
    return this.#quota.count.unreservedExhausted() ? LAST_URGENT_PRIORITY : LAST_PRIORITY;
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

  /** Starts what may start. @param late what the limiter has decided after a while */
  #pump(late?: Decisions): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (let decisions = late ?? this.#decide(); decisions; decisions = this.#decide()) {
        for (const decision of decisions) {
          if (decision.action === 'wait') {
            // The counts that came with it tell which ones may start.
            if (decision.reason === 'reserved' && this.#lastPriority < LAST_PRIORITY) break;
            return this.#waitFor(decision);
          }
          if (this.#goes(decision)) inBackground(this.#run(decision.request, decision.reservation));
        }
      }
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
    if (this.#pumping || this.#pumpScheduled || this.#queue.isEmpty) return;
    this.#pumpScheduled = true;
    queueMicrotask(() => {
      this.#pumpScheduled = false;
      this.#pump();
    });
  }

  /** What the limiter decides on the next ones; undefined: it isn't to be asked now, or takes a while. */
  #decide(): Decisions | undefined {
    if (!this.#canStart()) return undefined;
    clearTimeout(this.#timer);
    const limiter = this.#limiter;
    const decisions = limiter.reserve((max) => this.#candidates(max));
    if (!(decisions instanceof Promise)) return decisions.length > 0 ? decisions : undefined;
    this.#deciding = true;
    this.#isOutdated = false;
    inBackground(
      decisions.catch(undecided).then((late) => {
        // The limits have changed meanwhile: a new limiter decides.
        if (limiter !== this.#limiter) return cancelAll(late);
        this.#deciding = false;
        this.#pump(late);
        // It gave a wait that became shorter meanwhile.
        if (this.#isOutdated) this.#wake();
      }),
    );
    return undefined;
  }

  #canStart(): boolean {
    if (this.#deciding || !this.#quota.ready || !this.#clients.active) return false;
    if (this.#queue.isEmpty) {
      clearTimeout(this.#timer);
      return false;
    }
    if (this.#freeSlots <= 0 || this.#isConnecting || performance.now() < this.#notBefore) return false;
    const block = this.#queue.hasWaiting(LAST_URGENT_PRIORITY)
      ? this.#breaker.current()
      : this.#breaker.currentFor(LAST_PRIORITY);
    if (!block) return true;
    if (block.kind === 'quota-exhausted') this.#quota.recheckWhenStale();
    this.#pumpIn(block.remainingMs + 1);
    return false;
  }

  #waitFor({ waitMs, reason }: Wait): void {
    // An urgent one that comes meanwhile doesn't wait.
    if (reason !== 'reserved') this.#notBefore = performance.now() + waitMs;
    this.#pumpIn(waitMs);
  }

  #pumpIn(ms: number): void {
    clearTimeout(this.#timer);
    // Timers may fire a little early.
    this.#timer = setTimeout(() => this.#wake(), Math.ceil(Math.min(ms, MAX_WAIT_MS)));
  }

  get #freeSlots(): number {
    const oneByOne = this.#breaker.halfOpen || (this.#afterKill && !this.#quota.settled);
    return (oneByOne ? 1 : MAX_RUNNING) - this.#quota.inFlight;
  }

  /** As many as a window has room for wait for their connections: one more could be dispatched together with them. */
  get #isConnecting(): boolean {
    const { connecting } = this.#dispatches;
    return connecting > 0 && this.#windows.some(({ count }) => count <= connecting);
  }

  #candidates(max: number): QueuedRequest[] {
    if (!this.#mayStart()) return [];
    return this.#queue.peek(Math.min(max, Math.max(1, this.#freeSlots)), this.#lastPriority);
  }

  #mayStart(): boolean {
    return this.#clients.active && !this.#breaker.current();
  }

  /** @returns whether the request of a decision starts; where a peer has its lease it waits for that one's report */
  #goes(decision: Exclude<Decision<QueuedRequest>, { action: 'wait' }>): decision is Start {
    const { request } = decision;
    const waits = isWaiting(request);
    if (decision.action === 'leased-by-peer') {
      if (waits) inBackground(this.#waitForPeer(request));
      return false;
    }
    if (waits && this.#mayStart() && request.priority <= this.#lastPriority) return true;
    decision.reservation.cancel();
    return false;
  }

  async #run(request: QueuedRequest, reservation: Reservation): Promise<void> {
    request.queued = false;
    const before = this.#exhaustedPart;
    this.#quota.requestStarted();
    try {
      // It may have been the last of the day, or the last before its reserve.
      if (this.#exhaustedPart !== before) this.#failures.failBlocked();
      const outcome = await request.attempt(reservation);
      reservation.answered();
      this.#failures.accepted();
      if (outcome === 'redirected') this.#failures.requeue(request);
    } catch (error) {
      this.#failures.failed(request, error);
    } finally {
      // Whatever happens to this request, the next ones get its slot.
      reservation.ended();
      this.#quota.requestEnded();
      this.#pump();
    }
  }

  /** It gets its report from another instance; or comes back, when that one got none. */
  async #waitForPeer(request: QueuedRequest): Promise<void> {
    request.queued = false;
    if ((await request.waitForPeer()) === 'settled') return;
    this.#failures.requeue(request);
    this.#pump();
  }

  #applyLimits(): void {
    this.#quota.count.limits = this.#clients.quota;
    this.#quota.count.reservePercent = this.#clients.reserve;
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
    this.#failures.failBlocked();
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
    this.#failures.failBlocked();
    this.#clients.notify();
    this.#wake();
  }
}

/** A limiter that fails is asked again: a rejection would leave the whole queue waiting. */
function undecided(): Decisions {
  return [{ action: 'wait', waitMs: RETRY_MS, reason: 'no-answer' }];
}

function cancelAll(decisions: Decisions): void {
  for (const decision of decisions) if (decision.action === 'start') decision.reservation.cancel();
}
