/**
 * A copy of a report that shares nothing with it: what a flow does to its message never reaches the cache or another message.
 * For JSON values only, which is what makes it several times faster than `structuredClone`.
 */
export function copyJson<T>(value: T): T {
  return copy(value) as T;
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
