import { FirstOf } from './first-of';
import { Trait } from './text-traits';

const SPACE = 0x20;

/** Two strings that PHP and Perl put together. */
const JOINED_BY_DOT = ["'.'", '"."', "' . '", '" . "'];
/** A quote and what of {@link JOIN} follows it. */
const BEFORE_JOIN = ["'.", '".', "' .", '" .'] as const;
const JOIN = /(?<=[\w./:-](["'])) ?\. ?(?=\1[\w./:-])/y;
/** What is quicker to look for, in a short text. */
const MAY_JOIN = /["'] ?\. ?["']/;
const SHORT = 512;

/** Whether two strings may be put together by a dot. */
export function isJoinedByDot(source: string): boolean {
  if (source.length < SHORT) {
    if (!MAY_JOIN.test(source)) return false;
  } else if (!source.includes("'") && !source.includes('"')) return false;
  return JOINED_BY_DOT.some((join) => source.includes(join));
}

/** Whether the word may be there. Looked for with the space behind it: the one before it is in every text, and slow to look for. */
export function hasDotWord(source: string, traits: number): boolean {
  if (traits !== (Trait.All as number)) return (traits & Trait.DotWord) !== 0;
  return source.includes('dot ') || source.includes('DOT ');
}

/** Where a dot is spelled out (`evil dot com`) or puts two strings together (`'evil'.'.com'`), asked from left to right. */
export class DotWords {
  readonly #source: string;
  readonly #joins: FirstOf | undefined;
  #joined = -1;
  #smallDot = -1;
  #capitalDot = -1;

  /** @param isJoined whether there may be strings that a dot puts together */
  constructor(source: string, isJoined: boolean) {
    this.#source = source;
    this.#joins = isJoined ? new FirstOf(source, BEFORE_JOIN) : undefined;
  }

  /** The first place from a position on, which must not be before that of an earlier call; the text's length without one. */
  next(from: number): number {
    const source = this.#source;
    // Each position is looked for once.
    if (this.#smallDot < from) this.#smallDot = nextSpaced(source, 'dot ', from);
    if (this.#capitalDot < from) this.#capitalDot = nextSpaced(source, 'DOT ', from);
    const dotWord = Math.min(this.#smallDot, this.#capitalDot);
    if (this.#joins === undefined) return dotWord;
    if (this.#joined < from) this.#joined = nextJoin(this.#joins, source, from);
    return Math.min(dotWord, this.#joined);
  }
}

/** Where the next dot is, or the space before it, that puts two strings together. */
function nextJoin(joins: FirstOf, source: string, from: number): number {
  for (let at = from; ;) {
    at = joins.next(Math.max(0, at - 1)) + 1;
    if (at >= source.length) return source.length;
    JOIN.lastIndex = at;
    if (JOIN.test(source)) return at;
    at++;
  }
}

/** Where the word stands next with a space before it. */
function nextSpaced(source: string, word: string, from: number): number {
  for (let at = from; ;) {
    at = source.indexOf(word, at + 1);
    if (at < 0) return source.length;
    if (source.charCodeAt(at - 1) === SPACE) return at - 1;
  }
}
