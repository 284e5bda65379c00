import { VirusTotalError } from '../errors';

/** The most text, in bytes of UTF-8, that one search reads. */
export const MAX_BYTES = 8 * 1024 * 1024;

/** The deepest nesting of objects and arrays that one search follows. */
export const MAX_DEPTH = 64;

/** The most objects and lists of a value that one search follows. More can't be in 8 MiB of text, but getters may give another one each time. */
export const MAX_OBJECTS = 2_000_000;

/** The most elements that the lists of a value have together: one without content can claim to have billions. */
export const MAX_ELEMENTS = 50_000_000;

/** The most indicators that one search finds to look up. Skipped ones don't count: they cost no request. */
export const MAX_IOCS = 5000;

/**
 * A value is too large, too deep or too full to be searched. Nothing of it is returned: a cut list would look like a
 * complete one.
 */
export function tooMuch(message: string): VirusTotalError {
  return new VirusTotalError('VT_INVALID_IOC', `Too much: ${message}`);
}
