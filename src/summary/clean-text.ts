import { oneLine } from '../errors';

/** A value from outside as a text to show: on one line, what is not seen spelled out, and not long; '' for what is no text. */
export function cleanText(value: unknown, most: number): string {
  return typeof value === 'string' ? oneLine(value, most) : '';
}
