/** What the cells of a table may be kept apart by, in the order in which they are tried. */
export const SEPARATORS = ['\t', ',', ';', '|'] as const;

/** The cells of a line, without quotes and the white space around them. A separator in double quotes is of its cell. */
export function splitRow(line: string, separator: string): string[] {
  if (separator === '|')
    return line
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|')
      .map(unquote);
  if (!line.includes('"')) return line.split(separator).map(unquote);
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

/**
 * Splits a row into `columns` cells; undefined if it has a different number of cells. An unquoted URL may contain the
 * separator.
 */
export function splitRowOf(columns: number, line: string, separator: string): string[] | undefined {
  const cells = splitRow(line, separator);
  if (cells.length === columns) return cells;
  const extra = cells.length - columns;
  const url = cells.findIndex((cell) => /^[a-z*]{3,6}\[?:/i.test(cell));
  if (extra < 1 || extra > MOST_IN_A_URL || url < 0 || line.includes('"')) return undefined;
  return [
    ...cells.slice(0, url),
    cells.slice(url, url + extra + 1).join(separator),
    ...cells.slice(url + extra + 1),
  ];
}

/**
 * Whether a row can be split into `columns` cells by {@link splitRowOf}: separators are counted, and only what has more of them is
 * split.
 */
export function hasColumns(columns: number, line: string, separator: string): boolean {
  if (separator !== '|' && !line.includes('"')) {
    let cells = 1;
    for (let at = line.indexOf(separator); at >= 0; at = line.indexOf(separator, at + 1)) cells++;
    if (cells <= columns || cells > columns + MOST_IN_A_URL) return cells === columns;
  }
  return splitRowOf(columns, line, separator) !== undefined;
}

/** As many separators a URL in a row may have. */
const MOST_IN_A_URL = 8;

const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;

function unquote(cell: string): string {
  const code = cell.charCodeAt(0);
  const lastCode = cell.charCodeAt(cell.length - 1);
  // Most cells have nothing around them.
  if (
    code > SPACE &&
    code < 0x80 &&
    code !== DOUBLE_QUOTE &&
    code !== SINGLE_QUOTE &&
    lastCode > SPACE &&
    lastCode < 0x80
  )
    return cell;
  const trimmed = cell.trim();
  const first = trimmed.charAt(0);
  if ((first !== '"' && first !== "'") || trimmed.length < 2 || !trimmed.endsWith(first)) return trimmed;
  return first === '"' ? trimmed.slice(1, -1).replace(/""/g, '"') : trimmed.slice(1, -1);
}

/** The lines of a text from `start` on. */
export function* linesOf(text: string, start: number): Generator<string> {
  for (let from = start; from <= text.length;) {
    const end = text.indexOf('\n', from);
    yield text.slice(from, end < 0 ? text.length : end);
    from = end < 0 ? Infinity : end + 1;
  }
}
