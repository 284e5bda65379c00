import type { Node } from 'node-red';
import type { Analysis } from '../src/analysis/analysis';
import type { Verdict } from '../src/analysis/verdict';
import { statusText, type StatusKey } from './status-text';

type Status = Exclude<Parameters<Node['status']>[0], string>;

const LOOKS: Record<Verdict, Pick<Status, 'fill' | 'shape'>> = {
  malicious: { fill: 'red', shape: 'dot' },
  trusted: { fill: 'green', shape: 'dot' },
  'no-match': { fill: 'grey', shape: 'dot' },
  missing: { fill: 'yellow', shape: 'ring' },
  error: { fill: 'red', shape: 'ring' },
};

const WORDS: Record<Verdict, StatusKey> = {
  malicious: 'malicious',
  trusted: 'trusted',
  'no-match': 'noMatch',
  missing: 'missing',
  error: 'reportError',
};

/**
 * The line below the Report Analysis node: the last verdict, as "malicious 5/70".
 * @param why in place of the verdict
 */
export function verdictStatus(
  { verdict, positives, total }: Pick<Analysis, 'verdict' | 'positives' | 'total'>,
  why?: string,
): Status {
  const count = positives === null ? '' : total === null ? ` ${positives}` : ` ${positives}/${total}`;
  const { fill, shape } = LOOKS[verdict];
  return { fill, shape, text: why ?? statusText(WORDS[verdict]) + count };
}
