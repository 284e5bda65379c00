import type { Analysis } from '../analysis/analysis';
import type { VirusTotalError } from '../errors';
import { inBackground } from '../in-background';
import type { Indicator } from '../ioc/ioc';
import type { Report } from '../report/report';
import { blockedFor, paceOf, type Allowance, type Pace } from './pace';
import type { WatchList } from './watch-list';
import type { VerdictChange, Watched } from './watched';

/** What a watcher needs of the program that it runs in. None of these may throw, but for the promise of `lookUp`. */
export interface WatcherHost {
  /** What the key allows now; undefined: there is no key at the moment. */
  allowance(): Allowance | undefined;
  /** A report as it is now, not one from a cache, at the last priority. @throws VirusTotalError in the promise */
  lookUp(indicator: Indicator, signal: AbortSignal): Promise<Report>;
  judge(report: Report): Analysis;
  /** A verdict is another than before. */
  changed(change: VerdictChange, report: Report): void;
  /** What is to be stored or shown has changed. */
  updated(): void;
}

/** What a watcher is set to. */
export interface WatcherOptions {
  /** Each indicator is looked up once in this time, in ms, as far as the key allows it. */
  everyMs: number;
  /** Percent of the day's quota that it may use. */
  share: number;
}

/** How a watcher is doing. */
export interface WatcherState {
  /** When the next lookup starts, in ms since 1970; undefined: nothing is watched. */
  nextAt: number | undefined;
  isLookingUp: boolean;
  /** How long a round takes, in ms, when that is longer than it should; undefined: it fits. */
  roundMs: number | undefined;
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

/** Looks up a list, one indicator after the other, spread over the interval and within the share of the key's quota. */
export class Watcher {
  readonly #list: WatchList;
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

  constructor(list: WatchList, options: WatcherOptions, host: WatcherHost) {
    this.#list = list;
    this.#options = options;
    this.#host = host;
  }

  start(): void {
    this.#isOpen = true;
    this.poke();
  }

  /** Ends the lookup that is under way; its indicator stays due. */
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
    if (plan && plan.at <= now) return this.#lookUp(plan.watched, now);
    const waitMs = plan ? plan.at - now : MAX_WAIT_MS;
    this.#timer = setTimeout(() => this.poke(), Math.min(waitMs, MAX_WAIT_MS));
    this.#timer.unref();
  }

  get state(): WatcherState {
    const now = Date.now();
    const plan = this.#plan(now);
    const roundMs = this.#pace?.roundMs ?? 0;
    return {
      nextAt: plan && Math.max(now, plan.at),
      isLookingUp: this.#running !== undefined,
      roundMs: roundMs > this.#options.everyMs ? roundMs : undefined,
      failure: this.#failure,
    };
  }

  get #pace(): Pace | undefined {
    const allowance = this.#host.allowance();
    return allowance && paceOf(this.#list.size, this.#options.everyMs, this.#options.share, allowance);
  }

  /** Which one is looked up next, and when. */
  #plan(now: number): { watched: Watched; at: number } | undefined {
    const watched = this.#list.next();
    const allowance = this.#host.allowance();
    if (!watched || !allowance) return undefined;
    const { everyMs, share } = this.#options;
    const pace = paceOf(this.#list.size, everyMs, share, allowance);
    // A list that doesn't fit into its time is spread from the beginning: all of a day's lookups in the first hours would make it later.
    const isSoon = watched.isAsked === true || (watched.checkedAt === undefined && pace.roundMs <= everyMs);
    const blockedMs = blockedFor(pace, allowance, this.#list.spentAt(now), now);
    // A clock that was set back holds up nothing.
    const lastStart = Math.min(this.#lastStart, now);
    const at = Math.max(
      watched.isAsked ? 0 : watched.dueAt,
      blockedMs > 0 ? now + blockedMs : 0,
      Math.min(this.#pausedUntil, now + MAX_PAUSE_MS),
      lastStart + (isSoon ? pace.gapMs : pace.spreadMs),
    );
    return { watched, at };
  }

  #lookUp({ type, value }: Watched, now: number): void {
    const running = (this.#running = new AbortController());
    this.#lastStart = now;
    this.#list.spend(now);
    this.#host.updated();
    const indicator = { type, value };
    inBackground(
      this.#host
        .lookUp(indicator, running.signal)
        .then(
          (report) => this.#answered(indicator, report),
          (error: VirusTotalError) => this.#failed(indicator, error),
        )
        .finally(() => {
          this.#running = undefined;
          this.#host.updated();
          this.poke();
        }),
    );
  }

  #answered(indicator: Indicator, report: Report): void {
    this.#failures = 0;
    this.#failure = undefined;
    const change = this.#list.seen(
      indicator,
      this.#host.judge(report),
      Date.now(),
      this.#pace?.roundMs ?? Infinity,
    );
    if (change) this.#host.changed(change, report);
  }

  #failed(indicator: Indicator, error: VirusTotalError): void {
    const now = Date.now();
    // The config was deployed again, or the node is closed.
    if (error.code === 'VT_CLOSED') return void (this.#pausedUntil = now + CLOSED_PAUSE_MS);
    this.#failure = error;
    if (OF_ONE_INDICATOR.includes(error.code)) return this.#list.failed(indicator, now);
    this.#failures++;
    this.#pausedUntil = now + Math.min(MAX_PAUSE_MS, PAUSE_MS * 2 ** (this.#failures - 1));
  }
}
