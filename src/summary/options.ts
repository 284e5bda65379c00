import { oneLine, quote, VirusTotalError } from '../errors';
import type { Origin } from '../report/origin';
import { languageOf, type Language } from './words/languages';
import type { FailedLookup, MissingIndicator, SkippedIndicator } from './incident';

/** The forms of a summary. */
export const SUMMARY_FORMATS = [
  'text',
  'markdown',
  'slack',
  'teams',
  'telegram',
  'html',
  'csv',
  'json',
  'object',
] as const;

/** A form of a summary, named after who takes it. */
export type SummaryFormat = (typeof SUMMARY_FORMATS)[number];

/** What a summary is to be like. What is absent, null or "" has its default. */
export interface SummaryOptions {
  /** Default `text`. */
  format?: SummaryFormat | undefined;
  /** The most rows: a whole number from 1 to 1,000. What has none is counted. A form has fewer where its service takes no more. Default 20. */
  maxItems?: number | string | undefined;
  /** True: indicators are defanged, so that they cannot be clicked (`evil[.]com`). Default true; false for `csv`, `json` and `object`. */
  defang?: boolean | undefined;
  /** `en-US`, `de`, `fr`, `ja` or `zh-CN`; "de-AT" is German, and any other English. Default `en-US`. */
  language?: string | undefined;
  /** What stands above the summary; 150 characters at most. Default none. */
  title?: string | undefined;
  /** Lookups that failed. Default none. */
  failed?: readonly FailedLookup[] | undefined;
  /** The indicators that led to these, by their relations. Default none. */
  origins?: readonly Origin[] | undefined;
  /** What was not looked up. Default none. */
  skipped?: readonly SkippedIndicator[] | undefined;
  /** How many were not looked up, where `skipped` lists only the first of them. */
  skippedCount?: number | undefined;
  /** False when results are missing. Default true. */
  complete?: boolean | undefined;
  /** The number of results that the incident should have, where it is known. */
  expected?: number | undefined;
  /** The indicators whose results have not arrived, where they are known. Default none. */
  missing?: readonly MissingIndicator[] | undefined;
  /** Milliseconds from the first result to the last. Default 0. */
  ms?: number | undefined;
  /** The time, in ms since 1970, from which the age of a scan is counted. Default `Date.now`. */
  now?: (() => number) | undefined;
}

/** The options of a form, checked and with their defaults. */
export interface FormOptions {
  format: SummaryFormat;
  maxItems: number;
  defang: boolean;
  language: Language;
  title: string;
  now: number;
}

const MOST_ITEMS = 1000;
const LONGEST_TITLE = 150;
/** For programs: what they look for must be there as it is. */
const AS_IT_IS: readonly SummaryFormat[] = ['csv', 'json', 'object'];

/** @throws VirusTotalError `VT_CONFIG` that quotes the bad value and says what would do. */
export function formOptions(options: SummaryOptions): FormOptions {
  const format: unknown = options.format || 'text';
  if (!(SUMMARY_FORMATS as readonly unknown[]).includes(format))
    throw refused('format', format, `one of ${SUMMARY_FORMATS.join(', ')}`);
  const form = format as SummaryFormat;
  const given: unknown = options.maxItems ?? '';
  const maxItems =
    given === '' ? 20 : typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof maxItems !== 'number' || !Number.isInteger(maxItems) || maxItems < 1 || maxItems > MOST_ITEMS)
    throw refused('maxItems', given, `a whole number from 1 to ${MOST_ITEMS}`);
  const defang: unknown = options.defang ?? !AS_IT_IS.includes(form);
  if (typeof defang !== 'boolean') throw refused('defang', defang, 'true or false');
  const title: unknown = options.title ?? '';
  if (typeof title !== 'string') throw refused('title', title, 'text');
  return {
    format: form,
    maxItems,
    defang,
    language: languageOf(String(options.language ?? '')),
    title: oneLine(title, LONGEST_TITLE),
    now: (options.now ?? Date.now)(),
  };
}

function refused(name: string, value: unknown, expected: string): VirusTotalError {
  return new VirusTotalError(
    'VT_CONFIG',
    `Not valid: ${name} is ${quote(value)} (${typeof value}); it must be ${expected}`,
  );
}
