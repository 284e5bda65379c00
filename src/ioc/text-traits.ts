/** What a text holds, as one look at each of its characters tells: a sum of these. */
export const enum Trait {
  LineFeed = 1,
  Equals = 2,
  /** A comma or a semicolon. */
  Separator = 4,
  /** A dot or a colon: all indicators but hashes have one. */
  DotOrColon = 8,
  /** One of {@link OBFUSCATION_STARTS}. */
  Obfuscation = 16,
  Quote = 32,
  Space = 64,
  NotAscii = 128,
  Percent = 256,
  /** "dot " or "DOT ", which may spell out a dot. */
  DotWord = 512,
  /** Of a text that isn't read for its traits. */
  All = 1023,
}

/**
 * A text that is longer, in characters, isn't read for its traits: it is likely to have them all, and in a long text to look for each
 * alone is quicker.
 */
export const MOST_READ = 128;

/** What an obfuscation begins with, as in a character class; `]` is in it for `evil.]com`. */
export const OBFUSCATION_STARTS =
  '[({<]\\&+^\u00ad\u200b-\u200d\u2010\u2011\u2013\u2024\u2044\u2060\u2212\u2215\u3002\u3010\ufb00-\ufb06\ufe63\ufeff\uff08\uff0d-\uff0f\uff1a\uff3b\uff61';

/** The traits of each UTF-16 code unit. Loops over a text keep it in a local constant: an import is looked up each time. */
export const TRAITS: Uint16Array = new Uint16Array(0x10000).fill(Trait.NotAscii, 0x80);

for (const [range] of OBFUSCATION_STARTS.matchAll(/.-.|./gsu)) {
  for (let code = range.charCodeAt(0); code <= range.charCodeAt(range.length - 1); code++)
    add(code, Trait.Obfuscation);
}
addChars('\n', Trait.LineFeed);
addChars('=', Trait.Equals);
addChars(',;', Trait.Separator);
addChars('.:', Trait.DotOrColon);
addChars('\'"', Trait.Quote);
addChars(' ', Trait.Space);
addChars('%', Trait.Percent);

function addChars(chars: string, trait: Trait): void {
  for (const char of chars) add(char.charCodeAt(0), trait);
}

function add(code: number, trait: Trait): void {
  TRAITS[code] = (TRAITS[code] ?? 0) | trait;
}

// Held for the reason that char-class.ts gives.
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the text as `this`
const { charCodeAt } = String.prototype;

/** The traits of a text; all of them for a text that is longer than {@link MOST_READ}. */
export function traitsOf(text: string): number {
  const { length } = text + '';
  if (length > MOST_READ) return Trait.All;
  const table = TRAITS;
  let traits = 0;
  for (let at = 0; at < length; at++) {
    const code = charCodeAt.call(text, at);
    traits |= table[code] ?? 0;
    // To search the text for the word would take longer than to read all of it here.
    if (code === SPACE && at > 2 && isDotBefore(text, at)) traits |= Trait.DotWord;
  }
  return traits;
}

const SPACE = 0x20;

function isDotBefore(text: string, at: number): boolean {
  const last = charCodeAt.call(text, at - 1);
  if (last === SMALL_T)
    return charCodeAt.call(text, at - 2) === SMALL_O && charCodeAt.call(text, at - 3) === SMALL_D;
  return (
    last === CAPITAL_T &&
    charCodeAt.call(text, at - 2) === CAPITAL_O &&
    charCodeAt.call(text, at - 3) === CAPITAL_D
  );
}

const CAPITAL_D = 0x44;
const CAPITAL_O = 0x4f;
const CAPITAL_T = 0x54;
const SMALL_D = 0x64;
const SMALL_O = 0x6f;
const SMALL_T = 0x74;
