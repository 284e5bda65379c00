import { type HashPlace, Side } from './file-hashes';
import { readHashName } from './hash-name';

/** Between two hashes of one file stands little more than the label of the second, and hashes that VirusTotal knows no files by. */
const MOST_BETWEEN = 600;
/** What stands between two entries of a list. */
const MOST_OF_AN_ENTRY = 80;
/** A label has few words. */
const MOST_WORDS = 4;

/** Words of a label that don't say which file it is about. */
const FILLERS = new Set(
  (
    'is was are the of for its as in type value name data field key algorithm alg algo hashalgorithm hashtype filehash ' +
    'and td tr th li ul ol p b strong em i br code pre span div dd dt dl class style ' +
    'x text xml stix object simple cybox indicator eventdata event file files ist war der die das lautet est le la de es el'
  ).split(' '),
);
/** Without one of these no word is the name of a hash or of an algorithm: see {@link readHashName}. */
const MAY_NAME = /md[-_ ]?5|sha|sum|digest|fingerprint/i;
/** Other hashes of the same file, and what they are made of. */
const OTHER_HASH =
  /^(?:imp_?hash|imp_?fuzzy|sha-?2|sha_?-?(?:224|384|512)|sha3(?:-?\d+)?|ssdeep|tlsh|vhash|authenti_?hash|pe_?hash|rich_?(?:pe_?)?(?:header)?_?hash|telfhash|sdhash|crc-?32|crc-?64|blake2?\w*|ripemd-?160|whirlpool|quickxor|size|bytes)$/i;
const SEPARATORS = /[^\p{L}\p{N}_.-]+/u;

/** A hash as it stands in a text. */
interface Standing {
  readonly start: number;
  readonly end: number;
}

let runs = 0;

/**
 * Hashes that follow one another in a text, as `SHA1=..,MD5=..,SHA256=..`, line by line, or in the cells of a row. A run ends where something
 * else is said between two of them.
 */
export class HashRun {
  readonly #text: string;
  #run = 0;
  #stem = '';
  #end = -1;
  #length = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The place of the next hash of the text. */
  next({ start, end }: Standing): HashPlace {
    const between = this.#end >= 0 && start >= this.#end ? this.#text.slice(this.#end, start) : undefined;
    const stem = between === undefined || between.length > MOST_BETWEEN ? undefined : stemBetween(between);
    const isBare = stem !== undefined && between !== undefined && SAME_LINE.test(between);
    if (stem === undefined && between !== undefined && end - start === this.#length && isList(between)) {
      // Of a list by kind nothing is joined, the last one neither, which a hash of the next list follows.
    } else if (stem === undefined) {
      this.#run = ++runs;
      this.#stem = stemBefore(this.#text, start);
    } else if (stem !== '') this.#stem = stem;
    this.#end = end;
    this.#length = end - start;
    return { side: Side.Text, scope: `${this.#run}\n${this.#stem}`, isBare };
  }
}

/**
 * What a label between two hashes says of the file beside the algorithm, as `new` in "New md5sum is:"; empty where it says nothing.
 * @returns undefined where the second hash does not go on from the first
 */
function stemBetween(between: string): string | undefined {
  if (!MAY_NAME.test(between)) return !between.includes('\n') && SAME_LINE.test(between) ? '' : undefined;
  const lines = between.split('\n');
  const label = lines.pop() ?? '';
  const [rest = '', ...others] = lines;
  const isNextLine = lines.length > 0;
  if (isNextLine) {
    // What stands behind a hash on its line, and lines of other hashes.
    if (!isOther(rest) || others.some((line) => line.trim() === '' || !isOther(line))) return undefined;
  }
  const words = wordsOf(label);
  const names = words.map(readHashName);
  // "the MD5 <hash> and the SHA-256 <hash>" may be two files; STIX's patterns say it of one.
  if (words.some((word) => CONJUNCTION.test(word)) && !OF_A_PATTERN.test(label)) return undefined;
  // Lines of hashes without labels are a list, each of another file perhaps.
  if (isNextLine && !names.some(({ isKind }) => isKind)) {
    const above = others.at(-1);
    if (above === undefined || !isLabel(above) || words.length > 0) return undefined;
    return stemOf(wordsOf(above));
  }
  if (words.length === 0) return SAME_LINE.test(between) ? '' : undefined;
  return names.some(({ isKind }) => isKind) || isNextLine ? stemOf(words) : undefined;
}

