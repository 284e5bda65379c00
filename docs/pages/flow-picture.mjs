// A flow as a picture: its nodes and wires where the editor shows them. For a recipe of which the editor itself has been photographed, that
// picture is taken instead.

const HEIGHT = 30;
const MARGIN = 20;
/** By what a node is for. */
const FILLS = [
  [/^virustotal/, '#8fb4f0'],
  [/^(?:inject|complete)$/, '#a6bbcf'],
  [/^debug$/, '#87a980'],
  [/^(?:function|switch|change|template)$/, '#fdd0a2'],
  [/^(?:http|tcp|udp|websocket)/, '#e7e7ae'],
  [/^catch$/, '#e49191'],
  [/^comment$/, '#ffffff'],
];
const OTHER = '#dbd4c5';

/** @param {object[]} nodes of one flow, as its file has them @returns {string | undefined} an SVG; undefined for a flow without nodes */
export function flowPicture(nodes) {
  const shown = nodes.filter(({ x, y }) => typeof x === 'number' && typeof y === 'number').map(boxOf);
  if (shown.length === 0) return undefined;
  const left = Math.min(...shown.map(({ x, width }) => x - width / 2)) - MARGIN;
  const top = Math.min(...shown.map(({ y }) => y)) - HEIGHT / 2 - MARGIN;
  const right = Math.max(...shown.map(({ x, width }) => x + width / 2)) + MARGIN;
  const bottom = Math.max(...shown.map(({ y, height }) => y + height / 2)) + MARGIN;
  const byId = new Map(shown.map((box) => [box.id, box]));
  const wires = shown.flatMap((box) =>
    box.wires.flatMap((ids, port) =>
      ids.flatMap((id) => (byId.has(id) ? [wire(box, port, byId.get(id))] : [])),
    ),
  );
  const [width, height] = [right - left, bottom - top];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${left} ${top} ${width} ${height}" width="${width}" height="${height}" font-family="Helvetica, Arial, sans-serif" font-size="14">`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="8" fill="#fff"/>`,
    ...wires,
    ...shown.map(drawn),
    '</svg>',
  ].join('\n');
}

function boxOf({ id, type, name, x, y, wires = [] }) {
  const label = name || type;
  // About as wide as the editor makes it: icon and margins, and in steps of 20.
  const width = Math.max(100, 20 * Math.ceil((50 + label.length * 7) / 20));
  return { id, type, label, x, y, wires, width, height: Math.max(HEIGHT, wires.length * 13 + 4) };
}

function wire(from, port, to) {
  const [x1, x2] = [from.x + from.width / 2, to.x - to.width / 2];
  const y1 = from.y + (port - (from.wires.length - 1) / 2) * 13;
  const bend = Math.max(30, Math.abs(x2 - x1) * 0.5);
  return `<path d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${to.y} ${x2} ${to.y}" fill="none" stroke="#999" stroke-width="2.5"/>`;
}

function drawn({ type, label, x, y, width, height }) {
  const fill = FILLS.find(([pattern]) => pattern.test(type))?.[1] ?? OTHER;
  const line = type === 'comment' ? 'stroke="#bbb" stroke-dasharray="4 3"' : 'stroke="#777"';
  return [
    `<rect x="${x - width / 2}" y="${y - height / 2}" width="${width}" height="${height}" rx="5" fill="${fill}" ${line}/>`,
    `<text x="${x}" y="${y + 5}" text-anchor="middle" fill="#222">${escaped(label)}</text>`,
  ].join('');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
