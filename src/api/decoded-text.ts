import { FULL_WIDTH } from './secret-forms';

/** Code units, and where each came from in the text that they were decoded from: `from` up to `to`. Arrays may be longer than `length`. */
export interface Traced {
  readonly length: number;
  readonly codes: Uint16Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

/** Makes a text whose every character maps to its own position: the start of a chain of decoders. */
export function traced(text: string): Traced {
  const { length } = text;
  const result = { length, codes: new Uint16Array(length), ...places(length) };
  for (let i = 0; i < length; i++) {
    result.codes[i] = text.charCodeAt(i);
    result.from[i] = i;
    result.to[i] = i + 1;
  }
  return result;
}

/**
 * With each code replaced by its character: `%64`, `=64`, `&#100;`, `&#x64;`, `&amp;`, `\u0064`, `\u{64}`, `\x64`, and a backslash
 * before what it stands for. Undefined where there is none.
 */
export function decodedOnce({ length, codes, from, to }: Traced): Traced | undefined {
  const result = { length: 0, codes: new Uint16Array(length), ...places(length) };
  let same = true;
  for (let i = 0; i < length;) {
    const code = codes[i] as number;
    let size = 1;
    let char = code;
    if (code === PERCENT || code === EQUALS || code === AMPERSAND || code === BACKSLASH) {
      const found = codeAt(codes, i, length);
      if (found) {
        [char, size] = found;
        same = false;
      }
    }
    result.codes[result.length] = char;
    result.from[result.length] = from[i] as number;
    result.to[result.length] = to[i + size - 1] as number;
    result.length++;
    i += size;
  }
  return same ? undefined : result;
}

/** Only its letters and digits, small; those in full width as the others. */
export function squeezedTrace({ length, codes, from, to }: Traced): Traced {
  const result = { length: 0, codes: new Uint16Array(length), ...places(length) };
  for (let i = 0; i < length; i++) {
    const written = codes[i] as number;
    const code = written > FULL_WIDTH ? written - FULL_WIDTH : written;
    const upper = code >= 0x41 && code <= 0x5a;
    if (!upper && !(code >= 0x61 && code <= 0x7a) && !(code >= 0x30 && code <= 0x39)) continue;
    result.codes[result.length] = upper ? code + 0x20 : code;
    result.from[result.length] = from[i] as number;
    result.to[result.length] = to[i] as number;
    result.length++;
  }
  return result;
}

const [PERCENT, AMPERSAND, EQUALS, BACKSLASH, HASH, SEMICOLON] = [0x25, 0x26, 0x3d, 0x5c, 0x23, 0x3b];
const [OPEN, CLOSE, U, X] = [0x7b, 0x7d, 0x75, 0x78];

/** The character that a code stands for, and how long the code is. */
function codeAt(codes: Uint16Array, at: number, end: number): [char: number, size: number] | undefined {
  const first = codes[at];
  const second = at + 1 < end ? (codes[at + 1] as number) : -1;
  if (first === PERCENT || first === EQUALS) return digitsAt(codes, at + 1, end, 16, 2, 2, 1);
  if (first === BACKSLASH) {
    if (second === X) return digitsAt(codes, at + 2, end, 16, 2, 2, 2);
    if (second !== U) return second < 0 ? undefined : [second, 2];
    if (codes[at + 2] !== OPEN) return digitsAt(codes, at + 2, end, 16, 4, 4, 2);
    return closed(codes, end, digitsAt(codes, at + 3, end, 16, 1, 6, 3), at, CLOSE);
  }
  if (second === HASH) {
    const hex = at + 2 < end && ((codes[at + 2] as number) | 0x20) === X;
    const found = hex ? digitsAt(codes, at + 3, end, 16, 1, 6, 3) : digitsAt(codes, at + 2, end, 10, 1, 7, 2);
    return closed(codes, end, found, at, SEMICOLON);
  }
  const amp = AMP.every((code, i) => at + i < end && ((codes[at + i] as number) | 0x20) === (code | 0x20));
  return amp ? [AMPERSAND, AMP.length] : undefined;
}

const AMP = [...'&amp;'].map((char) => char.charCodeAt(0));

/** A number from `least` to `most` digits long. `before` is what stands before it and belongs to the code. */
function digitsAt(
  codes: Uint16Array,
  start: number,
  end: number,
  base: 10 | 16,
  least: number,
  most: number,
  before: number,
): [number, number] | undefined {
  let value = 0;
  let count = 0;
  for (; count < most && start + count < end; count++) {
    const digit = digitOf(codes[start + count] as number);
    if (digit >= base) break;
    value = value * base + digit;
  }
  // Secrets are of one unit each; what is above that only divides them.
  return count < least ? undefined : [Math.min(value, 0xffff), before + count];
}

function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const small = code | 0x20;
  return small >= 0x61 && small <= 0x66 ? small - 0x57 : 99;
}

/** The sign at the end belongs to the code where it is there. */
function closed(
  codes: Uint16Array,
  end: number,
  found: [number, number] | undefined,
  at: number,
  sign: number,
): [number, number] | undefined {
  if (found && at + found[1] < end && codes[at + found[1]] === sign) found[1]++;
  return found;
}

function places(length: number): { from: Uint32Array; to: Uint32Array } {
  return { from: new Uint32Array(length), to: new Uint32Array(length) };
}
