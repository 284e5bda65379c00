/** The anchor that GitHub gives a heading, so that a link works there and on the site. */
export function slugOf(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** The headings of Markdown, outside of code: level, text, and the place of their line. */
export function headingsOf(markdown) {
  const headings = [];
  let fence;
  let at = 0;
  for (const line of markdown.split('\n')) {
    const [, mark] = /^\s*(```|~~~)/.exec(line) ?? [];
    if (mark && (fence === undefined || fence === mark)) fence = fence === undefined ? mark : undefined;
    const [, hashes, text] = (fence === undefined && /^(#{1,6}) +(.*)$/.exec(line)) || [];
    if (hashes) headings.push({ level: hashes.length, text: text.trim(), at, end: at + line.length });
    at += line.length + 1;
  }
  return headings;
}

/** The text below a heading, up to the next of its level or above. @throws Error if there is no such heading */
export function sectionOf(markdown, heading) {
  const headings = headingsOf(markdown);
  const found = headings.find(({ text }) => text === heading);
  if (!found) throw new Error(`There is no heading "${heading}"`);
  const next = headings.find(({ at, level }) => at > found.at && level <= found.level);
  return markdown.slice(found.end, next?.at).trim();
}

/** The same with headings that many levels higher. */
export function raised(markdown, levels) {
  let text = markdown;
  for (const { at, level } of headingsOf(markdown).reverse())
    text = `${text.slice(0, at)}${'#'.repeat(Math.max(1, level - levels))}${text.slice(at + level)}`;
  return text;
}

/** The table of Markdown that begins with this cell, as rows of cells without its head. */
export function tableOf(markdown, firstCell) {
  const lines = markdown.split('\n');
  const head = lines.findIndex((line) => cellsOf(line)[0] === firstCell);
  if (head < 0) throw new Error(`There is no table that begins with "${firstCell}"`);
  const rows = [];
  for (const line of lines.slice(head + 2)) {
    if (!line.startsWith('|')) break;
    rows.push(cellsOf(line));
  }
  return rows;
}

function cellsOf(line) {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}
