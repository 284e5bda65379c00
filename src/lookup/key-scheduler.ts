import { VirusTotalError } from '../api/errors';
import { FairQueue, type Queued } from './fair-queue';
import { KeyHold } from './key-hold';
import { startsPerMinute, type Pace, type PaceLimit } from './pace';
import { QuotaCount, type QuotaLimits, type QuotaStore } from './quota-count';
import { afterFailure } from './retry-policy';
import { inSlices } from './slices';
import { SpacingPace } from './spacing-pace';
import { unlimitedPace } from './unlimited-pace';
import { WindowPace } from './window-pace';

/** A request that waits for its turn. */
export interface Job extends Queued {
  /** Nobody waits for it any more. */
  readonly abandoned: boolean;
  /** Set while it waits in the queue; a place in the queue of a job that isn't waiting (any more) is passed over. */
  queued: boolean;
  readonly onQuota: 'fail' | 'wait';
  /** How often it has failed for a passing reason. */
  failures: number;
  /** One exchange with VirusTotal. Throws VirusTotalError; a redirect goes through the queue again. */
  attempt(): Promise<'settled' | 'redirected'>;
  fail(error: VirusTotalError): void;
}

/** A service that uses the key, and how its user wants the key treated. */
export interface Member {
  limit: PaceLimit;
  quota: QuotaLimits;
  timeScale: number;
  store: QuotaStore | undefined;
  /** Asks VirusTotal what is left; undefined when it doesn't say. Costs no quota. */
  figures(): Promise<Parameters<QuotaCount['correct']>[0] | undefined>;
  /** Waiting, problem or counts changed. */
  changed(): void;
}

export interface SchedulerState {
  requesting: number;
  /** Until a request may start; 0: now. */
  nextStartMs: number;
  problem: { code: string; text: string } | null;
  quota: Record<'day' | 'month', { used: number; allowed: number }>;
}

/** Requests under way at once; the network's own limit, not VirusTotal's. */
const MAX_RUNNING = 64;
/** A hold is looked at again at least this often, in ms: the wall clock may have been set meanwhile. */
const LOOK_AGAIN_MS = 60_000;
/** Starts remembered for a pace that is set up anew; a window may be as long as this. */
const REMEMBERED_STARTS = 4096;

/**
 * All requests of one API key in this process, whoever asks: one queue, one pace, one count. It outlives its members, so that a
 * redeploy neither forgets what was used nor lets more through.
 */
export class KeyScheduler {
  readonly #queue = new FairQueue<Job>();
  readonly #count = new QuotaCount();
  readonly #hold = new KeyHold(this.#count, () => this.#timeScale);
  readonly #members = new Set<Member>();
  readonly #retrying = new Map<Job, NodeJS.Timeout>();
  #limit: PaceLimit = { mode: 'none' };
  #pace: Pace = unlimitedPace;
  #starts: number[] = [];
  #timeScale = 1;
  #running = 0;
  #loading = 0;
  #asked = false;
  #pumping = false;
  #lookAgain: NodeJS.Timeout | undefined;
  #corrected = false;

  /** Requests under way. */
  get running(): number {
    return this.#running;
  }

