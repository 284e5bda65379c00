import { createAnalyzer } from './analysis/analyze';
import type { Analysis } from './analysis/analysis';
import { findReport, hasError } from './analysis/find';
import { errorText } from './analysis/messages';
import { ERROR_CODES, VirusTotalError, type ErrorCode } from './errors';
import { isObject, type JsonObject } from './report/narrow';
import type { ReportType } from './report/report';
import type { Assessment as Judgment, Subject } from './stix/subject';

/** A report with its verdict, as `stixBundle` takes it. */
export interface JudgedReport {
  /** The report, in any of the places in which `analyzeReport` finds one. */
  report: unknown;
  /**
   * What `analyzeReport` gives for this report. Default: the verdict by the default options of `analyzeReport`, also where the
   * assessment is of another indicator or has no verdict on it.
   */
  assessment?: Assessment | undefined;
  /** What kind of indicator the report is of, for a report that does not say it (v2 domains and IP addresses). */
  type?: ReportType | undefined;
  /** The indicator, for a report that does not say it: a domain, an IP address, a URL, or any hash of the file. */
  value?: string | undefined;
  /** VirusTotal's own `behaviour_mitre_trees` of the file. Default: the bundle has no ATT&CK techniques. */
  mitreTrees?: unknown;
}

/** The fields of an `Analysis` that a bundle is made of. */
export type Assessment = Pick<Analysis, 'verdict' | 'positives' | 'total' | 'rate'> &
  Partial<Pick<Analysis, 'confidence' | 'resource'>>;

/** Judges a report that comes without an assessment, with the default options. */
const analyzer = createAnalyzer();

/**
 * What a bundle says of one report.
 *
 * @throws VirusTotalError for what is no report, or stands for a failed lookup (with that failure's code)
 */
export function stixSubject({ report: given, assessment, mitreTrees, ...asked }: JudgedReport): Subject {
  const report = reportIn(given);
  if (!report) throw unusable('No report: the value holds no VirusTotal report');
  if (hasError(report)) throw failedLookup(report);

  const analysis = analyzer.analyze(given);
  const queued = analysis.reasons[0]?.code === 'still-queued';
  if (analysis.verdict === 'error' && !queued)
    throw unusable(analysis.reasons[0]?.text ?? 'Failed report: it says no reason');
  const type = analysis.type ?? asked.type;
  const fitting = asked.type === undefined || asked.type === type;
  const value = analysis.resource ?? (fitting ? asked.value : undefined);
  if (!type || value === undefined)
    throw unusable('Unknown indicator: the report does not say what it is of');

  const known = { type, value, report, ...(mitreTrees === undefined ? {} : { mitreTrees }) };
  if (Number(report.response_code) !== 1) return known;
  const fits = isAssessment(assessment) && (assessment.resource ?? value) === value;
  return { ...known, assessment: fits ? assessment : (analysis as Judgment) };
}

function reportIn(given: unknown): JsonObject | undefined {
  try {
    return findReport(given)?.report;
  } catch (thrown) {
    throw unusable(`Unreadable report: ${errorText(thrown)}`);
  }
}

function isAssessment(judged: unknown): judged is Judgment & { resource?: unknown } {
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
