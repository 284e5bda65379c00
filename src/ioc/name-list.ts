import { isLabel, lastDotOf } from './char-class';
import { asciiHostName } from './domain';
import { classifyTld } from './tld';
import { isLikelyDomain } from './domain-heuristics';

/** A line that is a dotted name and nothing else, but for the bullet and the marks of a list. */
const LINE =
  /^[ \t>|]{0,16}(?:[*•+-][ \t]{1,4}|\d{1,3}[.)][ \t]{1,4})?["'`*_[(]{0,3}([\p{L}\p{N}_-]{1,63}(?:\.[\p{L}\p{N}_-]{1,63}){1,8})["'`*_\])]{0,3}[ \t]*[,;.|]?[ \t\r]*$/u;
const MAX_LINE = 320;
/** How many lines beside a name are looked at, in either direction. */
const LINES = 8;
/** What files end in more often than domains do: of these two domains beside them are wanted. */
const OF_FILES: ReadonlySet<string> = new Set(
  'zip mov py sh rs md so ps pm mk tf cab java php map properties'.split(' '),
);

/**
 * Whether a name stands alone on its line in a list of names, one a line, of which others can only be domains: then it is
 * one too, whatever it ends in.
 */
export function isInListOfNames(text: string, start: number, end: number): boolean {
  if (!mayEndItsLine(text, end)) return false;
  const lineStart = startOfLine(text, start);
  const lineEnd = endOfLine(text, end);
  // Alone in its text it is in no list.
  if (lineStart === 0 && lineEnd === text.length) return false;
  if (isAfterWord(text, lineStart, start)) return false;
  const own = nameOf(text, lineStart, lineEnd);
  if (own === undefined) return false;
  let wanted = OF_FILES.has(own.slice(lastDotOf(own) + 1).toLowerCase()) ? 2 : 1;
  for (let from = lineEnd + 1, line = 0; line < LINES && from < text.length && wanted > 0; line++) {
    const to = endOfLine(text, from);
    const name = nameOf(text, from, to);
    if (name === undefined) break;
    if (isSurelyDomain(name)) wanted--;
    from = to + 1;
  }
  for (let to = lineStart - 1, line = 0; line < LINES && to > 0 && wanted > 0; line++) {
    const from = startOfLine(text, to);
    const name = nameOf(text, from, to);
    if (name === undefined) break;
    if (isSurelyDomain(name)) wanted--;
    to = from - 1;
  }
  return wanted === 0;
}

/** Whether a word and a space stand before a name on its line, as {@link LINE} has none: cheap, and true of most names in prose. */
function isAfterWord(text: string, lineStart: number, start: number): boolean {
  for (let at = lineStart + 1; at < start; at++) {
    if (text.charCodeAt(at) !== SPACE) continue;
    if (isLabel(text, at - 1) && text.charCodeAt(at - 1) !== HYPHEN) return true;
  }
  return false;
}

const SPACE = 0x20;
const HYPHEN = 0x2d;

/** Whether nothing follows but what {@link LINE} has after a name: cheap, and true of few names. */
function mayEndItsLine(text: string, end: number): boolean {
  for (let at = end; at < text.length && at < end + MAX_LINE; at++) {
    const char = text.charAt(at);
    if (char === '\n') return true;
    if (!MAY_FOLLOW_NAME.includes(char) && !isLabel(text, at)) return false;
  }
  return true;
}

const MAY_FOLLOW_NAME = '"\'`*])\t ,;.|\r';

/** Where the line begins that has the character before a position; not looked for further than such a line can be long. */
function startOfLine(text: string, position: number): number {
  const from = Math.max(0, position - MAX_LINE);
  return from + text.slice(from, position).lastIndexOf('\n') + 1;
}

function endOfLine(text: string, position: number): number {
  const length = text.slice(position, position + MAX_LINE).indexOf('\n');
  return length < 0 ? Math.min(text.length, position + MAX_LINE) : position + length;
}

function nameOf(text: string, from: number, to: number): string | undefined {
  return to - from >= MAX_LINE ? undefined : LINE.exec(text.slice(from, to))?.[1];
}

function isSurelyDomain(raw: string): boolean {
  const tld = classifyTld(raw.slice(lastDotOf(raw) + 1));
  if (tld !== 'unambiguous' && tld !== 'word') return false;
  const value = asciiHostName(raw);
  return value !== undefined && isLikelyDomain({ raw, value, tld, next: '\n' });
}
