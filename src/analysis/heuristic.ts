import type { JsonObject } from '../report/narrow';
import type { ReportType } from '../report/report';
import type { AnalysisRules } from './options';
import type { Reason } from './reasons';
import { clip } from './wording';

/** What the user's expression over the report came to; it is evaluated outside, because only Node-RED has JSONata. */
export type ExpressionResult = { value: unknown } | { failure: string };

/** Positives that VirusTotal didn't give, or why there are none. */
export type Derived =
  { positives: number; reason: Reason } | { positives: null; failed: boolean; reason: Reason };

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
  expression: ExpressionResult | undefined,
): Derived {
  if (mayUseHeuristic(type)) {
    if (rules.heuristic === 'jsonata') return expressionPositives(expression);
    const positives = rules.heuristic === 'detections' ? countDetections(type, report) : undefined;
    if (positives !== undefined) {
      const text = `The report lists ${positives} detected URLs and samples`;
      return { positives, reason: { code: 'heuristic-detections', text } };
    }
  }
  const text = 'No engine gave a verdict: the report has no positives, or a total of 0';
  return { positives: null, failed: false, reason: { code: 'no-verdict', text } };
}

/**
 * The number of detected URLs and samples that a v2 report of a domain or an IP address lists; v2 leaves out lists that are
 * empty. Well-known domains have such detections too: google.com is not clean by this count.
 *
 * Undefined for a report that has none of v2's lists. It is from v3, where no engine has looked at the indicator yet; that
 * nothing is listed there does not mean that nothing was detected.
 */
function countDetections(type: 'domain' | 'ip' | null, report: JsonObject): number | undefined {
  if (!Object.keys(report).some((name) => V2_LIST.test(name))) return undefined;
  return DETECTION_LISTS[type ?? 'unknown'].reduce((sum, name) => {
    const list = report[name];
    return Array.isArray(list) ? sum + list.length : sum;
  }, 0);
}

function expressionPositives(expression: ExpressionResult = { failure: 'it was not evaluated' }): Derived {
  if ('failure' in expression) return failed(`The expression failed: ${clip(expression.failure)}`);
  const { value } = expression;
  if (typeof value !== 'number' || !(value >= 0 && value < Infinity)) {
    return failed(`The expression gave ${clip(value)}; it must give a number of 0 or more`);
  }
  return { positives: value, reason: { code: 'heuristic-jsonata', text: `The expression gave ${value}` } };
}

function failed(text: string): Derived {
  return { positives: null, failed: true, reason: { code: 'heuristic-failed', text } };
}
