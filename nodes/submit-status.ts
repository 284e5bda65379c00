import type { Node } from 'node-red';
import type { Report } from '../src/report/report';
import type { SubmitStage } from '../src/submit/stage';
import { StatusLine } from './status-line';
import { BETWEEN, statusText, type StatusKey } from './status-text';

/** Each status goes to every open editor: in between, only the last one counts. */
const MIN_UPDATE_INTERVAL_MS = 200;

type Status = Parameters<StatusLine['status']>[0];

/** The line below a submit node: how far its submissions are, or what the last one came to. Goes on in the next node of the same id. */
export class SubmitStatus {
  #line: StatusLine;
  readonly #stages = new Map<object, SubmitStage>();
  #last: Status = {};
  #timer: NodeJS.Timeout | undefined;
  #shownAt = -Infinity;

  constructor(node: Pick<Node, 'on' | 'status'>) {
    this.#line = new StatusLine(node);
  }

  /** Another node of the same id is deployed. */
  attach(node: Pick<Node, 'on' | 'status'>): void {
    this.#line = new StatusLine(node);
    this.#last = {};
    if (this.#stages.size > 0) this.#show();
  }

  /** How far a submission is, by an object that stands for it. */
  stage(of: object, stage: SubmitStage): void {
    // What has changed last is what is shown.
    this.#stages.delete(of);
    if (stage.stage !== 'done') this.#stages.set(of, stage);
    this.#changed();
  }

  ended(of: object): void {
    this.#stages.delete(of);
    this.#changed();
  }

  reported({ response_code: code, positives, total }: Report): void {
    if (code === 0) return this.did('unknown');
    if (code !== 1 || positives === undefined) return this.did('noVerdict');
    this.#result({
      fill: positives > 0 ? 'red' : 'grey',
      shape: 'dot',
      text: `${positives}/${total ?? '?'}`,
    });
  }

  did(key: StatusKey): void {
    this.#result({ fill: 'grey', shape: 'dot', text: statusText(key) });
  }

  failed(error: Error): void {
    const line = this.#line;
    this.#result({}, () => line.failed(error));
  }

  #result(status: Status, show?: () => void): void {
    this.#last = status;
    if (show && this.#stages.size === 0) show();
    else this.#changed();
  }

  /** At once when the last is long enough ago, else a little later and then with what is true by then. */
  #changed(): void {
    if (this.#timer) return;
    const waitMs = this.#shownAt + MIN_UPDATE_INTERVAL_MS - performance.now();
    if (waitMs <= 0) return this.#show();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#show();
    }, waitMs).unref();
  }

  #show(): void {
    this.#shownAt = performance.now();
    const stage = [...this.#stages.values()].at(-1);
    if (!stage) {
      if (Object.keys(this.#last).length > 0) this.#line.status(this.#last);
      return;
    }
    const count = this.#stages.size;
    const parts = count > 1 ? [statusText('submissions', { count }), stageText(stage)] : [stageText(stage)];
    const isBusy = stage.stage === 'uploading' || stage.stage === 'scanning';
    this.#line.status({ fill: isBusy ? 'blue' : 'yellow', shape: 'dot', text: parts.join(BETWEEN) });
  }
}

function stageText(stage: SubmitStage): string {
  switch (stage.stage) {
    case 'looking-up':
      return statusText('lookingUp');
    case 'waiting':
      return statusText('waiting');
    case 'uploading':
      return statusText('uploading', { percent: Math.floor(stage.percent) });
    case 'recovering':
      return statusText('recovering');
    case 'queued':
      return statusText('atVirusTotal');
    case 'scanning':
      return statusText('scanning', { engines: stage.engines });
    case 'done':
      return '';
  }
}
