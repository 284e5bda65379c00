import { Char, CLASS, codeAt } from './char-class';
import { Evidence } from './findings';
import { isHashLength } from './hash';
import { hintOfKey } from './hint';
import { labelOfCustomField } from './id-place';
import { isNonFileHash } from './non-file-hash';
import { escapeAt } from './percent';
import type { TextScan } from './text-scan';

// Held for the reason that char-class.ts gives.
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the text as `this`
const { charCodeAt } = String.prototype;

/**
 * Finds file hashes in a token: all of it, or a piece of a name as `VirusShare_<md5>` or `<sha256>.bin`. A piece ends at
 * a dot, hyphen or underscore, and where a script without spaces begins.
 */
export function findHash(textScan: TextScan, start: number, end: number): void {
  const { text } = textScan;
  const classes = CLASS;
  let pieceStart = escapeAt(text, start - 1) === undefined ? start : start + 2;
  let every: number = Char.Hex;
  for (let at = pieceStart; at <= end; at++) {
    const code = at < end ? charCodeAt.call(text, at) : HYPHEN;
    const kind = classes[code] ?? 0;
    const isPiece =
      (kind & Char.Label) !== 0 && (kind & Char.NoSpaceScript) === 0 && code !== HYPHEN && code !== LOW_LINE;
    if (isPiece) {
      every &= kind;
      continue;
    }
    if (every !== 0 && isHashLength(at - pieceStart) && isOnItsOwn(text, pieceStart, at)) {
      addHash(textScan, text.slice(pieceStart, at).toLowerCase(), pieceStart);
    }
    pieceStart = at + 1;
    every = Char.Hex;
  }
}

const HYPHEN = 0x2d;
const LOW_LINE = 0x5f;

function addHash(textScan: TextScan, value: string, from: number): void {
  if (isFileHash(textScan, value, from)) textScan.addIoc('file', value, from, from + value.length);
}

function isFileHash(textScan: TextScan, value: string, from: number): boolean {
  const { hint } = textScan;
  // A number, or the absence of a value.
  if (isNumberOrOneDigit(value)) return hint === 'file' && !/^0*$/.test(value);
  const evidence = evidenceAt(textScan, value, from);
  textScan.addEvidence(value, evidence);
  return evidence !== Evidence.Id;
}

function isNumberOrOneDigit(value: string): boolean {
  const first = charCodeAt.call(value, 0);
  let hasLetter = false;
  let isOneDigit = true;
  for (let at = 0; at < value.length && (isOneDigit || !hasLetter); at++) {
    const code = charCodeAt.call(value, at);
    if (code >= SMALL_A) hasLetter = true;
    if (code !== first) isOneDigit = false;
  }
  return !hasLetter || isOneDigit;
}

const SMALL_A = 0x61;

function evidenceAt(textScan: TextScan, value: string, from: number): Evidence {
  const { text, hint } = textScan;
  const label = labelOfCustomField(text, from);
  const said = label === undefined ? textScan.hintOfHash(from, value) : hintOfKey(label);
  if (
    said === 'not-a-file-hash' ||
    (hint === 'not-a-file-hash' && (said !== 'file' || text.startsWith(DIGEST, from - 7)))
  )
    return Evidence.Id;
  if (isNonFileHash(text, from, from + value.length)) return Evidence.Id;
  return said === 'file' || hint === 'file' ? Evidence.Named : Evidence.None;
}

/** What an image is known by begins so, and its key is "id" or "digest". */
const DIGEST = 'sha256:';

/** Whether the piece is no part of an id of several runs of hex digits, as a trace id is. */
function isOnItsOwn(text: string, start: number, end: number): boolean {
  if (codeAt(text, start - 1) === HYPHEN && /[0-9a-f]{2}-$/i.test(text.slice(Math.max(0, start - 3), start)))
    return false;
  return codeAt(text, end) !== HYPHEN || !/^-[0-9a-f]{4}/i.test(text.slice(end, end + 5));
}
