/** A character reference, and what it stands for. */
export interface Reference {
  length: number;
  plain: string;
}

const ENTITY = /&(?:([a-z]{2,7})|#(\d{1,7})|#x([0-9a-f]{1,6}));/iy;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  shy: '',
  period: '.',
  colon: ':',
  sol: '/',
  commat: '@',
  equals: '=',
  num: '#',
};

/** Reads the character reference of HTML at a `&`. */
export function readEntity(text: string, at: number): Reference | undefined {
  ENTITY.lastIndex = at;
  const match = ENTITY.exec(text);
  if (match === null) return undefined;
  const [all, name, decimal, hex] = match;
  const code = decimal === undefined ? parseInt(hex ?? '', 16) : parseInt(decimal, 10);
  const plain = name === undefined ? fromCode(code) : ENTITIES[name.toLowerCase()];
  return plain === undefined ? undefined : { length: all.length, plain };
}

function fromCode(code: number): string | undefined {
  if (code === 0xad || (code >= 0x200b && code <= 0x200d) || code === 0x2060 || code === 0xfeff) return '';
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
