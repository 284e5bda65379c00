import type { AssessedReport } from './assessed-report';
import type { StixGraph } from './graph';
import { labels } from './labels';
import { permalinkReference } from './references';
import type { Assessment } from './subject';
import { malwareAnalysisResult } from './subject';

/** By verdict, in STIX's open vocabulary for indicators. */
const TYPES = {
  malicious: 'malicious-activity',
  suspicious: 'anomalous-activity',
  benign: 'benign',
  unknown: 'unknown',
} as const;

/** @returns the id of the indicator that matches the observable of a report */
export function addIndicator(graph: StixGraph, finding: AssessedReport): string {
  const { report, assessment, observable, times } = finding;
  const { id, title, pattern } = observable;
  const indicator = graph.object('indicator', [pattern], times, {
    name: `Indicator of ${title}`,
    ...description(assessment),
    indicator_types: [TYPES[malwareAnalysisResult(assessment)]],
    pattern,
    pattern_type: 'stix',
    pattern_version: '2.1',
    valid_from: times.modified,
    ...confidence(assessment),
    ...labels(report),
    ...permalinkReference(report),
  });
  // The specification has `based-on` for observed data; platforms use it for the observable itself, and show it so.
  graph.relate(indicator, 'based-on', id, times);
  return indicator;
}

/** The share of the engines that detect it: a benign indicator has a low one, so that nothing blocks it by its confidence. */
function confidence({ rate }: Assessment): { confidence?: number } {
  return rate === null ? {} : { confidence: Math.min(100, Math.max(0, Math.round(rate))) };
}

function description({ positives, total }: Assessment): { description?: string } {
  if (positives === null || total === null) return {};
  return { description: `${positives} of ${total} engines on VirusTotal detect it` };
}
