import { Char, CLASS, classAt, codeAt, isLabel } from './char-class';
import { findAddressV4, findAddressV6, findMarkedAddresses } from './find-address';
import { findDomain } from './find-domain';
import { findHash } from './find-hash';
import { findUrl } from './find-url';
import { escapeAt, findEncodedName, findEncodedUrl, mayBeEncodedUrl } from './percent';
import type { TextScan } from './text-scan';

const COLON = 0x3a;
const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const DOT: number = Char.Dot;
const FULL_STOP = 0x2e;
const HYPHEN = 0x2d;
const PERCENT = 0x25;
const LOW_LINE = 0x5f;

// Held for the reason that char-class.ts gives.
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the text as `this`
const { charCodeAt, indexOf: find } = String.prototype;

/** The shortest hash: of this many characters in a row, one stands at a multiple of it. */
const STRIDE = 32;
/** A position past any text; a small integer, which is cheaper to compare than Infinity. */
const END = 0x3fffffff;
/** The longest host name, and what may be wrapped around it. */
const MAX_TOKEN = 300;
/** A token or run that is longer is read in parts: between two of them the search can be interrupted. */
const MAX_RUN = 65_536;

/**
 * Finds the indicators of a text in one pass, left to right. Each has a dot, a colon or 32 characters in a row, so the
 * scan goes from one of these to the next and reads what stands around it. Nothing is read twice: what was found, or
 * couldn't be one, is left behind, so that the time grows with the length of the text.
 */
export function scan(textScan: TextScan): void {
  scanTo(textScan, undefined, END);
}

/** How far an interrupted scan has come. */
interface Progress {
  consumed: number;
  dot: number;
  colon: number;
  run: number;
  /** Where a run was cut that goes on there; -1 where none was. */
  cut: number;
}

/** A scan that can be interrupted. */
export class Scan {
  readonly #textScan: TextScan;
  readonly #progress: Progress;

  constructor(textScan: TextScan) {
    this.#textScan = textScan;
    const [dot, colon] = [indexOf(textScan.text, '.', 0), indexOf(textScan.text, ':', 0)];
    this.#progress = { consumed: 0, dot, colon, run: STRIDE - 1, cut: -1 };
  }

