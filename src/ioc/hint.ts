import { Char, classAt, codeAt } from './char-class';
import {
  HAS_A_FILE,
  HASHED_THINGS,
  KNOWN_BY_HASH,
  LONG_ONLY,
  NO_IDS,
  NOT_OF_A_FILE,
  OBJECTS_WITH_HASHES,
} from './hash-words';
import { CHANGED, NETWORK_VERBS, HINTS, type Hint, FILLER_WORDS, PRODUCT_NAMES } from './hint-words';
import { holdsOverLineBreak } from './label-line';
import { copyOf } from './known-names';
import { nameOf, type PropertyPath, namedAncestor } from './property-path';

/** What a word says of the value that it stands before, or is the key of. */
interface Word {
  readonly hint: Hint | undefined;
  readonly isProduct: boolean;
  readonly isChange: boolean;
  readonly isContact: boolean;
  readonly isLink: boolean;
  /** Whether it ends as names of ids do. */
  readonly isId: boolean;
}

const CACHE_LIMIT = 5000;
const MAX_KEY = 64;
const cache = new Map<string, Word>();

const ZERO = 0x30;
/** What `wordStart` goes back at most. */
const LONGEST_WORD = 32;
const NO_WORD: Word = {
  hint: undefined,
  isProduct: false,
  isChange: false,
  isContact: false,
  isLink: false,
  isId: false,
};

/** Reads a word, or finds it read: the same few stand before most values. */
function wordOf(text: string): Word {
  // Numbers, addresses, hashes: each is another one, and no word begins with a digit or is that long.
  if (text.length >= LONGEST_WORD) return NO_WORD;
  if (text.charCodeAt(0) - ZERO < 10 && text.charCodeAt(0) >= ZERO) return NO_WORD;
  const known = cache.get(text);
  if (known !== undefined) return known;
  const lower = text.toLowerCase();
  const word = {
    hint: readKey(text),
    isProduct: PRODUCT_NAMES.has(lower),
    isChange: CHANGED.has(lower),
    isContact: NETWORK_VERBS.has(lower),
    // Not in capitals: "To: " is a field of a mail. But a label as "Serial Number" may have them.
    isLink: FILLER_WORDS.has(text) || /^(?:number|name|no|server|client)$/i.test(text),
    isId: isId(lower),
  };
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(copyOf(text), word);
  return word;
}

/** What a key says of its value: `dst_ip`, `SourceIP`, `dns.question.name`, `SHA-256`. */
export function hintOfKey(key: string): Hint | undefined {
  if (key.length >= LONGEST_WORD) return key.length > MAX_KEY ? undefined : readKey(key);
  return wordOf(key).hint;
}

/**
 * What the keys on the way to a value say of it: `ja3.hash` is the hash of no file, `question.name` is a domain though
 * `name` alone says nothing.
 */
export function hintOfPlace(place: PropertyPath | undefined): Hint | undefined {
  const name = nameOf(place);
  if (name === undefined) return undefined;
  const hint = hintOfKey(name);
  if (hint !== undefined && hint !== 'file') return hint;
  let outer = namedAncestor(namedAncestor(place)?.parent);
  const parent = nameOf(outer);
  if (parent === undefined) return hint;
  if (hint === undefined) return hintOfKey(/^(?:value|raw|hex)$/i.test(name) ? parent : `${parent}.${name}`);
  if (isObjectWithHashes(parent)) return 'not-a-file-hash';
  // ECS has `tls.server.hash.sha1`.
  for (let level = 0; level < 2; level++) {
    outer = namedAncestor(outer?.parent);
    const above = nameOf(outer);
    if (above === undefined) break;
    if (isNotOfAFile(above)) return 'not-a-file-hash';
  }
  return hint;
}

const objects = new Map<string, boolean>();

/** Whether a hash below this key is of no file: `ja3`, `main_icon`, `email`. */
function isObjectWithHashes(key: string): boolean {
  const known = objects.get(key);
  if (known !== undefined) return known;
  const has = isNotOfAFile(key) || OBJECTS_WITH_HASHES.has(wordsOf(key).at(-1) ?? '');
  if (objects.size >= CACHE_LIMIT) objects.clear();
  objects.set(key, has);
  return has;
}

function readKey(key: string): Hint | undefined {
  const whole = HINTS.get(key.toLowerCase()) ?? HINTS.get(key.toLowerCase().replace(/[-_ ]/g, ''));
  if (whole !== undefined) return whole;
  const words = wordsOf(key);
  const isString = words.length > 1 && /^(?:string|str|hex)$/.test(words.at(-1) ?? '');
  if (isString) words.pop();
  const [beforeLast = '', last = ''] = [words.at(-2), words.at(-1)];
  if (isId(last)) return KNOWN_BY_HASH.has(beforeLast) ? undefined : 'not-a-file-hash';
  const hint = HINTS.get(beforeLast + last) ?? HINTS.get(last) ?? HINTS.get(singular(last));
  if (hint !== undefined && hint !== 'file') return hint;
  if (isNotOfAFile(key) || (hint === 'file' && isHashedThing(beforeLast, last))) return 'not-a-file-hash';
  return hint ?? (words.some(isVersionWord) ? 'version' : undefined);
}

/** `aid`, `requestUid`, `device_ids`, `cachekey`, but not `valid`. */
function isId(word: string): boolean {
  return /(?:ids?|identifiers?|.key)$/.test(word) && !NO_IDS.has(word);
}

/** `VersionFrom`, `origagentversion`. */
function isVersionWord(word: string): boolean {
  return word === 'version' || (word.length > 7 && word.endsWith('version'));
}

