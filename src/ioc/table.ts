import { hintOfKey } from './hint';
import type { Hint } from './hint-words';

/** A cell of a table, with what the head of its column says of it. */
export interface Cell {
  text: string;
  hint: Hint | undefined;
}

const SEPARATORS = ['\t', ',', ';', '|'] as const;
const HEAD_CELL = /^[\p{L}_#][\p{L}\p{N} _.#()/-]{0,40}$/u;
/** How many rows must have as many cells as the head before the text is taken for a table. */
const ROWS_TO_CHECK = 20;

/**
 * The cells of a text that is a table as a whole (CSV, TSV, markdown, a Zeek log) and whose head says something of a
 * column, row by row; undefined for any other text.
 */
export function readTable(text: string): Iterator<Cell> | undefined {
  const firstEnd = text.indexOf('\n');
  if (firstEnd < 3 || firstEnd === text.length - 1) return undefined;
  const zeek = text.startsWith('#') ? /^#fields\t(.*)$/m.exec(text) : null;
  if (zeek !== null) {
    const isDns = /^#path\tdns$/m.test(text.slice(0, 400));
    return cellsOf(text, 0, '\t', headOf(zeek[1] ?? '', '\t', isDns) ?? []);
  }
  const first = text.slice(0, firstEnd).trimEnd();
  for (const separator of SEPARATORS) {
    const head = headOf(first, separator);
    if (head !== undefined) return cellsBelow(head, separator, text, firstEnd + 1);
  }
  return undefined;
}

/** Undefined when the head says nothing, or the lines from `start` on are no rows of it. */
function cellsBelow(
  head: readonly (Hint | undefined)[],
  separator: string,
  text: string,
  start: number,
): Iterator<Cell> | undefined {
  if (!head.some((hint) => hint !== undefined)) return undefined;
  let rows = 0;
  for (const line of linesOf(text, start, ROWS_TO_CHECK)) {
    if (line.trim() === '') continue;
    if (split(line, separator).length !== head.length) return undefined;
    rows++;
  }
  return rows > 0 ? cellsOf(text, start, separator, head) : undefined;
}

function* linesOf(text: string, start: number, most = Infinity): Generator<string> {
  for (let from = start, count = 0; from <= text.length && count < most; count++) {
    const end = text.indexOf('\n', from);
    yield text.slice(from, end < 0 ? text.length : end);
    from = end < 0 ? Infinity : end + 1;
  }
}

/** What each cell of a head says of its column; undefined for a line that is no head. */
function headOf(line: string, separator: string, isDns = false): (Hint | undefined)[] | undefined {
  if (line.length > 2000 || !line.includes(separator)) return undefined;
  const cells = split(line, separator);
  if (cells.length < 2 || !cells.every((cell) => HEAD_CELL.test(cell))) return undefined;
  return cells.map((cell) => (isDns && cell === 'query' ? 'domain' : hintOfKey(cell)));
}

function* cellsOf(
  text: string,
  start: number,
  separator: string,
  head: readonly (Hint | undefined)[],
): Generator<Cell> {
  for (const line of linesOf(text, start)) {
    if (line.startsWith('#') || /^[|:\s-]*$/.test(line)) continue;
    const cells = split(line, separator);
    if (cells.length !== head.length) yield { text: line, hint: undefined };
    else for (const [index, cell] of cells.entries()) yield { text: cell, hint: head[index] };
  }
}

function split(line: string, separator: string): string[] {
  if (separator === '|')
    return line
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|')
      .map(unquote);
  const cells: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at];
    if (char === '"') isQuoted = !isQuoted;
    else if (char === separator && !isQuoted) {
      cells.push(unquote(line.slice(start, at)));
      start = at + 1;
    }
  }
  cells.push(unquote(line.slice(start)));
  return cells;
}

function unquote(cell: string): string {
  const trimmed = cell.trim();
  return /^".*"$/s.test(trimmed) ? trimmed.slice(1, -1).replace(/""/g, '"') : trimmed;
}
