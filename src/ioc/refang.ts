import { type Disguise, readBracketedName, readLengths } from './bracketed-name';
import { hasCaretsOfCommand } from './caret';
import { codeAt, isLabel } from './char-class';
import { escapedSign, readJoin } from './code-text';
import { readEntity } from './entity';
import { DotWords, hasDotWord, isJoinedByDot } from './dot-words';
import { plainOf } from './typography';
import { Refanged, RefangedBuilder } from './refanged';
import { hasObfuscationStart, MAY_BE_OBFUSCATED, ObfuscationStarts } from './obfuscation-starts';
import { isSpelledOutDot } from './spelled-dot';
import { Trait, traitsOf } from './text-traits';

const BRACKETED =
  /\\?[[({（【［]{1,2} ?(?:(\.{1,2})|(\.?d[o0]t\.?)|(punkt|point|punto|ponto)|(::?|:\/{1,2})|(\/{1,2})|(@|at)|(s)) ?(?:\\?[\])}）】］]){1,2}/iy;
const MAY_FOLLOW = codesOf(' .dpDP:/@asAS[({');
const OF_A_NAME = codesOf('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-');
/** Whether what stands in brackets begins as {@link BRACKETED} has it, by its first two characters: of "(a)" and "(during" no word does. */
function mayBeBracketed(first: number, second: number): boolean {
  if (MAY_FOLLOW[first] !== 1) return false;
  switch (first | 0x20) {
    case 0x61: // at
      return (second | 0x20) === 0x74;
    case SMALL_D: // dot, d0t
      return (second | 0x20) === 0x6f || second === 0x30;
    case 0x70: // punkt, punto, point, ponto
      return (second | 0x20) === 0x75 || (second | 0x20) === 0x6f;
    default:
      return true;
  }
}