  /** Scans on to about the position `until`; returns whether the text is at its end. */
  advance(until: number): boolean {
    return scanTo(this.#textScan, this.#progress, until);
  }
}

function scanTo(textScan: TextScan, progress: Progress | undefined, until: number): boolean {
  const { text } = textScan;
  const limit = Math.min(text.length, until);
  let consumed = 0;
  let run = STRIDE - 1;
  let dot: number;
  let colon: number;
  if (progress === undefined) {
    dot = indexOf(text, '.', 0);
    colon = indexOf(text, ':', 0);
  } else ({ consumed, dot, colon, run } = progress);
  for (;;) {
    if (dot < colon && dot < run) {
      consumed = Math.max(consumed, readDot(textScan, dot, consumed));
      dot = indexOf(text, '.', Math.max(dot + 1, consumed));
    } else if (colon < run) {
      consumed = Math.max(consumed, readColon(textScan, colon, consumed));
      colon = indexOf(text, ':', Math.max(colon + 1, consumed));
    } else {
      if (run >= limit) break;
      run = STRIDE + (run < consumed ? consumed - 1 : readRun(textScan, run, consumed, progress));
    }
    if (dot < consumed) dot = indexOf(text, '.', consumed);
    if (colon < consumed) colon = indexOf(text, ':', consumed);
  }
  if (progress !== undefined) Object.assign(progress, { consumed, dot, colon, run });
  return run >= text.length;
}

function indexOf(text: string, char: string, from: number): number {
  const index = find.call(text, char, from);
  return index < 0 ? END : index;
}

/**
 * Reads the token around a dot: letters, digits and single dots. The classes that all of its characters have in common (`commonClass`) tell numbers, hex
 * digits and names apart without another look. A token ends where the script changes to or from one that needs no spaces, as in
 * Chinese text around a Latin name. Returns the position up to which the text is done.
 */
function readDot(textScan: TextScan, dot: number, consumed: number): number {
  const { text } = textScan;
  if (!isLabel(text, dot + 1) || dot <= consumed || !isLabel(text, dot - 1)) return dot;
  const classes = CLASS;
  const limit = Math.max(consumed, dot - MAX_TOKEN);
  let start = dot;
  let commonClass = Char.Hex | Char.Digit;
  let dots = 0;
  let previousClass = DOT;
  while (start > limit) {
    const kind = classes[charCodeAt.call(text, start - 1)] ?? 0;
    if ((kind & Char.Label) === 0) {
      if (kind !== DOT || previousClass === DOT) break;
      dots++;
    } else if (((kind ^ previousClass) & Char.NoSpaceScript) !== 0 && previousClass !== DOT) {
      // A hyphen goes with the letters on its right: "дом-сад", "وزارة-الأتصالات".
      if (charCodeAt.call(text, start - 1) !== HYPHEN) break;
      commonClass &= kind;
      start--;
      continue;
    } else commonClass &= kind;
    previousClass = kind;
    start--;
  }
  if (previousClass === DOT) {
    start++;
    dots--;
  }
  let end = dot;
  previousClass = 0;
  const most = Math.min((text + '').length, dot + MAX_RUN);
  for (; end < most; end++) {
    const kind = classes[charCodeAt.call(text, end)] ?? 0;
    if ((kind & Char.Label) !== 0) {
      // Scripts that need no spaces: a name in Latin letters ends where they begin.
      if (
        ((kind ^ previousClass) & Char.NoSpaceScript) !== 0 &&
        previousClass !== DOT &&
        !isHyphenated(text, end)
      )
        break;
      commonClass &= kind;
    } else if (kind === DOT && isLabel(text, end + 1)) dots++;
    else break;
    previousClass = kind;
  }
  const before = codeAt(text, start - 1);
  if (before === PERCENT || codeAt(text, end) === PERCENT)
    return readEscaped(textScan, start, end, dots, commonClass);
  if (before === SLASH && mayBeEncodedUrl(text, start)) {
    const after = findEncodedUrl(textScan, start);
    if (after !== undefined) return after;
  }
  return readToken(textScan, start, end, dots, commonClass);
}

/** Reads a token with a percent sign beside it, so that the digits of an escape aren't read as digits of the token. */
function readEscaped(
  textScan: TextScan,
  start: number,
  end: number,
  dots: number,
  commonClass: number,
): number {
  const { text } = textScan;
  const before = escapeAt(text, start - 1);
  if (before === 'part' || escapeAt(text, end) === 'part') return findEncodedName(textScan, start, end);
  if (before === undefined) return readToken(textScan, start, end, dots, commonClass);
  let from = start + 2;
  // "%252F": encoded twice.
  while (text.startsWith('25', from - 2) && /^[0-9a-f]{2}/i.test(text.slice(from, from + 2))) from += 2;
  if (text[from] === '.') from++;
  const after = mayBeEncodedUrl(text, from) ? findEncodedUrl(textScan, from) : undefined;
  if (after !== undefined) return after;
  const name = text.slice(from, end);
  const isNumbers = /^[\d.]+$/.test(name);
  return readToken(textScan, from, end, name.split('.').length - 1, isNumbers ? Char.Hex | Char.Digit : 0);
}

/** Whether a hyphen is, or stands before, the character at which the script changes. */
function isHyphenated(text: string, at: number): boolean {
  return (
    charCodeAt.call(text, at) === HYPHEN ||
    (codeAt(text, at - 1) === HYPHEN &&
      ((classAt(text, at) ^ classAt(text, at - 2)) & Char.NoSpaceScript) === 0)
  );
}

/** Reads the dotted token from `start` to `end`. @param commonClass the classes that all of its characters but the dots have */
function readToken(
  textScan: TextScan,
  start: number,
  end: number,
  dots: number,
  commonClass: number,
): number {
  if ((commonClass & Char.Digit) !== 0) return readNumbers(textScan, start, end, dots);
  const { text } = textScan;
  if (dots >= 3 && end - start < 40 && isMarkedNumber(text, start)) findMarkedAddresses(textScan, start, end);
  const after = findDomain(textScan, start, end);
  if (after !== undefined) return after;
  if (end - start > STRIDE) findHash(textScan, start, end);
  return end;
}

/** `10.0.0.5.49152 > 8.8.8.8.53:` is how tcpdump writes address and port; any other five numbers are no address. */
function readNumbers(textScan: TextScan, start: number, end: number, dots: number): number {
  if (dots === 3) return findAddressV4(textScan, start, end);
  const { text } = textScan;
  // A fifth number that no octet can be is a port: "45.77.12[.]34.8080".
  const isPort =
    dots === 4 && textScan.refanged.hasDefangedDot(start, end) && /\.\d{4,5}$/.test(text.slice(start, end));
  if (
    dots === 4 &&
    (isPort || text.startsWith(' > ', end) || (text[end] === ':' && text.startsWith(' > ', start - 3)))
  ) {
    findAddressV4(textScan, start, text.lastIndexOf('.', end));
  }
  return end;
}

function isMarkedNumber(text: string, start: number): boolean {
  const first = charCodeAt.call(text, start);
  return first === 0x2d || first === 0x5f || (classAt(text, start) & Char.Digit) !== 0;
}

/** Reads what stands around a colon: a URL from its scheme on, or an IPv6 address. Returns what is done. */
function readColon(textScan: TextScan, colon: number, consumed: number): number {
  const { text } = textScan;
  const next = codeAt(text, colon + 1);
  if (next === SLASH || next === BACKSLASH) return findUrl(textScan, colon) ?? colon;
  let start = colon;
  while (start > consumed && colon - start < 7 && (classAt(text, start - 1) & Char.Hex) !== 0) start--;
  if (codeAt(text, start - 1) === PERCENT && escapeAt(text, start - 1) !== undefined) start += 2;
  if (next !== COLON && (start === colon || (classAt(text, colon + 1) & Char.Hex) === 0)) return colon;
  return (colon - start < 5 ? findAddressV6(textScan, start) : undefined) ?? colon;
}

/** Reads the run of label characters around a position, which may hold a hash. Returns where the run ends, or was cut. */
function readRun(
  textScan: TextScan,
  position: number,
  consumed: number,
  progress: Progress | undefined,
): number {
  const { text } = textScan;
  const classes = CLASS;
  if (((classes[charCodeAt.call(text, position)] ?? 0) & Char.Label) === 0) return position;
  const end = endOfRun(text, position, progress === undefined ? Infinity : MAX_RUN);
  let start = position;
  const limit = Math.max(consumed, position - STRIDE);
  while (start > limit && ((classes[charCodeAt.call(text, start - 1)] ?? 0) & Char.Label) !== 0) start--;
  if (progress !== undefined) {
    // What is left of a piece that was cut is no hash, however long it is.
    if (start === progress.cut) while (start < end && isOfPiece(text, start)) start++;
    if (end - position >= MAX_RUN) progress.cut = end;
  }
  // A dotted token is read from its first dot.
  const isDotted = codeAt(text, end) === FULL_STOP && isLabel(text, end + 1);
  if (end - start >= STRIDE && !isDotted) findHash(textScan, start, end);
  return end;
}

/** Whether `length` label characters stand in a row anywhere. */
export function hasLongRun(text: string, length: number): boolean {
  const classes = CLASS;
  const end = (text + '').length;
  for (let at = length - 1; at < end;) {
    let start = at;
    while (start > at - length && ((classes[charCodeAt.call(text, start)] ?? 0) & Char.Label) !== 0) start--;
    if (start === at - length) return true;
    // None begins up to there.
    at = start + length;
  }
  return false;
}

/**
 * The end of a run, or of a part of a long one: that ends between two pieces that may each be a hash, or within a piece that is longer than
 * any.
 * @param most characters of a part, about
 */
function endOfRun(text: string, position: number, most: number): number {
  const classes = CLASS;
  const { length } = text + '';
  let end = position + 1;
  for (; end < length; end++) {
    if (((classes[charCodeAt.call(text, end)] ?? 0) & Char.Label) === 0) return end;
    if (end - position >= most && (!isOfPiece(text, end) || end - position >= most + MAX_TOKEN)) return end;
  }
  return end;
}

/** Whether a label character goes on with what may be a hash. A hyphen, a low line and a script without spaces end it. */
function isOfPiece(text: string, at: number): boolean {
  const code = charCodeAt.call(text, at);
  return code !== HYPHEN && code !== LOW_LINE && ((CLASS[code] ?? 0) & Char.NoSpaceScript) === 0;
}
