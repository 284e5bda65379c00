import { Char, CLASS } from './char-class';
import { findAddressV4, findAddressV6, findMarkedAddresses } from './find-address';
import { findDomain } from './find-domain';
import { findHash } from './find-hash';
import { findUrl } from './find-url';
import type { Reading } from './reading';

const COLON = 0x3a;
const MARKED_START = /[\d_-]/;

/**
 * Finds the indicators of a text in one pass, left to right. Each token, a run of letters, digits and single dots, is
 * read once, and what is read goes on behind what was found, so that the time grows with the length of the text.
 */
export function scan(reading: Reading): void {
  const { text } = reading;
  const classes = CLASS;
  const length = text.length;
  let at = 0;
  while (at < length) {
    const first = classes[text.charCodeAt(at)] ?? 0;
    if ((first & Char.Label) === 0) {
      const opens = text.charCodeAt(at) === COLON && text.charCodeAt(at + 1) === COLON;
      at = (opens ? findAddressV6(reading, at) : undefined) ?? at + 1;
      continue;
    }
    const start = at;
    let every = Char.Hex | Char.Digit;
    let dots = 0;
    let before = first;
    for (; at < length; at++) {
      const kind = classes[text.charCodeAt(at)] ?? 0;
      if ((kind & Char.Label) !== 0) {
        // Scripts that need no spaces: a name in Latin letters ends where they begin.
        if (((kind ^ before) & Char.Apart) !== 0 && before !== Char.Dot) break;
        every &= kind;
      } else if (kind === Char.Dot && ((classes[text.charCodeAt(at + 1)] ?? 0) & Char.Label) !== 0) {
        dots++;
      } else break;
      before = kind;
    }
    at = readToken(reading, start, at, dots, every);
  }
}

/** Reads the token from `start` to `end`; returns where to go on. `every`: the classes that all of its characters have. */
function readToken(reading: Reading, start: number, end: number, dots: number, every: number): number {
  const { text } = reading;
  if (text.charCodeAt(end) === COLON) {
    const isScheme = text.charCodeAt(end + 1) === 0x2f && text.charCodeAt(end + 2) === 0x2f;
    const after = isScheme
      ? findUrl(reading, end)
      : dots === 0 && (every & Char.Hex) !== 0 && end - start <= 4
        ? findAddressV6(reading, start)
        : undefined;
    if (after !== undefined) return after;
  }
  if (dots > 0) {
    if ((every & Char.Digit) !== 0) return dots === 3 ? findAddressV4(reading, start, end) : end;
    if (dots >= 3 && end - start < 40 && MARKED_START.test(text[start] ?? ''))
      findMarkedAddresses(reading, start, end);
    const after = findDomain(reading, start, end);
    if (after !== undefined) return after;
  }
  if (end - start >= 32) findHash(reading, start, end, (every & Char.Hex) !== 0);
  return end;
}
