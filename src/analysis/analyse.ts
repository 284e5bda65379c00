import type { ReportType } from '../report/report';
import { ageInDays } from './age';
import type { DetectingEngine, EngineCount } from './count';
import { countEngines, wholeNumber } from './count';
import type { FoundReport } from './find';
import { findReport, hasError } from './find';
import { countDetections, mayUseHeuristic } from './heuristic';
import { reportResource, reportType } from './kind';
import type { AnalysisOptions, AnalysisRules } from './options';
import { analysisRules } from './options';
import type { Reason } from './reasons';
import type { Verdict } from './verdict';
import { OUTPUT_OF } from './verdict';
import { clip, confidenceText, countText, detectedByText, errorText } from './wording';

export type Confidence = 'low' | 'medium' | 'high';

/** What `msg.analysis` holds: the verdict on one report, and why. */
export interface Analysis {
  verdict: Verdict;
  /** The node's output for this verdict, 1..5. */
  output: number;
  type: ReportType | null;
  /** The indicator that was asked. */
  resource: string | null;
  /** Engines that detect it, or the heuristic's number; null when there is neither. */
  positives: number | null;
  /** Engines that answered; null when the report doesn't say. */
  total: number | null;
  /** positives / total in percent, not rounded. */
  rate: number | null;
  /** By the rate; null without detections or without a rate. */
  confidence: Confidence | null;
  /** The threshold that decided, as ">= 5" or "< 1"; null when none did. */
  rule: string | null;
  /** The first one decided; the others are what a person should know beside it. */
  reasons: Reason[];
  /** The engines that detect it, without those of `ignoreEngines`. */
  engines: DetectingEngine[];
}

/** What the user's expression over the report came to; it is evaluated outside, because only Node-RED has JSONata. */
export type ExpressionResult = { value: unknown } | { failure: string };

/** Judges report after report by the same rules. */
export interface Analyst {
  analyze(report: unknown, expression?: ExpressionResult): Analysis;
  /** The report to evaluate the user's expression over, when the verdict depends on it; else undefined. */
  expressionInput(report: unknown): Record<string, unknown> | undefined;
}

/**
 * Judges a report, which may be in any of the places that {@link findReport} knows. Whatever the report holds, this gives a
 * verdict and does not throw.
 *
 * @throws VirusTotalError `VT_CONFIG` when the options are wrong.
 */
export function analyzeReport(
  report: unknown,
  options?: AnalysisOptions,
  expression?: ExpressionResult,
): Analysis {
  return createAnalyst(options).analyze(report, expression);
}

