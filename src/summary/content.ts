import type { Verdict } from '../analysis/verdict';
import { ERROR_CODES } from '../errors';
import { cleanText } from './clean-text';
import { defang } from './defang';
import type { Incident, SkippedIndicator } from './incident';
import type { FormOptions } from './options';
import { rowsOf, type SummaryRow } from './row';
import { fill, type Language } from './words/languages';
import type { Words } from './words/words';

/**
 * What a summary says, in the words of a language, for a form to arrange. Every text is cleaned and bounded, and none is escaped.
 */
export interface SummaryContent {
  title: string;
  verdict: Verdict;
  language: Language;
  /** Verdicts that are there, worst first. */
  counts: { verdict: Verdict; name: string; count: number }[];
  /** Worst first. */
  rows: SummaryRow[];
  /** How many indicators have no row. */
  more: number;
  /** A sentence when results are missing, or when there are none; else ''. */
  incomplete: string;
  /** How many were not looked up. */
  skippedCount: number;
  /** What was not looked up, by the reason. */
  skipped: SkippedGroup[];
  /** What to do about each kind of failure. */
  advice: { code: string; text: string }[];
}

/** Indicators that were not looked up for the same reason. */
export interface SkippedGroup {
  reason: string;
  /** The first of them. */
  values: string[];
  /** How many there are beside those. */
  more: number;
}

const ORDER: readonly Verdict[] = ['malicious', 'error', 'no-match', 'trusted', 'missing'];
const MOST_GROUPS = 5;
const MOST_VALUES = 4;
const MOST_ADVICE = 4;

/** What the summary of an incident says. */
export function contentOf(incident: Incident, options: FormOptions): SummaryContent {
  const { language, title } = options;
  const { words } = language;
  const rows = rowsOf(incident, options);
  const { counts, failed, missing = [], skipped, skippedCount } = incident;
  const all = ORDER.reduce((sum, verdict) => sum + counts[verdict], 0);
  return {
    title,
    verdict: incident.verdict,
    language,
    counts: ORDER.filter((verdict) => counts[verdict] > 0).map((verdict) => ({
      verdict,
      name: words.verdict[verdict],
      count: counts[verdict],
    })),
    rows,
    more: all + missing.length - rows.length,
    incomplete: incompleteText(incident, all, language),
    skippedCount: skippedCount ?? skipped.length,
    skipped: skippedGroups(skipped, options),
    advice: adviceOn(
      failed.map(({ code }) => code),
      words,
    ),
  };
}

function incompleteText(
  { complete, expected }: Incident,
  arrived: number,
  { words, number }: Language,
): string {
  if (complete) return arrived === 0 ? words.nothing : '';
  if (expected === undefined) return words.incomplete;
  return fill(words.incompleteOf, { arrived: number(arrived), expected: number(expected) });
}

function skippedGroups(
  skipped: readonly SkippedIndicator[],
  { defang: defanged, language }: FormOptions,
): SkippedGroup[] {
  const groups = new Map<string, SkippedIndicator[]>();
  for (const each of skipped) {
    const reason = typeof each.reason === 'string' ? each.reason : '';
    const group = groups.get(reason);
    if (group) group.push(each);
    else groups.set(reason, [each]);
  }
  return [...groups].slice(0, MOST_GROUPS).map(([reason, group]) => ({
    reason: reasonText(reason, language.words) || '?',
    values: group.slice(0, MOST_VALUES).map(({ type, value }) => {
      const shown = cleanText(value, 60) || '?';
      return defanged ? defang(type, shown) : shown;
    }),
    more: Math.max(0, group.length - MOST_VALUES),
  }));
}

/** The reason in the words of the language, where it is one of the frequent ones: "private address (RFC 1918)". */
function reasonText(reason: string, { skipped }: Words): string {
  const clean = cleanText(reason, 100);
  const [start = '', rest] = clean.split(/(?= \()/, 2);
  const known: Record<string, string> = {
    'on the allow list': skipped.allowList,
    'private address': skipped.privateAddress,
    'internal name': skipped.internalName,
    'address for documentation': skipped.documentation,
  };
  return Object.hasOwn(known, start) ? (known[start] as string) + (rest ?? '') : clean;
}

function adviceOn(codes: readonly string[], { advice }: Words): SummaryContent['advice'] {
  const distinct = [...new Set(codes)].slice(0, MOST_ADVICE);
  return distinct.map((code) => {
    const known = (ERROR_CODES as readonly string[]).includes(code) || code === 'still-queued';
    return {
      code: cleanText(code, 40) || 'error',
      text: advice[known ? (code as keyof Words['advice']) : 'other'],
    };
  });
}
