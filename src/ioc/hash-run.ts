import { type HashPlace, Side } from './file-hashes';
import { readHashName } from './hash-name';
import { copyOf } from './known-names';
import { isOfWord, type LabelWord, labelWordsOf, wordsOf } from './label-words';

/** Between two hashes of one file stands little more than the label of the second, and hashes that VirusTotal knows no files by. */
const MOST_BETWEEN = 600;
/** What stands between two entries of a list. */
const MOST_OF_AN_ENTRY = 80;
/** A label has few words. */
const MOST_WORDS = 4;

/** Without one of these no word is the name of a hash or of an algorithm: see hash-name.ts. */
const MAY_NAME = /md[-_ ]?5|sha|sum|digest|fingerprint/i;

// Held for the reason that char-class.ts gives.
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the text as `this`
const { charCodeAt } = String.prototype;

let scopes = 0;

/**
 * Hashes that follow one another in a text, as `SHA1=..,MD5=..,SHA256=..`, line by line, or in the cells of a row. Hashes of one run with the
 * same stem have one scope, within which {@link FilesByHash} puts together the hashes of a file.
 *
 * The hashes of a text are given in their order. What stands between one and the one before it decides:
 *
 * - Separators only, or a label that names an algorithm (`, MD5: `, a line break and `SHA-256:`): the run goes on. What the label says besides
 *   the algorithm is the stem: "Old MD5: …, New MD5: …" are two files of one run.
 * - A hash of the same length, with a number, a file name or "and" in between: an entry of a list by kind. The run goes on, so that
 *   the list is seen as one; {@link FilesByHash} joins nothing in it.
 * - Anything else, or more than `MOST_BETWEEN` characters: a new run begins, and the stem is read from the label before the hash.
 *
 * Hashes of other kinds (`imphash`, ssdeep, SHA-512) and sizes in between belong to the same file and do not end a run. A doubt ends it: two hashes
 * that are wrongly apart cost one lookup more, two that are wrongly together hide a file.
 */
