import { readHashName } from './hash-name';
import { copyOf } from './known-names';

/** Words of a label that don't say which file it is about. */
const FILLERS: ReadonlySet<string> = new Set(
  (
    'is was are the of for its as in type value name data field key algorithm alg algo hashalgorithm hashtype filehash ' +
    'and td tr th li ul ol p b strong em i br code pre span div dd dt dl class style ' +
    'x text xml stix object simple cybox indicator eventdata event file files ist war der die das lautet est le la de es el'
  ).split(' '),
);
/** Other hashes of the same file, and what they are made of. */
const OTHER_HASH =
  /^(?:imp_?hash|imp_?fuzzy|sha-?2|sha_?-?(?:224|384|512)|sha3(?:-?\d+)?|ssdeep|tlsh|vhash|authenti_?hash|pe_?hash|rich_?(?:pe_?)?(?:header)?_?hash|telfhash|sdhash|crc-?32|crc-?64|blake2?\w*|ripemd-?160|whirlpool|quickxor|size|bytes)$/i;
const CONJUNCTION = /^(?:and|or|und|oder|et|ou|y|e|o|及|和|と)$/i;
const SEPARATORS = /[^\p{L}\p{N}_.-]+/u;

/** A word of a label, and what it says of the hash behind it. */
export interface LabelWord {
  readonly text: string;
  /** Whether it means a hash, and whether it names the algorithm: see {@link readHashName}. */
  readonly isHash: boolean;
  readonly isKind: boolean;
  /** What it says of the file; empty for nothing. */
  readonly stem: string;
  /** Whether it names something else that is said of a file: another hash, or its size. */
  readonly isOther: boolean;
  readonly isSize: boolean;
  readonly isConjunction: boolean;
}

/** The same few words are in most labels. */
const known = new Map<string, LabelWord>();
const MOST_KNOWN = 2000;
/** Longer ones are names of files and values. */
const LONGEST_KNOWN = 24;

function labelWord(text: string): LabelWord {
  if (text.length > LONGEST_KNOWN) return readWord(text);
  const before = known.get(text);
  if (before !== undefined) return before;
  const word = readWord(copyOf(text));
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(word.text, word);
  return word;
}

function readWord(text: string): LabelWord {
  const { isHash, isKind, stem } = readHashName(text);
  return {
    text,
    isHash,
    isKind,
    stem: FILLERS.has(text.toLowerCase()) || FILLERS.has(stem) ? '' : stem,
    isOther: OTHER_HASH.test(text),
    isSize: /^(?:size|bytes)$/i.test(text),
    isConjunction: CONJUNCTION.test(text),
  };
}

/** The words of a label, without other hashes and their values: "SHA512=<hash>, IMPHASH=<hash>, SHA256=". */
export function labelWordsOf(label: string): LabelWord[] {
  const all = wordsOf(label);
  if (!all.some(isOtherHash)) return all;
  const words: LabelWord[] = [];
  for (let at = 0; at < all.length; at++) {
    const word = all[at];
    if (word === undefined) break;
    if (!isOtherHash(word)) words.push(word);
    else while (isValueOfOther(all[at + 1]?.text ?? '')) at++;
  }
  return words;
}

function isOtherHash({ isOther, isSize }: LabelWord): boolean {
  return isOther && !isSize;
}

/** Hex digits, TLSH, a part of ssdeep. */
function isValueOfOther(word: string): boolean {
  return (
    /^[\da-f]{8,}$/i.test(word) || /^T1[\dA-F]{70}$/.test(word) || /^\d+$/.test(word) || word.length > 20
  );
}

/** What is known of each UTF-16 code unit: whether it is in a word, once it was asked. A pattern takes fifty times as long. */
const OF_A_WORD = new Uint8Array(0x10000);
const YES = 1;
const NO = 2;

/** Whether a character is a letter, a digit, or a sign that may be within a word. */
export function isOfWord(code: number): boolean {
  const known = OF_A_WORD[code] ?? 0;
  if (known !== 0) return known === YES;
  const isOne = !SEPARATORS.test(String.fromCharCode(code));
  OF_A_WORD[code] = isOne ? YES : NO;
  return isOne;
}

// Held for the reason that char-class.ts gives.
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the text as `this`
const { charCodeAt } = String.prototype;

/** The words of a text, without what closes an element of HTML. @param most the number of words after which it stops */
export function wordsOf(text: string, most = Infinity): LabelWord[] {
  const plain = text.includes('<') ? text.replace(/<\/[^<>]{1,40}>/g, ' ') : text;
  // By the codes of the characters: a pattern and the lists that it makes would take most of the time that a label takes.
  const words: LabelWord[] = [];
  const { length } = plain + '';
  let start = -1;
  for (let at = 0; at <= length; at++) {
    const code = at < length ? charCodeAt.call(plain, at) : 0;
    // A letter of two code units.
    if (code >= FIRST_SURROGATE && code <= LAST_SURROGATE) return wordsOfAnyScript(plain);
    if (isOfWord(code)) {
      if (start < 0) start = at;
    } else if (start >= 0) {
      addWord(words, plain, start, at);
      if (words.length >= most) return words;
      start = -1;
    }
  }
  return words;
}

/** Adds a word without the dots and hyphens around it. */
function addWord(words: LabelWord[], text: string, from: number, to: number): void {
  let start = from;
  let end = to;
  while (start < end && isPoint(charCodeAt.call(text, start))) start++;
  while (end > start && isPoint(charCodeAt.call(text, end - 1))) end--;
  if (end > start) words.push(labelWord(text.slice(start, end)));
}

function isPoint(code: number): boolean {
  return code === DOT || code === HYPHEN;
}

const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;
const DOT = 0x2e;
const HYPHEN = 0x2d;

function wordsOfAnyScript(text: string): LabelWord[] {
  return text
    .split(SEPARATORS)
    .map((word) => word.replace(/^[.-]+|[.-]+$/g, ''))
    .filter((word) => word !== '')
    .map(labelWord);
}
