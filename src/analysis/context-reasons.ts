import type { DetectingEngine } from './count';
import type { EngineCounts } from './engine-counts';
import { memoized } from './memo';
import { nameList, pluralize } from './messages';
import type { AnalysisRules } from './options';
import type { Reason } from './reasons';
import type { ReportContext } from './report-context';

/** Engines' names for what a test file is, and for what is unwanted rather than malware. */
const TEST_FILE = /eicar|\btest[-_ ]?file\b|\bengtest\b|\bgtube\b|\bamtso\b/i;
const UNWANTED =
  /\b(?:pua|pup|adware|adload|riskware|risktool|hacktool|htool|not-a-virus|bundler|grayware|toolbar|spr|privacyrisk|apprisk|adlibrary)\b|potentially[ _-]?un|unwanted|(?:coin|bit)miner/i;

/** What the report knows beside its engines' verdict, as notes for a person. */
export function contextReasons(context: ReportContext, counts: EngineCounts, rules: AnalysisRules): Reason[] {
  const reasons: Reason[] = [];
  const { distributors, gti, popularityRank, sandboxes, sigmaAlerts, idsAlerts } = context;
  if (rules.rule === 'evidence' && !counts.listed && (counts.positives ?? 0) > 0) {
    const text =
      'The report does not list its engines, so it does not show whether trusted engines detected it';
    reasons.push({ code: 'engines-unlisted', text });
  }
  const kind = kindOf(counts.engines, context.threatLabel);
  if (kind) reasons.push(kind);
  if (gti) {
    const severity = gti.severity === null ? '' : `, severity ${gti.severity}`;
    const score = gti.score === null ? '' : `, score ${gti.score} of 100`;
    const text = `Google Threat Intelligence says ${gti.said}${severity}${score}`;
    reasons.push({ code: 'gti-verdict', text });
  }
  if (distributors.length > 0)
    reasons.push({ code: 'known-distributor', text: `Distributed by ${nameList(distributors)}` });
  if (popularityRank !== null) {
    const rank = Math.round(popularityRank).toLocaleString('en-US');
    reasons.push({ code: 'popular', text: `Average rank ${rank} in lists of popular domains` });
  }
  if (sandboxes.malicious.length > 0) {
    const text = `Sandboxes that call it malicious, of ${sandboxes.all}: ${nameList(sandboxes.malicious)}`;
    reasons.push({ code: 'sandbox', text });
  }
  if (sigmaAlerts > 0) {
    const text = `${pluralize(sigmaAlerts, 'alert')} of Sigma rules with level high or critical`;
    reasons.push({ code: 'sigma', text });
  }
  if (idsAlerts > 0) {
    const text = `${pluralize(idsAlerts, 'alert')} of intrusion detection rules with level high`;
    reasons.push({ code: 'ids', text });
  }
  return reasons;
}

/** The first ones are those that the user trusts: they say it best, and this runs for each report. */
const MOST_NAMES = 12;

type Kind = 'test-file' | 'unwanted' | 'malware';

const kindOfName = memoized((name: string): Kind => {
  const start = name.slice(0, 200);
  if (TEST_FILE.test(start)) return 'test-file';
  return UNWANTED.test(start) ? 'unwanted' : 'malware';
});

/** By at least half of the engines that have a name for it. */
function kindOf(engines: readonly DetectingEngine[], label: string | null): Reason | undefined {
  const kinds: Record<Kind, number> = { 'test-file': 0, unwanted: 0, malware: 0 };
  let names = 0;
  const count = (name: string | null): void => {
    if (name === null) return;
    names += 1;
    kinds[kindOfName(name)] += 1;
  };
  count(label);
  for (const { result } of engines) {
    if (names >= MOST_NAMES) break;
    count(result);
  }
  const half = (kind: Kind): boolean => kinds[kind] > 0 && kinds[kind] * 2 >= names;
  if (half('test-file')) return { code: 'test-file', text: 'The engines call it a test file, not malware' };
  if (half('unwanted')) {
    const text = 'The engines call it unwanted (adware, a miner, a tool) rather than malware';
    return { code: 'unwanted', text };
  }
  return undefined;
}
