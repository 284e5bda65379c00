import type { Node } from 'node-red';
import { failureText } from './status-text';

type Status = Exclude<Parameters<Node['status']>[0], string>;

/**
 * The line below a node. The same status again is not sent again: each goes to every open editor. It is empty once the node is closed,
 * and what a node that is closed still ends doesn't fill it again.
 */
export class StatusLine {
  readonly #node: Pick<Node, 'on' | 'status'>;
  #shown = '{}';
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
    const text = JSON.stringify(status);
    if (this.#closed || text === this.#shown) return;
    this.#shown = text;
    this.#node.status(status);
  }
}
