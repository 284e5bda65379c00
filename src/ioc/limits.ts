import { VirusTotalError } from '../errors';

/** The most text, in bytes of UTF-8, that one search reads. */
export const MAX_BYTES = 8 * 1024 * 1024;

/** The deepest nesting of objects and arrays that one search follows. */
export const MAX_DEPTH = 64;

/** The most indicators that one search finds to look up. Skipped ones don't count: they cost no request. */
export const MAX_IOCS = 5000;

/**
 * A value is too large, too deep or too full to be searched. Nothing of it is returned: a cut list would look like a
 * complete one.
 */
export function tooMuch(message: string): VirusTotalError {
  return new VirusTotalError('VT_INVALID_IOC', `Too much: ${message}`);
}
