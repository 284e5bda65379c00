import type { Analysis } from '../analysis/analysis';
import type { VirusTotalError } from '../errors';
import { inBackground } from '../in-background';
import type { Indicator } from '../ioc/ioc';
import type { Report } from '../report/report';
import type { IocStream } from './ioc-stream';
import { blockedFor, paceOf, type Allowance, type Pace } from './pace';
import type { StreamNotification, StreamPage } from './stream-page';
import type { WatchList } from './watch-list';
import type { VerdictChange, Watched } from './watched';

/** What a watcher needs of the program that it runs in. None of these may throw, but for the promises of requests. */
export interface WatcherHost {
  /** What the key allows now; undefined: there is no key at the moment. */
  allowance(): Allowance | undefined;
  /** A report as it is now, not one from a cache, at the last priority. @throws VirusTotalError in the promise */
  lookUp(indicator: Indicator, signal: AbortSignal): Promise<Report>;
  /**
   * Asks VirusTotal to scan it again, at the last priority, and doesn't wait for the analysis. @throws VirusTotalError in the promise;
   * `mayHaveArrived`: it counts as asked
   */
  rescan(indicator: Indicator, signal: AbortSignal): Promise<void>;
  /** A page of the IoC stream, at the last priority. @throws VirusTotalError in the promise */
  readStream(query: string, signal: AbortSignal): Promise<StreamPage>;
  judge(report: Report): Analysis;
  /** A verdict is another than before. */
  changed(change: VerdictChange, report: Report): void;
  /** New notifications of the IoC stream, oldest first. */
  notified(notifications: StreamNotification[]): void;
  /** Why the IoC stream can't be read, or an indicator can't be scanned again. The list is looked up all the same. */
  warned(error: VirusTotalError): void;
  /** What is to be stored or shown has changed. */
  updated(): void;
}

/** What a watcher is set to. */
export interface WatcherOptions {
  /** Each indicator is looked up once in this time, in ms, as far as the key allows it. */
  everyMs: number;
  /** Percent of the day's quota that it may use. */
  share: number;
  /** What was scanned longer ago, in ms, is scanned again before it is judged; 0: nothing is. */
  rescanAfterMs: number;
}

/** What a watcher looks at. */
export interface WatcherSources {
  list: WatchList;
  /** Absent: the IoC stream is not read. */
  stream?: IocStream | undefined;
}

/** How a watcher is doing. */
export interface WatcherState {
  /** When the next request starts, in ms since 1970; undefined: nothing is watched. */
  nextAt: number | undefined;
  isLookingUp: boolean;
  /** How long a round takes, in ms, when that is longer than it should; undefined: it fits. */
  roundMs: number | undefined;
  /** Requests of today, in UTC. */
  spent: number;
  /** Requests that it may make in a day; Infinity: not limited. */
  budget: number;
  /** Why the last lookup failed; undefined: it did not. */
  failure: VirusTotalError | undefined;
}

/** A timer is set for at most this long, in ms: the clock may be set, and the key's allowance may change. */
const MAX_WAIT_MS = 10 * 60_000;
/** After a failure that concerns the key or the network, in ms; doubled with each in a row. */
const PAUSE_MS = 5 * 60_000;
const MAX_PAUSE_MS = 60 * 60_000;
/** After a lookup that was closed under way, in ms: the config is there again in a moment. */
const CLOSED_PAUSE_MS = 1000;

/** These say something of one indicator; after all others no lookup of another one would do better. */
const OF_ONE_INDICATOR: readonly string[] = ['VT_BAD_RESPONSE', 'VT_INVALID_IOC', 'VT_REQUEST'];
/** These say something of the IoC stream or of rescans: a lookup may do all the same. */
const OF_ONE_KIND: readonly string[] = [...OF_ONE_INDICATOR, 'VT_FORBIDDEN', 'VT_CONFIG'];
/** A rescan is a request, and so is the lookup of its report. */
const REQUESTS_OF_RESCAN = 2;

