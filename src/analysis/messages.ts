import { isUint8Array } from 'node:util/types';
import { oneLine } from '../errors';
import { isObject } from '../report/narrow';
import type { DetectingEngine } from './count';
import type { AnalysisRules } from './options';

/** Longer lists and texts are cut: reasons are read by people, and a hostile report can be as long as it likes. */
const MAX_ENGINES = 10;
const MAX_CHARS = 300;

/** What is there in place of a report, and the way out where it is a common one. */
export function missingText(value: unknown): string {
  if (typeof value === 'string' || isUint8Array(value)) {
    return 'There is text, not a report, and not the JSON of one';
  }
  if (isObject(value) && isObject(value.data)) {
    return 'There is an answer of API v3 without attributes, which is no report';
  }
  if (value === undefined || value === null) return 'There is nothing where the report should be';
  if (Array.isArray(value)) return 'There is an array without a report in it';
  return isObject(value)
    ? 'There is an object without a response_code, which is no VirusTotal report'
    : `There is a ${typeof value}, not a VirusTotal report`;
}

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

/** The words of the EclecticIQ enricher, "Malicious – Low confidence", where the verdict agrees with them. */
export function confidenceText(
  confidence: 'low' | 'medium' | 'high',
  malicious: boolean,
  rate: number,
  { lowRate, highRate }: Pick<AnalysisRules, 'lowRate' | 'highRate'>,
): string {
  const range = {
    low: `below ${lowRate} %`,
    medium: `from ${lowRate} to ${highRate} %`,
    high: `above ${highRate} %`,
  }[confidence];
  const word = `${confidence[0]?.toUpperCase()}${confidence.slice(1)} confidence`;
  return `${malicious ? 'Malicious – ' : ''}${word}: ${Number(rate.toFixed(1))} % of the engines detect it, ${range}`;
}

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
