import { runtime } from '../runtime/current';

/** Where a multipart body is parted, as postal-mime keeps it. */
export interface Boundary {
  readonly value: Uint8Array;
}

const LINE_FEED = 0x0a;
const HYPHEN = 0x2d;
const [SPACE, TAB, CARRIAGE_RETURN] = [0x20, 0x09, 0x0d];

/**
 * Knows the lines that part a mail: two hyphens and a boundary, two more at the last one, and blanks. To compare a line with each boundary
 * would take seconds where there are many that begin alike.
 */
export class BoundaryLines {
  #values = new Set<string>();
  /** By the byte behind the hyphens: nearly all lines end here. */
  readonly #begins = new Uint8Array(256);
  #longest = 0;
  #count = 0;
  #last: Boundary | undefined;

  /** Whether the line that begins there parts the body. */
  has(bytes: Uint8Array, at: number, boundaries: readonly Boundary[]): boolean {
    if (bytes[at] !== HYPHEN || bytes[at + 1] !== HYPHEN || boundaries.length === 0) return false;
    this.#know(boundaries);
    const start = at + 2;
    if (this.#begins[bytes[start] ?? 0] === 0) return false;
    const most = start + this.#longest + 2;
    let end = bytes.subarray(start, most).indexOf(LINE_FEED);
    end = end < 0 ? Math.min(most, bytes.length) : start + end;
    if (end === most && !isBlankLine(bytes, most)) return false;
    const line = trimmed(runtime.latin1Of(bytes.subarray(start, end)));
    return this.#values.has(line) || (line.endsWith('--') && this.#values.has(trimmed(line.slice(0, -2))));
  }

  /** They come and go one at a time, so that the number of them or the last one tells whether they are others. */
  #know(boundaries: readonly Boundary[]): void {
    const last = boundaries.at(-1);
    if (boundaries.length === this.#count && last === this.#last) return;
    this.#count = boundaries.length;
    this.#last = last;
    this.#values = new Set(boundaries.map(({ value }) => trimmed(runtime.latin1Of(value))));
    this.#begins.fill(0);
    for (const { value } of boundaries) this.#begins[value[0] ?? 0] = 1;
    this.#longest = Math.max(...boundaries.map(({ value }) => value.length));
  }
}

/** Whether nothing but blanks is left of a line. */
function isBlankLine(bytes: Uint8Array, from: number): boolean {
  let at = from;
  while (at < bytes.length && bytes[at] !== LINE_FEED && isBlank(bytes[at])) at++;
  return at >= bytes.length || bytes[at] === LINE_FEED;
}

/** Without blanks and line breaks at the end. */
function trimmed(line: string): string {
  let end = line.length;
  while (end > 0 && isBlank(line.charCodeAt(end - 1))) end--;
  return line.slice(0, end);
}

function isBlank(code: number | undefined): boolean {
  return code === SPACE || code === TAB || code === CARRIAGE_RETURN || code === LINE_FEED;
}