/** A request that is to be made, and when. */
type Plan = { at: number } & (
  { what: 'lookup' | 'rescan'; watched: Watched } | { what: 'stream'; stream: IocStream }
);

/**
 * Looks up a list, one indicator after the other, spread over the interval and within the share of the key's quota, and reads the IoC stream
 * in between.
 */
export class Watcher {
  readonly #list: WatchList;
  readonly #stream: IocStream | undefined;
  readonly #options: WatcherOptions;
  readonly #host: WatcherHost;
  #timer: NodeJS.Timeout | undefined;
  #running: AbortController | undefined;
  #isOpen = false;
  /** Before these times, in ms since 1970, no lookup starts. */
  #pausedUntil = 0;
  #lastStart = -Infinity;
  #failures = 0;
  #failure: VirusTotalError | undefined;

  constructor({ list, stream }: WatcherSources, options: WatcherOptions, host: WatcherHost) {
    this.#list = list;
    this.#stream = stream;
    this.#options = options;
    this.#host = host;
  }

  start(): void {
    this.#isOpen = true;
    this.poke();
  }

  /** Ends the request that is under way; what it is for stays due. */
  stop(): void {
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#running?.abort();
  }

  /** The list has changed: something may be due now. */
  poke(): void {
    if (!this.#isOpen || this.#running) return;
    clearTimeout(this.#timer);
    const now = Date.now();
    const plan = this.#plan(now);
    if (plan && plan.at <= now) return this.#start(plan, now);
    const waitMs = plan ? plan.at - now : MAX_WAIT_MS;
    this.#timer = setTimeout(() => this.poke(), Math.min(waitMs, MAX_WAIT_MS));
    this.#timer.unref();
  }

  get state(): WatcherState {
    const now = Date.now();
    const plan = this.#plan(now);
    const { roundMs = 0, budget = Infinity } = this.#pace ?? {};
    return {
      nextAt: plan && Math.max(now, plan.at),
      isLookingUp: this.#running !== undefined,
      roundMs: roundMs > this.#options.everyMs ? roundMs : undefined,
      spent: this.#list.spentAt(now),
      budget,
      failure: this.#failure,
    };
  }

  get #pace(): Pace | undefined {
    const allowance = this.#host.allowance();
    return allowance && this.#paceBy(allowance);
  }

  #paceBy(allowance: Allowance): Pace {
    const { everyMs, share, rescanAfterMs } = this.#options;
    const { size } = this.#list;
    const fresh = rescanAfterMs > 0 ? this.#list.withoutBaseline : 0;
    const rescans = rescanAfterMs > 0 ? fresh + (size - fresh) * Math.min(1, everyMs / rescanAfterMs) : 0;
    return paceOf(size + REQUESTS_OF_RESCAN * rescans, everyMs, share, allowance);
  }

