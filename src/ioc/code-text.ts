import { codeAt, isLabel } from './char-class';
import type { Disguise } from './bracketed-name';

const CLOSES = /[\w./:=?&%-](["'])\s{0,12}$/;
const OPENS = /^\s{0,2}(?:_\r?\n)?\s{0,12}(["'])[\w./:=?&%-]/;

/**
 * Two strings that a script puts together, around the sign between them: `'http://bad'+'domain.com'`, and in VBA `&`, in
 * PHP `.`.
 */
export function readJoin(source: string, sign: number): Disguise | undefined {
  if (!mayBeBesideSign(codeAt(source, sign - 1)) || !mayBeBesideSign(codeAt(source, sign + 1)))
    return undefined;
  const head = source.slice(Math.max(0, sign - 16), sign);
  const closes = CLOSES.exec(head);
  if (closes === null) return undefined;
  const tail = source.slice(sign + 1, sign + 32);
  const opens = OPENS.exec(tail);
  if (opens === null) return undefined;
  return { start: sign - (head.length - closes.index - 1), end: sign + opens[0].length, plain: '' };
}

/** Whether the sign between two strings has such a character beside it: a quote, white space or VBA's `_`. */
function mayBeBesideSign(code: number): boolean {
  return code <= SPACE || code === DOUBLE_QUOTE || code === SINGLE_QUOTE || code === LOW_LINE || code > 0x7f;
}

const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const LOW_LINE = 0x5f;

/** Signs that logs (CEF), markdown, LaTeX and shells escape in a URL. */
const SIGNS = '=&?_~#%+*-!$@,;^';

/** The sign that a backslash at `at` escapes in a URL or a name; undefined where it is a backslash. */
export function escapedSign(source: string, at: number): string | undefined {
  const sign = source.charAt(at + 1);
  if (sign === '' || !SIGNS.includes(sign)) return undefined;
  if (sign === '=' && isLabel(source, at - 1)) return sign;
  if ((sign === '-' || sign === '_') && isLabel(source, at - 1) && isLabel(source, at + 2)) return sign;
  return /\/\/\S*$/.test(source.slice(Math.max(0, at - 200), at)) ? sign : undefined;
}
