import { VirusTotalError } from '../errors';
import type { Progress } from '../api/http-exchange';
import type { QuotaFigures } from '../api/quota-figures';
import { BackOff } from './back-off';
import { FairQueue } from './fair-queue';
import { ABANDONED, type Job } from './job';
import { KeyAccount } from './key-account';
import { holdReason, KeyHold, type Hold, type HoldReason } from './key-hold';
import { KeyMembers, type Member } from './key-members';
import type { Chosen, KeyState, KeyUse, SharingProblem } from './key-state';
import { memoryState } from './memory-state';
import type { Pace, Start } from './pace';
import { Reservations, type Reservation } from './reservations';
import { fromWallClock, toWallClock, type RestartRecord } from './restart-record';
import { afterFailure } from './retry-policy';
import { inSlices } from './slices';
import { averageMs, longestWayMs, mostStarts, type SlidingWindow } from './sliding-window';
import { unlimitedPace } from './unlimited-pace';
import { inBackground } from './in-background';

export interface SchedulerState {
  requesting: number;
  /** Until a request may start; 0: now. */
  nextStartMs: number;
  problem: { code: string; text: string; reason: HoldReason } | null;
  /** Why the state isn't shared with other instances now, although it is meant to be. */
  store: SharingProblem | null;
  quota: Record<'day' | 'month', { used: number; allowed: number }>;
}

/** Requests under way at once; the network's own limit, not VirusTotal's. */
const MAX_RUNNING = 64;
/** The kind of limit that VirusTotal has. */
const A_MINUTE: SlidingWindow = { count: 1, windowMs: 60_000 };
/** A hold is looked at again at least this often, in ms: the wall clock may have been set meanwhile. */
const LOOK_AGAIN_MS = 60_000;

/**
 * All requests of one API key in this process, whoever asks: one queue, one pace, one count. It outlives its members, so that a
 * redeploy neither forgets what was used nor lets more through.
 */
