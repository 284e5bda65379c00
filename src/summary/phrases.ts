import type { SkippedGroup, SummaryContent } from './content';
import type { SummaryRow } from './row';
import { fill, type Language } from './words/languages';

/** Between the parts of a line. */
export const BETWEEN = ' · ';

/** How a form writes text from outside. */
export type Write = (text: string) => string;

const AS_IT_IS: Write = (text) => text;

/** "BitDefender, ESET and 5 more"; '' without any. */
export function enginesText(
  { engines, moreEngines }: SummaryRow,
  { words, number }: Language,
  write = AS_IT_IS,
): string {
  const names = write(engines.join(', '));
  return moreEngines > 0 && names !== ''
    ? fill(words.namesAndMore, { names, count: number(moreEngines) })
    : names;
}

/** What is known of an indicator beside its verdict: what led to it, label, who detected it, age of the scan, what failed. */
export function detailsOf(row: SummaryRow, language: Language, write = AS_IT_IS): string[] {
  const { words } = language;
  const scanned = row.days === null ? '' : fill(words.scanned, { age: language.daysAgo(row.days) });
  const said = row.unknown ? words.unknown : write(row.note);
  const failure = [write(row.code), said].filter(Boolean).join(': ');
  return [
    originText(row, language, write),
    write(row.label),
    enginesText(row, language, write),
    scanned,
    failure,
  ].filter((part) => part !== '');
}

/** "contacted by evil[.]com", "communicating_files of evil[.]com"; '' where nothing led to it. */
export function originText({ relation, of }: SummaryRow, { words }: Language, write = AS_IT_IS): string {
  if (of === '') return '';
  const known = RELATIONS.find(([name]) => name.test(relation))?.[1] ?? 'other';
  return fill(words.relation[known], { relation: write(relation), of: write(of) });
}

/** The relations that have words of their own. */
const RELATIONS = [
  [/^contacted_/, 'contacted'],
  [/^dropped_files$/, 'dropped'],
  [/^resolutions$/, 'resolved'],
] as const;

/** "IP address"; '' when the kind is not known. */
export function kindText({ type }: SummaryRow, { words }: Language): string {
  return type === null ? '' : words.kind[type];
}

/** "Malicious: 3 · No Match: 6" */
export function countsText({ counts, language }: SummaryContent): string {
  return counts
    .map(({ name, count }) => fill(language.words.count, { name, count: language.number(count) }))
    .join(BETWEEN);
}

/** "12 more indicators"; '' when all have a row. */
export function moreText({ more, language }: SummaryContent): string {
  return more > 0 ? language.plural(language.words.more, more) : '';
}

/** "Not looked up: 3" */
export function skippedHeading({ skippedCount, language }: SummaryContent): string {
  return fill(language.words.count, {
    name: language.words.notLookedUp,
    count: language.number(skippedCount),
  });
}

/** "10[.]0[.]0[.]1, 10[.]0[.]0[.]2 and 5 more" */
export function skippedValues(
  { values, more }: SkippedGroup,
  { words, number }: Language,
  write = AS_IT_IS,
): string {
  const names = values.map(write).join(', ');
  return more > 0 ? fill(words.namesAndMore, { names, count: number(more) }) : names;
}