/** @throws VirusTotalError `VT_CONFIG` when the options are wrong. */
export function createAnalyst(options?: AnalysisOptions): Analyst {
  const rules = analysisRules(options);
  return {
    analyze(report, expression) {
      try {
        return judge(findReport(report), rules, expression);
      } catch (thrown) {
        const text = `Reading the report failed: ${errorText(thrown)}`;
        return end(blank(null, null), 'error', { code: 'report-unreadable', text });
      }
    },
    expressionInput(report) {
      if (rules.heuristic !== 'jsonata') return undefined;
      try {
        const found = findReport(report);
        if (!found || hasError(found.report) || responseCode(found.report.response_code) !== 1)
          return undefined;
        const counts = readCounts(found, rules);
        return !counts.verdict && mayUseHeuristic(reportType(found.report)) ? found.report : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

function judge(
  found: FoundReport | undefined,
  rules: AnalysisRules,
  expression: ExpressionResult | undefined,
): Analysis {
  if (!found) {
    return end(blank(null, null), 'missing', {
      code: 'report-missing',
      text: 'There is no VirusTotal report.',
    });
  }
  const { report } = found;
  const type = reportType(report);
  const analysis = blank(type, reportResource(report, found.resource));
  if (hasError(report)) {
    return end(analysis, 'error', { code: 'report-error', text: errorText(report.error) });
  }
  const code = responseCode(report.response_code);
  if (code !== 1) return withoutResult(analysis, code, report.verbose_msg);

  const counts = readCounts(found, rules);
  analysis.engines = counts.engines.detected;
  analysis.positives = counts.positives ?? null;
  analysis.total = counts.total ?? null;
  let subject = countText(analysis.positives, analysis.total);
  if (!counts.verdict) {
    const derived = heuristicPositives(rules, type, found, expression);
    if ('reason' in derived) return end(analysis, derived.verdict, derived.reason, counts.notes);
    analysis.positives = derived.positives;
    analysis.total = null;
    subject = `${derived.positives} by the heuristic`;
    counts.notes.push(derived.note);
  }
  return byThresholds(analysis, rules, report.scan_date, subject, counts.notes);
}

/** Rules 4 and 5: the positives against the thresholds. */
function byThresholds(
  analysis: Analysis,
  rules: AnalysisRules,
  scanDate: unknown,
  subject: string,
  notes: Reason[],
): Analysis {
  const { total } = analysis;
  const positives = analysis.positives ?? 0;
  const age = rules.maxAgeDays > 0 ? ageInDays(scanDate, rules.now()) : 0;
  if (total !== null && total > 0) {
    analysis.rate = (positives * 100) / total;
    if (positives > 0) analysis.confidence = confidence(analysis.rate, rules);
  }
  if (age !== undefined && age > rules.maxAgeDays) {
    const text = `Scanned ${Math.floor(age)} days ago; reports older than ${rules.maxAgeDays} days are not judged (${subject})`;
    return end(analysis, 'no-match', { code: 'report-too-old', text }, notes, rules);
  }
  if (positives >= rules.malicious) {
    analysis.rule = rules.maliciousRule;
    const text = `${subject}; Malicious is ${rules.maliciousRule}`;
    return end(analysis, 'malicious', { code: 'malicious-threshold', text }, notes, rules);
  }
  if (positives >= rules.trusted) {
    const trusted = rules.trusted === 0 ? 'never' : rules.trustedRule;
    const text = `${subject}; neither Malicious (${rules.maliciousRule}) nor Trusted (${trusted})`;
    return end(analysis, 'no-match', { code: 'between-thresholds', text }, notes, rules);
  }
  if (total === null ? rules.minEngines > 0 : total < rules.minEngines) {
    const text = `${subject}; Trusted needs at least ${rules.minEngines} engines`;
    return end(analysis, 'no-match', { code: 'too-few-engines', text }, notes, rules);
  }
  if (age === undefined) {
    const text = `${subject}; without a scan date it can't be told whether it is older than ${rules.maxAgeDays} days`;
    return end(analysis, 'no-match', { code: 'age-unknown', text }, notes, rules);
  }
  analysis.rule = rules.trustedRule;
  const text = `${subject}; Trusted is ${rules.trustedRule}`;
  return end(analysis, 'trusted', { code: 'trusted-threshold', text }, notes, rules);
}

interface Counts {
  positives?: number;
  total?: number;
  engines: EngineCount;
  /** Whether the engines gave a verdict: there are positives, and the total is not 0. */
  verdict: boolean;
  notes: Reason[];
}

function readCounts({ report }: FoundReport, rules: AnalysisRules): Counts {
  const engines = countEngines(report, rules.ignoreEngines);
  const notes: Reason[] = [];
  let positives = wholeNumber(report.positives);
  let total = wholeNumber(report.total);
  if (positives === undefined && report.positives !== undefined && report.positives !== null) {
    notes.push({ code: 'bad-positives', text: `positives is ${clip(report.positives)}` });
  }
  if (positives !== undefined && engines.ignored > 0) {
    const before = countText(positives, total ?? null);
    positives = engines.detected.length;
    total = engines.answered;
    const left = engines.ignored === 1 ? '1 engine is' : `${engines.ignored} engines are`;
    notes.push({ code: 'engines-ignored', text: `${left} left out; with all: ${before}` });
  } else if (positives !== undefined && rules.ignoreEngines.size > 0 && !engines.listed) {
    const text = 'The report does not list its engines, so none could be left out';
    notes.push({ code: 'ignore-impossible', text });
  }
  const given = report.total !== undefined && report.total !== null;
  if (total === undefined ? given : total > 0 && positives !== undefined && total < positives) {
    notes.push({ code: 'bad-total', text: `total is ${clip(report.total)}, so there is no rate` });
    total = undefined;
  }
  const { suspicious } = report;
  if (typeof suspicious === 'number' && suspicious > 0) {
    const text = `${suspicious} more call it suspicious; they are not counted`;
    notes.push({ code: 'suspicious', text });
  }
  return {
    ...(positives === undefined ? {} : { positives }),
    ...(total === undefined ? {} : { total }),
    engines,
    verdict: positives !== undefined && total !== 0,
    notes,
  };
}

function heuristicPositives(
  rules: AnalysisRules,
  type: ReportType | null,
  { report }: FoundReport,
  expression: ExpressionResult | undefined,
): { positives: number; note: Reason } | { verdict: Verdict; reason: Reason } {
  if (mayUseHeuristic(type)) {
    if (rules.heuristic === 'detections') {
      const positives = countDetections(type, report);
      if (positives !== undefined) {
        const text = `The report lists ${positives} detected URLs and samples`;
        return { positives, note: { code: 'heuristic-detections', text } };
      }
    }
    if (rules.heuristic === 'jsonata') return expressionPositives(expression);
  }
  const text = 'No engine gave a verdict: the report has no positives, or a total of 0';
  return { verdict: 'no-match', reason: { code: 'no-verdict', text } };
}

function expressionPositives(
  expression: ExpressionResult = { failure: 'it was not evaluated' },
): { positives: number; note: Reason } | { verdict: Verdict; reason: Reason } {
  if ('value' in expression) {
    const { value } = expression;
    if (typeof value === 'number' && value >= 0 && value < Infinity) {
      return { positives: value, note: { code: 'heuristic-jsonata', text: `The expression gave ${value}` } };
    }
    const text = `The expression gave ${clip(value)}; it must give a number of 0 or more`;
    return { verdict: 'error', reason: { code: 'heuristic-failed', text } };
  }
  const text = `The expression failed: ${clip(expression.failure)}`;
  return { verdict: 'error', reason: { code: 'heuristic-failed', text } };
}

/** Rules 2 and 3: VirusTotal has no result to judge. */
function withoutResult(analysis: Analysis, code: number | undefined, verboseMsg: unknown): Analysis {
  const said = typeof verboseMsg === 'string' ? `: ${clip(verboseMsg)}` : '';
  if (code === 0) {
    return end(analysis, 'no-match', { code: 'not-found', text: `VirusTotal does not know it${said}` });
  }
  if (code === -2) {
    return end(analysis, 'error', { code: 'still-queued', text: `The scan is not finished${said}` });
  }
  if (code !== undefined && code < 0) {
    return end(analysis, 'error', { code: 'response-error', text: `response_code is ${code}${said}` });
  }
  const text = 'response_code is none that VirusTotal uses (1, 0, -1, -2)';
  return end(analysis, 'error', { code: 'report-unreadable', text });
}

function responseCode(value: unknown): number | undefined {
  const read = typeof value === 'string' && /^-?\d{1,3}$/.test(value) ? Number(value) : value;
  return typeof read === 'number' && Number.isSafeInteger(read) && read <= 1 ? read : undefined;
}

function confidence(rate: number, rules: AnalysisRules): Confidence {
  if (rate < rules.lowRate) return 'low';
  return rate > rules.highRate ? 'high' : 'medium';
}

function blank(type: ReportType | null, resource: string | null): Analysis {
  return {
    verdict: 'missing',
    output: OUTPUT_OF.missing,
    type,
    resource,
    positives: null,
    total: null,
    rate: null,
    confidence: null,
    rule: null,
    reasons: [],
    engines: [],
  };
}

function end(
  analysis: Analysis,
  verdict: Verdict,
  decided: Reason,
  notes: readonly Reason[] = [],
  rules?: AnalysisRules,
): Analysis {
  analysis.verdict = verdict;
  analysis.output = OUTPUT_OF[verdict];
  analysis.reasons.push(decided);
  if (analysis.confidence !== null && analysis.rate !== null && rules) {
    const text = confidenceText(analysis.confidence, verdict === 'malicious', analysis.rate, rules);
    analysis.reasons.push({ code: `confidence-${analysis.confidence}`, text });
  }
  if (analysis.engines.length > 0) {
    analysis.reasons.push({ code: 'detected-by', text: detectedByText(analysis.engines) });
  }
  analysis.reasons.push(...notes);
  return analysis;
}
