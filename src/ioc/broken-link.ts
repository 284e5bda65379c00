/** A link that a mail program has broken into lines, put together again. */
export interface JoinedLink {
  text: string;
  /** Where it ends in the text. */
  end: number;
}

const BREAK = /=?[ \t]*\r?\n[>|]?[>| \t]{0,40}/y;
const PIECE = /[^\s<>"'`]{1,2048}/y;
const SCHEME = /^[a-z][a-z0-9+.-]{1,9}:\/\//i;
/** What the link of a filter goes on with, and hardly any text does. */
const OF_A_LINK = /%[0-9a-f]{2}|&(?:amp;)?[\w-]+=/i;
/** A mail program breaks no shorter line. */
const SHORTEST_LINE = 60;
const MOST_LINES = 40;
const LONGEST = 8192;

/**
 * Reads on, where a line ends, the link of a mail filter or a redirect that begins at `start`: such links are longer than a line. In angle
 * brackets it goes on to the closing one (RFC 3986, appendix C); without them as long as the lines are full and look like the rest of a link.
 */
export function joinBrokenLink(text: string, start: number, end: number): JoinedLink {
  const lineEnd = pastPunctuation(text, end);
  let at = lineEnd;
  const isEnclosed = text[start - 1] === '<' && isClosed(text, at);
  let link = text.slice(start, at);
  let lineStart = text.lastIndexOf('\n', start) + 1;
  for (let line = 0; line < MOST_LINES && link.length < LONGEST; line++) {
    BREAK.lastIndex = at;
    const gap = BREAK.exec(text);
    if (gap === null) break;
    PIECE.lastIndex = at + gap[0].length;
    const piece = PIECE.exec(text)?.[0];
    if (piece === undefined) break;
    const goesOn = isEnclosed || (at - lineStart >= SHORTEST_LINE && OF_A_LINK.test(piece));
    if (!goesOn || (SCHEME.test(piece) && !link.endsWith('='))) break;
    lineStart = at + gap[0].length;
    // The soft line break of a body in quoted-printable that doesn't say so.
    link = (link.includes('=3D') ? link.replace(/=$/, '') : link) + piece;
    at = PIECE.lastIndex;
  }
  return at > lineEnd ? { text: link, end: at } : { text: text.slice(start, end), end };
}

/** Whether a URL that ends there is the last of its line. */
export function endsLine(text: string, end: number): boolean {
  const code = text.charCodeAt(pastPunctuation(text, end));
  return code === LINE_FEED || code === CARRIAGE_RETURN;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** What ends a sentence is a part of a link that goes on in the next line. */
function pastPunctuation(text: string, end: number): number {
  let at = end;
  while (at - end < 3 && '.,;:!?*~'.includes(text.charAt(at) || ' ')) at++;
  return at;
}

/** Whether the lines up to the closing bracket are one word each. The mark of a quoted line is no closing bracket. */
function isClosed(text: string, lineEnd: number): boolean {
  let at = lineEnd;
  for (let line = 0; line < MOST_LINES; line++) {
    BREAK.lastIndex = at;
    if (!BREAK.test(text)) return false;
    PIECE.lastIndex = BREAK.lastIndex;
    if (!PIECE.test(text)) return text[BREAK.lastIndex] === '>';
    at = PIECE.lastIndex;
    if (text[at] === '>') return true;
  }
  return false;
}
