import { classifyTld } from './tld';

/**
 * Whether the words on both sides of a dot with spaces around it, as in `evil dot com`, are labels of a name: not in "the
 * dot com bubble".
 */
export function isSpelledOutDot(text: string, leftEnd: number, rightStart: number): boolean {
  const left = /[\w-]+$/.exec(text.slice(Math.max(0, leftEnd - 64), leftEnd))?.[0] ?? '';
  const right = /^([\w-]+)(.?\w*)/.exec(text.slice(rightStart, rightStart + 80));
  const label = right?.[1] ?? '';
  if (isOctet(left) && isOctet(label)) return isBesideOctets(text, leftEnd, right?.[2] ?? '');
  if (left.length < 2 || SMALL_WORD.test(left) || SMALL_WORD.test(label)) return false;
  if (/^com$/i.test(label) && ABOUT_DOT_COM.test(right?.[2] ?? '')) return false;
  return classifyTld(label) !== 'unknown' || /^.?(?:dot|\[|\(|\{|\.)/i.test(right?.[2] ?? '');
}

const SMALL_WORD =
  /^(?:an?|the|this|that|these|my|your|his|her|our|their|of|and|or|in|as|so|to|is|it|on|at|by|be|no|not|old|new|first|early|polka)$/i;
const ABOUT_DOT_COM = /^ (?:boom|bubble|bust|crash|era|age|cafe|compan\w*|startups?|business\w*|years?)$/i;

function isOctet(text: string): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) <= 0xff;
}

/** `185 dot 220 dot 101 dot 45`: more numbers than two, so that "3 dot 5" stays. */
function isBesideOctets(text: string, leftEnd: number, after: string): boolean {
  return (
    /^.?(?:dot|\[|\(|\{|\.\d)/i.test(after) ||
    /(?:[\])}.]|dot) ?\d{1,3}$/i.test(text.slice(Math.max(0, leftEnd - 8), leftEnd))
  );
}
