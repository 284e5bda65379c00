import type { Node } from 'node-red';
import type { Analysis } from '../src/analysis/analysis';
import type { Verdict } from '../src/analysis/verdict';

type Status = Exclude<Parameters<Node['status']>[0], string>;

const LOOKS: Record<Verdict, Pick<Status, 'fill' | 'shape'>> = {
  malicious: { fill: 'red', shape: 'dot' },
  trusted: { fill: 'green', shape: 'dot' },
  'no-match': { fill: 'grey', shape: 'dot' },
  missing: { fill: 'yellow', shape: 'ring' },
  error: { fill: 'red', shape: 'ring' },
};

/** The line below the Report Analysis node: the last verdict, as "malicious 5/70". */
export class VerdictStatus {
  readonly #node: Pick<Node, 'status'>;
  #shown: unknown;

  constructor(node: Pick<Node, 'status'>) {
    this.#node = node;
  }

  show({ verdict, positives, total }: Pick<Analysis, 'verdict' | 'positives' | 'total'>): void {
    const count = positives === null ? '' : total === null ? ` ${positives}` : ` ${positives}/${total}`;
    this.status({ ...LOOKS[verdict], text: verdict + count });
  }

  /** The same status again is not sent again: each goes to every open editor. */
  status(status: Parameters<Node['status']>[0]): void {
    const text = typeof status === 'string' ? status : status.text;
    if (text === this.#shown) return;
    this.#shown = text;
    this.#node.status(status);
  }
}
