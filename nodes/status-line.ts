import type { Node } from 'node-red';
import { failureText } from './status-text';

type Status = Exclude<Parameters<Node['status']>[0], string>;

/**
 * The line below a node. The same status again is not sent again: each goes to every open editor. It is empty once the node is closed,
 * and what a node that is closed still ends doesn't fill it again.
 */
export class StatusLine {
  readonly #node: Pick<Node, 'on' | 'status'>;
  #shown: Status = {};
  #closed = false;

  constructor(node: Pick<Node, 'on' | 'status'>) {
    this.#node = node;
    node.on('close', () => {
      this.status({});
      this.#closed = true;
    });
  }

  /** A message ended with this error. */
  failed(error: Error): void {
    this.status({ fill: 'red', shape: 'ring', text: failureText(error) });
  }

  status(status: Status): void {
    const { fill, shape, text } = this.#shown;
    const isShown = status.fill === fill && status.shape === shape && status.text === text;
    if (this.#closed || isShown) return;
    this.#shown = status;
    this.#node.status(status);
  }
}