const MAY_FOLLOW_ESCAPE = codesOf('0123456789;m');
/** What a terminal reads as a color, after the escape character or one of the ways to write that. */
const COLOUR = /\[\d{0,3}(?:;\d{1,3})*m/y;
// eslint-disable-next-line no-control-regex
const ESCAPE = /(?:\u001b|\\(?:u001b|x1b|033|e)|#033|\^)$/i;
const ENDS_ESCAPE = '\u001bbB3eE^';
/** Whether the host of a URL, or its port, ends there. */
function endsHost(source: string, at: number): boolean {
  const before = source.slice(Math.max(0, at - LONGEST_HOST), at);
  const slashes = before.lastIndexOf('://');
  if (slashes < 0 || !/h[tx]{2}ps?$/i.test(before.slice(Math.max(0, slashes - 5), slashes))) return false;
  const host = before.slice(slashes + 3);
  return host.includes('.') && !/[\s/\\?#@"'<>]/.test(host);
}

/** With scheme and port. */
const LONGEST_HOST = 270;
/** The scheme of a URL whose slashes somebody has turned round. */
const AFTER_SCHEME = /(?:h[tx*]{2}ps?|f[tx]p)(?::|\[:\]|\(:\))[\\/]?$/i;
const TAG = /<(?:(\.|dot)|wbr ?\/?)>/iy;
/**
 * Undoes what people, mail programs and JSON do to an indicator on its way: `hxxps[:]//evil[.]com`, `&amp;`,
 * `http:\/\/`. The spellings of the scheme (`hxxp`) stay, {@link knownScheme} reads them.
 */
export function refang(source: string, traits = traitsOf(source)): Refanged {
  const refanger = refangerOf(source, traits);
  if (refanger === undefined) return Refanged.plain(source);
  refanger.advance(Infinity);
  return refanger.finish();
}

/** Returns an interruptible refanger for a text, or undefined if nothing in the text is defanged. */
export function refangerOf(source: string, traits = traitsOf(source)): Refanger | undefined {
  if ((traits & (Trait.Obfuscation | Trait.Quote | Trait.DotWord)) === 0) return undefined;
  // One pattern for all that a text of some length is asked for: each further call would cost as much as the text.
  if (traits === (Trait.All as number) && source.length < LONG && !MAY_BE_OBFUSCATED.test(source))
    return undefined;
  const isJoined = (traits & Trait.Quote) !== 0 && (traits & Trait.DotOrColon) !== 0 && isJoinedByDot(source);
  const hasWord = isJoined || hasDotWord(source, traits);
  return hasWord || hasObfuscationStart(source, traits) ? new Refanger(source, hasWord, isJoined) : undefined;
}

/** `\"`, `\r\n` or `\n\n` with the backslashes written out. In one pass: among millions of backslashes to look for each would take long. */
function holdsEscapes(source: string): boolean {
  for (let at = source.indexOf('\\'); at >= 0 && at < source.length; at++) {
    if (source.charCodeAt(at) !== BACKSLASH) continue;
    const next = source.charAt(at + 1);
    if (next === '"' || ((next === 'r' || next === 'n') && source.startsWith('\\n', at + 2))) return true;
  }
  return false;
}

const LONG = 512;
const SPACE = 0x20;
const DOT = 0x2e;
const SLASH = 0x2f;
const COLON = 0x3a;
const OPENING = 0x5b;
const BACKSLASH = 0x5c;
const CAPITAL_D = 0x44;
const SMALL_D = 0x64;

/** 1 at the codes of the characters. */
function codesOf(chars: string): Uint8Array {
  const codes = new Uint8Array(128);
  for (const char of chars) codes[char.charCodeAt(0)] = 1;
  return codes;
}

/**
 * Refangs one text in steps, so that a long text can give the event loop back in between.
 *
 * One pass from left to right, from one character that may begin an obfuscation to the next (`ObfuscationStarts`), or to the next " dot " in words
 * (`DotWords`), whichever comes first. What stands there is read by a function of its own for each kind (bracket, tag, backslash, entity, caret, look-alike
 * character), which replaces it or leaves it. Nothing is read twice, so the time grows with the length of the text; a part that was
 * replaced is not refanged again.
 *
 * `RefangedBuilder` notes each replacement, so that an indicator that is found in the refanged text can be shown as it was written, and
 * each dot that was defanged: `evil[.]com` is a domain by that, where `readme.md` needs other evidence.
 */
export class Refanger {
  readonly #source: string;
  readonly #words: DotWords | undefined;
  readonly #built: RefangedBuilder;
  #at = 0;
  #word: number;
  #begin: number;
  readonly #starts: ObfuscationStarts;
  #escaped: boolean | undefined;
  #hasCarets: boolean | undefined;
  /** Up to where backslashes are the slashes of a URL, as in `http:\\host\path`. */
  #backslashesEnd = 0;

  /** `hasWord`: whether " dot " may be anywhere, or `isJoined`: two strings that a dot puts together. */
  constructor(source: string, hasWord: boolean, isJoined: boolean) {
    this.#source = source;
    this.#built = new RefangedBuilder(source);
    this.#words = hasWord ? new DotWords(source, isJoined) : undefined;
    this.#word = this.#nextWord(0);
    this.#starts = new ObfuscationStarts(source);
    this.#begin = this.#starts.next(0);
  }

  /** Whether the text is inside a JSON string, so that `\n` is a line break and no folder of a Windows path. */
  get #isEscaped(): boolean {
    return (this.#escaped ??= holdsEscapes(this.#source));
  }

  /** Refangs on to about the position `until`; returns whether the text is at its end. */
  advance(until: number): boolean {
    const source = this.#source;
    const { length } = source;
    const limit = Math.min(length, until);
    let word = this.#word;
    let begin = this.#begin;
    let at = this.#at;
    for (; ; at++) {
      if (begin < at) begin = this.#starts.next(at);
      if (word < at) word = this.#nextWord(at);
      if (word < begin ? word >= limit : begin >= limit) break;
      at = word < begin ? this.#dotWord(word) : this.#deobfuscate(begin, source.charCodeAt(begin));
    }
    this.#word = word;
    this.#begin = begin;
    this.#at = at;
    return Math.min(word, begin) >= length;
  }

  #nextWord(from: number): number {
    return this.#words === undefined ? this.#source.length : this.#words.next(from);
  }

  finish(): Refanged {
    return this.#built.finish();
  }

  /** Reads what begins at a position; returns the last position that was read. */
  #deobfuscate(at: number, code: number): number {
    switch (code) {
      case 0x5b:
      case 0x28:
      case 0x7b:
      case 0x3010:
      case 0xff08:
      case 0xff3b:
        return this.#bracket(at);
      case 0x5d:
        return this.#halfBracket(at);
      case 0x3c:
        return this.#tag(at);
      case 0x5c:
        return this.#backslash(at);
      case 0x26:
        return this.#entity(at);
      case 0x2b:
        return this.#join(at) ?? at;
      case 0x5e:
        return this.#caret(at);
      case 0xff1a:
        return this.#fullWidthColon(at);
      case 0x2024:
      case 0xff0e:
        return isLabel(this.#source, at - 1) && isLabel(this.#source, at + 1)
          ? this.#replace(at, 1, '.')
          : at;
      case 0x3002:
      case 0xff61:
        return /^[a-z0-9].[a-z0-9]$/s.test(this.#source.slice(at - 1, at + 2))
          ? this.#replace(at, 1, '.')
          : at;
      case 0xad:
      case 0x200b:
      case 0x200c:
      case 0x200d:
      case 0x2060:
      case 0xfeff:
        return this.#replace(at, 1, '');
      default: {
        const plain = plainOf(this.#source, at, code);
        return plain === undefined ? at : this.#replace(at, 1, plain);
      }
    }
  }

  /** `e^vil.com` in a command line. */
  #caret(at: number): number {
    const source = this.#source;
    const next = codeAt(source, at + 1);
    const isInWord = isLabel(source, at + 1) || next === SLASH || next === COLON || next === DOT;
    if (!isInWord || codeAt(source, at - 1) <= SPACE) return at;
    this.#hasCarets ??= hasCaretsOfCommand(source);
    return this.#hasCarets ? this.#replace(at, 1, '') : at;
  }

  #join(at: number): number | undefined {
    const join = readJoin(this.#source, at);
    if (join === undefined || !this.#built.canReplaceFrom(join.start)) return undefined;
    return this.#replace(join.start, join.end - join.start, '');
  }

  #replace(at: number, length: number, plain: string): number {
    this.#built.replace(at, length, plain);
    return at + length - 1;
  }

  /** `[.]`, ` (dot) `, `{:}//`, `[://]`, `[at]`, `http[s]`, `[.`. */
  #bracket(at: number): number {
    const source = this.#source;
    const next = source.charCodeAt(at + 1);
    if (MAY_FOLLOW_ESCAPE[next] === 1) {
      const number = source[at - 1] === '.' ? readBracketedName(source, at) : undefined;
      if (number !== undefined) return this.#bracketedName(number);
      return source.charCodeAt(at) === OPENING ? this.#color(at) : (this.#lengths(at) ?? at);
    }
    const end = mayBeBracketed(next, source.charCodeAt(at + 2)) ? this.#bracketed(at) : at;
    if (end > at) return end;
    const name = readBracketedName(source, at);
    if (name !== undefined) return this.#bracketedName(name);
    if (MAY_FOLLOW[next] !== 1) return at;
    const opened = source.charCodeAt(at) === 0x5b && source.charCodeAt(at + 1) === 0x2e;
    return opened && isLabel(source, at - 1) && isLabel(source, at + 2) ? this.#defangedDot(at, 2) : at;
  }

  #bracketedName({ start, end, plain }: Disguise): number {
    // File names have no brackets around their last label.
    if (this.#source[start - 1] === '.' && this.#built.canReplaceFrom(start - 1))
      this.#defangedDot(start - 1, 1);
    return this.#replace(start, end - start, plain);
  }

  #lengths(at: number): number | undefined {
    const pieces = readLengths(this.#source, at);
    if (pieces === undefined) return undefined;
    let last = at;
    for (const { start, end, plain } of pieces) {
      last = plain === '.' ? this.#defangedDot(start, end - start) : this.#replace(start, end - start, plain);
    }
    return last;
  }

  /** What stands in brackets, which may themselves be escaped. */
  #bracketed(at: number): number {
    const source = this.#source;
    BRACKETED.lastIndex = at;
    const match = BRACKETED.exec(source);
    if (match === null) return at;
    const [all, dot, word, foreignWord, colon, slash, sign, s] = match;
    const end = at + all.length;
    if (dot !== undefined || word !== undefined || foreignWord !== undefined) {
      // "bad[.][.]com", "bad.[.]com", "bad[.].com": one dot.
      if (this.#built.endsWithDot(at)) return this.#replace(at, all.length, '');
      const dotBefore =
        source[at - 1] === '.' && isLabel(source, at - 2) && this.#built.canReplaceFrom(at - 1);
      if (dotBefore) return isLabel(source, end) ? this.#defangedDot(at - 1, all.length + 1) : at;
      if (source[end] === '.' && isLabel(source, at - 1) && isLabel(source, end + 1))
        return this.#defangedDot(at, all.length + 1);
      // In a path: "/[.]well-known".
      if (dot !== undefined && source[at - 1] === '/' && isLabel(source, end))
        return this.#replace(at, all.length, '.');
      const before = source[at - 1] === ' ' && foreignWord === undefined ? 1 : 0;
      const after = source[end] === ' ' && foreignWord === undefined ? 1 : 0;
      if (!isLabel(source, at - 1 - before)) return at;
      if (before > 0 && after > 0 && !isSpelledOutDot(source, at - 1, end + 1)) return at;
      // A dot that ends the name: "evil[.]com[.]".
      if (!isLabel(source, end + after)) return before === 0 ? this.#defangedDot(at, all.length) : at;
      return this.#defangedDot(at - before, before + all.length + after);
    }
    if (colon === '::' && !(isLabel(source, at - 1) && isLabel(source, end))) return at;
    if (colon !== undefined)
      return this.#replace(at, all.length, colon === ':/' && source[end] !== '/' ? '://' : colon);
    if (slash !== undefined) return this.#replace(at, all.length, slash);
    if (s !== undefined) {
      return /h[tx]{2}p$/i.test(source.slice(Math.max(0, at - 4), at)) && /[:[]/.test(source[end] ?? '')
        ? this.#replace(at, all.length, 's')
        : at;
    }
    if (sign === undefined) return at;
    const before = source[at - 1] === ' ' ? 1 : 0;
    const after = source[end] === ' ' ? 1 : 0;
    if (!isLabel(source, at - 1 - before) || !isLabel(source, end + after)) return at;
    return this.#replace(at - before, before + all.length + after, '@');
  }

  /** `ESC[31m`. */
  #color(at: number): number {
    const source = this.#source;
    if (!ENDS_ESCAPE.includes(source.charAt(at - 1) || ' ')) return at;
    const escape = ESCAPE.exec(source.slice(Math.max(0, at - 6), at))?.[0];
    COLOUR.lastIndex = at;
    if (escape === undefined || !COLOUR.test(source) || !this.#built.canReplaceFrom(at - escape.length))
      return at;
    return this.#replace(at - escape.length, COLOUR.lastIndex - at + escape.length, '');
  }

  #defangedDot(at: number, length: number): number {
    this.#built.replaceWithDot(at, length);
    return at + length - 1;
  }

  /** `evil.]com`, and the end of `evil[.com]/path`. */
  #halfBracket(at: number): number {
    const source = this.#source;
    const next = codeAt(source, at + 1);
    if ((next === SLASH || next === COLON) && this.#opensHalf(at)) return this.#replace(at, 1, '');
    const closes = codeAt(source, at - 1) === DOT && isLabel(source, at - 2) && isLabel(source, at + 1);
    return closes && this.#built.canReplaceFrom(at - 1) ? this.#defangedDot(at - 1, 2) : at;
  }

  /** Whether what ends here is `evil[.com`. */
  #opensHalf(end: number): boolean {
    const source = this.#source;
    let at = end - 1;
    while (at > 0 && end - at < 68 && OF_A_NAME[source.charCodeAt(at)] === 1) at--;
    if (source.charCodeAt(at) !== OPENING || source.charCodeAt(at + 1) !== DOT) return false;
    return /^\w\[\.[\w.-]{1,63}$/.test(source.slice(Math.max(0, at - 1), end));
  }

  /** `http：//` and `ｈttp：／／`, as input methods of East Asia write them. */
  #fullWidthColon(at: number): number {
    const isScheme =
      /^[/／\u2044\u2215]{2}/.test(this.#source.slice(at + 1, at + 3)) && isLabel(this.#source, at - 1);
    return isScheme ? this.#replace(at, 3, '://') : at;
  }

  #tag(at: number): number {
    TAG.lastIndex = at;
    const match = TAG.exec(this.#source);
    if (match === null) return at;
    return match[1] === undefined
      ? this.#replace(at, match[0].length, '')
      : this.#defangedDot(at, match[0].length);
  }

  /** `evil\.com`, `http:\/\/`, `a=1\u0026b=2`, and inside a JSON string `\n`. */
  #backslash(at: number): number {
    const source = this.#source;
    const next = source[at + 1];
    if (at < this.#backslashesEnd) return this.#replace(at, 1, '/');
    // The host ends there for a browser: "https://baddomain.com\\@bank.com" is of baddomain.com.
    if (next === '@' && endsHost(source, at)) return this.#replace(at, 1, '/');
    const joined = this.#sign(at);
    if (joined !== undefined) return joined;
    if (next !== '/' && AFTER_SCHEME.test(source.slice(Math.max(0, at - 10), at))) {
      this.#backslashesEnd = at + (/^[^\s"'<>]*/.exec(source.slice(at, at + 2048))?.[0].length ?? 0);
      return next === '\\' ? this.#replace(at, 2, '//') : this.#replace(at, 1, '/');
    }
    if (next === '.')
      return isLabel(source, at - 1) && isLabel(source, at + 2) ? this.#replace(at, 2, '.') : at;
    if (next === '/') return this.#replace(at, 2, '/');
    if (next === ':' && source.startsWith('//', at + 2)) return this.#replace(at, 2, ':');
    // Markdown escapes brackets: "evil\\[.\\]com".
    if (next === '[' || next === '(') return this.#bracketed(at);
    if (next === 'u') {
      const code = /^00(2[267ef]|3[acde]|40)/i.exec(source.slice(at + 2, at + 6))?.[1];
      return code === undefined ? at : this.#replace(at, 6, String.fromCharCode(parseInt(code, 16)));
    }
    if (!this.#isEscaped || next === undefined) return at;
    if (next === 'n' || next === 'r' || next === 't') return this.#replace(at, 2, '\n');
    return next === '"' || next === '\\' ? this.#replace(at, 2, next) : at;
  }

  /** `?a\=1`, and inside a JSON string `?a\\=1`. */
  #sign(at: number): number | undefined {
    const sign = escapedSign(this.#source, at);
    if (sign !== undefined) return this.#replace(at, 2, sign);
    return this.#source.startsWith('\\\\=', at) && isLabel(this.#source, at - 1)
      ? this.#replace(at, 3, '=')
      : undefined;
  }

  #entity(at: number): number {
    const entity = readEntity(this.#source, at);
    if (entity !== undefined) return this.#replace(at, entity.length, entity.plain);
    return this.#join(at) ?? at;
  }

  /** `evil dot com`, `'evil'.'.com'`. */
  #dotWord(at: number): number {
    const source = this.#source;
    const next = source.charCodeAt(at + 1);
    if (source.charCodeAt(at) !== SPACE || (next !== SMALL_D && next !== CAPITAL_D))
      return this.#join(source.indexOf('.', at)) ?? at;
    return isSpelledOutDot(this.#source, at, at + 5) ? this.#defangedDot(at, 5) : at;
  }
}
