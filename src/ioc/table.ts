import { canonicalAddress } from './address';
import { hasColumns, linesOf, SEPARATORS, splitRow, splitRowOf } from './csv-row';
import { readHostName } from './domain';
import { canonicalHash } from './hash';
import { readHashName } from './hash-name';
import type { Row } from './hash-place';
import { hintOfKey } from './hint';
import type { Hint } from './hint-words';
import { canonicalIoc } from './recognize';
import { refang } from './refang';
import { hintOfHead, hintOfTypeWord, isTypeHead, isTypeWord, isValueHead } from './type-words';

/** A cell of a table, with what its head, or its row, says of it. */
export interface Cell {
  text: string;
  hint: Hint | undefined;
  /** Absent for a line that is no row. */
  row?: Row;
}

const HEAD_CELL = /^[\p{L}_#][\p{L}\p{N} _.#()/:-]{0,40}$/u;
/** How many rows are looked at before a text is taken for a table. */
const ROWS_TO_CHECK = 20;
/** A longer line is no row that a person or a tool writes. */
const MOST_OF_A_LINE = 2000;

/** What is known of a table. */
interface Table {
  readonly separator: string;
  /** Of each column. */
  readonly hints: readonly (Hint | undefined)[];
  /** Of each column; none where the table has no head. */
  readonly heads?: readonly string[];
  /** The column whose cells name the kind of the row's indicator, and the one that has that; -1 when there is none. */
  readonly typeColumn: number;
  readonly valueColumn: number;
  /** Where the first row begins. */
  readonly start: number;
}

/**
 * The cells of a text that is a table as a whole (CSV, TSV, markdown, a Zeek log), row by row; undefined for any other
 * text. A table has a head that says something of a column, or rows of one form that hold indicators.
 *
 * Nearly all texts are none, so the cheap questions come first and most texts end at their second line. What is tried, in this order, for each separator
 * that the first line has:
 *
 * 1. `#fields`: a Zeek log, whose columns are named there.
 * 2. Rows each of which names the kind of its indicator in the same column (`sha256;<hash>`), as feeds do.
 * 3. A head that says what a column holds, and at least three quarters of the first `ROWS_TO_CHECK` rows with as many cells.
 * 4. No head: all these rows have as many cells, and an indicator in the same column.
 *
 * A text with a comma in each line is not a table by that: prose must not lose the URLs that have commas in them.
 * @param isLabelled whether a key says of the text what it is: then only a head makes it a table
 */
export function readTable(text: string, isLabelled = false): Iterator<Cell> | undefined {
  const firstEnd = text.indexOf('\n');
  if (firstEnd < 0 && (isLabelled || !(isDense(text, ',') || isDense(text, ';')))) return undefined;
  const zeek = text.startsWith('#') ? /^#fields\t(.*)$/m.exec(text) : null;
  if (zeek !== null) {
    const isDns = /^#path\tdns$/m.test(text.slice(0, 400));
    const heads = (zeek[1] ?? '').split('\t');
    const hints = heads.map((cell) => (isDns && cell === 'query' ? 'domain' : hintOfHead(cell)));
    return cellsOf(text, { separator: '\t', hints, heads, typeColumn: -1, valueColumn: -1, start: 0 });
  }
  if (firstEnd >= 0 && firstEnd < 3 && text.charCodeAt(0) !== HASH) return undefined;
  const head = headOf(text, firstEnd);
  if (head === undefined) return undefined;
  for (const separator of SEPARATORS) {
    if (!head.line.includes(separator)) continue;
    const table = tableOf(text, head, separator, isLabelled);
    if (table !== undefined) return cellsOf(text, table);
  }
  return undefined;
}

/** Whether a line may be a row: "Dear Jane, ..." is none. */
function isDense(line: string, separator: string): boolean {
  const first = line.indexOf(separator);
  if (first <= 0 || line.length > MOST_OF_A_LINE) return false;
  return line.charCodeAt(first + 1) !== SPACE || line.charCodeAt(0) === DOUBLE_QUOTE;
}

function tableOf(text: string, head: Head, separator: string, isLabelled: boolean): Table | undefined {
  const isFeed = head.start > 0;
  const isAlone = head.next >= text.length && !isFeed;
  if (isAlone && (separator === '|' || isLabelled)) return undefined;
  const cells = splitRow(head.line, separator);
  if (cells.length < 2) return undefined;
  if (isAlone) return tableOfRow(text, cells, separator);
  const isHead =
    head.next < text.length && cells.every((cell) => HEAD_CELL.test(cell) && !cell.includes('://'));
  if (!isLabelled && (isFeed || cells.some(isTypeWord))) {
    const table = tableOfKinds(text, head.start, separator);
    if (table !== undefined) return table;
  }
  const below = isHead ? tableBelow(text, cells, head.next, separator) : undefined;
  if (below !== undefined || isLabelled) return below;
  if (!isFeed && !isDense(head.line, separator)) return undefined;
  return isFeed || isHead || cells.some(isIndicator)
    ? tableWithoutHead(text, head.start, separator)
    : undefined;
}

/** The table that a single row is. */
function tableOfRow(text: string, cells: readonly string[], separator: string): Table | undefined {
  const table = cells.some(isTypeWord) ? tableOfKinds(text, 0, separator) : undefined;
  if (table !== undefined || separator === '\t' || !isDense(text, separator)) return table;
  return isRowOfValues(cells) ? tableOfColumns(cells.length, separator, 0) : undefined;
}

/** The line that may be a head; where the first row begins if it is none, and if it is one. */
interface Head {
  readonly line: string;
  readonly start: number;
  readonly next: number;
}

const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const HASH = 0x23;
const PLUS = 0x2b;

/** The line that may be a head: the first one, or the last of the comments that a feed begins with. */
function headOf(text: string, firstEnd: number): Head | undefined {
  if (text.charCodeAt(0) !== HASH) {
    // A rule above the head, as databases and osquery draw it: "+-----+".
    const begin = text.charCodeAt(0) === PLUS && /^\+[-=+]+\+\r?\n/.test(text) ? firstEnd + 1 : 0;
    const end = begin === 0 ? firstEnd : text.indexOf('\n', begin);
    const line = text.slice(begin, end < 0 ? text.length : end).trimEnd();
    if (line.length > MOST_OF_A_LINE) return undefined;
    return { line, start: 0, next: end < 0 ? text.length : end + 1 };
  }
  let start = 0;
  let head = '';
  for (const line of linesOf(text, 0)) {
    if (!line.startsWith('#')) break;
    if (start > 5000) return undefined;
    if (/[\p{L}\p{N}]/u.test(line)) head = line;
    start += line.length + 1;
  }
  return { line: head.replace(/^#+\s*/, '').trimEnd(), start, next: Math.min(start, text.length) };
}

function hintOfPlainHead(cell: string): Hint | undefined {
  return hintOfKey(cell.startsWith('#') ? cell.slice(1).trim() : cell);
}

const NAMES_INDICATORS = /type|kind|ioc|indicator|observable|art[ei]fact|atomic|entit|value|data/i;

/** The table that has this head; undefined when it says nothing, or what follows is no row of it. */
function tableBelow(
  text: string,
  head: readonly string[],
  next: number,
  separator: string,
): Table | undefined {
  const isOfIndicators = head.some((cell) => NAMES_INDICATORS.test(cell));
  const hints = head.map(isOfIndicators ? hintOfHead : hintOfPlainHead);
  const typeColumn = isOfIndicators ? head.findIndex(isTypeHead) : -1;
  const valueColumn = isOfIndicators ? head.findIndex(isValueHead) : -1;
  if (valueColumn < 0 && !hints.some((hint) => hint !== undefined)) return undefined;
  const rows = sampleOf(text, next);
  const fitting = rows.filter((row) => hasColumns(head.length, row, separator));
  if (fitting.length === 0 || fitting.length < rows.length * 0.75) return undefined;
  return { separator, hints, heads: head, typeColumn, valueColumn, start: next };
}

/** The first rows of a table, without comments and rules. */
function sampleOf(text: string, start: number): string[] {
  const rows: string[] = [];
  for (const line of linesOf(text, start)) {
    if (isNoRow(line)) continue;
    if (line.length > MOST_OF_A_LINE || rows.push(line.trimEnd()) === ROWS_TO_CHECK) break;
  }
  return rows;
}

function isNoRow(line: string): boolean {
  return line.startsWith('#') || /^[|:\s+=-]*$/.test(line);
}

/** A table whose every row names the kind of its indicator, in the same column. */
function tableOfKinds(text: string, start: number, separator: string): Table | undefined {
  const rows = rowsOf(text, start, separator);
  const columns = rows?.[0]?.length ?? 0;
  if (rows === undefined) return undefined;
  const typeColumn = columnOf(rows, columns, isTypeWord);
  if (typeColumn < 0 || !rows.some((row) => valueOf(row, typeColumn, -1) >= 0)) return undefined;
  return { separator, hints: new Array(columns).fill(undefined), typeColumn, valueColumn: -1, start };
}

/**
 * A table of which nothing but the rows says that it is one: each has as many cells, and an indicator in the same column. Not
 * with tabs: no URL goes past one, so the text can be read as it is.
 */
function tableWithoutHead(text: string, start: number, separator: string): Table | undefined {
  const rows = separator === '\t' ? undefined : rowsOf(text, start, separator);
  const [first, ...others] = rows ?? [];
  if (rows === undefined || first === undefined) return undefined;
  const columns = first.length;
  const isTable =
    others.length === 0
      ? isRowOfValues(first)
      : columnOf(rows, columns, isIndicator) >= 0 ||
        (first.every((cell) => HEAD_CELL.test(cell)) && columnOf(others, columns, isIndicator) >= 0);
  return isTable ? tableOfColumns(columns, separator, start) : undefined;
}

/** A table of whose columns nothing is known but how many they are. */
function tableOfColumns(columns: number, separator: string, start: number): Table {
  return { separator, hints: new Array(columns).fill(undefined), typeColumn: -1, valueColumn: -1, start };
}

/** The cells of the first rows; undefined unless all have the same number of them. */
function rowsOf(text: string, start: number, separator: string): string[][] | undefined {
  const rows = sampleOf(text, start);
  if (separator === '|' && (rows.length < 2 || /(?:CEF|LEEF):\d/.test(rows[0] ?? ''))) return undefined;
  const columns = splitRow(rows[0] ?? '', separator).length;
  if (columns < 2) return undefined;
  // Nearly all texts end here, at their second line.
  if (!rows.every((row) => hasColumns(columns, row, separator))) return undefined;
  const cells = rows.map((row) => splitRowOf(columns, row, separator));
  return cells.every((row) => row !== undefined) ? cells : undefined;
}

/** The first column whose cells are all of a kind; -1 when there is none. */
function columnOf(
  rows: readonly (readonly string[])[],
  columns: number,
  isOfKind: (cell: string) => boolean,
): number {
  for (let column = 0; column < columns; column++) {
    if (rows.every((row) => isOfKind(row[column] ?? ''))) return column;
  }
  return -1;
}

/** The brackets, which are all that a cell without white space and slashes is defanged by. */
const DEFANGED = /[[\]()]/;

/** Whether a cell is an indicator as a whole, as far as a look can tell. */
function isIndicator(cell: string): boolean {
  if (cell.length < 4 || cell.length > MOST_OF_A_LINE) return false;
  if (/^[a-z*]{3,6}\[?:/i.test(cell)) return canonicalIoc('url', cell) !== undefined;
  if (/^[0-9a-f]+$/i.test(cell)) return canonicalHash(cell) !== undefined;
  if (!/^[\w.:[\]()-]+$/.test(cell) || !/[.:]/.test(cell)) return false;
  const text = DEFANGED.test(cell) ? refang(cell).text : cell;
  return canonicalAddress(text.replace(/:\d+$/, '')) !== undefined || readHostName(text)?.ending === 'public';
}

const DATE = /^\d{4}[-/.]\d\d[-/.]\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z?)?$|^\d\d[-/.]\d\d[-/.]\d{4}$/;

/** Whether all of a single row's cells are values, so that a comma in it is none of a URL. */
function isRowOfValues(cells: readonly string[]): boolean {
  // A sentence ends here, at its first cell, and a list of options at the first that is none: before any is read as a URL.
  if (!cells.every(mayBeValue)) return false;
  let hasIndicator = false;
  for (const cell of cells) {
    if (isIndicator(cell)) hasIndicator = true;
    else if (cell !== '' && !DATE.test(cell) && !isTypeWord(cell)) return false;
  }
  return hasIndicator;
}

/** Whether a cell may be a value, by the characters in it: cheap, and true of few cells. */
function mayBeValue(cell: string): boolean {
  return cell.length < 4 ? cell === '' || isTypeWord(cell) : SHAPE_OF_VALUE.test(cell) || isTypeWord(cell);
}

/** What an indicator or a date can be made of. */
const SHAPE_OF_VALUE = /^(?:[a-z*]{3,6}\[?:|[\w.:[\]()/-]+(?: [\d:.]+Z?)?$)/i;

function* cellsOf(text: string, table: Table): Generator<Cell> {
  const { separator, hints, heads, typeColumn, valueColumn } = table;
  let number = 0;
  for (const line of linesOf(text, table.start)) {
    if (isNoRow(line)) continue;
    const cells = splitRowOf(hints.length, line, separator);
    if (cells === undefined) {
      yield { text: line, hint: undefined };
      continue;
    }
    const typed = typeColumn < 0 ? -1 : valueOf(cells, typeColumn, valueColumn);
    const said = typed < 0 ? undefined : hintOfTypeWord(cells[typeColumn] ?? '');
    // A row that has the name of an algorithm in one cell has the hash in another.
    const named = typed < 0 ? cells.findIndex(isAlgorithm) : typeColumn;
    for (let index = 0; index < cells.length; index++) {
      if (index === typeColumn && isTypeWord(cells[index] ?? '')) continue;
      const row = { index: number, head: heads?.[index] ?? '' };
      yield {
        text: cells[index] ?? '',
        hint: index === typed ? said : hints[index],
        row: named < 0 ? row : { ...row, remarks: remarksOf(cells, named, index) },
      };
    }
    number++;
  }
}

function isAlgorithm(cell: string): boolean {
  return cell.length < 20 && readHashName(cell).isKind;
}

/** What a row says of an indicator beside its kind and value. */
function remarksOf(cells: readonly string[], typeColumn: number, valueColumn: number): string {
  return cells.filter((_, index) => index !== typeColumn && index !== valueColumn).join('\t');
}

/** Where the value stands whose kind a cell of the row names; -1 when there is none. */
function valueOf(row: readonly string[], typeColumn: number, valueColumn: number): number {
  const word = row[typeColumn] ?? '';
  if (!isTypeWord(word)) return -1;
  if (valueColumn >= 0) return valueColumn;
  const hint = hintOfTypeWord(word);
  const beside = [typeColumn + 1, typeColumn - 1, ...row.keys()].filter((at) => at !== typeColumn);
  const fits = (cell: string | undefined): boolean => {
    if (cell === undefined || cell === '') return false;
    if (hint !== 'url' && hint !== 'domain' && hint !== 'ip' && hint !== 'file') return true;
    return canonicalIoc(hint, cell) !== undefined;
  };
  return beside.find((at) => fits(row[at])) ?? -1;
}
