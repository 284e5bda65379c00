import { runtime } from '../runtime/current';

/** A byte order mark counts as white space. */
const LOOKS_LIKE_JSON = /^\s*[{[]/;

/**
 * What a JSON text holds, as an http request or a file node gives it; everything else as it is. Text that isn't JSON stays text:
 * what is said about it then is about the text.
 */
export function fromJsonText(value: unknown): unknown {
  if (typeof value !== 'string' && !runtime.types.isUint8Array(value)) return value;
  try {
    const text = typeof value === 'string' ? value : new TextDecoder().decode(value);
    return LOOKS_LIKE_JSON.test(text) ? (JSON.parse(text.trim()) as unknown) : value;
  } catch {
    return value;
  }
}
