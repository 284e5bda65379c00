import type { Node } from 'node-red';
import type { WatcherState } from '../src/watch/watcher';
import { StatusLine } from './status-line';
import { BETWEEN, failureText, statusText, waitText } from './status-text';

/** What the line below a watch node tells. */
export interface WatchFigures extends WatcherState {
  watched: number;
  changed: number;
  /** Absent: the IoC stream is not read. `behindAt`: up to when it was read, when there is more. */
  stream: { behindAt: number | undefined } | undefined;
  isPersistent: boolean;
  /** What is wrong with the list's file. */
  problem: Error | undefined;
}

/** Each status goes to every open editor: in between, only the last one counts. */
const MIN_UPDATE_INTERVAL_MS = 1000;
const DAY_MS = 86_400_000;

/** The line below the node, as "next check 14:05 · 120 watched · 2 changed · 37/250 today". */
export class WatchStatus {
  readonly #line: StatusLine;
  readonly #figures: () => WatchFigures;
  #timer: NodeJS.Timeout | undefined;
  #shownAt = -Infinity;

  constructor(node: Pick<Node, 'on' | 'status'>, figures: () => WatchFigures) {
    this.#line = new StatusLine(node);
    this.#figures = figures;
  }

  changed(): void {
    if (this.#timer) return;
    const waitMs = this.#shownAt + MIN_UPDATE_INTERVAL_MS - performance.now();
    if (waitMs <= 0) return this.#show();
    this.#timer = setTimeout(() => this.#show(), waitMs).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#shownAt = performance.now();
    const figures = this.#figures();
    const { nextAt, isLookingUp, roundMs, spent, budget, failure, problem } = figures;
    const { watched, changed, stream, isPersistent } = figures;
    const trouble = failure ?? problem;
    // What goes wrong stands alone with what goes on all the same: a longer line hides the nodes beside it.
    const details = trouble
      ? []
      : [
          ...(changed > 0 ? [statusText('changed', { count: changed })] : []),
          ...(stream ? [streamText(stream.behindAt)] : []),
          ...(budget === Infinity ? [] : [statusText('ofShare', { used: spent, allowed: budget })]),
          ...(roundMs === undefined ? [] : [statusText('round', { wait: waitText(roundMs) })]),
        ];
    const watchedText =
      watched === 0 ? statusText('nothingWatched') : statusText('watched', { count: watched });
    const parts = [
      ...(trouble ? [failureText(trouble)] : []),
      ...(nextAt === undefined ? [] : [statusText('nextCheck', { time: timeText(nextAt) })]),
      ...(watched === 0 && stream ? [] : [watchedText]),
      ...details,
      ...(isPersistent ? [] : [statusText('inMemory')]),
    ];
    const isTrouble = trouble !== undefined;
    this.#line.status({
      fill: isTrouble ? 'red' : roundMs !== undefined ? 'yellow' : isLookingUp ? 'blue' : 'grey',
      shape: isTrouble || roundMs !== undefined ? 'ring' : 'dot',
      text: parts.join(BETWEEN),
    });
  }
}

function streamText(behindAt: number | undefined): string {
  if (behindAt === undefined) return statusText('iocStream');
  return statusText('iocStreamBehind', { time: timeText(behindAt) });
}

/** As the clock of the server shows it: 14:05, and the date before it unless it is less than a day away. */
function timeText(time: number): string {
  const at = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (Math.abs(time - Date.now()) < DAY_MS) return clock;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock}`;
}
