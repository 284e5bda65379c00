/**
 * A text as it was before somebody defanged, encoded or escaped it, with the way back: every stretch of it can be shown
 * as it stood.
 */
export class Refanged {
  readonly text: string;
  readonly #source: string;
  readonly #replaced: readonly Replacement[];
  readonly #dots: readonly number[];

  constructor(source: string, text: string, replaced: readonly Replacement[], dots: readonly number[]) {
    this.#source = source;
    this.text = text;
    this.#replaced = replaced;
    this.#dots = dots;
  }

  /** A text that refanging left unchanged. */
  static plain(source: string): Refanged {
    return new Refanged(source, source, NONE, NONE);
  }

  /** The stretch from `start` to `end` of the refanged text, as it stood. */
  originalText(start: number, end: number): string {
    if (this.#replaced.length === 0) return this.text.slice(start, end);
    // What was removed right before the stretch isn't part of it, nor what was removed right after it.
    const before = lowerBound(this.#replaced, start + 1, endOf);
    let within = before;
    while ((this.#replaced[within]?.at ?? end) < end) within++;
    return this.#source.slice(this.#origin(start, before), this.#origin(end, within));
  }

  /** True if a dot between `start` and `end` was defanged. The dot of a file name never is. */
  hasDefangedDot(start: number, end: number): boolean {
    if (this.#dots.length === 0) return false;
    const dot = this.#dots[lowerBound(this.#dots, start, itself)];
    return dot !== undefined && dot < end;
  }

  #origin(position: number, replacedBefore: number): number {
    const last = this.#replaced[replacedBefore - 1];
    return last === undefined ? position : last.sourceEnd + position - last.at - last.length;
  }
}

const NONE: readonly never[] = [];

interface Replacement {
  /** Where the plain text begins in the refanged text, and its length. */
  at: number;
  length: number;
  /** Where the text that it replaces ends in the source. */
  sourceEnd: number;
}

function endOf({ at, length }: Replacement): number {
  return at + length;
}

function itself(at: number): number {
  return at;
}

/** How many of a sorted list lie before `value`. */
function lowerBound<T>(sorted: readonly T[], value: number, position: (item: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = sorted[middle];
    if (item !== undefined && position(item) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Builds a refanged text from left to right. */
export class RefangedBuilder {
  readonly #source: string;
  readonly #parts: string[] = [];
  readonly #replaced: Replacement[] = [];
  readonly #dots: number[] = [];
  #length = 0;
  #consumed = 0;

  constructor(source: string) {
    this.#source = source;
  }

  canReplaceFrom(start: number): boolean {
    return start >= this.#consumed;
  }

  /** Whether the last thing before `position` of the source has become a dot. */
  endsWithDot(position: number): boolean {
    return this.#consumed === position && this.#dots.at(-1) === this.#length - 1;
  }

  replace(start: number, length: number, plain: string): void {
    const from = Math.max(start, this.#consumed);
    if (from > this.#consumed) this.#parts.push(this.#source.slice(this.#consumed, from));
    if (plain !== '') this.#parts.push(plain);
    this.#length += from - this.#consumed;
    this.#consumed = start + length;
    this.#replaced.push({ at: this.#length, length: plain.length, sourceEnd: this.#consumed });
    this.#length += plain.length;
  }

  replaceWithDot(start: number, length: number): void {
    this.replace(start, length, '.');
    this.#dots.push(this.#length - 1);
  }

  finish(): Refanged {
    if (this.#replaced.length === 0) return Refanged.plain(this.#source);
    this.#parts.push(this.#source.slice(this.#consumed));
    return new Refanged(this.#source, this.#parts.join(''), this.#replaced, this.#dots);
  }
}
