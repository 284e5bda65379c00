import type { ReportType } from '../report/report';
import type { EngineCounts } from './engine-counts';
import { nameList, pluralize } from './messages';
import type { AnalysisRules } from './options';
import type { Reason } from './reasons';
import type { ReportContext } from './report-context';

/** The weight of the detections of a report. */
export interface Weighed {
  /** The number of detections that the thresholds are compared with. */
  counted: number;
  /** The trusted engines that detect it. */
  trusted: string[];
  /** Why detections don't count. */
  outweighed?: string;
  /** The objection to Trusted. */
  against?: Reason;
}

interface Evidence {
  type: ReportType | null;
  positives: number;
  counts: EngineCounts | null;
  context: ReportContext;
}

/**
 * Up to this number of detections by untrusted engines are often mistakes if something speaks for the indicator. The limits
 * are round numbers on purpose: docs/verdicts.md says what they come to on recorded reports.
 */
const FEW_DETECTIONS = 2;
const MANY_HARMLESS = 40;
const POPULAR_RANK = 10_000;

/** The rule `evidence`; with the rule `positives` every detection counts, and nothing else does. */
export function weigh({ positives, counts, context }: Evidence, rules: AnalysisRules): Weighed {
  if (rules.rule !== 'evidence' || !counts) return { counted: positives, trusted: [] };
  const { trustedDetections: trusted, suspicious } = counts;
  const gtiObjects = context.gti?.verdict === 'malicious';
  const speaksFor = reasonToTrust(counts, context);
  const few = positives > 0 && positives <= FEW_DETECTIONS && counts.listed && trusted.length === 0;
  if (few && suspicious === 0 && !gtiObjects && speaksFor !== undefined) {
    const by = positives === 1 ? '1 detection is by an engine' : `${positives} detections are by engines`;
    const outweighed = `Not counted: ${by} outside the trusted ones, and ${speaksFor}`;
    return { counted: 0, trusted, outweighed };
  }
  const against = reasonAgainst(trusted, suspicious, gtiObjects);
  return { counted: positives, trusted, ...(against ? { against } : {}) };
}

function reasonToTrust(counts: EngineCounts, context: ReportContext): string | undefined {
  const { distributors, legit, popularityRank } = context;
  if (counts.harmless >= MANY_HARMLESS) return `${counts.harmless} engines rate it harmless`;
  if (distributors.length > 0) return `it is distributed by ${nameList(distributors)}`;
  if (legit) return 'VirusTotal marks it as legitimate';
  if (popularityRank !== null && popularityRank <= POPULAR_RANK)
    return `it is one of the ${POPULAR_RANK.toLocaleString('en-US')} most popular domains`;
  return undefined;
}

function reasonAgainst(trusted: string[], suspicious: number, gtiObjects: boolean): Reason | undefined {
  if (trusted.length > 0)
    return { code: 'trusted-engines', text: `Not Trusted: ${nameList(trusted)} detected it` };
  if (suspicious > 0) {
    const call = suspicious === 1 ? 'calls' : 'call';
    return {
      code: 'suspicious',
      text: `Not Trusted: ${pluralize(suspicious, 'engine')} ${call} it suspicious`,
    };
  }
  if (gtiObjects)
    return { code: 'gti-verdict', text: 'Not Trusted: Google Threat Intelligence calls it malicious' };
  return undefined;
}
