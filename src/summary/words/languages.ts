import { DE } from './de';
import { EN_US } from './en-US';
import { FR } from './fr';
import { JA } from './ja';
import type { Plural, Words } from './words';
import { ZH_CN } from './zh-CN';

/** The languages that a summary can be in; those of the editor. */
export const SUMMARY_LANGUAGES = ['en-US', 'de', 'fr', 'ja', 'zh-CN'] as const;

/** A language that a summary can be in. */
export type SummaryLanguage = (typeof SUMMARY_LANGUAGES)[number];

/** The words by the language. */
export const WORDS: Readonly<Record<SummaryLanguage, Words>> = {
  'en-US': EN_US,
  de: DE,
  fr: FR,
  ja: JA,
  'zh-CN': ZH_CN,
};

/** The words of a language, and numbers and times as it writes them. */
export interface Language {
  readonly tag: SummaryLanguage;
  readonly words: Words;
  readonly number: (value: number) => string;
  /** "3 days ago" */
  readonly daysAgo: (days: number) => string;
  readonly plural: (forms: Plural, count: number) => string;
}

/** Making an Intl object costs more than all else in a summary. */
const made = new Map<SummaryLanguage, Language>();

/** The language of a tag: "de-AT" is German, and what is none of these English, because a summary must not fail for a missing language. */
export function languageOf(tag: string): Language {
  const primary = tag.toLowerCase().split(/[-_]/)[0];
  const known = SUMMARY_LANGUAGES.find((each) => each.split('-')[0] === primary) ?? 'en-US';
  const language = made.get(known) ?? makeLanguage(known);
  made.set(known, language);
  return language;
}

function makeLanguage(tag: SummaryLanguage): Language {
  const words = WORDS[tag];
  const numbers = new Intl.NumberFormat(tag);
  const plurals = new Intl.PluralRules(tag);
  const times = new Intl.RelativeTimeFormat(tag, { numeric: 'always' });
  const today = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }).format(0, 'day');
  return {
    tag,
    words,
    number: (value) => numbers.format(value),
    daysAgo: (days) => {
      if (days === 0) return today;
      if (days < 60) return times.format(-days, 'day');
      return days < 730
        ? times.format(-Math.floor(days / 30.44), 'month')
        : times.format(-Math.floor(days / 365.25), 'year');
    },
    plural: (forms, count) =>
      fill(forms[plurals.select(count)] ?? forms.other, { count: numbers.format(count) }),
  };
}

/** Puts values into the places of a text. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) =>
    Object.hasOwn(values, name) ? (values[name] as string) : place,
  );
}
