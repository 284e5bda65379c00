import type { Analysis } from '../analysis/analysis';
import { OUTPUT_OF, VERDICTS, type Verdict } from '../analysis/verdict';
import { isCount, isObject } from '../report/narrow';
import { isOrigin, type Origin } from '../report/origin';
import type { ReportType } from '../report/report';
import { cleanText } from './clean-text';

/** A lookup that ended as an error instead of a report. */
export interface FailedLookup {
  /** The kind of the indicator; null when the failure does not say it. */
  type: ReportType | null;
  /** The indicator; null when the failure does not say it. */
  value: string | null;
  /** One of `ERROR_CODES`, or the code of the reason (`still-queued`, ...) of an analysis with the verdict `error`. */
  code: string;
  /** What happened, for a person, in English. */
  message: string;
}

/** An indicator that was not looked up, and why, as `extractIocs` and `msg.virustotal.skipped` have it. */
export interface SkippedIndicator {
  /** The kind of the indicator. */
  type: ReportType;
  /** The indicator. */
  value: string;
  /** One sentence for a person, as "private address (RFC 1918)". */
  reason: string;
}

/** An indicator whose result has not arrived. */
export interface MissingIndicator {
  /** The kind of the indicator. */
  type: ReportType;
  /** The indicator. */
  value: string;
}

/** What is known of one incident. */
export interface IncidentEntries {
  /** The verdicts, as `analyzeReport` and `msg.analysis` have them. What is no analysis is left out. */
  analyses: readonly unknown[];
  /** Lookups that failed. Default none. */
  failed?: readonly FailedLookup[] | undefined;
  /** The indicators that led to these, by their relations. Default none. */
  origins?: readonly Origin[] | undefined;
  /** What was not looked up. Default none. */
  skipped?: readonly SkippedIndicator[] | undefined;
  /** How many were not looked up, where `skipped` lists only the first of them. Default the length of `skipped`. */
  skippedCount?: number | undefined;
  /** Whether everything has arrived. Default true. */
  complete?: boolean | undefined;
  /** The number of results that the incident should have, where it is known. */
  expected?: number | undefined;
  /** The indicators whose results have not arrived, where they are known. Default none. */
  missing?: readonly MissingIndicator[] | undefined;
  /** Milliseconds from the first result to the last. Default 0. */
  ms?: number | undefined;
}

/** The verdict on an incident as a whole, and what it is made of. */
export interface Incident {
  /** `malicious` if any is; else `error` if any lookup failed; else `no-match` if any is; else `trusted`; `missing` if there is nothing. */
  verdict: Verdict;
  /** The number of indicators of each verdict; `error` is the length of `failed`. */
  counts: Record<Verdict, number>;
  /** The worst verdict; of a lookup that failed, an analysis that says so. Null when there is nothing. */
  worst: Analysis | null;
  /** All verdicts, worst first. */
  analyses: Analysis[];
  /** What was not looked up, and why. */
  skipped: SkippedIndicator[];
  /** How many were not looked up, where `skipped` lists only the first of them. */
  skippedCount?: number;
  /** The indicators that led to these, by their relations; absent when there are none. */
  origins?: Origin[];
  /** Lookups that failed: those that were given, and the analyses of verdict `error`. */
  failed: FailedLookup[];
  /** False when results are missing. The verdict is of those that arrived. */
  complete: boolean;
  /** The number of results that the incident should have, where it is known. */
  expected?: number;
  /** The indicators whose results have not arrived, where they are known; not counted in `counts`. */
  missing?: MissingIndicator[];
  /** Milliseconds from the first result to the last. */
  ms: number;
}

/** Worst first. */
const SEVERITY: readonly Verdict[] = ['malicious', 'error', 'no-match', 'trusted', 'missing'];

/** Puts the verdicts of one incident together. Doesn't throw. */
export function incidentOf(entries: IncidentEntries): Incident {
  const analyses = entries.analyses.filter(isAnalysis).sort(bySeverity);
  const given = (entries.failed ?? []).filter(isObject);
  const named = new Set(given.map(identity));
  const failed = [
    ...given,
    ...analyses
      .filter(({ verdict }) => verdict === 'error')
      .map(failureOf)
      .filter((failure) => identity(failure) === undefined || !named.has(identity(failure))),
  ];
  const counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  for (const { verdict } of analyses) counts[verdict] += 1;
  counts.error = failed.length;
  const verdict = SEVERITY.find((each) => counts[each] > 0) ?? 'missing';
  const skipped = (entries.skipped ?? []).filter(isObject);
  const { skippedCount, expected } = entries;
  const missing = (entries.missing ?? []).filter(isObject);
  const origins = (entries.origins ?? []).filter(isOrigin);
  return {
    verdict,
    counts,
    worst: analyses.find((analysis) => analysis.verdict === verdict) ?? failedAnalysis(failed[0]),
    analyses,
    skipped,
    ...(isCount(skippedCount) && skippedCount > skipped.length ? { skippedCount } : {}),
    failed,
    complete: entries.complete !== false,
    ...(isCount(expected) ? { expected } : {}),
    ...(missing.length > 0 ? { missing } : {}),
    ...(origins.length > 0 ? { origins } : {}),
    ms: entries.ms ?? 0,
  };
}

/** What `msg.analysis` holds may have been made by a flow: the verdict is what counts. */
function isAnalysis(value: unknown): value is Analysis {
  return isObject(value) && (VERDICTS as readonly unknown[]).includes(value.verdict);
}

/** Worst first; of the same verdict what more engines detect. */
export function bySeverity(a: Analysis, b: Analysis): number {
  return SEVERITY.indexOf(a.verdict) - SEVERITY.indexOf(b.verdict) || detections(b) - detections(a);
}

/** The first of the worst verdicts, in the order of an incident; undefined when there is none. */
export function worstOf(analyses: readonly Analysis[]): Analysis | undefined {
  return [...analyses].sort(bySeverity)[0];
}

function detections({ positives }: Analysis): number {
  return isCount(positives) ? positives : -1;
}

/** Of what a flow may have made: an object as its type may have no text. */
function identity({ type, value }: Pick<FailedLookup, 'type' | 'value'>): string | undefined {
  const kind: unknown = type;
  return typeof value === 'string' ? `${typeof kind === 'string' ? kind : ''} ${value}` : undefined;
}

/** An analysis of verdict `error`, as a lookup that failed. */
function failureOf(analysis: Analysis): FailedLookup {
  const { type, resource, error, reasons } = analysis;
  const reason: unknown = Array.isArray(reasons) ? reasons[0] : undefined;
  const { code, text } = isObject(reason) ? reason : {};
  return {
    type,
    value: resource,
    code: error?.code ?? (typeof code === 'string' ? code : 'report-error'),
    message: error?.message ?? (typeof text === 'string' ? text : ''),
  };
}

function failedAnalysis(failed: FailedLookup | undefined): Analysis | null {
  if (!failed) return null;
  const { type, value, code, message } = failed;
  return {
    verdict: 'error',
    output: OUTPUT_OF.error,
    type,
    resource: value,
    positives: null,
    total: null,
    rate: null,
    confidence: null,
    rule: null,
    reasons: [
      {
        code: 'report-error',
        text: [cleanText(code, 60), cleanText(message, 300)].filter(Boolean).join(': '),
      },
    ],
    engines: [],
    error: { code, message },
  };
}
