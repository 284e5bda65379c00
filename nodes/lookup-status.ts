import type { Node } from 'node-red';
import { countEngines } from '../src/analysis/count';
import { isObject } from '../src/report/narrow';
import type { Report } from '../src/report/report';
import type { ServiceStats } from '../src/lookup/service';
import { BETWEEN, failureText, statusText, troubleText, waitText, type StatusKey } from './status-text';

type Status = Exclude<Parameters<Node['status']>[0], string>;

/** Each status goes to every open editor: in between, only the last one counts. */
const MIN_UPDATE_INTERVAL_MS = 200;
const COUNTDOWN_INTERVAL_MS = 1000;
/** From then on how long the whole takes says more than when the next lookup starts. */
const LONG_WAIT_MS = 10 * 60_000;

/** What a report says, as far as a status goes. `clean` is what engines said, and no judgment: that is Report Analysis' matter. */
type Outcome = 'detected' | 'clean' | 'unknown' | 'failed' | 'noVerdict';

type Figures = { [name in 'positives' | 'total' | 'response_code']: Report[name] | undefined };

/** In the order in which they are shown. */
const OUTCOMES: readonly Outcome[] = ['detected', 'clean', 'unknown', 'noVerdict'];

/** What the lookups that were open together came to. */
type Batch = Record<Outcome, number> & {
  total: number;
  /** How often each reason was why a lookup failed, in words. */
  reasons: Map<string, number>;
};

/** `averageIntervalMs`: between two requests on average, by the limit of the key; 0: there is none. */
export type LookupState = ServiceStats & { averageIntervalMs: number };

/** The line below the node: what it waits for, what goes on, what the last report said. */
export class LookupStatus {
  #node: Pick<Node, 'status'>;
  #state: () => LookupState | undefined;
  #batch = newBatch();
  #hits = 0;
  #lookupCount = 0;
  /** What the last report or error comes to; put into words only when it is shown, as thousands may come in a second. */
  #last: () => Status = () => ({});
  #shown = '{}';
  #shownAt = -Infinity;
  #updateTimer: NodeJS.Timeout | undefined;
  #countdown: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param state undefined while there is no config that can be used */
  constructor(node: Pick<Node, 'status'>, state: () => LookupState | undefined) {
    this.#node = node;
    this.#state = state;
  }

  /** That many lookups begin together. Each is to end by `lookupSucceeded` or `lookupFailed`. */
  begin(lookups: number): void {
    if (this.#pending === 0) this.#batch = newBatch();
    this.#batch.total += lookups;
    this.#lookupCount += lookups;
  }

  lookupSucceeded(report: Report, cached: boolean): void {
    if (cached) this.#hits++;
    const outcome = outcomeOf(report);
    // Not the report itself: it would stay in memory as long as the line shows it.
    const { positives, total, response_code } = report;
    this.#batch[outcome]++;
    this.#end(() => this.#reported(outcome, { positives, total, response_code }));
  }

  lookupFailed(error: Error): void {
    this.#batch.failed++;
    const text = failureText(error);
    const { reasons } = this.#batch;
    reasons.set(text, (reasons.get(text) ?? 0) + 1);
    this.#end(() => failure(text));
  }

  /** A message that failed before any lookup. */
  messageFailed(error: Error): void {
    const text = failureText(error);
    this.#last = () => failure(text);
    this.#update();
  }

  noLookup(key: 'nothing' | 'skipped'): void {
    this.#last = () => ({ fill: 'grey', shape: 'ring', text: statusText(key) });
    this.#update();
  }

  /** What waits, or the key's problem, has changed. */
  refresh(): void {
    this.#update();
  }

  /** A deploy has put another node in, which goes on with what waits. */
  moveTo(node: Pick<Node, 'status'>, state: () => LookupState | undefined): void {
    this.#node = node;
    this.#state = state;
    this.#shown = '{}';
    this.#closed = false;
    this.#updateTimer = undefined;
    this.#countdown = undefined;
    this.#update();
  }

  /** Clears the line: what ends after that shows no more, unless it is moved to another node. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#updateTimer);
    clearInterval(this.#countdown);
    this.#node.status({});
  }

  get #pending(): number {
    return this.#batch.total - this.#done;
  }

  get #done(): number {
    const { detected, clean, unknown, failed, noVerdict } = this.#batch;
    return detected + clean + unknown + failed + noVerdict;
  }

  /** The last of several ends with the counts of all. */
  #end(single: () => Status): void {
    this.#last = this.#pending === 0 && this.#batch.total > 1 ? () => this.#counts() : single;
    this.#update();
  }

  #reported(outcome: Outcome, { positives, total, response_code: code }: Figures): Status {
    const words: Record<Outcome, string> = {
      detected: `${positives}/${total ?? '?'}`,
      clean: `${positives}/${total ?? '?'}`,
      unknown: statusText('unknown'),
      failed: statusText('refused'),
      noVerdict: statusText(code === -2 ? 'queued' : 'noVerdict'),
    };
    const parts = [words[outcome]];
    if (this.#hits > 0) parts.push(statusText('cached', { hits: this.#hits, asked: this.#lookupCount }));
    return {
      fill: outcome === 'detected' || outcome === 'failed' ? 'red' : 'grey',
      shape: outcome === 'failed' ? 'ring' : 'dot',
      text: parts.join(BETWEEN),
    };
  }

