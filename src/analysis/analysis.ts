import type { ReportType } from '../report/report';
import type { DetectingEngine } from './count';
import type { Reason } from './reasons';
import type { Verdict } from './verdict';
import { OUTPUT_OF } from './verdict';
import { detectedByText } from './messages';

/**
 * How sure a verdict with detections is, by the rate: below `lowRate`, from there to `highRate`, or above it; for a URL, domain or IP
 * address `hostLowRate` and `hostHighRate`.
 */
export type Confidence = 'low' | 'medium' | 'high';

/** The verdict on one report, and why. The Report Analysis node puts it into `msg.analysis`. */
export interface Analysis {
  /** What the report comes to. */
  verdict: Verdict;
  /** The output of the Report Analysis node for this verdict, counted from 1 to 5. */
  output: number;
  /** The kind of the indicator; null when the report does not say it. */
  type: ReportType | null;
  /** The indicator that was looked up; null when the report does not say it. */
  resource: string | null;
  /** The number of engines that detect it, or the heuristic's number; null when there is neither. */
  positives: number | null;
  /** The number of engines that answered; null when the report does not say it. */
  total: number | null;
  /** `positives / total` in percent, not rounded; null without one of them. */
  rate: number | null;
  /** The confidence by the rate; null without detections or without a rate. */
  confidence: Confidence | null;
  /** The threshold that decided, as `">= 5"`, `"< 1"` or `">= 2 trusted engines"`; null when none did. */
  rule: string | null;
  /** What led to the verdict. The first one decided; the others are what a person should know beside it. */
  reasons: Reason[];
  /** The engines that detect it, without those that `ignoreEngines` names; those of `trustedEngines` first. */
  engines: DetectingEngine[];
  /** VirusTotal's name for the threat, as "trojan.emotet", on one line of at most 100 characters; absent without one. */
  label?: string;
  /** When VirusTotal's engines last looked at it, as "YYYY-MM-DD HH:MM:SS" in UTC; absent when the report does not say it. */
  scanDate?: string;
  /** The page for people at virustotal.com; absent when the report names none. */
  permalink?: string;
  /** Why the lookup failed, of a report that stands for a failed lookup. */
  error?: { code: string; message: string };
}

/** An analysis that nothing has been found out for yet. */
export function emptyAnalysis(type: ReportType | null, resource: string | null): Analysis {
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

/** Writes the verdict and, after what decided, everything else that a person should know. */
export function completeAnalysis(
  analysis: Analysis,
  verdict: Verdict,
  decided: Reason,
  furtherReasons: readonly Reason[] = [],
): Analysis {
  analysis.verdict = verdict;
  analysis.output = OUTPUT_OF[verdict];
  analysis.reasons.push(decided);
  if (analysis.engines.length > 0) {
    analysis.reasons.push({ code: 'detected-by', text: detectedByText(analysis.engines) });
  }
  analysis.reasons.push(...furtherReasons.filter(({ code }) => code !== decided.code));
  return analysis;
}
