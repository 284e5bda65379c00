import type { AssessedReport } from './assessed-report';
import { describe } from './describe';
import type { StixGraph } from './graph';
import { labels } from './labels';
import type { Platform } from './platform';
import { permalinkReference } from './references';
import type { Assessment, Result } from './subject';
import { malwareAnalysisResult } from './subject';
import { stixTime } from './times';

/** By result, in STIX's open vocabulary for indicators. */
const TYPES = {
  malicious: 'malicious-activity',
  suspicious: 'anomalous-activity',
  benign: 'benign',
  unknown: 'unknown',
} as const;

/**
 * Which reports become an indicator, which platforms detect and block by: what is malicious, what is suspicious too (detected, below the
 * threshold), or every report with a result.
 */
export type IndicatorFor = 'malicious' | 'suspicious' | 'all';

/** How indicators are written. */
export interface IndicatorOptions {
  indicatorFor: IndicatorFor;
  platform: Platform;
  /** How long an indicator is valid from `day` on, in days; 0: no end is said. */
  validDays: number;
  /** The day on which the bundle is made, in ms since 1970. */
  day: number;
}

const DAY_MS = 86_400_000;

/** STIX 2.1, appendix A: what a confidence in words is on its scale of 0 to 100. */
const CONFIDENCE = new Map<unknown, number>([
  ['low', 15],
  ['medium', 50],
  ['high', 85],
]);

/** The types of observables in OpenCTI, by those of STIX. */
const OPENCTI_TYPES = new Map([
  ['domain-name', 'Domain-Name'],
  ['ipv4-addr', 'IPv4-Addr'],
  ['ipv6-addr', 'IPv6-Addr'],
  ['url', 'Url'],
  ['file', 'StixFile'],
]);

/** @returns the id of the indicator that matches the observable of a report; undefined where there is nothing to detect */
export function addIndicator(
  graph: StixGraph,
  assessed: AssessedReport,
  options: IndicatorOptions,
): string | undefined {
  const { report, assessment, observable } = assessed;
  const { id, title, pattern } = observable;
  const result = malwareAnalysisResult(assessment);
  if (!isDetected(result, options.indicatorFor)) return undefined;
  const { validity, times } = validityOf(assessed, options);
  const indicator = graph.object('indicator', [pattern], times, {
    name: `Indicator of ${title}`,
    description: describe(assessed),
    indicator_types: [TYPES[result]],
    pattern,
    pattern_type: 'stix',
    pattern_version: '2.1',
    ...validity,
    ...confidence(assessment, result),
    ...labels(report),
    ...permalinkReference(report),
    ...(options.platform === 'opencti' ? openCti(assessed) : {}),
  });
  // The specification has `based-on` for observed data; platforms use it for the observable itself, and show it so.
  graph.relate(indicator, 'based-on', id, times);
  return indicator;
}

function isDetected(result: Result, wanted: IndicatorFor): boolean {
  if (wanted === 'all' || result === 'malicious') return true;
  return wanted === 'suspicious' && result === 'suspicious';
}

/**
 * An indicator with an end is valid from the day on which the bundle is made: counted from the scan it would be over before it arrives
 * where VirusTotal scanned long ago. A bundle of a later day is then a later version.
 */
function validityOf(
  { times }: AssessedReport,
  { validDays, day }: IndicatorOptions,
): { validity: { valid_from: string; valid_until?: string }; times: AssessedReport['times'] } {
  if (validDays === 0) return { validity: { valid_from: times.modified }, times };
  const from = Math.max(day, Date.parse(times.modified));
  const validity = { valid_from: stixTime(from), valid_until: stixTime(from + validDays * DAY_MS) };
  return { validity, times: { ...times, modified: stixTime(from) } };
}

/** How sure the judgment is, not how many engines detect it. What is benign has none, so that nothing blocks it by its confidence. */
function confidence({ confidence: word }: Assessment, result: Result): { confidence?: number } {
  const detects = result === 'malicious' || result === 'suspicious';
  const value = CONFIDENCE.get(word);
  return detects && value !== undefined ? { confidence: value } : {};
}

/** OpenCTI's own properties: without a score it takes 50 for every indicator. */
function openCti({ assessment: { rate }, observable }: AssessedReport): Record<string, unknown> {
  const type = OPENCTI_TYPES.get(observable.id.split('--', 1)[0] ?? '');
  return {
    ...scoreOf(rate),
    ...(type === undefined ? {} : { x_opencti_main_observable_type: type }),
  };
}

/** The share of the engines that detect it, as OpenCTI's score of 0 to 100. */
export function scoreOf(rate: number | null): { x_opencti_score?: number } {
  return rate === null ? {} : { x_opencti_score: Math.min(100, Math.max(0, Math.round(rate))) };
}
