import { Char, classAt } from './char-class';
import {
  CHANGED,
  CONTACTED,
  HASHED_THINGS,
  HINTS,
  type Hint,
  LINK_WORDS,
  NOT_OF_A_FILE,
  PRODUCTS,
} from './hint-words';
import { nameOfPlace, type Place, placeOfName } from './place';

/** What a word says of the value that it stands before, or is the key of. */
interface Word {
  readonly hint: Hint | undefined;
  readonly isProduct: boolean;
  readonly isChange: boolean;
  readonly isContact: boolean;
  readonly isLink: boolean;
}

const CACHE_LIMIT = 5000;
const MAX_KEY = 64;
const cache = new Map<string, Word>();

const ZERO = 0x30;
const NO_WORD: Word = { hint: undefined, isProduct: false, isChange: false, isContact: false, isLink: false };

/** Reads a word, or finds it read: the same few stand before most values. */
function wordOf(text: string): Word {
  const known = cache.get(text);
  if (known !== undefined) return known;
  // Numbers and addresses: each is another one, and no word begins with a digit.
  if (text.charCodeAt(0) - ZERO < 10 && text.charCodeAt(0) >= ZERO) return NO_WORD;
  const lower = text.toLowerCase();
  const word = {
    hint: readKey(text),
    isProduct: PRODUCTS.has(lower),
    isChange: CHANGED.has(lower),
    isContact: CONTACTED.has(lower),
    isLink: LINK_WORDS.has(text),
  };
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(text, word);
  return word;
}

/** What a key says of its value: `dst_ip`, `SourceIP`, `dns.question.name`, `SHA-256`. */
export function hintOfKey(key: string): Hint | undefined {
  return key.length > MAX_KEY ? undefined : wordOf(key).hint;
}

/**
 * What the keys on the way to a value say of it: `ja3.hash` is the hash of no file, `question.name` is a domain though
 * `name` alone says nothing.
 */
export function hintOfPlace(place: Place | undefined): Hint | undefined {
  const name = nameOfPlace(place);
  if (name === undefined) return undefined;
  const hint = hintOfKey(name);
  if (hint !== undefined && hint !== 'file') return hint;
  let outer = placeOfName(placeOfName(place)?.parent);
  const parent = nameOfPlace(outer);
  if (parent === undefined) return hint;
  if (hint === undefined) return hintOfKey(`${parent}.${name}`);
  if (hintOfKey(`${parent}.hash`) === 'opaque') return 'opaque';
  // ECS has `tls.server.hash.sha1`.
  for (let level = 0; level < 2; level++) {
    outer = placeOfName(outer?.parent);
    const above = nameOfPlace(outer);
    if (above === undefined) break;
    if (hintOfKey(`${above}.file.hash`) === 'opaque') return 'opaque';
  }
  return hint;
}

function readKey(key: string): Hint | undefined {
  const whole = HINTS.get(key.toLowerCase()) ?? HINTS.get(key.toLowerCase().replace(/[-_ ]/g, ''));
  if (whole !== undefined) return whole;
  const words = wordsOf(key);
  const [beforeLast = '', last = ''] = [words.at(-2), words.at(-1)];
  const hint = HINTS.get(beforeLast + last) ?? HINTS.get(last);
  if (hint !== undefined && hint !== 'file') return hint;
  if (isNotOfAFile(key) || (hint === 'file' && HASHED_THINGS.has(beforeLast))) return 'opaque';
  return hint;
}

function isNotOfAFile(key: string): boolean {
  return NOT_OF_A_FILE.has(key.toLowerCase()) || wordsOf(key).some((word) => NOT_OF_A_FILE.has(word));
}

/** `destinationHostname`, `DESTINATION_HOSTNAME` and `destination.hostname` are the same two words. */
function wordsOf(key: string): string[] {
  const words = key
    .replace(/sha[-_ ]?(1|256)/gi, 'sha$1')
    .match(/\p{Lu}[\p{Lu}\d]+(?!\p{Ll})|\p{Lu}?[\p{Ll}\d]+|\p{Lo}+/gu);
  return (words ?? []).map((word) => word.toLowerCase());
}

