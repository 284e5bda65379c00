import { isObject, type JsonObject } from '../report/narrow';

/** Whether a value is an indicator that a related node has sent. */
export function isRelatedIndicator(value: unknown): value is JsonObject {
  if (!isObject(value)) return false;
  const { type, value: text, relation, of } = value;
  return [type, text, relation, of].every((field) => typeof field === 'string');
}

/**
 * Related indicators without what they are related to: a search is to find each itself, and not once more where it came from. Any other
 * value is returned as it is.
 */
export function withoutOrigin(value: unknown): unknown {
  if (isRelatedIndicator(value)) return ownOnly(value);
  if (!Array.isArray(value) || value.length === 0) return value;
  const list = value as unknown[];
  return list.every(isRelatedIndicator) ? list.map(ownOnly) : value;
}

function ownOnly({ type, value }: JsonObject): JsonObject {
  return { type, value };
}
