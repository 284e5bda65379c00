import type { NodeMessage } from 'node-red';
import { stixSubject, type Assessment } from '../src/judged-report';
import { isObject } from '../src/report/narrow';
import type { Subject } from '../src/stix/subject';
import { requestedIndicator } from './report-identity';

/**
 * What a bundle is made of: the report in `value`, with the judgment in `msg.analysis` when it is of this report.
 *
 * @throws VirusTotalError for what is no report, or stands for a failed lookup (with that failure's code)
 */
export function subjectOf(value: unknown, msg: NodeMessage): Subject {
  const { analysis } = msg as { analysis?: unknown };
  // An analysis that doesn't say what it is of may be of another report.
  const judged = isObject(analysis) && typeof analysis.resource === 'string';
  return stixSubject({
    report: value,
    assessment: judged ? (analysis as unknown as Assessment) : undefined,
    ...requestedIndicator(msg),
  });
}
