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
  // Cheap, and true of hardly any other text.
  if (!text.includes('?') || !text.includes('=?') || !text.includes('?=')) return text;
  let decoded = '';
  let done = 0;
  let row: EncodedWord[] = [];
  for (const match of text.matchAll(WORD)) {
    const word = readWord(match);
    const last = row.at(-1);
    if (last === undefined || !BETWEEN.test(text.slice(last.end, word.start))) {
      decoded += textOf(row) + text.slice(last?.end ?? done, word.start);
      row = [];
    }
    row.push(word);
    done = word.end;
  }
  return decoded + textOf(row) + text.slice(done);
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
