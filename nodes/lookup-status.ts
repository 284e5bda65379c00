import type { Node, NodeAPI } from 'node-red';
import type { Report } from '../src/report/report';
import type { ServiceState } from '../src/lookup/service';

type Status = Exclude<Parameters<Node['status']>[0], string>;

/** Each status goes to every open editor: in between, only the last one counts. */
const SHORTEST_MS = 200;
const COUNTDOWN_MS = 1000;

/** What the lookups that were open together came to. */
interface Run {
  total: number;
  detected: number;
  clean: number;
  unknown: number;
  failed: number;
}

/** The line below the node: what it waits for, what goes on, what the last report said. */
export class LookupStatus {
  readonly #node: Pick<Node, 'status'>;
  readonly #_: NodeAPI['_'];
  readonly #state: () => ServiceState | undefined;
  #run: Run = { total: 0, detected: 0, clean: 0, unknown: 0, failed: 0 };
  #hits = 0;
  #asked = 0;
  /** What the last report or error comes to; put into words only when it is shown, as thousands may come in a second. */
  #last: () => Status = () => ({});
  #shown = '{}';
  #shownAt = -Infinity;
  #later: NodeJS.Timeout | undefined;
  #countdown: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param state undefined while there is no config that can be used */
  constructor(node: Pick<Node, 'status'>, _: NodeAPI['_'], state: () => ServiceState | undefined) {
    this.#node = node;
    this.#_ = _;
    this.#state = state;
  }

  /** That many lookups begin together. Each is to end by `found` or `lost`. */
  begin(lookups: number): void {
    if (this.#open === 0) this.#run = { total: 0, detected: 0, clean: 0, unknown: 0, failed: 0 };
    this.#run.total += lookups;
    this.#asked += lookups;
  }

  found({ positives, total, response_code }: Report, cached: boolean): void {
    if (cached) this.#hits++;
    if (response_code !== 1) this.#run.unknown++;
    else if (positives) this.#run.detected++;
    else this.#run.clean++;
    this.#end(() => this.#reported(positives, total, response_code));
  }

  lost(code: string): void {
    this.#run.failed++;
    this.#end(() => failure(code));
  }

  /** A message that came to no lookup. */
  failed(code: string): void {
    this.#last = () => failure(code);
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

  get #open(): number {
    return this.#run.total - this.#done;
  }

  get #done(): number {
    const { detected, clean, unknown, failed } = this.#run;
    return detected + clean + unknown + failed;
  }

  /** The last of several ends with the counts of all. */
  #end(single: () => Status): void {
    this.#last = this.#open === 0 && this.#run.total > 1 ? () => this.#counts() : single;
    this.#update();
  }

  #reported(positives: number | undefined, total: number | undefined, code: number): Status {
    const fill = positives ? 'red' : code === 1 ? 'green' : 'grey';
    const text =
      code !== 1
        ? this.#_('status.unknown')
        : positives === undefined
          ? this.#_('status.report')
          : `${positives}/${total}`;
    const hits = { hits: this.#hits, asked: this.#asked };
    const cached = this.#hits > 0 ? ` · ${this.#_('status.cached', hits)}` : '';
    return { fill, shape: 'dot', text: text + cached };
  }

  #counts(): Status {
    const { detected, clean, failed } = this.#run;
    return {
      fill: detected > 0 || failed > 0 ? 'red' : clean > 0 ? 'green' : 'grey',
      shape: failed > 0 ? 'ring' : 'dot',
      text: this.#_('status.done', { ...this.#run }),
    };
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
    const state = this.#state();
    const open = this.#open;
    this.#countDown(open > 0 || !!state?.problem || !!state?.store);
    // Trouble of the key concerns every node that uses it, whether it waits or not.
    if (state?.problem)
      return { fill: 'yellow', shape: 'ring', text: this.#withWait(state.problem.code, state.nextStartMs) };
    if (open === 0 || !state)
      return state?.store ? { fill: 'yellow', shape: 'ring', text: state.store.code } : this.#last();
    const waits = state.requesting === 0 || open > state.requesting;
    const text =
      this.#run.total > 1
        ? `${this.#done}/${this.#run.total}`
        : this.#_(waits ? 'status.waiting' : 'status.requesting');
    const line = waits ? this.#withWait(text, state.nextStartMs) : text;
    if (state.store) return { fill: 'yellow', shape: 'ring', text: `${line} · ${state.store.code}` };
    return { fill: waits ? 'yellow' : 'blue', shape: 'dot', text: line };
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

function failure(code: string): Status {
  return { fill: 'red', shape: 'ring', text: code };
}

function shortWait(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
