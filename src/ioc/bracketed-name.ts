import { codeAt, isLabel } from './char-class';
import { classifyTld } from './tld';

/** A stretch of the source and what it stands for. */
export interface Disguise {
  start: number;
  end: number;
  plain: string;
}

const CONTENT = /[[({]([a-z][\w-]{1,62})[\])}]/iy;
const NUMBER = /[[({](\d{1,3})[\])}]/y;
const OF_AN_ADDRESS = /(?:^|[^\w.])\d{1,3}(?:[[({]?\.[\])}]?\d{1,3}){0,2}[[({]?\.[\])}]?$/;
const WWW = /[[({](www\d?\.?)[\])}](?=\.?[\w[({])/iy;
const HYPHEN = /[[({]([-_])[\])}]/y;
const HOST = /[[({]((?:[\w-]+\.)+[a-z]{2,24}|\d{1,3}(?:\.\d{1,3}){3})[\])}]/iy;
/** As Windows' DNS server writes a name: each label with its length before it. */
const LENGTHS = /\(\d{1,2}\)[\w-]{1,63}(?:\(\d{1,2}\)[\w-]{1,63}){1,20}\(0\)/y;

/** Brackets around something else than a dot, at a bracket: `bad.[com]`, `[www].bad.com`, `bad[-]name.com`, `//[bad.com]/`. */
export function readBracketedName(source: string, at: number): Disguise | undefined {
  const before = codeAt(source, at - 1);
  if (before === DOT) return isLabel(source, at - 2) ? lastLabel(source, at) : undefined;
  if (before === SLASH) return source[at - 2] === '/' ? match(HOST, source, at) : undefined;
  // By the first character inside, as most brackets are a remark's and no pattern has to be tried.
  const inside = codeAt(source, at + 1);
  if (isLabel(source, at - 1))
    return inside === HYPHEN_MINUS || inside === LOW_LINE ? hyphen(source, at) : undefined;
  return (inside | 0x20) === SMALL_W ? match(WWW, source, at) : undefined;
}

const HYPHEN_MINUS = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const LOW_LINE = 0x5f;
const SMALL_W = 0x77;

function lastLabel(source: string, at: number): Disguise | undefined {
  const number = match(NUMBER, source, at);
  if (number !== undefined)
    return OF_AN_ADDRESS.test(source.slice(Math.max(0, at - 24), at)) ? number : undefined;
  const found = match(CONTENT, source, at);
  if (found === undefined || isLabel(source, found.end)) return undefined;
  const ending = classifyTld(found.plain);
  // Round brackets are a type in Go: "x.(error)".
  return ending === 'unambiguous' || (ending !== 'unknown' && source[at] === '[') ? found : undefined;
}

function hyphen(source: string, at: number): Disguise | undefined {
  const found = match(HYPHEN, source, at);
  return found !== undefined && isLabel(source, found.end) ? found : undefined;
}

function match(pattern: RegExp, source: string, at: number): Disguise | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(source);
  return found === null ? undefined : { start: at, end: pattern.lastIndex, plain: found[1] ?? '' };
}

/** `(3)www(9)baddomain(3)com(0)`: what stands between the labels, each a dot but the first and the last. */
export function readLengths(source: string, at: number): Disguise[] | undefined {
  LENGTHS.lastIndex = at;
  const text = LENGTHS.exec(source)?.[0];
  if (text === undefined) return undefined;
  const lengths = [...text.matchAll(/\((\d{1,2})\)([\w-]*)/g)];
  if (!lengths.every(([, length, label = '']) => Number(length) === label.length)) return undefined;
  return lengths.map(({ index, 1: length = '' }, number) => ({
    start: at + index,
    end: at + index + length.length + 2,
    plain: number === 0 || length === '0' ? '' : '.',
  }));
}