  /**
   * What there is none of is left out, and where lookups failed why most of them did says more than what the others came to: the line
   * is to fit below the node.
   */
  #counts(): Status {
    const { detected, failed, total, reasons } = this.#batch;
    const count = (outcome: Outcome): string => `${statusText(outcome)} ${this.#batch[outcome]}`;
    const parts = OUTCOMES.filter((outcome) => this.#batch[outcome] > 0).map(count);
    if (failed > 0) {
      const [reason = statusText('refused')] = [...reasons].sort(([, a], [, b]) => b - a)[0] ?? [];
      parts.splice(detected > 0 ? 1 : 0, Infinity, `${count('failed')}/${total}`, reason);
    }
    return {
      fill: detected > 0 || failed > 0 ? 'red' : 'grey',
      shape: failed > 0 ? 'ring' : 'dot',
      text: parts.join(BETWEEN),
    };
  }

  /** At once when the last is long enough ago, else a little later and then with what is true by then. */
  #update(): void {
    if (this.#updateTimer || this.#closed) return;
    const wait = this.#shownAt + MIN_UPDATE_INTERVAL_MS - performance.now();
    if (wait <= 0) return this.#show();
    this.#updateTimer = setTimeout(() => {
      this.#updateTimer = undefined;
      this.#show();
    }, wait).unref();
  }

  #show(): void {
    const status = this.#status();
    const text = JSON.stringify(status);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#shownAt = performance.now();
    this.#node.status(status);
  }

  #status(): Status {
    const state = this.#state();
    const open = this.#pending;
    this.#countDown(open > 0 || !!state?.problem || !!state?.sharingProblem);
    if (!state) return this.#last();
    const { problem, sharingProblem, requesting, nextStartMs } = state;
    const waits = requesting === 0 || open > requesting;
    const parts: string[] = [];
    if (open > 0 && this.#batch.total > 1) parts.push(`${this.#done}/${this.#batch.total}`);
    // The key's problem concerns every node that uses it, whether it waits or not.
    if (problem) parts.push(problemText(problem.reason, nextStartMs));
    else if (open > 0) {
      if (parts.length === 0) parts.push(statusText(waits ? 'waiting' : 'requesting'));
      const allMs = open * state.averageIntervalMs;
      if (waits && state.reserve?.waitMs) parts.push(statusText('reserved'));
      else if (waits && allMs >= LONG_WAIT_MS) parts.push(statusText('about', { wait: waitText(allMs) }));
      else if (waits && nextStartMs >= COUNTDOWN_INTERVAL_MS)
        parts.push(statusText('next', { wait: waitText(nextStartMs) }));
      if (sharingProblem) parts.push(troubleText(sharingProblem.code));
    } else if (sharingProblem) parts.push(troubleText(sharingProblem.code));
    if (parts.length === 0) return this.#last();
    const text = parts.join(BETWEEN);
    if (problem || sharingProblem) return { fill: 'yellow', shape: 'ring', text };
    return { fill: waits ? 'yellow' : 'blue', shape: 'dot', text };
  }

  #countDown(on: boolean): void {
    if (!on) clearInterval(this.#countdown);
    else this.#countdown ??= setInterval(() => this.#update(), COUNTDOWN_INTERVAL_MS).unref();
    if (!on) this.#countdown = undefined;
  }
}

function newBatch(): Batch {
  return { total: 0, detected: 0, clean: 0, unknown: 0, failed: 0, noVerdict: 0, reasons: new Map() };
}

/** API v2 gives no verdict on domains and IP addresses, whatever it lists of them; nor is it one when no engine has an opinion. */
function outcomeOf(report: Report): Outcome {
  const { positives, total, response_code: code } = report;
  if (code === 0) return 'unknown';
  if (code === -1) return 'failed';
  if (code !== 1 || positives === undefined || total === 0) return 'noVerdict';
  if (positives > 0) return 'detected';
  return isRated(report) ? 'clean' : 'noVerdict';
}

/** Whether an engine has an opinion of what no engine detects. */
function isRated(report: Report): boolean {
  const { type, harmless, suspicious, scans } = report;
  if (type === 'file' || !isObject(scans)) return true;
  // VirusTotal's own counts spare a look at ninety engines: this runs for each report.
  if (harmless !== undefined && suspicious !== undefined) return harmless + suspicious > 0;
  return countEngines({ scans }, IGNORED, type).opinions > 0;
}

const IGNORED: ReadonlySet<string> = new Set();

function failure(text: string): Status {
  return { fill: 'red', shape: 'ring', text };
}

type Problem = NonNullable<ServiceStats['problem']>['reason'];

const PROBLEMS: Record<Problem, StatusKey> = {
  rate: 'slowDownUntil',
  key: 'keyRefusedUntil',
  quota: 'quotaUsedUntil',
  day: 'dayUsed',
  month: 'monthUsed',
};

function problemText(reason: Problem, ms: number): string {
  return statusText(PROBLEMS[reason], { wait: waitText(ms) });
}
