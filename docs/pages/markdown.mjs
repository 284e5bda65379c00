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

/** Markdown with a change of all that is not code. */
export function outsideOfCode(markdown, change) {
  return markdown
    .split(/(^```[^]*?^```|`[^`\n]+`(?!\]))/m)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join('');
}
