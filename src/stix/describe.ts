import { isObject, type JsonObject } from '../report/narrow';
import type { AssessedReport } from './assessed-report';
import { fileNames } from './file-names';
import { scanned } from './times';

/** More than this of each is noise, from a report as long as its sender likes. */
const MOST_NAMES = 10;
const MOST_CATEGORIES = 20;
const LONGEST = 200;

/** What VirusTotal found, in sentences: the figures, the label, the date of the scan, and the names of a file. */
export function describe({ report, assessment: { positives, total } }: AssessedReport): string {
  const label = threatLabel(report);
  const date = scanned(report);
  return [
    positives === null || total === null
      ? 'VirusTotal gives no number of detections'
      : `${positives} of ${total} engines on VirusTotal detect it${rateText(positives, total)}`,
    ...(label === undefined ? [] : [`Threat label: ${label}`]),
    ...(date === undefined ? [] : [`Scanned ${date.slice(0, 10)} ${date.slice(11, 19)} UTC`]),
    ...list('Names', fileNames(report), MOST_NAMES),
  ]
    .map((sentence) => `${sentence}.`)
    .join(' ');
}

/** As `describe`, with what vendors call it. A text of the report's own: two reports never have the same. */
export function noteText(assessed: AssessedReport): string {
  const { report, observable, assessment } = assessed;
  const categories = list('Categories', categoriesOf(report), MOST_CATEGORIES).map((text) => ` ${text}.`);
  return `${observable.title} (${assessment.verdict}): ${describe(assessed)}${categories.join('')}`;
}

/** The label that VirusTotal sums a file up with, as "trojan.emotet/heodo". */
export function threatLabel({ threat_label: label }: JsonObject): string | undefined {
  return typeof label === 'string' && label !== '' ? label.slice(0, LONGEST) : undefined;
}

function rateText(positives: number, total: number): string {
  return total > 0 ? ` (${Math.round((100 * positives) / total)} %)` : '';
}

/** `categories` (a list in v2, by vendor in v3), and v2's "<Vendor> category": each once, whatever its case. */
function categoriesOf(report: JsonObject): string[] {
  const { categories } = report;
  const listed: unknown[] = Array.isArray(categories)
    ? categories
    : isObject(categories)
      ? Object.values(categories)
      : [];
  const named = Object.keys(report).map((name) => (name.endsWith(' category') ? report[name] : undefined));
  return distinctTexts([...listed, ...named]);
}

/** The texts among values, each once whatever its case, without those that are too long to be a word. */
export function distinctTexts(values: readonly unknown[]): string[] {
  const found = new Map<string, string>();
  for (const value of values) {
    const text = typeof value === 'string' ? value.trim() : '';
    if (text === '' || text.length > LONGEST) continue;
    if (!found.has(text.toLowerCase())) found.set(text.toLowerCase(), text);
  }
  return [...found.values()];
}

function list(what: string, words: readonly string[], most: number): string[] {
  if (words.length === 0) return [];
  const more = words.length > most ? ` and ${words.length - most} more` : '';
  return [`${what}: ${words.slice(0, most).join(', ')}${more}`];
}
