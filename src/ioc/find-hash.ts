import { canonicalHash, isHashLength } from './hash';
import { hintBefore } from './hint';
import type { Reading } from './reading';

const PIECES = /[^-_.]+/g;

/** Finds file hashes in a token: all of it, or a piece of a name as `VirusShare_<md5>` or `<sha256>.bin`. */
export function findHash(reading: Reading, start: number, end: number, isHex: boolean): void {
  const { text } = reading;
  if (isHex) {
    if (isHashLength(end - start)) addHash(reading, text.slice(start, end).toLowerCase(), start);
    return;
  }
  if (end - start > 512) return;
  const token = text.slice(start, end);
  for (const piece of token.matchAll(PIECES)) {
    if (!isHashLength(piece[0].length)) continue;
    const value = canonicalHash(piece[0]);
    const from = start + piece.index;
    if (value === undefined || !isOnItsOwn(token, piece.index, piece.index + value.length)) continue;
    addHash(reading, value, from);
  }
}

function addHash(reading: Reading, value: string, from: number): void {
  if (isFileHash(reading, value, from)) reading.found('file', value, from, from + value.length);
}

function isFileHash({ text, hint }: Reading, value: string, from: number): boolean {
  // A number, or the absence of a value.
  if (!/[a-f]/.test(value) || /^(.)\1*$/.test(value)) return hint === 'file' && !/^0*$/.test(value);
  return hint !== 'opaque' && hintBefore(text, from) !== 'opaque';
}

/** Whether the piece is no part of an id of several runs of hex digits, as a trace id is. */
function isOnItsOwn(token: string, start: number, end: number): boolean {
  return (
    !/[0-9a-f]{2}-$/i.test(token.slice(Math.max(0, start - 3), start)) &&
    !/^-[0-9a-f]{4}/i.test(token.slice(end, end + 5))
  );
}
