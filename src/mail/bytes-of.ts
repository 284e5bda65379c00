import { runtime } from '../runtime/current';

/** The most bytes that a Buffer may have that went through JSON: as many as the largest file that VirusTotal takes, 650 MiB. */
const MOST_JSON_BYTES = 650 * 1024 * 1024;

/**
 * The bytes that a value is, of any realm: a Buffer or another array of bytes, an ArrayBuffer, or a Buffer that went through JSON. Undefined
 * for all else.
 */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    // What was transferred to a worker can't even be sliced.
    if (runtime.types.isUint8Array(value)) return value.length === 0 ? new Uint8Array(0) : value;
    if (runtime.types.isAnyArrayBuffer(value)) return new Uint8Array(value);
    if (ArrayBuffer.isView(value)) {
      const { BYTES_PER_ELEMENT: size = 1 } = value as { BYTES_PER_ELEMENT?: number };
      return size === 1 ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : undefined;
    }
  } catch {
    return new Uint8Array(0);
  }
  return bytesOfJson(value);
}

/** `{type: 'Buffer', data: [77, 90, ...]}` */
export function bytesOfJson(value: object): Uint8Array | undefined {
  try {
    const { type, data } = value as { type?: unknown; data?: unknown };
    return type === 'Buffer' && Array.isArray(data) ? bytesOfNumbers(data) : undefined;
  } catch {
    return undefined;
  }
}

/** In one pass: some ten million numbers are no more than some ten milliseconds. */
function bytesOfNumbers(numbers: readonly unknown[]): Uint8Array | undefined {
  const { length } = numbers;
  // A list that only claims to be so long has nothing at its end.
  if (length > MOST_JSON_BYTES || (length > 0 && !isByte(numbers[length - 1]))) return undefined;
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) {
    const byte = numbers[at] as number;
    if ((byte & 0xff) !== byte) return undefined;
    bytes[at] = byte;
  }
  return bytes;
}

function isByte(value: unknown): boolean {
  return typeof value === 'number' && (value & 0xff) === value;
}