function singular(word: string): string {
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** True if `thing` before the name of a hash says that the hash is not that of a file. */
function isHashedThing(thing: string, hashWord: string): boolean {
  return HASHED_THINGS.has(thing) && HAS_A_FILE.get(thing)?.test(hashWord) !== true;
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

/**
 * What the words right before a position say of what stands there, as in `md5=`, `"dest_ip": "`, `version 1.2.3.4`.
 * @param gap most characters between such a word and its value
 */
export function hintBefore(text: string, position: number, gap = 8): Hint | undefined {
  const hint = hintOfWords(text, position, gap);
  if (hint === undefined || hint === 'ip' || hint === 'url' || hint === 'domain' || hint === 'domains')
    return hint;
  return holdsOverLineBreak(text, position, hint, gap) ? hint : undefined;
}

function hintOfWords(text: string, position: number, gap: number): Hint | undefined {
  let at = position;
  let link = '';
  for (let words = 0; words < 3; words++) {
    const end = skipGap(text, at, words === 0 ? gap : 0);
    if (end === undefined) return undefined;
    const start = wordStart(text, end);
    if (start === end) return undefined;
    const word = text.slice(start, end);
    const said = wordOf(word);
    const isSpaced = codeAt(text, end) === SPACE;
    const isVersion = said.isProduct && isSpaced && end + 1 === at;
    const hint = isVersion ? 'version' : hintOfWord(text, start, end, at, word, said.hint);
    if (hint === 'not-a-file-hash' && words === 0 && said.isId && isKnownByHash(text, start))
      return undefined;
    // "HASSH Server: <hash>"; but "build server 1.2.3.4".
    if (link !== '' && hint !== 'not-a-file-hash' && /^(?:server|client)$/i.test(link)) return undefined;
    if (hint === 'file') return isHashOfFile(text, start, word, position) ? hint : 'not-a-file-hash';
    if (hint === 'not-a-file-hash' && words > 0)
      return /^(?:number|no|server|client)$/i.test(link) ? hint : undefined;
    if (hint !== undefined) return hint;
    if (words > 0 && said.isChange) return 'version';
    if (said.isContact && isSpaced) return 'domain';
    if (!said.isLink) return undefined;
    at = start;
    link = word;
  }
  return undefined;
}

/** Whether the words before "hash" or "SHA-1" let it be a file's: not in "cert hash", "JA3 hash", "type ref hash". */
function isHashOfFile(text: string, start: number, hashWord: string, position: number): boolean {
  // "fingerprint (SHA-1)"
  let end = codeAt(text, start - 1) === OPENING ? start - 1 : start;
  let isFirst = true;
  for (let words = 0; words < 2; words++) {
    if (codeAt(text, end - 1) !== SPACE) return true;
    const from = wordStart(text, end - 1);
    const word = text.slice(from, end - 1).toLowerCase();
    if (words === 0 && HINTS.get(word + hashWord.toLowerCase()) === 'not-a-file-hash') return false;
    if (NOT_OF_A_FILE.has(word) || NOT_OF_A_FILE.has(word.replace(/-/g, ''))) return false;
    if (isFirst && isHashedThing(word, hashWord.toLowerCase().replace(/-/g, ''))) {
      if (!LONG_ONLY.has(word) || isHexOf64(text, position)) return false;
    }
    // "URL hash SHA-256"
    isFirst = isFirst && word === 'hash';
    end = from;
  }
  return true;
}

/** "Sample ID: <hash>" */
function isKnownByHash(text: string, start: number): boolean {
  if (!/[\s_-]/.test(text.charAt(start - 1))) return false;
  return KNOWN_BY_HASH.has(text.slice(wordStart(text, start - 1), start - 1).toLowerCase());
}

function isHexOf64(text: string, position: number): boolean {
  return /^[0-9a-f]{64}$/i.test(text.slice(position, position + 64));
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
  if (codeAt(text, start - 1) === AT && word.startsWith('sha')) return 'not-a-file-hash';
  if (classAt(text, end - 1) & Char.NoSpaceScript) return hintOfEnd(word);
  if (!word.includes('.')) return asKey;
  // A full stop ends a sentence, but for short forms as in "ver. 1.2.3.4".
  if (word.endsWith('.')) return word.length > 5 ? undefined : hintOfKey(word.slice(0, -1));
  // "source.ip: x" is a key, "setup.exe <x>" isn't.
  return /[=:]/.test(text.slice(end, at)) ? asKey : undefined;
}

const SPACE = 0x20;
const OPENING = 0x28;
const CLOSING = 0x29;
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

/** Before the gap between a word and its value, or with `gap` 0 and another word; undefined when there is none. */
function skipGap(text: string, position: number, gap: number): number | undefined {
  let end = position;
  if (gap === 0) {
    while (end > 0 && position - end < 8 && codeAt(text, end - 1) === 0x20) end--;
    return end === position ? undefined : end;
  }
  while (end > 0 && position - end < gap && (classAt(text, end - 1) & Char.KeySeparator) !== 0) end--;
  if (codeAt(text, end - 1) === CLOSING) {
    // "pe.imphash() == ", "Syntax (OID): "
    if (codeAt(text, end - 2) === OPENING) end -= 2;
    else if (/\(\w{2,20}\)\s*[:=]\s*["']?$/.test(text.slice(Math.max(0, position - 40), position))) end--;
  }
  return end === position && (classAt(text, end - 1) & Char.NoSpaceScript) === 0 ? undefined : end;
}

function wordStart(text: string, end: number): number {
  const apart = classAt(text, end - 1) & Char.NoSpaceScript;
  const limit = Math.max(0, end - LONGEST_WORD);
  let start = end;
  while (start > limit) {
    const before = classAt(text, start - 1);
    if ((before & (Char.Label | Char.Dot | Char.WordSymbol)) === 0 || (before & Char.NoSpaceScript) !== apart)
      break;
    start--;
  }
  return start;
}
