import type { NodeMessage } from 'node-red';
import { stixSubject, type Assessment } from '../src/judged-report';
import { isRelatedIndicator } from '../src/related/without-origin';
import { isObject } from '../src/report/narrow';
import { isOrigin, originsIn } from '../src/report/origin';
import type { ReportType } from '../src/report/report';
import type { Subject } from '../src/stix/subject';
import { requestedIndicator } from './report-identity';

/**
 * What a bundle is made of: the report in `value`, with the judgment in `msg.analysis` when it is of this report.
 *
 * @throws VirusTotalError for what is no report, or stands for a failed lookup (with that failure's code)
 */
export function subjectOf(value: unknown, msg: NodeMessage): Subject {
  const related = relatedSubject(value);
  if (related) return related;
  const { analysis, pivot } = msg as { analysis?: unknown; pivot?: unknown };
  // An analysis that doesn't say what it is of may be of another report.
  const judged = isObject(analysis) && typeof analysis.resource === 'string';
  const subject = stixSubject({
    report: value,
    assessment: judged ? (analysis as unknown as Assessment) : undefined,
    ...requestedIndicator(msg),
  });
  const origins = originsIn(pivot).filter((origin) => origin.value === subject.value);
  return origins.length === 0 ? subject : { ...subject, origins };
}

/** What a related node sends says what it is related to, and nothing else. */
function relatedSubject(value: unknown): Subject | undefined {
  if (!isRelatedIndicator(value) || !isOrigin(value) || !TYPES.includes(value.type)) return undefined;
  const { type, value: indicator, relation, of } = value;
  return {
    type: type as ReportType,
    value: indicator,
    report: {},
    origins: [{ value: indicator, relation, of }],
  };
}

const TYPES: readonly unknown[] = ['file', 'url', 'domain', 'ip'] satisfies ReportType[];