export class KeyScheduler {
  readonly #queue = new FairQueue<Job>();
  readonly #members = new KeyMembers(() => this.#applyLimits());
  readonly #account = new KeyAccount(
    this.#members,
    () => this.#accountChanged(),
    (ms) => this.#mostStarts(ms),
  );
  readonly #hold = new KeyHold(this.#account.count, () => this.#members.timeScale);
  readonly #backOff = new BackOff((job) => {
    this.#putBack(job);
    this.#pump();
  });
  readonly #startOne: Start = (progress) => this.#start(() => this.#shift(), progress);
  readonly #use: KeyUse = {
    allowances: () => {
      const { daily, monthly } = this.#account.count.allowances;
      return { daily: finite(daily), monthly: finite(monthly) };
    },
    counts: () => this.#account.count.counts,
    choose: (most) => this.#choose(most),
    held: () => this.#hold.current() !== undefined,
    agreeCounts: (counts) => {
      const before = this.#account.count.spent()?.period;
      this.#account.count.agree(counts);
      if (this.#account.count.spent()?.period !== before) this.#accountChanged();
    },
    divideQuota: (instances) => this.#account.count.divide(instances),
    agreeHold: (hold) => {
      if (this.#hold.agree(hold)) this.#accountChanged();
    },
    changed: () => this.#members.changed(),
  };
  #state: KeyState = memoryState;
  #windows: readonly SlidingWindow[] = [];
  #pace: Pace = unlimitedPace;
  readonly #requests = new Reservations();
  #running = 0;
  /** The own count may lack something: one request goes first, so that VirusTotal's figures can be told from what runs meanwhile. */
  #afterKill = false;
  /** The pace has been asked for the next start. */
  #asked = false;
  #pumping = false;
  #lookAgain: NodeJS.Timeout | undefined;

  /** Joining is what a deploy does: a key that was refused is given another chance. */
  join(member: Member): void {
    this.#members.add(member);
    this.#hold.forgiveKey();
    this.#applyLimits();
    if (member.restart) this.#goOnAfter(member.restart);
    this.#state.lift(['refused']);
    this.#account.joined();
    if (member.store) this.#account.load(member.store);
  }

  leave(member: Member): void {
    this.#account.left(member);
    this.#members.delete(member);
    if (this.#members.size === 0)
      member.restart?.end(toWallClock(this.#requests.since(this.#longestWindowMs)));
    this.forgetAbandoned();
    this.#applyLimits();
  }

  /** A member is no longer suspended. */
  resume(): void {
    this.#pump();
  }

  /** @throws VirusTotalError `VT_AUTH` or `VT_QUOTA` at once when it would only wait to fail */
  add(job: Job): void {
    const hold = this.#hold.current();
    if (hold?.kind === 'spent') this.#account.doubt();
    if (hold && fails(job, hold)) throw hold.error;
    job.queued = true;
    this.#queue.push(job);
    this.#pump();
  }

  /** A waiting job is asked for again by somebody more urgent: it gets a second, better place; the old one is passed over. */
  hasten(job: Job, priority: number): void {
    job.priority = priority;
    if (job.queued) this.#queue.push(job);
  }

  /** The key was seen to work: nothing that VirusTotal said of it before counts, but for a pause. */
  lift(): void {
    this.#hold.lift();
    this.#state.lift(['spent', 'refused']);
    this.#members.changed();
    this.#pump();
  }

  /** Corrects the count by VirusTotal's own. Passes on what `ask` gives or throws. */
  correctBy(ask: () => Promise<QuotaFigures | undefined>): Promise<QuotaFigures | undefined> {
    return this.#account.correctBy(ask);
  }

  /** Lets go of what nobody waits for any more. */
  forgetAbandoned(): void {
    for (const job of this.#backOff.remove(({ abandoned }) => abandoned)) job.fail(ABANDONED);
    for (const job of this.#takeOut(({ abandoned }) => abandoned)) job.fail(ABANDONED);
  }

  /** Between two requests on average, by the limit, in ms; 0: there is none. */
  get paceMs(): number {
    return averageMs(this.#windows);
  }

  state(): SchedulerState {
    const hold = this.#hold.current();
    const { counts, allowances } = this.#account.count;
    return {
      requesting: this.#running,
      nextStartMs: hold ? hold.remainingMs : this.#pace.waitMs(),
      problem: hold ? { code: hold.error.code, text: hold.error.message, reason: holdReason(hold) } : null,
      store: this.#state.problem,
      quota: {
        day: { used: counts.dayUsed, allowed: finite(allowances.daily) },
        month: { used: counts.monthUsed, allowed: finite(allowances.monthly) },
      },
    };
  }

  /** The limit holds for what an earlier process has started too. */
  #goOnAfter(record: RestartRecord): void {
    const before = record.before();
    const wayMs = longestWayMs(this.#windows);
    if (before === 'killed') {
      this.#afterKill = true;
      this.#requests.unknownUntil(performance.now() + wayMs);
    }
    // Redis knows of those that were shared.
    else if (before && !this.#state.shared) this.#requests.addEarlier(fromWallClock(before, wayMs));
    record.begin();
  }

  get #longestWindowMs(): number {
    return Math.max(A_MINUTE.windowMs, ...this.#windows.map(({ windowMs }) => windowMs));
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#mayAsk()) {
        this.#asked = true;
        this.#pace.next(this.#startOne);
      }
    } finally {
      this.#pumping = false;
    }
  }

  #mayAsk(): boolean {
    if (this.#asked || this.#queue.size === 0 || !this.#account.ready || !this.#members.active) return false;
    if (this.#room <= 0 || this.#awaitsConnection) return false;
    const hold = this.#hold.current();
    if (!hold) return true;
    if (hold.kind === 'spent') this.#account.doubt();
    clearTimeout(this.#lookAgain);
    this.#lookAgain = setTimeout(() => this.#pump(), Math.min(hold.remainingMs + 1, LOOK_AGAIN_MS));
    return false;
  }

  /** How many more may be under way. */
  get #room(): number {
    const oneByOne = this.#hold.trying || (this.#afterKill && !this.#account.settled);
    return (oneByOne ? 1 : MAX_RUNNING) - this.#running;
  }

  /** As many as a window has room for wait for their connections: one more could leave together with them. */
  get #awaitsConnection(): boolean {
    const { connecting } = this.#requests;
    return connecting > 0 && this.#windows.some(({ count }) => count <= connecting);
  }

  /** Called by the pace when a request may go. @returns its end, or false when none went */
  #start(take: () => Job | undefined, progress?: Progress): Promise<void> | false {
    this.#asked = false;
    this.#pumpSoon();
    if (!this.#members.active || this.#hold.current()) return false;
    const job = take();
    if (!job) return false;
    this.#running++;
    this.#account.started();
    const end = this.#run(job, this.#requests.begin(), progress);
    // Some paces don't look at it.
    inBackground(end);
    this.#endThoseWhoFail();
    return end;
  }

  #pumpSoon(): void {
    if (!this.#pumping) queueMicrotask(() => this.#pump());
  }

  /** Who would be the next; they stay in their places, as it may take a while until they may go. */
  #choose(most: number): Chosen[] {
    this.#tidy();
    const next = this.#queue.ahead(Math.min(most, Math.max(1, this.#room)));
    // Who was hastened has two places.
    const waiting = new Set(next.filter(({ queued, abandoned }) => queued && !abandoned));
    return [...waiting].map((job) => {
      const take = (): Job | undefined => {
        if (!job.queued || job.abandoned) return undefined;
        job.queued = false;
        return job;
      };
      return {
        claim: job.claim,
        start: (progress) => this.#start(take, progress),
        elsewhere: () => inBackground(this.#sendElsewhere(take())),
      };
    });
  }

  /** It gets its report from another instance; or comes back, when that one got none. */
  async #sendElsewhere(job: Job | undefined): Promise<void> {
    this.#asked = false;
    this.#pumpSoon();
    if (!job || (await job.elsewhere()) === 'settled') return;
    this.#putBack(job);
    this.#pump();
  }

  /** Lets go of places at the front that no longer stand for anybody. */
  #tidy(): void {
    for (let job = this.#queue.peek(); job; job = this.#queue.peek()) {
      if (job.queued && !job.abandoned) return;
      this.#queue.shift();
      if (job.queued) job.fail(ABANDONED);
      job.queued = false;
    }
  }

  /** The next that still waits; places that no longer stand for anybody are passed over. */
  #shift(): Job | undefined {
    for (let job = this.#queue.shift(); job; job = this.#queue.shift()) {
      if (!job.queued) continue;
      job.queued = false;
      if (!job.abandoned) return job;
      job.fail(ABANDONED);
    }
    return undefined;
  }

  async #run(job: Job, request: Reservation, progress?: Progress): Promise<void> {
    try {
      const outcome = await job.attempt({
        left: () => {
          const { connecting } = this.#requests;
          this.#requests.left(request);
          progress?.left();
          if (this.#windows.some(({ count }) => count === connecting)) this.#pumpSoon();
        },
        answered: () => {
          this.#requests.answered(request);
          progress?.answered();
        },
      });
      this.#requests.answered(request);
      this.#accepted();
      if (outcome === 'redirected') this.#putBack(job);
    } catch (error) {
      this.#failed(job, error);
    } finally {
      // Whatever happens to this job, the next ones get its place.
      this.#requests.ended(request);
      this.#running--;
      this.#account.ended();
      this.#pump();
    }
  }

  #failed(job: Job, thrown: unknown): void {
    const error =
      thrown instanceof VirusTotalError
        ? thrown
        : new VirusTotalError('VT_BAD_RESPONSE', `Unreadable answer: ${String(thrown)}`);
    if (error.retryable && error.code !== 'VT_QUOTA') job.failures++;
    const next = afterFailure(error, job.failures, this.#members.timeScale);
    switch (next.kind) {
      case 'fail':
      case 'again':
        if (error.status !== undefined) this.#accepted();
        if (next.kind === 'fail') job.fail(error);
        else if (job.abandoned) job.fail(ABANDONED);
        else this.#backOff.add(job, next.afterMs);
        return;
      case 'pause':
        if (this.#hold.pause(next.ms, error)) {
          this.#tellHold();
          this.#account.askFigures();
        }
        this.#putBack(job);
        break;
      case 'refuse-key':
        this.#hold.refuseKey(error);
        this.#tellHold();
        job.fail(error);
    }
    this.#endThoseWhoFail();
    this.#members.changed();
  }

  #accepted(): void {
    if (this.#hold.trying) this.#state.lift(['pause', 'spent', 'refused']);
    this.#hold.accepted();
  }

  #tellHold(): void {
    const record = this.#hold.record();
    if (record) this.#state.hold(record);
  }

  /** Before all others; or it ends, when it would only wait to fail. */
  #putBack(job: Job): void {
    if (job.abandoned) return job.fail(ABANDONED);
    const hold = this.#hold.current();
    if (hold && fails(job, hold)) return job.fail(hold.error);
    job.queued = true;
    this.#queue.putBack(job);
  }

  /** A hold ends those who don't wait for it when it begins; who comes later is refused at the door. */
  #endThoseWhoFail(): void {
    const hold = this.#hold.current();
    if (!hold || hold.kind === 'pause') return;
    const ended = this.#takeOut((job) => fails(job, hold));
    if (hold.kind === 'refused') ended.push(...this.#backOff.remove(() => true));
    inBackground(inSlices(ended, (job) => job.fail(hold.error)));
  }

  #takeOut(gone: (job: Job) => boolean): Job[] {
    const taken: Job[] = [];
    for (const job of this.#queue.remove((each) => !each.queued || gone(each))) {
      if (job.queued) taken.push(job);
      job.queued = false;
    }
    if (this.#queue.size === 0) clearTimeout(this.#lookAgain);
    return taken;
  }

  #applyLimits(): void {
    this.#account.count.limits = this.#members.quota;
    const { windows, state } = this.#members;
    const same = state === this.#state && JSON.stringify(windows) === JSON.stringify(this.#windows);
    if (this.#members.size === 0) clearTimeout(this.#lookAgain);
    if (this.#members.size === 0 || !same) {
      this.#pace.close();
      this.#asked = false;
      this.#windows = windows;
      this.#state = state;
      // Without a limit nothing waits for it, but a limit may come.
      this.#requests.longestWayMs = longestWayMs(windows.length > 0 ? windows : [A_MINUTE]);
      this.#requests.atLeast = Math.max(0, ...windows.map(({ count }) => count));
      this.#pace = state.createPace(windows, this.#requests, this.#use);
    }
    this.#endThoseWhoFail();
    this.#pump();
  }

  /** Without a limit as many as there were in as long a time just now. */
  #mostStarts(ms: number): number {
    const most = mostStarts(this.#windows, ms);
    return most === Infinity ? this.#requests.within(ms) : most;
  }

  #accountChanged(): void {
    this.#endThoseWhoFail();
    this.#members.changed();
    this.#pump();
  }
}

/** Whether a job ends when its key is held up for this reason. */
function fails(job: Job, { kind }: Hold): boolean {
  return kind === 'refused' || (kind === 'spent' && job.onQuota === 'fail');
}

function finite(allowed: number): number {
  return Number.isFinite(allowed) ? allowed : 0;
}
