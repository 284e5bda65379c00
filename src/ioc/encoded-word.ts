import { decodeBytes } from './charset';
import { runtime } from '../runtime/current';

/** One encoded word, as `=?utf-8?B?...?=`; a language may follow the charset (RFC 2231). */
const WORD = /=\?([\w.:-]{1,40})(?:\*[\w-]{1,20})?\?([bq])\?([^?\s]{0,2000})\?=/gi;
const BETWEEN = /^[ \t]*(?:\r?\n[ \t]+)?$/;

interface EncodedWord {
  readonly start: number;
  readonly end: number;
  readonly charset: string;
  readonly bytes: Uint8Array;
}

/**
 * A text with the encoded words in it decoded (RFC 2047), as the subject and the names of a mail have them. What is no such word
 * stays as it is. White space between two of them is not part of the text, and a character may begin in one and end in the next.
 */
export function decodeEncodedWords(text: string): string {
  let decoded = '';
  for (const piece of decodedWords(text)) decoded = piece;
  return decoded;
}

/** Cheap, and true of hardly any text without encoded words. */
export function mayHoldEncodedWords(text: string): boolean {
  return text.includes('?') && text.includes('=?') && text.includes('?=');
}

/** Words that are decoded in one go: about a millisecond. */
const WORDS_OF_A_SLICE = 512;

/** As {@link decodeEncodedWords}, which comes last; before it an empty text wherever somebody else may have a turn. */
export function* decodedWords(text: string): Generator<string> {
  let decoded = '';
  let done = 0;
  let words = 0;
  let row: EncodedWord[] = [];
  for (const match of text.matchAll(WORD)) {
    const word = readWord(match);
    const between = text.slice(done, word.start);
    if (words === 0 || !BETWEEN.test(between)) {
      decoded += textOf(row) + between;
      row = [];
    }
    row.push(word);
    done = word.end;
    if (++words % WORDS_OF_A_SLICE !== 0) continue;
    // A character that begins in this word and ends in the next is lost.
    decoded += textOf(row);
    row = [];
    yield '';
  }
  yield decoded + textOf(row) + text.slice(done);
}

function readWord(match: RegExpMatchArray): EncodedWord {
  const [all, charset = '', encoding = '', content = ''] = match;
  const start = match.index ?? 0;
  const bytes = encoding.toLowerCase() === 'b' ? runtime.bytesOfBase64(content) : quotedBytes(content);
  return { start, end: start + all.length, charset, bytes };
}

/** `_` is a space, `=3A` a byte. */
function quotedBytes(content: string): Uint8Array {
  const text = content
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Uint8Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}

/** Of words with one charset the bytes are put together first. */
function textOf(row: readonly EncodedWord[]): string {
  let text = '';
  let bytes: Uint8Array[] = [];
  for (const [index, word] of row.entries()) {
    bytes.push(word.bytes);
    if (row[index + 1]?.charset.toLowerCase() === word.charset.toLowerCase()) continue;
    text += decodeBytes(joined(bytes), word.charset);
    bytes = [];
  }
  return text;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first = new Uint8Array()] = parts;
  if (parts.length < 2) return first;
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
