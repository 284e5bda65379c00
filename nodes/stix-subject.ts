import type { NodeMessage } from 'node-red';
import { createAnalyst } from '../src/analysis/analyse';
import { findReport, hasError } from '../src/analysis/find';
import { errorText } from '../src/analysis/wording';
import { ERROR_CODES, type ErrorCode, VirusTotalError } from '../src/errors';
import { isObject, type JsonObject } from '../src/report/narrow';
import type { Assessment, Subject } from '../src/stix/subject';
import { orAsked } from './asked-for';

/** Judges what no Report Analysis node has judged, by its defaults. */
const analyst = createAnalyst();

/**
 * What a bundle is made of: the report in `value`, with the judgement in `msg.analysis` when it is of this report.
 *
 * @throws VirusTotalError for what is no report, or stands for a failed lookup (with that failure's code)
 */
export function subjectOf(value: unknown, msg: NodeMessage): Subject {
  const report = findReport(value)?.report;
  if (!report) throw unusable('No report: the message holds no VirusTotal report');
  if (hasError(report)) throw failedLookup(report);

  const analysis = analyst.analyze(value);
  const queued = analysis.reasons[0]?.code === 'still-queued';
  if (analysis.verdict === 'error' && !queued)
    throw unusable(analysis.reasons[0]?.text ?? 'Failed report: it says no reason');
  const { type, resource } = orAsked(analysis, msg);
  if (type === null || resource === null)
    throw unusable('Unknown indicator: the report does not say what it is of');

  const known = { type, value: resource, report };
  if (Number(report.response_code) !== 1) return known;
  const judged = (msg as { analysis?: unknown }).analysis;
  const fits = isAssessment(judged) && judged.resource === resource;
  return { ...known, assessment: fits ? judged : (analysis as Assessment) };
}

function isAssessment(judged: unknown): judged is Assessment & { resource: unknown } {
  if (!isObject(judged)) return false;
  const { verdict, positives, total, rate } = judged;
  const known = verdict === 'malicious' || verdict === 'trusted' || verdict === 'no-match';
  return known && [positives, total, rate].every((figure) => figure === null || typeof figure === 'number');
}

function failedLookup({ error }: JsonObject): VirusTotalError {
  const code = isObject(error) ? error.code : undefined;
  const known = (ERROR_CODES as readonly unknown[]).includes(code) ? (code as ErrorCode) : 'VT_BAD_RESPONSE';
  return new VirusTotalError(known, `Failed lookup: ${errorText(error)}`);
}

function unusable(message: string): VirusTotalError {
  return new VirusTotalError('VT_BAD_RESPONSE', message);
}