export class HashRun {
  readonly #text: string;
  /** The scope of the run and the stem. */
  #scope = 0;
  /** Undefined until a second hash has a label of its own: only then is the label before the first hash of the run read. */
  #stem: string | undefined;
  /** Where the first hash of the run stands. */
  #first = 0;
  /** The scopes of the run by stem, where it has several. */
  #byStem: Map<string, number> | undefined;
  #end = -1;
  #length = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The place of the next hash of the text. */
  next(start: number, end: number): HashPlace {
    const from = this.#end;
    const between =
      from >= 0 && start >= from && start - from <= MOST_BETWEEN
        ? readBetween(this.#text.slice(from, start))
        : APART;
    const { stem } = between;
    if (stem === undefined && end - start === this.#length && between.isList) {
      // Of a list by kind nothing is joined, the last one neither, which a hash of the next list follows.
    } else if (stem === undefined) {
      this.#scope = ++scopes;
      this.#stem = undefined;
      this.#first = start;
      this.#byStem = undefined;
    } else if (stem !== '') this.#goOn(stem);
    this.#end = end;
    this.#length = end - start;
    return { side: Side.Text, scope: this.#scope, isBare: between.isBare };
  }

  /** The next hash of the run has a label that says this of its file. */
  #goOn(stem: string): void {
    const current = (this.#stem ??= stemBefore(this.#text, this.#first));
    if (stem === current) return;
    const byStem = (this.#byStem ??= new Map([[current, this.#scope]]));
    let scope = byStem.get(stem);
    if (scope === undefined) byStem.set(stem, (scope = ++scopes));
    this.#scope = scope;
    this.#stem = stem;
  }
}

/** What stands between two hashes. */
interface Between {
  /** See {@link stemBetween}. */
  readonly stem: string | undefined;
  /** Whether the second goes on from the first though no label says so. */
  readonly isBare: boolean;
  /** Whether two of a kind with this between them are a list. */
  readonly isList: boolean;
}

/** Between hashes that are far from each other, and before the first. */
const APART: Between = { stem: undefined, isBare: false, isList: false };

/** The same few labels and separators stand between most hashes. */
const knownBetween = new Map<string, Between>();
const MOST_KNOWN = 1000;
/** Longer ones are seldom seen twice. */
const LONGEST_KNOWN = 48;

function readBetween(between: string): Between {
  if (between.length > LONGEST_KNOWN) return betweenOf(between);
  const known = knownBetween.get(between);
  if (known !== undefined) return known;
  const own = copyOf(between);
  const one = betweenOf(own);
  if (knownBetween.size >= MOST_KNOWN) knownBetween.clear();
  knownBetween.set(own, one);
  return one;
}

function betweenOf(between: string): Between {
  if (CELLS.test(between)) return { stem: '', isBare: true, isList: false };
  const stem = stemBetween(between);
  return {
    stem,
    isBare: stem !== undefined && (SAME_LINE.test(between) || ANY_OF_A_PATTERN.test(between)),
    isList: stem === undefined && isList(between),
  };
}

/**
 * What a label between two hashes says of the file beside the algorithm, as `new` in "New md5sum is:"; empty where it says nothing.
 * @returns undefined where the second hash does not go on from the first
 */
function stemBetween(between: string): string | undefined {
  const lines = between.split('\n');
  const label = lines.pop() ?? '';
  const [rest = '', ...others] = lines;
  const isNextLine = lines.length > 0;
  // What stands behind a hash on its line, and lines of other hashes: any other line ends the run, and nothing else has to be read.
  if (isNextLine && (!isOther(rest) || others.some((line) => line.trim() === '' || !isOther(line))))
    return undefined;
  if (!MAY_NAME.test(between)) return !isNextLine && SAME_LINE.test(between) ? '' : undefined;
  const words = labelWordsOf(label);
  const hasKind = words.some(({ isKind }) => isKind);
  // "the MD5 <hash> and the SHA-256 <hash>" may be two files; STIX's patterns say it of one.
  if (words.some(({ isConjunction }) => isConjunction) && !OF_A_PATTERN.test(label)) return undefined;
  // Lines of hashes without labels are a list, each of another file perhaps.
  if (isNextLine && !hasKind) {
    const above = others.at(-1);
    if (above === undefined || !isLabel(above) || words.length > 0) return undefined;
    return stemOf(labelWordsOf(above));
  }
  if (words.length === 0) return SAME_LINE.test(between) ? '' : undefined;
  return hasKind || isNextLine ? stemOf(words) : undefined;
}

/** Whether a hash goes on with a list of its kind: no label stands between it and the one before, but a number, a file's name or "and". */
function isList(between: string): boolean {
  return (
    between.length <= MOST_OF_AN_ENTRY && !MAY_NAME.test(between) && labelWordsOf(between).length < MOST_WORDS
  );
}

/** Cells of one row of a table in HTML, with nothing but elements between them. */
const CELLS =
  /^(?:\s|&nbsp;|<\/?(?!t[dh][\s>])(?:code|span|font|p|b|i|strong|em|tt|div)\b[^<>]*>)*<\/t[dh]>\s*<t[dh]\b[^<>]*>(?:\s|&nbsp;|<(?:code|span|font|p|b|i|strong|em|tt|div)\b[^<>]*>)*$/i;
const OF_A_PATTERN = /\b(?:AND|OR)\s+file:hashes\b/;
/** Any of the hashes will do: those of one file, where each is of another kind. */
const ANY_OF_A_PATTERN = /^'\s+OR\s+file:hashes\b/;
/** Nothing but what separates cells and members of a list. */
const SAME_LINE = /^[\s"'`,;|/\\()[\]{}<>*_=:-]*$/;

/** Whether a line, or the rest of one, has nothing but other hashes of the same file. */
function isOther(line: string): boolean {
  const words = wordsOf(line, MOST_WORDS);
  if (words.length === 0) return true;
  const named = words.findIndex((word) => word.isOther);
  if (named < 0) return words.length < MOST_WORDS && isLabel(line);
  return named < 2 && line.length < 300 && line.trim().split(/\s+/).length <= MOST_WORDS + 2;
}

/** Whether a line is a label alone: `SHA-256:`. */
function isLabel(line: string): boolean {
  const words = labelWordsOf(line);
  return words.length > 0 && words.length < MOST_WORDS && words.every(({ isHash }) => isHash);
}

/** What words say of the file; undefined for more than a label has. */
function stemOf(words: readonly LabelWord[]): string | undefined {
  let stems = '';
  let count = 0;
  for (const { stem, isConjunction } of words) {
    if (stem === '' || isConjunction) continue;
    stems = count === 0 ? stem : `${stems} ${stem}`;
    count++;
  }
  return count > MOST_WORDS ? undefined : stems;
}

/** What the label before the first hash of a run says. */
function stemBefore(text: string, start: number): string {
  const first = Math.max(0, start - MOST_OF_A_LABEL);
  let end = start;
  while (end > first && AFTER_LABEL[charCodeAt.call(text, end - 1)] === 1) end--;
  const isTag = end > 0 && charCodeAt.call(text, end - 1) === CLOSE;
  const tag = isTag ? TAG.exec(text.slice(Math.max(0, end - MOST_OF_A_TAG), end)) : null;
  if (tag !== null && readHashName(tag[1] ?? '').isKind) return stemOf(labelWordsOf(tag[2] ?? '')) ?? '';
  let begin = end;
  while (begin > first && isOfLabel(charCodeAt.call(text, begin - 1))) begin--;
  if (begin === end) return '';
  return stemOf(labelWordsOf(text.slice(begin, end)).slice(-MOST_WORDS)) ?? '';
}

const MOST_OF_A_LABEL = 60;
/** As BSD's tools write it: `MD5 (setup.exe) = `. */
const TAG = /(?:^|\n)([a-z\d-]{3,8}) ?\(([^()\n]+)\)$/i;
const MOST_OF_A_TAG = 200;
const CLOSE = 0x29;
/** 1 at the codes of what may stand between a label and its value. */
const AFTER_LABEL = new Uint8Array(0x80);
for (const sign of ' \t"\'`:=([{<>*|\\/') AFTER_LABEL[sign.charCodeAt(0)] = 1;

/** Letters, digits, and what joins words: space, `_`, `.` and `-`. */
function isOfLabel(code: number): boolean {
  return code === SPACE || isOfWord(code);
}

const SPACE = 0x20;

/** What the text says of a hash that is all there is in it beside its label: `MD5: <hash>`; undefined where there is more. */
export function labelOfOnly(text: string, start: number, end: number): string | undefined {
  if (start > 40 || text.length - end > 4 || !/^[\s"'`)\]}]*$/.test(text.slice(end))) return undefined;
  const before = text.slice(0, start).trim();
  return /^[\p{L}\d _-]*[:=|]?["'`([{]*$/u.test(before) ? before.replace(/[:=|"'`([{\s]+$/u, '') : undefined;
}
