import { isObject, type JsonObject } from './narrow';
import type { Report, Scan } from './report';

/**
 * A copy that shares nothing with the original: what a flow does to its message never reaches the cache or another message. For
 * JSON values only, which is what makes it several times faster than `structuredClone`.
 */
export function copyJson<T>(value: T): T {
  return copy(value) as T;
}

/** As `copyJson`. Most of a report is its engines, all of one shape: copied as a whole each, they take half the time. */
export function copyReport(report: Report): Report {
  const { scans } = report;
  const target: Record<string, unknown> = {};
  // None of its own fields is named `__proto__`: the mappers see to it.
  for (const name in report)
    target[name] = name === 'scans' && isObject(scans) ? copyScans(scans) : copy(report[name]);
  return target as Report;
}

function copyScans(scans: Record<string, Scan>): Record<string, Scan> {
  const target: Record<string, unknown> = { ...scans };
  for (const engine in scans) {
    const scan: unknown = scans[engine];
    target[engine] = isObject(scan) ? copyScan(scan) : copy(scan);
  }
  return target as Record<string, Scan>;
}

function copyScan(scan: JsonObject): JsonObject {
  const target: Record<string, unknown> = { ...scan };
  for (const key in scan) {
    const value = scan[key];
    if (typeof value === 'object' && value !== null) target[key] = copy(value);
  }
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
  const source = value as Record<string, unknown>;
  const target: Record<string, unknown> = {};
  for (const key in source) {
    // Assigning to `__proto__` would set the copy's prototype instead of a field; JSON.parse makes it a plain field.
    if (key === '__proto__')
      Object.defineProperty(target, key, {
        value: copy(source[key]),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    else target[key] = copy(source[key]);
  }
  return target;
}
