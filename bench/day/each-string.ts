import { PacedQueue } from './paced-queue';
import type { Setting, Side, SideKind } from './side';
import { byUsualExpressions } from './usual-expressions';

/** A workflow for each alert: code node, loop with a wait, HTTP request node. Executions are apart, so none knows of another's reports. */
class EachString implements Side {
  readonly #queue: PacedQueue<{ alert: number; value: string }>;

  constructor({ vt, intervalMs, judged }: Setting) {
    this.#queue = new PacedQueue(intervalMs, ({ alert, value }) => {
      if (vt.take(value) === 'report') judged(alert, value);
    });
  }

  receive(alert: number, payload: unknown): void {
    for (const value of byUsualExpressions(payload)) this.#queue.add({ alert, value });
  }

  /** Executions that are under way go on. */
  redeploy(): void {}

  restart(): Promise<void> {
    this.#queue.clear();
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.restart();
  }
}

export const eachString: SideKind = {
  name: '(b) each string',
  does: 'code node with the same expressions, loop, wait of 15 s, HTTP request node: every string of every alert, nothing kept',
  open: (setting) => new EachString(setting),
};