  /** Which request is made next, and when. */
  #plan(now: number): Plan | undefined {
    const allowance = this.#host.allowance();
    if (!allowance) return undefined;
    const pace = this.#paceBy(allowance);
    const blockedMs = blockedFor(pace, allowance, this.#list.spentAt(now), now);
    // A clock that was set back holds up nothing.
    const lastStart = Math.min(this.#lastStart, now);
    const at = (dueAt: number, gapMs: number): number =>
      Math.max(
        dueAt,
        blockedMs > 0 ? now + blockedMs : 0,
        Math.min(this.#pausedUntil, now + MAX_PAUSE_MS),
        lastStart + gapMs,
      );
    const stream: Plan | undefined = this.#stream && {
      ...{ what: 'stream', stream: this.#stream },
      at: at(this.#stream.dueAt, pace.gapMs),
    };
    const watched = this.#list.next(now);
    if (!watched) return stream;
    const { isAsked = false, isStale = false, checkedAt, dueAt } = watched;
    // A list that doesn't fit into its time is spread from the beginning: all of a day's lookups in the first hours would make it later.
    const isSoon = isAsked || isStale || (checkedAt === undefined && pace.roundMs <= this.#options.everyMs);
    const lookup: Plan = {
      ...{ what: isStale ? 'rescan' : 'lookup', watched },
      at: at(isAsked ? 0 : dueAt, isSoon ? pace.gapMs : pace.spreadMs),
    };
    return stream && stream.at <= lookup.at ? stream : lookup;
  }

  #start(plan: Plan, now: number): void {
    const running = (this.#running = new AbortController());
    this.#lastStart = now;
    this.#list.spend(now);
    this.#host.updated();
    inBackground(
      this.#request(plan, running.signal).finally(() => {
        this.#running = undefined;
        this.#host.updated();
        this.poke();
      }),
    );
  }

  #request(plan: Plan, signal: AbortSignal): Promise<void> {
    if (plan.what === 'stream') return this.#readStream(plan.stream, signal);
    const { type, value } = plan.watched;
    const indicator = { type, value };
    if (plan.what === 'rescan') return this.#rescan(indicator, signal);
    return this.#host.lookUp(indicator, signal).then(
      (report) => this.#answered(indicator, report),
      (error: VirusTotalError) => this.#failed(error, () => this.#list.failed(indicator, Date.now())),
    );
  }

  #readStream(stream: IocStream, signal: AbortSignal): Promise<void> {
    return this.#host.readStream(stream.next(), signal).then(
      (page) => {
        this.#succeeded();
        const notifications = stream.read(page, Date.now(), this.#pace?.budget ?? Infinity);
        if (notifications.length > 0) this.#host.notified(notifications);
      },
      (error: VirusTotalError) => {
        if (!OF_ONE_KIND.includes(error.code)) return this.#failed(error);
        stream.failed(error, Date.now());
        if (stream.problem) this.#host.warned(error);
      },
    );
  }

  #rescan(indicator: Indicator, signal: AbortSignal): Promise<void> {
    const rescanned = (hasBegun: boolean): void => this.#list.rescanned(indicator, hasBegun, Date.now());
    return this.#host.rescan(indicator, signal).then(
      () => {
        this.#succeeded();
        rescanned(true);
      },
      (error: VirusTotalError) => {
        if (error.mayHaveArrived === true) return rescanned(true);
        if (!OF_ONE_KIND.includes(error.code)) return this.#failed(error);
        rescanned(false);
        this.#host.warned(error);
      },
    );
  }

  #succeeded(): void {
    this.#failures = 0;
    this.#failure = undefined;
  }

  #answered(indicator: Indicator, report: Report): void {
    this.#succeeded();
    const now = Date.now();
    const isOutdated = (): boolean =>
      this.#list.isOutdated(indicator, report, this.#options.rescanAfterMs, now);
    // The baseline is that of the new scan. After it each report is judged: a change does not wait for one.
    const hasBaseline = this.#list.hasBaseline(indicator);
    if (!hasBaseline && isOutdated()) return;
    const analysis = this.#host.judge(report);
    const change = this.#list.seen(indicator, analysis, now, this.#pace?.roundMs ?? Infinity);
    if (hasBaseline) isOutdated();
    if (change) this.#host.changed(change, report);
  }

  /** @param ofOne what to do with an error that says something of one indicator */
  #failed(error: VirusTotalError, ofOne?: () => void): void {
    const now = Date.now();
    // The config was deployed again, or the node is closed.
    if (error.code === 'VT_CLOSED') return void (this.#pausedUntil = now + CLOSED_PAUSE_MS);
    this.#failure = error;
    if (ofOne && OF_ONE_INDICATOR.includes(error.code)) return ofOne();
    this.#failures++;
    this.#pausedUntil = now + Math.min(MAX_PAUSE_MS, PAUSE_MS * 2 ** (this.#failures - 1));
  }
}