/** What the words right before a position say of what stands there, as in `md5=`, `"dest_ip": "`, `version 1.2.3.4`. */
export function hintBefore(text: string, position: number): Hint | undefined {
  let at = position;
  let link = '';
  for (let words = 0; words < 3; words++) {
    const end = skipGap(text, at, words === 0);
    if (end === undefined) return undefined;
    const start = wordStart(text, end);
    if (start === end) return undefined;
    const word = text.slice(start, end);
    const said = wordOf(word);
    const isSpaced = text.charCodeAt(end) === SPACE;
    const isVersion = said.isProduct && isSpaced && end + 1 === at;
    const hint = isVersion ? 'version' : hintOfWord(text, start, end, at, word, said.hint);
    if (hint === 'file') return isHashOfFile(text, start) ? hint : 'opaque';
    if (hint === 'opaque' && words > 0) return /^(?:number|no)$/.test(link) ? hint : undefined;
    if (hint !== undefined) return hint;
    if (words > 0 && said.isChange) return 'version';
    if (said.isContact && isSpaced) return 'domain';
    if (!said.isLink) return undefined;
    at = start;
    link = word;
  }
  return undefined;
}

/** Whether the word before "hash" or "SHA-1" lets it be a file's: not in "cert hash", "JA3 hash", "password hash". */
function isHashOfFile(text: string, start: number): boolean {
  if (text.charCodeAt(start - 1) !== 0x20) return true;
  const word = text.slice(wordStart(text, start - 1), start - 1).toLowerCase();
  return !NOT_OF_A_FILE.has(word) && !HASHED_THINGS.has(word);
}

/** `start` to `end`: the word; `end` to `at`: the gap between it and its value; `asKey`: what it says as a key. */
function hintOfWord(
  text: string,
  start: number,
  end: number,
  at: number,
  word: string,
  asKey: Hint | undefined,
): Hint | undefined {
  // An image's digest: "nginx@sha256:".
  if (text.charCodeAt(start - 1) === AT && word.startsWith('sha')) return 'opaque';
  if (classAt(text, end - 1) & Char.Apart) return hintOfEnd(word);
  if (!word.includes('.')) return asKey;
  // A full stop ends a sentence, but for short forms as in "ver. 1.2.3.4".
  if (word.endsWith('.')) return word.length > 5 ? undefined : hintOfKey(word.slice(0, -1));
  // "source.ip: x" is a key, "setup.exe <x>" isn't.
  return /[=:]/.test(text.slice(end, at)) ? asKey : undefined;
}

const SPACE = 0x20;
const AT = 0x40;

/** Scripts without spaces have the word at the end of the run, but for a particle: バージョンは, 版本为. */
function hintOfEnd(run: string): Hint | undefined {
  return hintOfLast(run) ?? (/[はがを为為是]$/.test(run) ? hintOfLast(run.slice(0, -1)) : undefined);
}

function hintOfLast(run: string): Hint | undefined {
  for (let length = Math.min(6, run.length); length > 0; length--) {
    const hint = HINTS.get(run.slice(-length));
    if (hint !== undefined) return hint;
  }
  return undefined;
}

/** Before the gap between a word and its value; undefined when there is none. */
function skipGap(text: string, position: number, isFirst: boolean): number | undefined {
  let end = position;
  if (!isFirst) {
    while (end > 0 && position - end < 8 && text.charCodeAt(end - 1) === 0x20) end--;
    return end === position ? undefined : end;
  }
  while (end > 0 && position - end < 8 && (classAt(text, end - 1) & Char.Gap) !== 0) end--;
  // "pe.imphash() == "
  if (end > 2 && text.startsWith('()', end - 2)) end -= 2;
  return end === position && (classAt(text, end - 1) & Char.Apart) === 0 ? undefined : end;
}

function wordStart(text: string, end: number): number {
  const apart = classAt(text, end - 1) & Char.Apart;
  const limit = Math.max(0, end - 32);
  let start = end;
  while (start > limit) {
    const before = classAt(text, start - 1);
    if ((before & (Char.Label | Char.Dot | Char.OfWord)) === 0 || (before & Char.Apart) !== apart) break;
    start--;
  }
  return start;
}
