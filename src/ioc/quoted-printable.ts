import { codeAt } from './char-class';

/** An escape of RFC 2045's quoted-printable, and what it stands for. */
export interface Escape {
  length: number;
  plain: string;
}

/**
 * Whether the text is quoted-printable: it says so, it has `=3D"` as HTML in such a mail has, or its lines are folded
 * where RFC 2045 wants it, before 76 characters.
 */
export function isQuotedPrintable(text: string): boolean {
  if (text.includes('=3D"') || /quoted-printable/i.test(text)) return true;
  return /=\r?\n/.test(text) && (/=[0-9A-F]{2}/.test(text) || /^[^\n]{65,75}=\r?$/m.test(text));
}

/** Whether an escape or a soft break may begin at a `=`. */
export function mayBeEscape(text: string, at: number): boolean {
  const next = codeAt(text, at + 1);
  return next === 0x0a || next === 0x0d || (next >= 0x30 && next <= 0x39) || (next >= 0x41 && next <= 0x46);
}

/**
 * Reads the escape at a `=`. In a text that isn't known to be quoted-printable only a soft break counts, and only in the
 * path of a URL, which hardly ever ends in `=`.
 */
export function readEscape(text: string, at: number, isKnown: boolean): Escape | undefined {
  const next = codeAt(text, at + 1);
  const breakLength = next === 0x0a ? 2 : next === 0x0d && codeAt(text, at + 2) === 0x0a ? 3 : 0;
  if (breakLength > 0) {
    return isKnown || isInUrlPath(text, at, at + breakLength)
      ? { length: breakLength, plain: '' }
      : undefined;
  }
  return isKnown ? readBytes(text, at) : undefined;
}

/** A run of `=C3=A9`, decoded as UTF-8. */
function readBytes(text: string, at: number): Escape | undefined {
  const bytes: number[] = [];
  let end = at;
  while (bytes.length < 4) {
    const hex = text.slice(end + 1, end + 3);
    if (text[end] !== '=' || !/^[0-9A-F]{2}$/i.test(hex)) break;
    const byte = parseInt(hex, 16);
    if (bytes.length > 0 && (byte & 0xc0) !== 0x80) break;
    bytes.push(byte);
    end += 3;
    if (byte < 0x80) break;
  }
  return bytes.length === 0 ? undefined : { length: end - at, plain: Buffer.from(bytes).toString() };
}

function isInUrlPath(text: string, at: number, next: number): boolean {
  if (!/^[\w/%.-]/.test(text.slice(next, next + 1)) || /^h[tx]{2}ps?:/i.test(text.slice(next, next + 6)))
    return false;
  const token = /\S*$/.exec(text.slice(Math.max(0, at - 76), at))?.[0] ?? '';
  return /:\/\/[^\s?#]+\/[^\s?#]*$/.test(token);
}
