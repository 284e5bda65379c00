import { MAX_DEPTH, tooMuch } from './limits';

/** Characters that are parsed in one go: about a millisecond. */
const SLICE = 65_536;

/** A text that is longer, in characters, is parsed in slices. */
export const LARGE_JSON = 4 * SLICE;

/** Members of one object: to put another hundred thousand into it would move all of them, in one go. */
const MEMBERS = 20_000;

/** A list or an object that is longer than a slice: its elements are parsed slice by slice. */
interface Open {
  value: unknown[] | Record<string, unknown>;
  /** Where members of an object are put. */
  target: Record<string, unknown>;
  /** How many it has. */
  members: number;
  /** Whether a comma was the last thing that was read. */
  afterComma: boolean;
}

/**
 * `JSON.parse` in slices: of a text of some megabytes it takes several hundred milliseconds, in which nothing else runs. With the same result,
 * but for an object of very many members: it has the first of them, and `further` has the others.
 */
export class LargeJson {
  readonly #text: string;
  readonly #slice: number;
  /** By an object of very many members: objects that have what it has not, in their order. */
  readonly further = new Map<object, readonly Record<string, unknown>[]>();
  readonly #open: Open[] = [];
  #at = 0;
  #isBegun = false;
  #value: object | undefined;

  /** @param slice characters that are parsed in one go */
  constructor(text: string, slice = SLICE) {
    this.#text = text;
    this.#slice = slice;
  }

  /** What the text holds; undefined until it has been read. */
  get value(): object | undefined {
    return this.#value;
  }

  /**
   * Reads the next slice.
   * @throws SyntaxError for what is no JSON; VirusTotalError `VT_INVALID_IOC` over 64 levels that are each longer than a slice
   */
  advance(): void {
    if (!this.#isBegun) {
      this.#isBegun = true;
      this.#enter();
    }
    const open = this.#open.at(-1);
    if (open === undefined) return;
    const text = this.#text;
    const start = this.#at;
    const { end, comma } = endOfElements(text, start, start + this.#slice);
    if (end < 0) {
      // Longer than a slice: what comes before the last comma, or one large element.
      if (comma >= 0) this.#parse(open, start, comma, true);
      else this.#large(open, start);
      return;
    }
    const closing = Array.isArray(open.value) ? ']' : '}';
    if (text.charAt(end) !== closing) throw new SyntaxError(`${closing} expected`);
    this.#parse(open, start, end, false);
    this.#at = end + 1;
    this.#leave();
  }

  /** A list or object begins here. */
  #enter(): object {
    const text = this.#text;
    this.#at = afterBlanks(text, this.#at);
    const first = text.charAt(this.#at);
    if (first !== '[' && first !== '{') throw new SyntaxError('a list or an object expected');
    if (this.#open.length > MAX_DEPTH)
      throw tooMuch(`the value is nested deeper than ${MAX_DEPTH} levels: search a part of it`);
    const value = first === '[' ? [] : {};
    this.#open.push({ value, target: value, members: 0, afterComma: false });
    this.#at++;
    return value;
  }

  #leave(): void {
    const last = this.#open.pop();
    const text = this.#text;
    this.#at = afterBlanks(text, this.#at);
    const outer = this.#open.at(-1);
    if (outer === undefined) {
      if (this.#at < text.length) throw new SyntaxError('nothing more expected');
      this.#value = last?.value;
      return;
    }
    outer.afterComma = text.charAt(this.#at) === ',';
    if (outer.afterComma) this.#at++;
    else if (!']}'.includes(text.charAt(this.#at) || ' ')) throw new SyntaxError('a comma expected');
  }

  /** Whole elements. */
  #parse(open: Open, from: number, to: number, isBeforeComma: boolean): void {
    const elements = this.#text.slice(from, to);
    if (/^[ \t\r\n]*$/.test(elements)) {
      // An empty list or object, or one whose last element was a large one.
      if (isBeforeComma || open.afterComma) throw new SyntaxError('an element expected');
    } else {
      if (Array.isArray(open.value)) append(open.value, JSON.parse(`[${elements}]`) as unknown[]);
      else this.#merge(open, JSON.parse(`{${elements}}`) as Record<string, unknown>);
    }
    open.afterComma = isBeforeComma;
    this.#at = isBeforeComma ? to + 1 : to;
  }

  /** One element that is longer than a slice. */
  #large(open: Open, from: number): void {
    const text = this.#text;
    let key: string | undefined;
    let at = afterBlanks(text, from);
    if (!Array.isArray(open.value)) {
      const end = endOfString(text, at);
      key = JSON.parse(text.slice(at, end)) as string;
      at = afterBlanks(text, end);
      if (typeof key !== 'string' || text.charAt(at) !== ':') throw new SyntaxError('a name expected');
      at = afterBlanks(text, at + 1);
    }
    const first = text.charAt(at);
    let value: unknown;
    if (first === '{' || first === '[') {
      this.#at = at;
      value = this.#enter();
    } else {
      // A long text, or a number with very many blanks around it.
      const { end, comma } = endOfElements(text, at, text.length, true);
      const to = comma >= 0 ? comma : end;
      value = JSON.parse(text.slice(at, to < 0 ? text.length : to));
      open.afterComma = comma >= 0;
      this.#at = comma >= 0 ? to + 1 : to;
    }
    if (Array.isArray(open.value)) open.value.push(value);
    else this.#put(open, key ?? '', value);
  }

  #merge(open: Open, members: Record<string, unknown>): void {
    for (const key of Object.keys(members)) this.#put(open, key, members[key]);
  }

  #put(open: Open, key: string, value: unknown): void {
    if (open.members++ === MEMBERS) {
      open.members = 1;
      open.target = {};
      this.further.set(open.value, [...(this.further.get(open.value) ?? []), open.target]);
    }
    put(open.target, key, value);
  }
}

function append(list: unknown[], elements: readonly unknown[]): void {
  for (const element of elements) list.push(element);
}

/** As JSON.parse does: `__proto__` is a key like any other. */
function put(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  else object[key] = value;
}

/**
 * Where the elements from there on end: `end` is the bracket that closes what they are in, -1 if that is not before `limit`; `comma`
 * the last comma between two of them, -1 if there is none.
 */
function endOfElements(
  text: string,
  from: number,
  limit: number,
  first = false,
): { end: number; comma: number } {
  let comma = -1;
  let depth = 0;
  const until = Math.min(limit, text.length);
  for (let at = from; at < until; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at, first ? text.length : until) - 1;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) depth++;
    else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      if (depth-- === 0) return { end: at, comma: -1 };
    } else if (code === COMMA && depth === 0) {
      comma = at;
      if (first) break;
    }
  }
  if (until === text.length && comma < 0) throw new SyntaxError('not closed');
  return { end: -1, comma };
}

const [SPACE, TAB, CARRIAGE_RETURN, LINE_FEED] = [0x20, 0x09, 0x0d, 0x0a];
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Past the text that begins there; `limit` when it doesn't end before. */
function endOfString(text: string, from: number, limit = text.length): number {
  for (let at = from + 1; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at++;
  }
  return limit;
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  for (; ; at++) {
    const code = text.charCodeAt(at);
    if (code !== SPACE && code !== TAB && code !== CARRIAGE_RETURN && code !== LINE_FEED) break;
  }
  return at;
}
