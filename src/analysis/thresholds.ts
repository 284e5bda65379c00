import { scanTime } from '../report/scan-date';
import type { Analysis, Confidence } from './analysis';
import { completeAnalysis } from './analysis';
import type { AnalysisRules } from './options';
import type { Reason } from './reasons';
import type { Verdict } from './verdict';
import { confidenceText, pluralize } from './messages';

/** What decided. `rule` is set when a threshold matched. */
interface Decision {
  verdict: Verdict;
  rule?: string;
  reason: Reason;
}

interface Counts {
  positives: number;
  /** Engines that have an opinion; null when nobody says how many. */
  opinions: number | null;
}

/**
 * Closes an analysis that has positives, the engines' or the heuristic's, by the thresholds.
 *
 * @param subject the positives in words, as "5 of 70 engines detect it"
 */
export function judgeByThresholds(
  analysis: Analysis,
  counts: Counts,
  rules: AnalysisRules,
  scanDate: unknown,
  subject: string,
  remarks: readonly Reason[],
): Analysis {
  const { positives } = counts;
  const { verdict, rule, reason } = decide(counts, analysis.total, rules, scanDate, subject);
  analysis.rule = rule ?? null;
  if (!analysis.total) return completeAnalysis(analysis, verdict, reason, remarks);

  const rate = (positives * 100) / analysis.total;
  analysis.rate = rate;
  if (positives === 0) return completeAnalysis(analysis, verdict, reason, remarks);

  const level = confidence(rate, rules);
  analysis.confidence = level;
  const text = confidenceText(level, verdict === 'malicious', rate, rules);
  return completeAnalysis(analysis, verdict, reason, [{ code: `confidence-${level}`, text }, ...remarks]);
}

function decide(
  { positives, opinions }: Counts,
  total: number | null,
  rules: AnalysisRules,
  scanDate: unknown,
  subject: string,
): Decision {
  const age = rules.maxAgeDays > 0 ? ageInDays(scanDate, rules.now()) : 0;
  if (age !== undefined && age > rules.maxAgeDays) {
    const most = pluralize(rules.maxAgeDays, 'day');
    const text = `Scanned ${agoText(age, rules.maxAgeDays)}; nothing older than ${most} is judged (${subject})`;
    return { verdict: 'no-match', reason: { code: 'report-too-old', text } };
  }
  if (positives >= rules.malicious) {
    const rule = rules.maliciousRule;
    const text = `${subject}; Malicious is ${rule}`;
    return { verdict: 'malicious', rule, reason: { code: 'malicious-threshold', text } };
  }
  if (positives >= rules.trusted) {
    const trusted = rules.trusted === 0 ? 'never' : rules.trustedRule;
    const text = `${subject}; neither Malicious (${rules.maliciousRule}) nor Trusted (${trusted})`;
    return { verdict: 'no-match', reason: { code: 'between-thresholds', text } };
  }
  if (rules.minEngines > (opinions ?? 0)) {
    const rated = opinions === null || opinions === total ? '' : `, and only ${opinions} of them rated it`;
    const text = `${subject}${rated}; Trusted needs at least ${pluralize(rules.minEngines, 'engine')}`;
    return { verdict: 'no-match', reason: { code: 'too-few-engines', text } };
  }
  if (age === undefined) {
    const most = pluralize(rules.maxAgeDays, 'day');
    const text = `${subject}; without a scan date it may be older than ${most}, so it is not Trusted`;
    return { verdict: 'no-match', reason: { code: 'age-unknown', text } };
  }
  const rule = rules.trustedRule;
  const text = `${subject}; Trusted is ${rule}`;
  return { verdict: 'trusted', rule, reason: { code: 'trusted-threshold', text } };
}

function ageInDays(scanDate: unknown, now: number): number | undefined {
  const time = scanTime(scanDate);
  return time === undefined ? undefined : (now - time) / 86_400_000;
}

/** In whole days, unless that would read as an age that is allowed. */
function agoText(age: number, most: number): string {
  const days = Math.floor(age);
  return days > most ? `${pluralize(days, 'day')} ago` : `more than ${pluralize(most, 'day')} ago`;
}

function confidence(rate: number, rules: AnalysisRules): Confidence {
  if (rate < rules.lowRate) return 'low';
  return rate > rules.highRate ? 'high' : 'medium';
}
