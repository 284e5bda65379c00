import { isObject } from './narrow';
import type { Report } from './report';

/**
 * A copy that shares nothing with the original: what a flow does to its message never reaches the cache or another message. For
 * JSON values only, which is what makes it several times faster than `structuredClone`.
 */
export function copyJson<T>(value: T): T {
  return copy(value) as T;
}

/** As `copyJson`. Most of a report is its engines, all of one shape: copied as a whole each, they take a fraction of the time. */
export function copyReport(report: Report): Report {
  const target: Record<string, unknown> = { ...report };
  // None of its own fields is named `__proto__`: the mappers see to it.
  for (const name in target) {
    const value = target[name];
    if (typeof value !== 'object' || value === null) continue;
    target[name] = name === 'scans' && isFlat(value) ? copyFlat(value) : copy(value);
  }
  return target as Report;
}

/** Engines that were looked at once: each is an object of texts, numbers and truth values. A cached report is copied many times. */
const FLAT = new WeakSet<object>();

function isFlat(scans: object): scans is Record<string, object> {
  if (FLAT.has(scans)) return true;
  const flat =
    isObject(scans) && !Object.hasOwn(scans, '__proto__') && Object.values(scans).every(isFlatObject);
  if (flat) FLAT.add(scans);
  return flat;
}

function isFlatObject(value: unknown): boolean {
  return isObject(value) && !Object.values(value).some((each) => typeof each === 'object' && each !== null);
}

/** One by one into an empty object, which is a hash table from the start: as a whole, each of its ninety fields would be written twice. */
function copyFlat(scans: Record<string, object>): Record<string, object> {
  const target: Record<string, object> = {};
  for (const engine in scans) target[engine] = { ...scans[engine] };
  return target;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const length = value.length;
    const array = new Array<unknown>(length);
    for (let i = 0; i < length; i++) array[i] = copy(value[i]);
    return array;
  }
  const target: Record<string, unknown> = { ...value };
  for (const key in target) {
    const field = target[key];
    if (typeof field !== 'object' || field === null) continue;
    // Assigning to `__proto__` would set the copy's prototype instead of a field; JSON.parse makes it a plain field.
    if (key === '__proto__')
      Object.defineProperty(target, key, {
        value: copy(field),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    else target[key] = copy(field);
  }
  return target;
}
