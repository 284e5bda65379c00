import { quote } from '../errors';
import type { JsonObject } from '../report/narrow';
import type { ReportType } from '../report/report';
import { NO_VERDICT } from '../report/from-v3';
import type { AnalysisRules } from './options';
import type { Reason } from './reasons';
import type { EngineCounts } from './engine-counts';
import { truncate, pluralize } from './messages';

/**
 * What the user's expression over the report came to, for the heuristic `jsonata`: a number as `value`, or why it failed. It is evaluated
 * outside, because only Node-RED has JSONata.
 */
export type ExpressionResult = { value: unknown } | { failure: string };

/** Positives that VirusTotal didn't give, or why there are none. */
export type Derived =
  /** `subject`: the positives in words. */
  | { positives: number; subject: string; reason: Reason }
  | { positives: null; failed: boolean; reason: Reason };

/** What a report lists that engines detected something in: the product document's own choice for each kind. */
const DETECTION_LISTS = {
  domain: ['detected_urls', 'detected_downloaded_samples', 'detected_referrer_samples'],
  ip: ['detected_urls', 'detected_downloaded_samples', 'detected_communicating_samples'],
  unknown: ['detected_urls', 'detected_downloaded_samples'],
} as const;

const V2_LIST = /^(?:(?:un)?detected_|resolutions$|subdomains$|domain_siblings$)/;

/** Only domains and IP addresses are judged by a heuristic: a file or URL without positives is one not scanned yet. */
export function mayUseHeuristic(type: ReportType | null): type is 'domain' | 'ip' | null {
  return type !== 'file' && type !== 'url';
}

/** The positives of a report that has no verdict of its own. */
export function derivePositives(
  rules: AnalysisRules,
  type: ReportType | null,
  report: JsonObject,
  figures: EngineCounts,
  expression: ExpressionResult | undefined,
): Derived {
  if (mayUseHeuristic(type)) {
    if (rules.heuristic === 'jsonata') return expressionPositives(expression);
    const counts = rules.heuristic === 'detections' ? countDetections(type, report) : undefined;
    if (counts !== undefined) return detectionPositives(counts);
  }
  const reason = { code: 'no-verdict', text: noVerdictText(figures, type, report, rules) } as const;
  return { positives: null, failed: false, reason };
}

/** Why there is no verdict, and what the user can do about it. */
function noVerdictText(
  { positives, total, remarks }: EngineCounts,
  type: ReportType | null,
  report: JsonObject,
  rules: AnalysisRules,
): string {
  if (remarks.some(({ code }) => code === 'bad-positives'))
    return 'No verdict: the number of positives is not readable';
  if (remarks.some(({ code }) => code === 'engines-ignored'))
    return 'No verdict: all engines that answered are excluded';
  if (positives !== null || total === 0) return 'No verdict: no engine has scanned it yet (total is 0)';
  // v2 accepts a URL with response_code 1 and then has neither engines nor positives of it.
  if (!mayUseHeuristic(type))
    return isQueued(report)
      ? 'No verdict yet: VirusTotal has queued the scan; look it up again later'
      : 'No verdict: the report has no positives';
  if (isFromV3(report)) return 'No verdict: no engine has scanned it yet';
  const wayOut = rules.heuristic === 'none' ? '; choose a heuristic here, or API v3' : '';
  return `No verdict: the report has no positives, as API v2 has none for domains and IP addresses${wayOut}`;
}

function isQueued({ verbose_msg: said, scan_id: scan, scans }: JsonObject): boolean {
  return (typeof said === 'string' && /queued/i.test(said)) || (scan !== undefined && scans === undefined);
}

/** By what only v3 has of domains and IP addresses. */
function isFromV3(report: JsonObject): boolean {
  const own = ['total_votes', 'last_modification_date', 'reputation', 'last_dns_records', 'permalink'];
  return report.verbose_msg === NO_VERDICT || own.some((name) => name in report);
}

/** How many entries each of the lists has that count as detections. */
type Counts = readonly (readonly [list: string, count: number])[];

function detectionPositives(counts: Counts): Derived {
  const positives = counts.reduce((sum, [, count]) => sum + count, 0);
  const listed = counts.map(([list, count]) => `${count} in ${list}`).join(', ');
  return {
    positives,
    subject: `${pluralize(positives, 'detection')} listed`,
    reason: { code: 'heuristic-detections', text: `Counted as positives: ${listed}` },
  };
}

/**
 * The detected URLs and samples that a v2 report of a domain or an IP address lists; v2 leaves out lists that are empty.
 * Well-known domains have such detections too: google.com is not clean by this count.
 *
 * Undefined for a report that has none of v2's lists. It is from v3, where no engine has looked at the indicator yet; that
 * nothing is listed there does not mean that nothing was detected.
 */
function countDetections(type: 'domain' | 'ip' | null, report: JsonObject): Counts | undefined {
  if (!Object.keys(report).some((name) => V2_LIST.test(name))) return undefined;
  return DETECTION_LISTS[type ?? 'unknown'].map((name) => {
    const list = report[name];
    return [name, Array.isArray(list) ? list.length : 0];
  });
}

function expressionPositives(expression: ExpressionResult = { failure: 'it was not evaluated' }): Derived {
  if ('failure' in expression) return failed(`The expression failed: ${truncate(expression.failure)}`);
  const { value } = expression;
  if (typeof value !== 'number' || !(value >= 0 && value < Infinity)) {
    return failed(`The expression returned ${quote(value)}; it must return a number of 0 or more`);
  }
  return {
    positives: value,
    subject: `${value} by the expression`,
    reason: { code: 'heuristic-jsonata', text: `The expression returned ${value} positives` },
  };
}

function failed(text: string): Derived {
  return { positives: null, failed: true, reason: { code: 'heuristic-failed', text } };
}
