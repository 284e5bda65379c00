/** A JSON body is `unknown` until these say otherwise. Whoever maps a body narrows here and nowhere else. */

/** A body that is not the report it is said to be. Never holds a part of the body longer than a word. */
export class ReportShapeError extends Error {
  override readonly name = 'ReportShapeError';
}

/** An object from outside, whose properties are still unknown. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object: not null and not an array. Works for values of another realm, such as those of a function node. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number of engines, of votes, of bytes. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isSafeInteger(value);
}

/** True for an array that holds strings only. */
export function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** An own field only: `{}` must not answer for `constructor` or `__proto__`. */
export function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
