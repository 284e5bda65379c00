import type { Node, NodeAPI } from 'node-red';
import type { Report } from '../src/report/report';
import type { VirusTotalService } from '../src/lookup/service';

type Status = Exclude<Parameters<Node['status']>[0], string>;

/** Each status goes to every open editor: in between, only the last one counts. */
const SHORTEST_MS = 200;
const COUNTDOWN_MS = 1000;

/** What a search has found so far. */
interface Tally {
  detected: number;
  clean: number;
  unknown: number;
  failed: number;
}

/** The line below the node: what it waits for, what goes on, what the last report said. */
export class LookupStatus {
  readonly #node: Pick<Node, 'status'>;
  readonly #_: NodeAPI['_'];
  readonly #service: () => VirusTotalService | undefined;
  #asked = 0;
  #answered = 0;
  #hits = 0;
  #misses = 0;
  #tally: Tally = { detected: 0, clean: 0, unknown: 0, failed: 0 };
  /** What the last report or error comes to; put into words only when it is shown, as thousands may come in a second. */
  #last: () => Status = () => ({});
  #shown = '{}';
  #shownAt = -Infinity;
  #later: NodeJS.Timeout | undefined;
  #countdown: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(node: Pick<Node, 'status'>, _: NodeAPI['_'], service: () => VirusTotalService | undefined) {
    this.#node = node;
    this.#_ = _;
    this.#service = service;
  }

  /** A lookup that isn't answered from the cache. */
  asked(): void {
    if (this.#asked === this.#answered) this.#restart();
    this.#asked++;
    this.#misses++;
    this.#update();
  }

  answered(report: Report): void {
    this.#answered++;
    this.#count(report);
  }

  fromCache(report: Report): void {
    this.#hits++;
    this.#count(report);
  }

  /** A lookup that had been asked ended in an error. */
  lost(code: string): void {
    this.#answered++;
    this.#tally.failed++;
    this.failed(code);
  }

  failed(code: string): void {
    this.#last = () => ({ fill: 'red', shape: 'ring', text: code });
    this.#update();
  }

  nothing(key: 'status.nothing' | 'status.skipped'): void {
    this.#last = () => ({ fill: 'grey', shape: 'ring', text: this.#_(key) });
    this.#update();
  }

  /** Waiting, pauses or trouble of the key changed. */
  refresh(): void {
    this.#update();
  }

  /** Clears the line for good: what ends after that shows no more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#later);
    clearInterval(this.#countdown);
    this.#node.status({});
  }

  #restart(): void {
    this.#asked = this.#answered = 0;
    this.#tally = { detected: 0, clean: 0, unknown: 0, failed: 0 };
  }

  #count({ positives, total, response_code }: Report): void {
    if (response_code !== 1) this.#tally.unknown++;
    else if (positives) this.#tally.detected++;
    else this.#tally.clean++;
    this.#last = () => this.#reported(positives, total, response_code);
    this.#update();
  }

  #reported(positives: number | undefined, total: number | undefined, code: number): Status {
    const fill = positives ? 'red' : code === 1 ? 'green' : 'grey';
    if (this.#asked > 1 && this.#asked === this.#answered)
      return { fill, shape: 'dot', text: this.#_('status.done', { ...this.#tally }) };
    const text =
      code !== 1
        ? this.#_('status.unknown')
        : positives === undefined
          ? this.#_('status.report')
          : `${positives}/${total}`;
    const hits = { hits: this.#hits, asked: this.#hits + this.#misses };
    const cached = this.#hits > 0 ? ` · ${this.#_('status.cached', hits)}` : '';
    return { fill, shape: 'dot', text: text + cached };
  }

  /** At once when the last is long enough ago, else a little later and then with what is true by then. */
  #update(): void {
    if (this.#later || this.#closed) return;
    const wait = this.#shownAt + SHORTEST_MS - performance.now();
    if (wait <= 0) return this.#show();
    this.#later = setTimeout(() => {
      this.#later = undefined;
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
    const state = this.#service()?.state();
    const open = this.#asked - this.#answered;
    this.#countDown(open > 0);
    if (state?.problem && (open > 0 || state.problem.code === 'VT_AUTH'))
      return { fill: 'yellow', shape: 'ring', text: this.#withWait(state.problem.code, state.nextStartMs) };
    if (open === 0 || !state) return this.#last();
    const progress = this.#asked > 1 ? `${this.#answered}/${this.#asked}` : this.#_('status.requesting');
    if (state.requesting > 0 && state.nextStartMs < COUNTDOWN_MS)
      return { fill: 'blue', shape: 'dot', text: progress };
    return { fill: 'yellow', shape: 'dot', text: this.#withWait(progress, state.nextStartMs) };
  }

  #withWait(text: string, ms: number): string {
    return ms < COUNTDOWN_MS ? text : `${text} · ${this.#_('status.next', { wait: shortWait(ms) })}`;
  }

  #countDown(on: boolean): void {
    if (!on) clearInterval(this.#countdown);
    else this.#countdown ??= setInterval(() => this.#update(), COUNTDOWN_MS).unref();
    if (!on) this.#countdown = undefined;
  }
}

function shortWait(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
