import type { Verdict } from '../analysis/verdict';
import type { VerdictChange } from './watched';

/** Which changes are sent: any, those to a worse verdict, or those to malicious. */
export type ReportRule = 'any' | 'worse' | 'malicious';

/** The better ones first. */
const FROM_GOOD_TO_BAD: readonly Verdict[] = ['trusted', 'no-match', 'malicious'];

/** Whether a change is to be sent. */
export function isReported(rule: ReportRule, { analysis, previous }: VerdictChange): boolean {
  if (rule === 'any') return true;
  if (rule === 'malicious') return analysis.verdict === 'malicious';
  return FROM_GOOD_TO_BAD.indexOf(analysis.verdict) > FROM_GOOD_TO_BAD.indexOf(previous.verdict);
}
