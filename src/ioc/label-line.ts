import { Char, classAt } from './char-class';
import type { Hint } from './hint-words';

/** What begins a line of a list, a heading or a quotation. */
const MARKS = /^[\s#>*•|+"'`(-]*(?:\d+[.)]\s*)?[*_"'`]*/;

/**
 * Whether a word that stands before a value, on the line above, speaks of it. A label does, which is alone on its line or
 * ends in a colon, and a word of a sentence that was wrapped. What ends another line doesn't: "Drops a second stage
 * script", and below that a list of domains.
 */
export function holdsOverLineBreak(text: string, position: number, hint: Hint, gap: number): boolean {
  let end = position;
  let lineEnd = -1;
  let hasColon = false;
  while (end > 0 && position - end < gap && (classAt(text, end - 1) & Char.KeySeparator) !== 0) {
    end--;
    const code = text.charCodeAt(end);
    if (code === 0x0a) lineEnd = end;
    else if (lineEnd >= 0 && (code === 0x3a || code === 0x3d || code === 0xff1a)) hasColon = true;
  }
  if (lineEnd < 0 || hasColon) return true;
  const lineStart = text.lastIndexOf('\n', end - 1) + 1;
  if (end - lineStart > MOST_LABEL) return isWrapped(text, lineEnd, position);
  const words = text.slice(lineStart, end).replace(MARKS, '').split(/\s+/).length;
  const most = hint === 'not-a-file-hash' || hint === 'file' ? 4 : 1;
  return words <= most || isWrapped(text, lineEnd, position);
}

const MOST_LABEL = 60;

/** Whether the value begins a line that goes on with words. */
function isWrapped(text: string, lineEnd: number, position: number): boolean {
  if (text.slice(lineEnd + 1, position).trim() !== '') return false;
  return /^[^\s,;|]{3,100} \p{L}/u.test(text.slice(position, position + 110));
}
