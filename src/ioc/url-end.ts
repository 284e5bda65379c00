import { Char, CLASS } from './char-class';

const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const LAST_OF_A_SENTENCE = /[.,;:!?'*~…]/;

/**
 * Where a URL that begins at `start` ends as its reader sees it, given that its path begins at `from`: at white space,
 * quotes and the like, without the punctuation of the sentence it stands in, with a closing bracket only if it opened
 * one, and before Chinese, Japanese or Korean text that goes on without a space.
 */
export function urlEnd(text: string, start: number, from: number): number {
  const open = { '(': 0, '[': 0, '{': 0 };
  const before = text[start - 1] ?? '\n';
  const classes = CLASS;
  let end = from;
  for (; end < text.length; end++) {
    const kind = classes[text.charCodeAt(end)] ?? 0;
    if ((kind & Char.UrlStop) !== 0) break;
    if ((kind & Char.Label) !== 0) {
      if ((kind & Char.Apart) !== 0 && !isInPath(text, end)) break;
      continue;
    }
    const char = text.charAt(end);
    if (char === '/') continue;
    // In a form that was sent, "+" is a space: "wget+http://host/x;sh+x".
    if (before === '+' && (char === '+' || char === ';' || char === '&')) break;
    if (char === "'" && before === "'") break;
    if (char === '(' || char === '[' || char === '{') open[char]++;
    const opening = OPENING[char];
    if (opening === '(' || opening === '[' || opening === '{') {
      if (open[opening] === 0) break;
      open[opening]--;
    }
    if ((char === ',' || char === ';') && endsField(text, start, end, before)) break;
  }
  while (end > from && LAST_OF_A_SENTENCE.test(text.charAt(end - 1))) end--;
  // Markdown's emphasis around the URL.
  if (before === '_' && text[end - 1] === '_') end--;
  return end;
}

/**
 * Whether a letter of a script without spaces is part of the URL: `/wiki/日本` is a path, `/login.phpにアクセス` goes on
 * with the sentence. Kana and Hangul right after the slash are particles.
 */
function isInPath(text: string, at: number): boolean {
  const before = text.charAt(at - 1);
  if (((CLASS[text.charCodeAt(at - 1)] ?? 0) & Char.Apart) !== 0) return true;
  if (!/[/=_&?+-]/.test(before)) return false;
  return before !== '/' || !/[\u3040-\u309f\uac00-\ud7a3]/.test(text.charAt(at));
}

/** Whether a comma or semicolon separates the URL from the next field of a list or a table. */
function endsField(text: string, start: number, at: number, before: string): boolean {
  const separator = text.charAt(at);
  if (before === separator) return true;
  const next = text.slice(at + 1, at + 66);
  if (next === '' || /^(?:\s|["']|h[tx]{2}ps?[:[]|ftp:)/i.test(next)) return true;
  if (!/\s/.test(before)) return false;
  return NEXT_FIELD.test(next) && !/[?&][^/]*$/.test(text.slice(Math.max(start, at - 200), at));
}

/** An address, a date, a hash or a word, up to the next separator. */
const NEXT_FIELD =
  /^(?:\d{1,3}(?:\.\d{1,3}){3}|\d{4}-\d\d-\d\d[\w:. -]*|[0-9a-f]{32,64}|[a-z_]{4,})\s*(?:[,;]|$|[\r\n])/i;
