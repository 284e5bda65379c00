/** What a key, a head of a column or the words before a value say of a hash: whether they name one, and of which file it is. */
export interface HashName {
  /** Whether a word in it means a hash: `md5`, `hash`. Of nothing else it is known that the value is one of several hashes of a file. */
  readonly isHash: boolean;
  /** Whether it names the algorithm. */
  readonly isKind: boolean;
  /** What is left without these words, in lower case: `after` of `md5_after`, `parent` of `ParentHashes`; empty for `SHA256 hash`. */
  readonly stem: string;
}

const KIND = /sha[-_ ]?2?[-_ ]?256(?!\d)|sha[-_ ]?1(?!\d)|md[-_ ]?5(?!\d)/gi;
/** What stands in the place of a name of an algorithm. */
const MARK = '§';
const HASH_WORDS = new Set([
  'hash',
  'hashes',
  'checksum',
  'checksums',
  'digest',
  'digests',
  'sum',
  'sums',
  'fingerprint',
]);
/** Of any hash, and so of no certain file. */
const PLAIN_WORDS = new Set(['file', 'files', 'string', 'str', 'value', 'values', 'hex', 'hexdigest']);

/** Reads a name as people and products write it: `md5_after`, `FileHash-SHA256`, `InitiatingProcessSHA1`, `parentHashes`. */
export function readHashName(name: string): HashName {
  if (name.length > LONGEST_NAME) return NO_NAME;
  const known = names.get(name);
  if (known !== undefined) return known;
  const read = readWords(name);
  if (names.size >= MOST_NAMES) names.clear();
  names.set(name, read);
  return read;
}

/** The same few keys stand before most hashes. */
const names = new Map<string, HashName>();
const MOST_NAMES = 2000;
/** A longer text, in characters, is no name of a hash. Some of megabytes would be read in one go, and kept. */
const LONGEST_NAME = 256;
const NO_NAME: HashName = { isHash: false, isKind: false, stem: '' };

function readWords(name: string): HashName {
  const spaced = name
    .replace(KIND, ` ${MARK} `)
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .toLowerCase();
  let isHash = false;
  let isKind = false;
  const stem: string[] = [];
  for (const word of spaced.split(/[^\p{L}\p{N}§]+/u)) {
    const joined = /^(\p{L}*?)(?:hash|hashes|checksum|checksums)$/u.exec(word)?.[1];
    if (word === MARK) isKind = true;
    else if (HASH_WORDS.has(word)) isHash = true;
    else if (joined !== undefined) {
      isHash = true;
      if (!PLAIN_WORDS.has(joined)) stem.push(joined);
    } else if (word !== '' && !PLAIN_WORDS.has(word)) stem.push(word);
  }
  return { isHash: isHash || isKind, isKind, stem: stem.join(' ') };
}
