import { decodeBytes } from './charset';

/** One encoded word, as `=?utf-8?B?...?=`; a language may follow the charset (RFC 2231). */
const WORD = /=\?([\w.:-]{1,40})(?:\*[\w-]{1,20})?\?([bq])\?([^?\s]{0,2000})\?=/gi;
const BETWEEN = /^[ \t]*(?:\r?\n[ \t]+)?$/;

interface EncodedWord {
  readonly start: number;
  readonly end: number;
  readonly charset: string;
  readonly bytes: Buffer;
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
  const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : quotedBytes(content);
  return { start, end: start + all.length, charset, bytes };
}

/** `_` is a space, `=3A` a byte. */
function quotedBytes(content: string): Buffer {
  return Buffer.from(
    content
      .replaceAll('_', ' ')
      .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
}

/** Of words with one charset the bytes are put together first. */
function textOf(row: readonly EncodedWord[]): string {
  let text = '';
  let bytes: Buffer[] = [];
  for (const [index, word] of row.entries()) {
    bytes.push(word.bytes);
    if (row[index + 1]?.charset.toLowerCase() === word.charset.toLowerCase()) continue;
    text += decodeBytes(Buffer.concat(bytes), word.charset);
    bytes = [];
  }
  return text;
}
