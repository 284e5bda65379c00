const PROPERTY_BYTES = 24;

/**
 * About how many bytes of memory a value takes, for a limit: text and buffers by their length, everything else by the number of its
 * properties. It reads no more than the limit needs, and each object once.
 */
export function approximateSize(value: unknown, limit: number): number {
  const seen = new Set<object>();
  const open: unknown[] = [value];
  let size = 0;
  while (open.length > 0 && size < limit) {
    const next = open.pop();
    size += PROPERTY_BYTES;
    if (typeof next === 'string') size += next.length;
    else if (ArrayBuffer.isView(next)) size += next.byteLength;
    else if (typeof next === 'object' && next !== null && !seen.has(next)) {
      seen.add(next);
      for (const inner of Object.values(next)) open.push(inner);
    }
  }
  return size;
}
