import type { ReportType } from '../report/report';
import type { Analysis, Confidence } from './analysis';
import { completeAnalysis } from './analysis';
import type { EngineCounts } from './engine-counts';
import { weigh, type Weighed } from './evidence';
import type { AnalysisRules } from './options';
import type { Reason, ReasonCode } from './reasons';
import type { ReportContext } from './report-context';
import type { Verdict } from './verdict';
import { confidenceText, nameList, pluralize, type Rates } from './messages';

/** What decided. `rule` is set when a threshold matched. */
interface Decision {
  verdict: Verdict;
  rule?: string;
  reason: Reason;
}

/** A report that has positives, the engines' or the heuristic's. */
export interface JudgedCase {
  type: ReportType | null;
  positives: number;
  /** Null where the positives are a heuristic's. */
  counts: EngineCounts | null;
  context: ReportContext;
  /** Ms since 1970; undefined without a scan date. */
  scannedAt: number | undefined;
  /** What was found, in words, as "5 of 70 engines detect it". */
  found: string;
  /** The same with the date: "5 of 70 engines detect it; scanned today (2026-03-01)". */
  facts: string;
  remarks: readonly Reason[];
}

/** Closes an analysis that has positives by the thresholds, by the evidence where the rule says so, and by GTI's verdict where it may. */
export function judgeByThresholds(analysis: Analysis, judged: JudgedCase, rules: AnalysisRules): Analysis {
  const { positives, type, remarks } = judged;
  const { verdict, rule, reason } = decide(judged, rules);
  analysis.rule = rule ?? null;
  if (!analysis.total) return completeAnalysis(analysis, verdict, reason, remarks);

  const rate = (positives * 100) / analysis.total;
  analysis.rate = rate;
  if (positives === 0) return completeAnalysis(analysis, verdict, reason, remarks);

  const rates = isHost(type)
    ? { low: rules.hostLowRate, high: rules.hostHighRate }
    : { low: rules.lowRate, high: rules.highRate };
  const level = confidence(rate, rates);
  analysis.confidence = level;
  // How sure it is that something is malicious says nothing of what is not judged so.
  if (verdict !== 'malicious') return completeAnalysis(analysis, verdict, reason, remarks);
  const text = confidenceText(level, rate, rates);
  return completeAnalysis(analysis, verdict, reason, [{ code: `confidence-${level}`, text }, ...remarks]);
}

/** Applies the rules in their order: Malicious, too old, objections to Trusted, Trusted. */
function decide(judged: JudgedCase, rules: AnalysisRules): Decision {
  const weighed = weigh(judged, rules);
  const malicious = maliciousBy(judged, weighed, rules);
  const age = rules.maxAgeDays > 0 ? ageInDays(judged.scannedAt, rules.now()) : 0;
  // What was malicious in a file is still in it; a host or page may have been cleaned.
  if (age !== undefined && age > rules.maxAgeDays && !(malicious && !isHost(judged.type))) {
    const most = pluralize(rules.maxAgeDays, 'day');
    const text = `Scanned ${agoText(age, rules.maxAgeDays)}; nothing older than ${most} is judged (${judged.found})`;
    return noMatch('report-too-old', text);
  }
  return malicious ?? trustedBy(judged, weighed, age === undefined, rules);
}

/**
 * Returns the decision for Malicious, or undefined. GTI comes first if it is used; if its verdict decides and is not malicious, the
 * counts are not asked. Then the threshold, then the trusted engines (rule `evidence`, else none are counted).
 */
function maliciousBy(
  { facts, context: { gti } }: JudgedCase,
  weighed: Weighed,
  rules: AnalysisRules,
): Decision | undefined {
  const decides = rules.gti === 'decides' && gti !== null && gti.verdict !== null;
  if (rules.gti !== 'off' && gti?.verdict === 'malicious') {
    const text = `Google Threat Intelligence calls it malicious: ${facts}`;
    return { verdict: 'malicious', reason: { code: 'gti-verdict', text } };
  }
  if (decides) return undefined;
  if (weighed.counted >= rules.malicious) {
    const text = `${facts}. Malicious threshold: ${rules.malicious}`;
    return {
      verdict: 'malicious',
      rule: rules.maliciousRule,
      reason: { code: 'malicious-threshold', text },
    };
  }
  if (weighed.trusted.length >= rules.trustedEnginesMin) {
    const need = `${rules.trustedEnginesMin} or more trusted engines`;
    const text = `${facts}. Trusted engines among them: ${nameList(weighed.trusted)}. ${need} make it Malicious`;
    const rule = `>= ${rules.trustedEnginesMin} trusted engines`;
    return { verdict: 'malicious', rule, reason: { code: 'trusted-engines', text } };
  }
  return undefined;
}

