import type { Node } from 'node-red';
import type { Analysis } from '../src/analysis/analysis';
import type { Verdict } from '../src/analysis/verdict';

type Status = Parameters<Node['status']>[0];

const LOOKS: Record<Verdict, Pick<Exclude<Status, string>, 'fill' | 'shape'>> = {
  malicious: { fill: 'red', shape: 'dot' },
  trusted: { fill: 'green', shape: 'dot' },
  'no-match': { fill: 'grey', shape: 'dot' },
  missing: { fill: 'yellow', shape: 'ring' },
  error: { fill: 'red', shape: 'ring' },
};

/** Shows the last verdict below the node, as "malicious 5/70". */
export class VerdictStatus {
  readonly #node: Pick<Node, 'status'>;
  #shown = '';

  constructor(node: Pick<Node, 'status'>) {
    this.#node = node;
  }

  /** The same status again is not sent again: each goes to every open editor. */
  show({ verdict, positives, total }: Pick<Analysis, 'verdict' | 'positives' | 'total'>): void {
    const count = positives === null ? '' : total === null ? ` ${positives}` : ` ${positives}/${total}`;
    const text = verdict + count;
    if (text === this.#shown) return;
    this.#shown = text;
    this.#node.status({ ...LOOKS[verdict], text });
  }

  /** After somebody else set the node's status. */
  forget(): void {
    this.#shown = '';
  }
}
