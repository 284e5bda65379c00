import { quote } from '../errors';
import type { JsonObject } from '../report/narrow';
import { scanTime } from '../report/scan-date';
import type { Analysis } from './analysis';
import { completeAnalysis, emptyAnalysis } from './analysis';
import { hasVerdict, readEngineCounts } from './engine-counts';
import type { FoundReport } from './find';
import { findReport, hasError } from './find';
import { fromJsonText } from './json-text';
import type { ExpressionResult } from './heuristic';
import { derivePositives, mayUseHeuristic } from './heuristic';
import { reportResource, reportType } from './report-type';
import type { AnalysisOptions, AnalysisRules } from './options';
import { analysisRules } from './options';
import { judgeByThresholds } from './thresholds';
import { contextReasons } from './context-reasons';
import { foundText, scannedText } from './facts';
import { truncate, errorText, missingText } from './messages';
import { readContext } from './report-context';
import { addReportDetails, failureDetails } from './report-details';

/** Judges report after report by the same rules. */
export interface Analyzer {
  analyze(report: unknown, expression?: ExpressionResult): Analysis;
  /** The report to evaluate the user's expression over, when the verdict depends on it; else undefined. */
  expressionInput(report: unknown): JsonObject | undefined;
}

/**
 * Judges a report, which may be in any of the places that `findReport` knows. Whatever the report holds, this gives a verdict
 * and does not throw.
 *
 * @param expression what the user's expression gave, with the heuristic `jsonata`
 * @throws VirusTotalError `VT_CONFIG` when the options are wrong.
 */
export function analyzeReport(
  report: unknown,
  options?: AnalysisOptions,
  expression?: ExpressionResult,
): Analysis {
  return createAnalyzer(options).analyze(report, expression);
}

/** @throws VirusTotalError `VT_CONFIG` when the options are wrong. */
export function createAnalyzer(options?: AnalysisOptions): Analyzer {
  const rules = analysisRules(options);
  return {
    analyze(report, expression) {
      try {
        const found = findReport(report);
        return found ? judge(found, rules, expression) : missing(report);
      } catch (thrown) {
        const text = `Reading the report failed: ${errorText(thrown)}`;
        return completeAnalysis(emptyAnalysis(null, null), 'error', { code: 'report-unreadable', text });
      }
    },
    expressionInput(value) {
      if (rules.heuristic !== 'jsonata') return undefined;
      try {
        const report = findReport(value)?.report;
        if (!report || hasError(report) || responseCode(report.response_code) !== 1) return undefined;
        if (
          !mayUseHeuristic(reportType(report)) ||
          hasVerdict(readEngineCounts(report, rules, reportType(report)))
        )
          return undefined;
        return report;
      } catch {
        return undefined; // `analyze` says why
      }
    },
  };
}

function missing(value: unknown): Analysis {
  const reason = { code: 'report-missing', text: missingText(fromJsonText(value)) } as const;
  return completeAnalysis(emptyAnalysis(null, null), 'missing', reason);
}

/** The rules in their order: an error, unknown to VirusTotal, the thresholds. */
function judge(place: FoundReport, rules: AnalysisRules, expression: ExpressionResult | undefined): Analysis {
  const { report } = place;
  const type = reportType(report);
  const analysis = emptyAnalysis(type, reportResource(report, place.resource));
  if (hasError(report)) {
    analysis.error = failureDetails(report);
    return completeAnalysis(analysis, 'error', { code: 'report-error', text: errorText(report.error) });
  }
  const code = responseCode(report.response_code);
  if (code !== 1) return judgeWithoutResult(analysis, code, report);

  const figures = readEngineCounts(report, rules, type);
  const context = readContext(report);
  const scanDate = report.scan_date;
  const scannedAt = scanTime(scanDate);
  addReportDetails(analysis, report, context, scannedAt !== undefined);
  analysis.engines = figures.engines;
  analysis.positives = figures.positives;
  analysis.total = figures.total;
  const known = [...figures.remarks, ...contextReasons(context, figures, rules)];
  if (hasVerdict(figures)) {
    const { positives } = figures;
    const found = foundText(figures, context);
    const facts = `${found}; ${scannedText(scanDate, scannedAt, rules.now())}`;
    const judged = { type, positives, counts: figures, context, scannedAt, found, facts, remarks: known };
    return judgeByThresholds(analysis, judged, rules);
  }
  const derived = derivePositives(rules, type, report, figures, expression);
  if (derived.positives === null) {
    if (rules.gti !== 'off' && context.gti?.verdict === 'malicious' && !derived.failed) {
      const text = `Google Threat Intelligence calls it malicious. ${derived.reason.text}`;
      return completeAnalysis(analysis, 'malicious', { code: 'gti-verdict', text }, known);
    }
    return completeAnalysis(analysis, derived.failed ? 'error' : 'no-match', derived.reason, known);
  }
  const { positives, subject: found, reason } = derived;
  analysis.positives = positives;
  analysis.total = null;
  const remarks = [reason, ...known];
  const judged = { type, positives, counts: null, context, scannedAt, found, facts: found, remarks };
  return judgeByThresholds(analysis, judged, rules);
}

function judgeWithoutResult(analysis: Analysis, code: number | undefined, report: JsonObject): Analysis {
  const { response_code: given, verbose_msg: verboseMsg } = report;
  const said = typeof verboseMsg === 'string' ? `: ${truncate(verboseMsg)}` : '';
  if (code === 0) {
    const text = `VirusTotal does not know it${said}`;
    return completeAnalysis(analysis, 'no-match', { code: 'not-found', text });
  }
  if (code === -2) {
    const text = `The scan is not finished${said}`;
    return completeAnalysis(analysis, 'error', { code: 'still-queued', text });
  }
  if (code !== undefined) {
    const text = `response_code is ${code}${said}`;
    return completeAnalysis(analysis, 'error', { code: 'response-error', text });
  }
  const text = `response_code is ${quote(given)}; VirusTotal uses 1, 0, -1 and -2`;
  return completeAnalysis(analysis, 'error', { code: 'report-unreadable', text });
}

/** Returns undefined for a value that is not a whole number, or is above 1. */
function responseCode(value: unknown): number | undefined {
  const read = typeof value === 'string' && /^-?\d{1,3}$/.test(value) ? Number(value) : value;
  return typeof read === 'number' && Number.isSafeInteger(read) && read <= 1 ? read : undefined;
}