/** Decides between Trusted and No Match. The first objection wins, in the order of the code. */
function trustedBy(
  judged: JudgedCase,
  weighed: Weighed,
  ageUnknown: boolean,
  rules: AnalysisRules,
): Decision {
  const { facts, counts, context, type } = judged;
  const gtiDecides = rules.gti === 'decides' ? (context.gti?.verdict ?? null) : null;
  if (gtiDecides === 'suspicious')
    return noMatch('gti-verdict', `Google Threat Intelligence calls it suspicious: ${facts}`);
  if (rules.trusted === 0 || (gtiDecides === null && weighed.counted >= rules.trusted)) {
    const trusted = rules.trusted === 0 ? 'never' : `fewer than ${rules.trusted}`;
    const text = `${facts}. Neither Malicious (${rules.malicious} or more) nor Trusted (${trusted})`;
    return noMatch('between-thresholds', text);
  }
  if (gtiDecides === null) {
    const against = weighed.against ?? engineObjection(counts, type, rules);
    if (against) return noMatch(against.code, `${facts}. ${against.text}`);
    const opinions = counts?.opinions ?? 0;
    if (rules.minEngines > opinions) {
      const rated =
        counts?.opinions === counts?.total ? '' : `Only ${pluralize(opinions, 'engine')} rated it; `;
      const need = `Trusted needs at least ${pluralize(rules.minEngines, 'engine')}`;
      return noMatch('too-few-engines', `${facts}. ${rated}${need}`);
    }
  }
  if (ageUnknown) {
    const most = pluralize(rules.maxAgeDays, 'day');
    const text = `${facts}. Without a scan date it may be older than ${most}, so it is not Trusted`;
    return noMatch('age-unknown', text);
  }
  if (gtiDecides === 'benign') {
    const text = `Google Threat Intelligence calls it benign: ${facts}`;
    return { verdict: 'trusted', reason: { code: 'gti-verdict', text } };
  }
  const rule = rules.trustedRule;
  if (weighed.outweighed !== undefined) {
    const text = `${facts}. ${weighed.outweighed}`;
    return { verdict: 'trusted', rule, reason: { code: 'detections-outweighed', text } };
  }
  const text = `${facts}. Trusted threshold: fewer than ${rules.trusted}`;
  return { verdict: 'trusted', rule, reason: { code: 'trusted-threshold', text } };
}

/** Returns why the engines rule out Trusted under both rules, or undefined. */
function engineObjection(
  counts: EngineCounts | null,
  type: ReportType | null,
  rules: AnalysisRules,
): Reason | undefined {
  if (!counts) return undefined;
  if (counts.ignoredDetections.length > 0) {
    const text = `Not Trusted: ${nameList(counts.ignoredDetections)} detected it, which is not counted`;
    return { code: 'ignored-detection', text };
  }
  if (isHost(type) && counts.opinions === 0 && !rules.trustUnrated)
    return { code: 'unrated', text: 'Not Trusted: no engine has rated it' };
  return undefined;
}

function noMatch(code: ReasonCode, text: string): Decision {
  return { verdict: 'no-match', reason: { code, text } };
}

function isHost(type: ReportType | null): boolean {
  return type === 'url' || type === 'domain' || type === 'ip';
}

function ageInDays(time: number | undefined, now: number): number | undefined {
  return time === undefined ? undefined : (now - time) / 86_400_000;
}

/** Gives the age in whole days, or as "more than" where whole days would read as an allowed age. */
function agoText(age: number, most: number): string {
  const days = Math.floor(age);
  return days > most ? `${pluralize(days, 'day')} ago` : `more than ${pluralize(most, 'day')} ago`;
}

function confidence(rate: number, { low, high }: Rates): Confidence {
  if (rate < low) return 'low';
  return rate > high ? 'high' : 'medium';
}
