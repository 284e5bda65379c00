import { Char, CLASS } from './char-class';
import { endsField, isCommand, isNextKey } from './field-end';

// Held for the reason that char-class.ts gives.
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the text as `this`
const { charCodeAt } = String.prototype;

const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const LAST_OF_A_SENTENCE = /[.,;:!?'*~…]/;
/** What separates the words of a command that stands percent-encoded in a request. */
const ENCODED_SEPARATOR = /%(?:20|09|0a|0d|22|27|3b|3c|3e|60|7c|26%26)/iy;

/**
 * Where a URL that begins at `start` ends as its reader sees it, given that its path begins at `from`: at white space,
 * quotes and the like, without the punctuation of the sentence it stands in, with a closing bracket only if it opened
 * one, before the next command or field, and before Chinese, Japanese or Korean text that goes on without a space.
 */
export function urlEnd(text: string, start: number, from: number): number {
  const open = { '(': 0, '[': 0, '{': 0 };
  let firstOpen = -1;
  let query = -1;
  // Not before the text: an index below 0 is a name to a string, and slow to look for.
  const before = start > 0 ? text.charAt(start - 1) : '\n';
  const isEncoded = before === '0' && text.startsWith('%2', start - 3);
  const classes = CLASS;
  let end = from;
  const { length } = text + '';
  for (; end < length; end++) {
    const kind = classes[charCodeAt.call(text, end)] ?? 0;
    if ((kind & Char.UrlStop) !== 0) break;
    if ((kind & Char.Label) !== 0) {
      if ((kind & Char.NoSpaceScript) !== 0 && !isInPath(text, end)) break;
      continue;
    }
    const char = text.charAt(end);
    if (char === '/') continue;
    // An arrow, as between the steps of a redirect.
    if (char >= '\u2190' && char <= '\u21ff') break;
    if (char === '?') query = end;
    // In a form that was sent, "+" is a space: "wget+http://host/x;sh+x".
    if (before === '+' && (char === '+' || char === ';' || char === '&')) break;
    if (isEncoded && char === '%' && isEncodedSeparator(text, end)) break;
    if (char === "'" && before === "'") break;
    if (char === '&' && isBetweenCommands(text, end, query >= 0)) break;
    // LEEF separates its fields so; cmd.exe escapes what separates commands.
    if (
      char === '^' &&
      ((before === '=' && isNextKey(text, end + 1)) || '&|<>^'.includes(text.charAt(end + 1)))
    )
      break;
    // What a program puts in: "http://host/${name}".
    if (char === '$' && (text[end + 1] === '{' || text.startsWith('IFS', end + 1))) break;
    if (char === '(' || char === '[' || char === '{') {
      if (char === '[' && query < 0 && isLinkText(text, end)) break;
      if (open['('] + open['['] + open['{'] === 0) firstOpen = end;
      open[char]++;
    }
    const opening = OPENING[char];
    if (opening === '(' || opening === '[' || opening === '{') {
      if (open[opening] === 0) break;
      open[opening]--;
    }
    if ((char === ',' || char === ';') && endsField(text, start, end)) break;
  }
  // "http://host/x->http://other/"
  if (text[end] === '>' && text[end - 1] === '-' && end > from) end--;
  // A remark in brackets, and no part of the path: "http://host/x(see above)".
  if (firstOpen > from && query < 0 && open['('] + open['['] > 0 && text[end] === ' ') end = firstOpen;
  while (end > from && LAST_OF_A_SENTENCE.test(text.charAt(end - 1))) end--;
  if (query < 0 && end > from && text[end - 1] === '&') end--;
  // Markdown's emphasis around the URL.
  if (before === '_' && text[end - 1] === '_') end--;
  return end;
}

function isEncodedSeparator(text: string, at: number): boolean {
  ENCODED_SEPARATOR.lastIndex = at;
  return ENCODED_SEPARATOR.test(text);
}

/** `http://host/x&&sh x`; but `?a=1&&b=2` is a query. */
function isBetweenCommands(text: string, at: number, isQuery: boolean): boolean {
  const isDouble = text[at + 1] === '&';
  const next = text.slice(isDouble ? at + 2 : at + 1, at + 40);
  if (isQuery) return isDouble && isCommand(next);
  return isCommand(next) || (isDouble && !/^[\w.-]*=/.test(next));
}

/**
 * Whether a bracket begins the text of a link and no part of its path: AsciiDoc's `http://host/x[the page]`, BBCode's
 * `http://host/x[/url]`.
 */
function isLinkText(text: string, at: number): boolean {
  if (text[at + 1] === '/') return true;
  const rest = text.slice(at, at + 202);
  const close = rest.indexOf(']');
  if (close < 0 || /^\[\d+\]/.test(rest)) return false;
  const label = rest.slice(1, close);
  return /\s/.test(label) || /^\](?:[.,;:!?)]?(?:\s|$)|["'<|])/.test(rest.slice(close));
}

/**
 * Whether a letter of a script without spaces is part of the URL: `/wiki/日本` is a path, `/login.phpにアクセス` goes on
 * with the sentence. Kana and Hangul right after the slash are particles.
 */
function isInPath(text: string, at: number): boolean {
  const before = text.charAt(at - 1);
  if (((CLASS[text.charCodeAt(at - 1)] ?? 0) & Char.NoSpaceScript) !== 0) return true;
  if (!/[/=_&?+-]/.test(before)) return false;
  return before !== '/' || !/[\u3040-\u309f\uac00-\ud7a3]/.test(text.charAt(at));
}
