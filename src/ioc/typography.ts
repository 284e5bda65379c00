import { codeAt, isLabel } from './char-class';

/**
 * What a character stands for that word processors and PDFs put into a name or a URL: `ﬁ` for "fi", a hyphen that no
 * line breaks at, a dash, a slash of mathematics; undefined where it stands for itself.
 */
export function plainOf(source: string, at: number, code: number): string | undefined {
  // Latin ligatures.
  if (code >= 0xfb00 && code <= 0xfb06) return source.charAt(at).normalize('NFKC');
  if (SLASHES.includes(source.charAt(at))) return isSlash(source, at) ? '/' : undefined;
  if (!isLabel(source, at - 1) || !isLabel(source, at + 1)) return undefined;
  // A dash stands between two names too, but not in the first label of a URL's host.
  if (code === 0x2013 || code === 0x2212) return IN_FIRST_LABEL.test(headOf(source, at)) ? '-' : undefined;
  return '-';
}

const SLASHES = '\u2044\u2215\uff0f';
const IN_FIRST_LABEL = /[:：][/／\u2044\u2215]{2}(?:www\.)?[^\s/.]*$/;
const IN_URL =
  /[:：]\]?[/／\u2044\u2215]{2}\S*$|[\w\])}]\.[\])}]?[a-z]{2,24}(?:\[?:\]?\d+)?(?:[/\u2044\u2215\uff0f]\S*)?$/i;

/** Whether it is one of the two after a scheme, or in the path after a host. */
function isSlash(source: string, at: number): boolean {
  const before = codeAt(source, at - 1);
  if (
    before === 0x3a ||
    before === 0xff1a ||
    before === 0x2f ||
    SLASHES.includes(source.charAt(at - 1) || ' ')
  )
    return true;
  return before < 0x80 && IN_URL.test(headOf(source, at));
}

function headOf(source: string, at: number): string {
  return source.slice(Math.max(0, at - 80), at);
}