  /** Joining is what a deploy does: a key that was refused is given another chance. */
  join(member: Member): void {
    this.#members.add(member);
    this.#timeScale = member.timeScale;
    this.#hold.lift();
    this.#applyLimits();
    if (!member.store) return;
    this.#loading++;
    member.store
      .load()
      .then((counts) => counts && this.#count.merge(counts))
      .catch(() => undefined)
      .finally(() => {
        this.#loading--;
        this.#pump();
      });
  }

  leave(member: Member): void {
    this.#members.delete(member);
    this.forgetAbandoned();
    this.#applyLimits();
  }

  /** @throws VirusTotalError `VT_AUTH` or `VT_QUOTA` at once when it would only wait to fail */
  add(job: Job): void {
    const hold = this.#hold.current();
    if (hold && fails(job, hold.kind)) throw hold.error;
    job.queued = true;
    this.#queue.push(job);
    this.#pump();
  }

  /** A waiting job is asked for again by somebody more urgent: it gets a second, better place; the old one is passed over. */
  hasten(job: Job, priority: number): void {
    job.priority = priority;
    if (job.queued) this.#queue.push(job);
  }

  /** The key was seen to work, or a person asks for another try. */
  lift(): void {
    this.#hold.lift();
    this.#changed();
    this.#pump();
  }

  /** Lets go of what nobody waits for any more. */
  forgetAbandoned(): void {
    for (const [job, timer] of this.#retrying) {
      if (!job.abandoned) continue;
      clearTimeout(timer);
      this.#retrying.delete(job);
      letGo(job);
    }
    for (const job of this.#queue.drain()) if (waits(job)) this.#queue.push(job);
    if (this.#queue.size === 0) clearTimeout(this.#lookAgain);
  }

  correct(figures: Parameters<QuotaCount['correct']>[0]): void {
    this.#count.correct(figures, this.#running);
    this.#save();
    this.#changed();
  }

  state(): SchedulerState {
    const hold = this.#hold.current();
    const { dayUsed, monthUsed } = this.#count.counts;
    const { daily, monthly } = this.#count.allowances;
    return {
      requesting: this.#running,
      nextStartMs: hold ? hold.remainingMs : this.#pace.waitMs(),
      problem: hold ? { code: hold.error.code, text: hold.error.message } : null,
      quota: {
        day: { used: dayUsed, allowed: Number.isFinite(daily) ? daily : 0 },
        month: { used: monthUsed, allowed: Number.isFinite(monthly) ? monthly : 0 },
      },
    };
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#mayAsk()) {
      this.#asked = true;
      this.#pace.next(() => this.#start());
    }
    this.#pumping = false;
  }

  #mayAsk(): boolean {
    if (this.#asked || this.#loading > 0 || this.#queue.size === 0) return false;
    if (this.#running >= (this.#hold.trying ? 1 : MAX_RUNNING)) return false;
    const hold = this.#hold.current();
    if (!hold) return true;
    clearTimeout(this.#lookAgain);
    this.#lookAgain = setTimeout(() => this.#pump(), Math.min(hold.remainingMs + 1, LOOK_AGAIN_MS));
    // The own count is spent without anybody having been refused: those who don't want to wait end here.
    if (hold.kind === 'spent') this.#failThoseWho(hold.kind, hold.error);
    return false;
  }

  /** Called by the pace when a request may go. @returns whether one went */
  #start(): boolean {
    this.#asked = false;
    if (!this.#pumping) queueMicrotask(() => this.#pump());
    if (this.#hold.current()) return false;
    let job = this.#queue.shift();
    while (job && !waits(job)) job = this.#queue.shift();
    if (!job) return false;
    job.queued = false;
    this.#running++;
    this.#count.add();
    this.#save();
    this.#remember(performance.now());
    this.#correctOnce();
    void this.#run(job);
    return true;
  }

  async #run(job: Job): Promise<void> {
    try {
      const outcome = await job.attempt();
      this.#hold.accepted();
      if (outcome === 'redirected') this.#putBack(job);
    } catch (error) {
      this.#failed(job, error);
    }
    this.#running--;
    this.#pump();
  }

  #failed(job: Job, thrown: unknown): void {
    const error =
      thrown instanceof VirusTotalError
        ? thrown
        : new VirusTotalError('VT_BAD_RESPONSE', `The answer could not be read: ${String(thrown)}`);
    if (error.retryable && error.code !== 'VT_QUOTA') job.failures++;
    const next = afterFailure(error, job.failures, this.#timeScale);
    switch (next.kind) {
      case 'fail':
        this.#hold.accepted();
        job.fail(error);
        return;
      case 'again':
        this.#hold.accepted();
        this.#retrying.set(
          job,
          setTimeout(() => this.#again(job), next.afterMs),
        );
        return;
      case 'pause': {
        this.#hold.pause(next.ms, error);
        this.#putBack(job);
        this.#askFigures();
        const hold = this.#hold.current();
        if (hold?.kind === 'spent') this.#failThoseWho(hold.kind, hold.error);
        this.#changed();
        return;
      }
      case 'refuse-key':
        this.#hold.refuseKey(error);
        job.fail(error);
        this.#failThoseWho('refused', error);
        this.#changed();
    }
  }

  #again(job: Job): void {
    this.#retrying.delete(job);
    if (job.abandoned) return letGo(job);
    this.#putBack(job);
    this.#pump();
  }

  #putBack(job: Job): void {
    job.queued = true;
    this.#queue.putBack(job);
  }

  #failThoseWho(kind: 'spent' | 'refused', error: VirusTotalError): void {
    const ended: Job[] = [];
    for (const job of this.#queue.drain()) {
      if (!waits(job)) continue;
      if (fails(job, kind)) ended.push(job);
      else this.#queue.push(job);
    }
    if (kind === 'refused')
      for (const [job, timer] of this.#retrying) {
        clearTimeout(timer);
        this.#retrying.delete(job);
        ended.push(job);
      }
    void inSlices(ended, (job) => job.fail(error));
  }

  /** The strictest of the members' wishes holds: it is one key. */
  #applyLimits(): void {
    const quotas = [...this.#members].map(({ quota }) => quota);
    this.#count.limits = {
      daily: lowestAllowance(quotas.map(({ daily }) => daily)),
      monthly: lowestAllowance(quotas.map(({ monthly }) => monthly)),
    };
    const limit = [...this.#members]
      .map((member) => member.limit)
      .reduce<PaceLimit>((a, b) => (startsPerMinute(b) < startsPerMinute(a) ? b : a), { mode: 'none' });
    if (this.#members.size > 0 && JSON.stringify(limit) === JSON.stringify(this.#limit)) return;
    this.#pace.close();
    this.#asked = false;
    this.#limit = limit;
    this.#pace = this.#members.size === 0 ? unlimitedPace : createPace(limit, this.#starts);
    this.#pump();
  }

  #remember(start: number): void {
    this.#starts.push(start);
    if (this.#starts.length > 2 * REMEMBERED_STARTS) this.#starts = this.#starts.slice(-REMEMBERED_STARTS);
  }

  /** Other tools may have used the key before this process: its first start asks what is left. */
  #correctOnce(): void {
    if (this.#corrected || !this.#count.counting) return;
    this.#corrected = true;
    this.#askFigures();
  }

  #askFigures(): void {
    if (!this.#count.counting) return;
    for (const member of this.#members) {
      member
        .figures()
        .then((figures) => figures && this.correct(figures))
        .catch(() => undefined)
        .finally(() => this.#pump());
      return;
    }
  }

  #save(): void {
    if (!this.#count.counting) return;
    for (const { store } of this.#members) store?.save(this.#count.counts);
  }

  #changed(): void {
    for (const member of this.#members) member.changed();
  }
}

/** Whether a place in the queue still stands for a job that waits; one that nobody waits for is let go. */
function waits(job: Job): boolean {
  if (job.queued && job.abandoned) letGo(job);
  return job.queued;
}

/** Nobody hears of this error; it tells the job's owner that it won't go. */
function letGo(job: Job): void {
  job.queued = false;
  job.fail(new VirusTotalError('VT_CLOSED', 'Nobody waits for this lookup any more'));
}

/** Whether a job ends when its key is held up for this reason. */
function fails(job: Job, kind: 'pause' | 'spent' | 'refused'): boolean {
  return kind === 'refused' || (kind === 'spent' && job.onQuota === 'fail');
}

function lowestAllowance(allowances: number[]): number {
  const counted = allowances.filter((allowed) => allowed > 0);
  return counted.length === 0 ? 0 : Math.min(...counted);
}

function createPace(limit: PaceLimit, starts: readonly number[]): Pace {
  switch (limit.mode) {
    case 'none':
      return unlimitedPace;
    case 'spacing':
      return new SpacingPace(limit.ms, starts.at(-1));
    case 'window':
      return new WindowPace(limit.count, limit.windowMs, starts);
  }
}
