import { oneLine } from '../errors';
import { isObject, own } from '../report/narrow';

/** Longest text of an entry, in characters. */
export const LONGEST_ENTRY = 300;

/** A text from outside on one line, without what isn't seen; undefined for what is no text, and for an empty one. */
export function textAt(object: unknown, name: string, most = LONGEST_ENTRY): string | undefined {
  const value = isObject(object) ? own(object, name) : undefined;
  return cleaned(value, most);
}

/** A text, or a number as text. */
export function cleaned(value: unknown, most = LONGEST_ENTRY): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return undefined;
  const text = oneLine(value, most);
  return text === '' ? undefined : text;
}

/** The value of a field of its own; undefined for what is no object. */
export function fieldAt(object: unknown, name: string): unknown {
  return isObject(object) ? own(object, name) : undefined;
}

/** The elements of a list, the first `most` of them; none for what is no list. */
export function listAt(object: unknown, name: string, most: number): unknown[] {
  const value = fieldAt(object, name);
  return Array.isArray(value) ? (value.slice(0, most) as unknown[]) : [];
}

/** Seconds since 1970 as ISO 8601 in UTC. */
export function dateAt(object: unknown, name: string): string | undefined {
  const seconds = fieldAt(object, name);
  if (typeof seconds !== 'number' || !(Math.abs(seconds) < 1e11)) return undefined;
  return new Date(seconds * 1000).toISOString();
}

/** The object without the fields that are undefined. */
export function defined<T extends Record<string, unknown>>(
  fields: T,
): { [K in keyof T]?: NonNullable<T[K]> } {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as { [K in keyof T]?: NonNullable<T[K]> };
}

const PROTOTYPE_WORDS = ['__proto__', 'constructor', 'prototype'];

/** Texts, numbers and switches of an object from outside, as many as a context has room for. */
export function scalarsOf(object: unknown, most = 12): Record<string, string | number | boolean> {
  if (!isObject(object)) return {};
  const entries: [string, string | number | boolean][] = [];
  for (const name of Object.keys(object)) {
    if (entries.length >= most) break;
    const value = object[name];
    const known = typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
    const scalar = known ? value : cleaned(value);
    if (scalar !== undefined && /^\w{1,60}$/.test(name) && !PROTOTYPE_WORDS.includes(name))
      entries.push([name, scalar]);
  }
  return Object.fromEntries(entries);
}
