/** What a character is to the search for indicators: a sum of these. */
export const enum Char {
  /** A letter, digit, hyphen or underscore: what the labels of a host name are made of, in any script. */
  Label = 1,
  Dot = 2,
  Hex = 4,
  Digit = 8,
  /** A letter of a script that is written without spaces, or that never shares a label with Latin letters. */
  NoSpaceScript = 16,
  /** Ends a URL. */
  UrlStop = 32,
  /** May stand between a word and the value it speaks of, as in `"md5": "`. */
  KeySeparator = 128,
  /** Belongs to such a word though it is no label character: `§`, `$schema`. */
  WordSymbol = 256,
}

/** What each UTF-16 code unit is. Loops over a text keep it in a local constant: an import is looked up each time. */
export const CLASS: Uint16Array = new Uint16Array(0x10000);
const classes = CLASS;

function add(bits: number, ...ranges: readonly (readonly [number, number])[]): void {
  for (const [first, last] of ranges) {
    for (let code = first; code <= last; code++) CLASS[code] = (CLASS[code] ?? 0) | bits;
  }
}

function addChars(bits: number, chars: string): void {
  for (const char of chars) CLASS[char.charCodeAt(0)] = (CLASS[char.charCodeAt(0)] ?? 0) | bits;
}

function remove(...ranges: readonly (readonly [number, number])[]): void {
  for (const [first, last] of ranges) CLASS.fill(0, first, last + 1);
}

addChars(Char.Label, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_');
addChars(Char.Hex, '0123456789abcdefABCDEF');
addChars(Char.Digit, '0123456789');
addChars(Char.Dot, '.');
// Latin with marks, Greek, Cyrillic, Armenian; the multiplication and division signs are among them.
add(Char.Label, [0xc0, 0x58f], [0x1e00, 0x1fff], [0x2c00, 0x2dff]);
remove([0xd7, 0xd7], [0xf7, 0xf7], [0x37e, 0x37e], [0x387, 0x387], [0x55a, 0x55f], [0x589, 0x58a]);
// Hebrew, Arabic, the scripts of India, South-East Asia and so on; then East Asia, without its punctuation.
add(Char.Label | Char.NoSpaceScript, [0x590, 0x1dff], [0x2e80, 0xd7ff], [0xf900, 0xfdff], [0xfe70, 0xfefe]);
remove([0x5be, 0x5be], [0x5c0, 0x5c0], [0x5f3, 0x5f4], [0x60c, 0x60d], [0x61b, 0x61f], [0x66a, 0x66d]);
remove([0x6d4, 0x6d4], [0x964, 0x965], [0xe2f, 0xe2f], [0xe5a, 0xe5b], [0x104a, 0x104f], [0x17d4, 0x17da]);
remove(
  [0x3000, 0x3004],
  [0x3008, 0x3020],
  [0x3030, 0x3030],
  [0x303d, 0x303d],
  [0x30fb, 0x30fb],
  [0xfd3e, 0xfd3f],
);
// Full-width letters and digits are the ASCII ones to IDNA; half-width kana and Hangul.
add(Char.Label, [0xff10, 0xff19], [0xff21, 0xff3a], [0xff41, 0xff5a]);
add(Char.Label | Char.NoSpaceScript, [0xff66, 0xffdc]);

add(
  Char.UrlStop,
  [0, 0x20],
  [0x7f, 0xa0],
  [0x2000, 0x200a],
  [0x2018, 0x201f],
  [0x2028, 0x202f],
  [0x2039, 0x203a],
);
add(
  Char.UrlStop,
  [0x3000, 0x3003],
  [0x3008, 0x3011],
  [0x3014, 0x301f],
  [0xff08, 0xff09],
  [0xff0c, 0xff0c],
  [0xff1a, 0xff1f],
);
addChars(Char.UrlStop, '"<>`|\\«»！。，、；：？（）［］｛｝｡､');

addChars(Char.KeySeparator, ' \t\r\n\u00a0"\'`=:：([{<>*|@→_-');
addChars(Char.WordSymbol, '$§');

/**
 * V8 keeps strings in a dozen forms (in bytes or not, a slice of another one, put together of two, interned), and a place in a
 * program that has seen more than four of them looks up `text.length` and `text.charCodeAt` again each time, at 20 to 60 ns for a
 * character in place of 2. So the method is held here, and a text to which nothing is added is a string to V8 in any form.
 */
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the text as `this`
const { charCodeAt } = String.prototype;

/** The class of the character at a position; 0 before the start and after the end. */
export function classAt(text: string, position: number): number {
  return position >= 0 && position < (text + '').length ? (classes[charCodeAt.call(text, position)] ?? 0) : 0;
}

/** The code unit at a position; -1 before the start and after the end, which is cheaper than to ask for NaN. */
export function codeAt(text: string, position: number): number {
  return position >= 0 && position < (text + '').length ? charCodeAt.call(text, position) : -1;
}

/** Where the last dot before `end` stands; -1 when there is none. A loop, as `lastIndexOf` is slow for short names. */
export function lastDotOf(text: string, end = (text + '').length): number {
  let at = end - 1;
  while (at >= 0 && charCodeAt.call(text, at) !== FULL_STOP) at--;
  return at;
}

const FULL_STOP = 0x2e;

/** True if the character at the position may stand in a label of a host name. False beyond the end of the text. */
export function isLabel(text: string, position: number): boolean {
  return (classAt(text, position) & Char.Label) !== 0;
}