/** Whether a hash goes on with a list of its kind: no label stands between it and the one before, but a number, a file's name or "and". */
function isList(between: string): boolean {
  return (
    between.length <= MOST_OF_AN_ENTRY && !MAY_NAME.test(between) && wordsOf(between).length < MOST_WORDS
  );
}

const CONJUNCTION = /^(?:and|or|und|oder|et|ou|y|e|o|及|和|と)$/i;
const OF_A_PATTERN = /\bAND\s+file:hashes\b/;
/** Nothing but what separates cells and members of a list. */
const SAME_LINE = /^[\s"'`,;|/\\()[\]{}<>*_=:-]*$/;

/** Whether a line, or the rest of one, has nothing but other hashes of the same file. */
function isOther(line: string): boolean {
  const words = rawWordsOf(line);
  if (words.length === 0) return true;
  const named = words.findIndex((word) => OTHER_HASH.test(word));
  if (named < 0) return isLabel(line);
  return named < 2 && line.length < 300 && line.trim().split(/\s+/).length <= MOST_WORDS + 2;
}

/** Whether a line is a label alone: `SHA-256:`. */
function isLabel(line: string): boolean {
  const words = wordsOf(line);
  return words.length > 0 && words.length < MOST_WORDS && words.every((word) => readHashName(word).isHash);
}

/** Hex digits, TLSH, a part of ssdeep. */
function isValueOfOther(word: string): boolean {
  return (
    /^[\da-f]{8,}$/i.test(word) || /^T1[\dA-F]{70}$/.test(word) || /^\d+$/.test(word) || word.length > 20
  );
}

/** The words of a label. */
function wordsOf(label: string): string[] {
  const words: string[] = [];
  const raw = rawWordsOf(label);
  for (let at = 0; at < raw.length; at++) {
    const word = raw[at] ?? '';
    if (OTHER_HASH.test(word) && !/^size$|^bytes$/i.test(word)) {
      // "SHA512=<hash>, IMPHASH=<hash>, SHA256="
      while (at + 1 < raw.length && isValueOfOther(raw[at + 1] ?? '')) at++;
      continue;
    }
    words.push(word);
  }
  return words;
}

function rawWordsOf(text: string): string[] {
  return text
    .replace(/<\/[^<>]{1,40}>/g, ' ')
    .split(SEPARATORS)
    .map((word) => word.replace(/^[.-]+|[.-]+$/g, ''))
    .filter((word) => word !== '');
}

/** What words say of the file; undefined for more than a label has. */
function stemOf(words: readonly string[]): string | undefined {
  const stems = words
    .filter((word) => !FILLERS.has(word.toLowerCase()))
    .map((word) => readHashName(word).stem)
    .filter((stem) => stem !== '' && !FILLERS.has(stem));
  return stems.length > MOST_WORDS ? undefined : stems.join(' ');
}

/** What the label before the first hash of a run says. */
function stemBefore(text: string, start: number): string {
  const first = Math.max(0, start - MOST_OF_A_LABEL);
  let end = start;
  while (end > first && SIGN_AFTER_LABEL.has(text[end - 1] as string)) end--;
  let begin = end;
  while (begin > first && isOfLabel(text.charCodeAt(begin - 1))) begin--;
  if (begin === end) return '';
  return stemOf(wordsOf(text.slice(begin, end)).slice(-MOST_WORDS)) ?? '';
}

const MOST_OF_A_LABEL = 60;
const SIGN_AFTER_LABEL = new Set(' \t"\'`:=([{<>*|\\/');

/** Letters, digits, and what joins words: space, `_`, `.` and `-`. */
function isOfLabel(code: number): boolean {
  if (code > 127) return /[\p{L}\p{N}]/u.test(String.fromCharCode(code));
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 32 ||
    code === 45 ||
    code === 46 ||
    code === 95
  );
}

/** What the text says of a hash that is all there is in it beside its label: `MD5: <hash>`; undefined where there is more. */
export function labelOfOnly(text: string, { start, end }: Standing): string | undefined {
  if (start > 40 || text.length - end > 4 || !/^[\s"'`)\]}]*$/.test(text.slice(end))) return undefined;
  const before = text.slice(0, start).trim();
  return /^[\p{L}\d _-]*[:=|]?["'`([{]*$/u.test(before) ? before.replace(/[:=|"'`([{\s]+$/u, '') : undefined;
}
