/**
 * What must not stand in a line that a person reads in a log, a status or the sidebar: control characters (C0, DEL, C1: terminals obey
 * them), line and paragraph separators, bidirectional controls (they show text in another order than it is), zero-width and other
 * characters that show nothing, and halves of surrogate pairs.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** Blanks and what breaks a line. */
const GAP = /[\s\u0085]+/gu;

/** Most texts: nothing in them is to be cleaned, so one look is enough. */
const PLAIN = /^[ -~]*$/;

/** Longest text of an error, in characters. */
export const LONGEST_TEXT = 2_000;

/**
 * A text from outside, fit for an error, log, status or reason: one line, nothing in it that isn't seen, not long. A line break or
 * tab becomes one blank, with the blanks around it. What isn't seen is spelled out (`\u202e`) rather than dropped, as it may be what is
 * wrong with the text, and as what it divided must not join.
 *
 * @param most characters of the text; what is cut off shows as `…`
 */
export function oneLine(text: string, most = LONGEST_TEXT): string {
  if (text.length <= most && PLAIN.test(text)) return text.trim();
  const line = spelledOut(
    start(text, 4 * most)
      .replace(GAP, (gap) => (/^ +$/.test(gap) ? gap : ' '))
      .trim(),
  );
  const cut = start(line, most);
  return cut.length < line.length || text.length > 4 * most ? `${cut}…` : line;
}

/** A value as a message shows it: quoted as JSON, on one line, at most about 80 characters of it. */
export function quote(value: string): string {
  const shown = value.length > 80 ? `${start(value, 77)}...` : value;
  return spelledOut(JSON.stringify(shown));
}

/** The beginning of a text, not in the middle of a surrogate pair. */
function start(text: string, most: number): string {
  if (text.length <= most) return text;
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
}

function spelledOut(text: string): string {
  return text.replace(UNSEEN, (unseen) =>
    Array.from({ length: unseen.length }, (_, i) => `\\u${hex(unseen.charCodeAt(i))}`).join(''),
  );
}

function hex(code: number): string {
  return code.toString(16).padStart(4, '0');
}
