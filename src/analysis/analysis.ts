import type { ReportType } from '../report/report';
import type { DetectingEngine } from './count';
import type { Reason } from './reasons';
import type { Verdict } from './verdict';
import { OUTPUT_OF } from './verdict';
import { detectedByText } from './wording';

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

/** An analysis that nothing has been found out for yet. */
export function openAnalysis(type: ReportType | null, resource: string | null): Analysis {
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
export function closeAnalysis(
  analysis: Analysis,
  verdict: Verdict,
  decided: Reason,
  notes: readonly Reason[] = [],
): Analysis {
  analysis.verdict = verdict;
  analysis.output = OUTPUT_OF[verdict];
  analysis.reasons.push(decided);
  if (analysis.engines.length > 0) {
    analysis.reasons.push({ code: 'detected-by', text: detectedByText(analysis.engines) });
  }
  analysis.reasons.push(...notes);
  return analysis;
}
