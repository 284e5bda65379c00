/** Reads CSV by RFC 4180. @throws Error where it is not so */
export function readCsv(text: string): string[][] {
  if (!text.endsWith('\r\n')) throw new Error('the last line has no end');
  const rows: string[][] = [];
  let cells: string[] = [];
  let at = 0;
  while (at < text.length) {
    const match = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;
    match.lastIndex = at;
    const found = match.exec(text) as RegExpExecArray;
    cells.push(found[1] === undefined ? (found[2] ?? '') : found[1].replaceAll('""', '"'));
    at = match.lastIndex;
    if (text[at] === ',') at += 1;
    else if (text.startsWith('\r\n', at)) {
      rows.push(cells);
      cells = [];
      at += 2;
    } else throw new Error(`no comma and no end of a line at ${at}: ${text.slice(at, at + 20)}`);
  }
  return rows;
}
