import { isObject } from '../report/narrow';

/** C0 controls but tab and line breaks, DEL, and C1: databases refuse NUL, and none has a place in a name. */
// eslint-disable-next-line no-control-regex -- these are what is taken out
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
/** With the flag `u` this is a surrogate that has no other half. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** A value with every text in it as platforms store it: no control characters, and U+FFFD for a lone surrogate. */
export function cleanTexts<T>(value: T): T {
  if (typeof value === 'string') return value.replace(CONTROLS, '').replace(LONE_SURROGATE, '\ufffd') as T;
  if (Array.isArray(value)) return value.map(cleanTexts) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cleanTexts(inner)])) as T;
}
