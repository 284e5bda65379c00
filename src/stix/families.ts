import { isObject, type JsonObject } from '../report/narrow';
import { isGenericWord } from './generic-words';

/** Fewer engines than this name a family by chance. */
const LEAST_ENGINES = 5;
/** The share of the engines for the first name that a further one needs, to be more than one engine's own word. */
const LEAST_SHARE = 1 / 3;

/** The family that engines name for a file, and what others of them call it. Lower case. */
export interface Family {
  name: string;
  aliases: string[];
}

/**
 * From v3's `popular_threat_classification.popular_threat_name`, `[{value, count}]`, the most frequent first. Undefined where no name is of
 * a family: platforms, file types and generic words are most of them.
 */
export function familyOf(report: JsonObject): Family | undefined {
  const names = suggested(report, 'popular_threat_name');
  const least = Math.max(LEAST_ENGINES, (names[0]?.count ?? 0) * LEAST_SHARE);
  const families = names.filter(({ word, count }) => count >= least && !isGenericWord(word));
  const [name, ...aliases] = new Set(families.map(({ word }) => word));
  return name === undefined ? undefined : { name, aliases };
}

/** What VirusTotal suggests, of a list of its classification: the words in lower case, and how many engines say each. */
export function suggested(report: JsonObject, list: string): { word: string; count: number }[] {
  const classification = report.popular_threat_classification;
  const entries = isObject(classification) ? classification[list] : undefined;
  if (!Array.isArray(entries)) return [];
  return (entries as unknown[]).flatMap((entry) => {
    const { value, count } = isObject(entry) ? entry : {};
    const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
    return word === '' ? [] : [{ word, count: typeof count === 'number' ? count : 0 }];
  });
}
