import { runtime } from '../runtime/current';

/** What files begin with that are none of text, although all of their bytes may be letters. */
const MAGIC: readonly string[] = [
  '%PDF-',
  'PK\x03\x04',
  'PK\x05\x06',
  'MZ',
  '\x7fELF',
  '\xd0\xcf\x11\xe0',
  'GIF87a',
  'GIF89a',
  '\x89PNG',
  '\xff\xd8\xff',
  'Rar!\x1a',
  '7z\xbc\xaf',
  '\x1f\x8b',
  'BZh',
  '\xfd7zXZ',
  'MSCF',
  'ITSF',
  'L\x00\x00\x00\x01\x14\x02\x00',
  '\xca\xfe\xba\xbe',
  '\xcf\xfa\xed\xfe',
  '\xce\xfa\xed\xfe',
  'CWS',
  'FWS',
  'dex\n',
  'ID3',
  'OggS',
  'RIFF',
  'SQLite format 3',
];
const LONGEST_MAGIC = 16;
/** Enough to tell what a file is. */
const SAMPLE = 65_536;

/**
 * The encoding of bytes that are text: UTF-8, UTF-16 with its mark or in Latin letters, and logs in a Latin code page. Undefined for the bytes
 * of any other file, such as a program, a picture, an archive or a PDF.
 */
export function encodingOf(bytes: Uint8Array): string | undefined {
  const [first, second, third] = bytes;
  const sample = bytes.subarray(0, SAMPLE);
  if (first === 0xff && second === 0xfe) return isTextOf16(sample, 1) ? 'utf-16le' : undefined;
  if (first === 0xfe && second === 0xff) return isTextOf16(sample, 0) ? 'utf-16be' : undefined;
  if (first === 0xef && second === 0xbb && third === 0xbf && runtime.isUtf8(bytes)) return 'utf-8';
  if (hasMagic(bytes)) return undefined;
  const { nulls, controls, high } = countOf(sample);
  if (nulls > 0) return nulls * 3 > sample.length && isLatin16(sample) ? 'utf-16le' : undefined;
  // A few may be in any log: colors of a terminal, a bell.
  if (controls * 50 > sample.length) return undefined;
  if (bytes.includes(0)) return undefined;
  if (runtime.isUtf8(bytes)) return 'utf-8';
  // Letters with accents are few among the others, but for a few words of a short text. And a log may have one broken character.
  return controls === 0 && (high * 3 <= sample.length || runtime.isUtf8(withoutLast(sample)))
    ? 'windows-1252'
    : undefined;
}

/** Whether bytes begin as a program, a picture, an archive or another known file does. */
export function hasMagic(bytes: Uint8Array): boolean {
  const start = runtime.latin1Of(bytes.subarray(0, LONGEST_MAGIC));
  return MAGIC.some((magic) => start.startsWith(magic) && (magic.length > 3 || isBinaryBehind(bytes, magic)));
}

/** "MZ", "CWS", "BZh" may begin a word: bytes that are none of text tell the file from it. */
function isBinaryBehind(bytes: Uint8Array, magic: string): boolean {
  if (/[^A-Za-z\d]/.test(magic)) return true;
  const { nulls, controls, high } = countOf(bytes.subarray(0, 512));
  return nulls + controls + high > 0;
}

function countOf(bytes: Uint8Array): { nulls: number; controls: number; high: number } {
  let [nulls, controls, high] = [0, 0, 0];
  for (const byte of bytes) {
    if (byte === 0) nulls++;
    else if (byte >= 0x80) high++;
    else if (byte === 0x7f || (byte < 0x20 && !IS_OF_TEXT.has(byte))) controls++;
  }
  return { nulls, controls, high };
}

/** Tab, line feed, vertical tab, form feed, carriage return, escape (of a terminal's colors), and what ends a file on Windows. */
const IS_OF_TEXT = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1a, 0x1b]);

/** Whether bytes behind a mark of UTF-16 are no control characters. @param high which byte of two is the high one */
function isTextOf16(bytes: Uint8Array, high: 0 | 1): boolean {
  for (let at = 2; at + 1 < bytes.length; at += 2) {
    const low = bytes[at + 1 - high] ?? 0;
    if (bytes[at + high] === 0 && low < 0x20 && !IS_OF_TEXT.has(low)) return false;
  }
  return true;
}

/** Whether every second byte is 0 and the others are of ASCII, as Windows writes text without a mark. */
function isLatin16(bytes: Uint8Array): boolean {
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const byte = bytes[at] ?? 0;
    if (bytes[at + 1] !== 0 || byte > 0x7e || (byte < 0x20 && !IS_OF_TEXT.has(byte))) return false;
  }
  return bytes.length >= 8;
}

/** Without a character that the end of a sample may have cut. */
function withoutLast(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && end > bytes.length - 4 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, Math.max(0, end - 1));
}
