import type { Node } from 'node-red';
import type { Incident } from '../src/summary/incident';
import { StatusLine } from './status-line';
import { BETWEEN, statusText } from './status-text';
import { verdictStatus } from './verdict-status';

/** Each status goes to every open editor: in between, only the last one counts. */
const MIN_UPDATE_INTERVAL_MS = 200;

type Progress = { groups: number; arrived: number; expected: number };
type Status = Parameters<StatusLine['status']>[0];

/** The line below the node: what it waits for, as "7/10", or the verdict on the last incident. */
export class SummaryStatus {
  readonly #line: StatusLine;
  readonly #progress: () => Progress;
  #last: Status | undefined;
  #timer: NodeJS.Timeout | undefined;
  #shownAt = -Infinity;

  constructor(node: Pick<Node, 'on' | 'status'>, progress: () => Progress) {
    this.#line = new StatusLine(node);
    this.#progress = progress;
  }

  /** The groups have changed. */
  changed(): void {
    if (this.#timer) return;
    const waitMs = this.#shownAt + MIN_UPDATE_INTERVAL_MS - performance.now();
    if (waitMs <= 0) return this.#show();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#show();
    }, waitMs).unref();
  }

  sent({ verdict, counts, complete, expected }: Incident): void {
    const results = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const status = verdictStatus({ verdict, positives: null, total: null });
    this.#last = {
      ...status,
      ...(complete ? {} : { shape: 'ring' }),
      text: complete
        ? `${status.text}${BETWEEN}${results}`
        : [status.text, statusText('incomplete', { arrived: results, expected: expected ?? '?' })].join(
            BETWEEN,
          ),
    };
    this.changed();
  }

  failed(error: Error): void {
    this.#line.failed(error);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #show(): void {
    this.#shownAt = performance.now();
    const { groups, arrived, expected } = this.#progress();
    if (groups === 0) {
      if (this.#last) this.#line.status(this.#last);
      return;
    }
    const count = `${arrived}/${expected}`;
    const text = groups === 1 ? count : [statusText('incidents', { count: groups }), count].join(BETWEEN);
    this.#line.status({ fill: 'blue', shape: 'ring', text });
  }
}
