import { decodeBytes, isUtf8 } from './charset';

/** A line break that the encoder put in and the decoder takes out again; mail programs leave spaces before it. */
const SOFT_BREAK = /=[ \t]{0,76}(?:\r?\n|$)/g;
const BYTES = /(?:=[0-9a-f]{2})+/gi;

/** Characters that are decoded in one go. */
const SLICE = 16_384;

/**
 * The text of a body that declares `Content-Transfer-Encoding: quoted-printable` (RFC 2045). What is no escape stays as
 * it is: many programs encode less than they should. Comes as one text at the end, so that nothing in it is cut; before it an empty
 * one after each slice, as the bytes of some megabytes take seconds.
 */
export function* decodeQuotedPrintable(body: string, charset: string | undefined): Generator<string> {
  const lines = body.replace(SOFT_BREAK, '');
  const isAsciiAlike = isUtf8(charset);
  let decoded = '';
  for (let from = 0; from < lines.length;) {
    const to = endOfSlice(lines, from + SLICE);
    decoded += lines.slice(from, to).replace(BYTES, (run) => {
      // "=3D", as nearly all are: a character of ASCII needs no decoder.
      const byte = isAsciiAlike && run.length === 3 ? parseInt(run.slice(1), 16) : 0x80;
      if (byte < 0x80) return String.fromCharCode(byte);
      return decodeBytes(Buffer.from(run.replaceAll('=', ''), 'hex'), charset);
    });
    from = to;
    if (from < lines.length) yield '';
  }
  yield decoded;
}

/** The next place from there on that is in no row of bytes, which may be one character. */
function endOfSlice(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.slice(at - 2, at + 1).includes('=')) at++;
  return at;
}
