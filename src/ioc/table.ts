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
export function readTable(text: string): Cell[] | undefined {
  const firstEnd = text.indexOf('\n');
  if (firstEnd < 3 || firstEnd === text.length - 1) return undefined;
  const zeek = text.startsWith('#') ? /^#fields\t(.*)$/m.exec(text) : null;
  if (zeek !== null) {
    const isDns = /^#path\tdns$/m.test(text.slice(0, 400));
    return cellsOf(text.split('\n'), '\t', headOf(zeek[1] ?? '', '\t', isDns) ?? []);
  }
  const first = text.slice(0, firstEnd).trimEnd();
  for (const separator of SEPARATORS) {
    const head = headOf(first, separator);
    if (head !== undefined) return cellsBelow(head, separator, text.split('\n').slice(1));
  }
  return undefined;
}

/** Undefined when the head says nothing, or the lines are no rows of it. */
function cellsBelow(
  head: readonly (Hint | undefined)[],
  separator: string,
  lines: readonly string[],
): Cell[] | undefined {
  if (!head.some((hint) => hint !== undefined)) return undefined;
  const rows = lines.slice(0, ROWS_TO_CHECK).filter((line) => line.trim() !== '');
  const isTable = rows.length > 0 && rows.every((line) => split(line, separator).length === head.length);
  return isTable ? cellsOf(lines, separator, head) : undefined;
}

/** What each cell of a head says of its column; undefined for a line that is no head. */
function headOf(line: string, separator: string, isDns = false): (Hint | undefined)[] | undefined {
  if (line.length > 2000 || !line.includes(separator)) return undefined;
  const cells = split(line, separator);
  if (cells.length < 2 || !cells.every((cell) => HEAD_CELL.test(cell))) return undefined;
  return cells.map((cell) => (isDns && cell === 'query' ? 'domain' : hintOfKey(cell)));
}

function cellsOf(lines: readonly string[], separator: string, head: readonly (Hint | undefined)[]): Cell[] {
  return lines
    .filter((line) => !line.startsWith('#') && !/^[|:\s-]*$/.test(line))
    .flatMap((line) => {
      const cells = split(line, separator);
      if (cells.length !== head.length) return [{ text: line, hint: undefined }];
      return cells.map((text, index) => ({ text, hint: head[index] }));
    });
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
