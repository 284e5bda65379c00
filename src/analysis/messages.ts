import { oneLine } from '../errors';
import { isObject } from '../report/narrow';
import type { DetectingEngine } from './count';
import { runtime } from '../runtime/current';

/** Longer lists and texts are cut: reasons are read by people, and a hostile report can be as long as it likes. */
const MAX_ENGINES = 10;
const MAX_CHARS = 300;

/** What is there in place of a report, and the way out where it is a common one. */
export function missingText(value: unknown): string {
  if (typeof value === 'string' || runtime.types.isUint8Array(value)) {
    return 'There is text, but neither a report nor JSON of a report';
  }
  if (isObject(value) && isObject(value.data)) {
    return 'There is an answer of API v3 without attributes, so it is not a report';
  }
  if (value === undefined || value === null) return 'There is nothing where the report should be';
  if (Array.isArray(value)) return 'There is an array that contains no report';
  return isObject(value)
    ? 'There is an object without a response_code, so it is not a VirusTotal report'
    : `There is a ${typeof value}, not a VirusTotal report`;
}

/** Says how many engines detect the indicator: "5 of 70 engines detect it". Null stands for a missing number. */
export function countText(positives: number | null, total: number | null): string {
  if (positives === null) return 'no positives';
  const detect = positives === 1 || total === 1 ? 'detects' : 'detect';
  if (total === null) return `${pluralize(positives, 'engine')} ${detect} it`;
  return `${positives} of ${pluralize(total, 'engine')} ${detect} it`;
}

/** "1 engine", "2 engines" */
export function pluralize(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Percent: below `low` the confidence is low, above `high` it is high. */
export interface Rates {
  low: number;
  high: number;
}

/** The words of the EclecticIQ enricher, "Malicious – Low confidence". */
export function confidenceText(
  confidence: 'low' | 'medium' | 'high',
  rate: number,
  { low, high }: Rates,
): string {
  const range = {
    low: `below ${low} %`,
    medium: `from ${low} to ${high} %`,
    high: `above ${high} %`,
  }[confidence];
  const word = `${confidence[0]?.toUpperCase()}${confidence.slice(1)} confidence`;
  return `Malicious – ${word}: ${rateText(rate, [low, high])} % of the engines detect it, ${range}`;
}

/** With one decimal, or with as many as it takes not to read as a limit that it is only close to: 32.97 and not 33. */
function rateText(rate: number, limits: readonly number[]): string {
  for (let decimals = 1; decimals < 6; decimals += 1) {
    const shown = Number(rate.toFixed(decimals));
    if (limits.every((limit) => Math.sign(shown - limit) === Math.sign(rate - limit))) return String(shown);
  }
  return String(rate);
}

/** Names from a report, as a list that a person reads: "A", "A and B", "A, B and C", "A, B and 7 more". */
export function nameList(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).map((name) => truncate(name, 60));
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

/** Lists the engines that detect the indicator, each with its result: "Detected by Engine A (phishing), Engine B". At most ten names. */
export function detectedByText(engines: readonly DetectingEngine[]): string {
  const named = engines
    .slice(0, MAX_ENGINES)
    .map(({ name, result }) => (result === null ? name : `${name} (${result})`))
    .join(', ');
  const more = engines.length - MAX_ENGINES;
  return `Detected by ${truncate(named, 1000)}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What an error, in any of the forms that errors take, has to say. */
export function errorText(error: unknown): string {
  try {
    if (!isObject(error)) return truncate(error);
    const said = [error.code, error.message].filter((part) => typeof part === 'string' && part !== '');
    return said.length > 0 ? truncate(said.join(': ')) : 'an error without a message';
  } catch {
    return 'an error without a message';
  }
}

/** A value from outside as a short text; never throws, and looks into no object. */
export function truncate(value: unknown, maxChars = MAX_CHARS): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  if (typeof value === 'function') return 'a function';
  return oneLine(String(value), maxChars);
}
