import { decodeBytes, isUtf8 } from './charset';
import { bytesOfHex } from '../runtime/text-bytes';

/** A line break that the encoder put in and the decoder takes out again; mail programs leave spaces before it. */
const SOFT_BREAK = /=[ \t]{0,76}(?:\r?\n|$)/g;
const BYTES = /(?:=[0-9a-f]{2})+/gi;

/** Characters that are decoded in one go. */
const SLICE = 16_384;
/** A longer row of bytes is cut: a whole body may be one. */
const LONGEST_ROW = 65_536;

/**
 * The text of a body that declares `Content-Transfer-Encoding: quoted-printable` (RFC 2045). What is no escape stays as
 * it is: many programs encode less than they should. Comes as one text at the end, so that nothing in it is cut; before it an empty
 * one after each slice, as the bytes of some megabytes take seconds.
 */
export function* decodeQuotedPrintable(body: string, charset: string | undefined): Generator<string> {
  const lines = yield* joined(body);
  const isAsciiAlike = isUtf8(charset);
  let decoded = '';
  for (let from = 0; from < lines.length;) {
    const to = endOfSlice(lines, from + SLICE);
    decoded += lines.slice(from, to).replace(BYTES, (run) => {
      // "=3D", as nearly all are: a character of ASCII needs no decoder.
      const byte = isAsciiAlike && run.length === 3 ? parseInt(run.slice(1), 16) : 0x80;
      if (byte < 0x80) return String.fromCharCode(byte);
      return decodeBytes(bytesOfHex(run.replaceAll('=', '')), charset);
    });
    from = to;
    if (from < lines.length) yield '';
  }
  yield decoded;
}

/** Without the line breaks that the encoder put in. */
function* joined(body: string): Generator<string, string> {
  if (body.length <= LONGEST_ROW) return body.replace(SOFT_BREAK, '');
  let lines = '';
  for (let from = 0; from < body.length;) {
    const end = body.indexOf('\n', from + SLICE);
    const to = end < 0 ? body.length : end + 1;
    lines += body.slice(from, to).replace(SOFT_BREAK, '');
    from = to;
    yield '';
  }
  return lines;
}

/** The next place from there on that is in no row of bytes, which may be one character; of a long row one where a character of UTF-8 begins. */
function endOfSlice(text: string, from: number): number {
  let at = from;
  while (at < text.length && at - from < LONGEST_ROW && text.slice(at - 2, at + 1).includes('=')) at++;
  if (at - from < LONGEST_ROW) return at;
  const rest = text.slice(at, at + LONGEST_CHARACTER);
  return at + Math.max(0, rest.search(/=[0-7c-f]/i));
}

/** Four bytes and the one that it may begin in. */
const LONGEST_CHARACTER = 15;
