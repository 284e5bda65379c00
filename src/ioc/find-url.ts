import { APART, classAt, CLASS, DOT, LABEL, URL_STOP } from './char-class';
import { hintBefore } from './hint';
import type { Reading } from './reading';
import { canonicalUrl, knownScheme } from './url';
import { urlEnd } from './url-end';

const MAX_AUTHORITY = 300;
const SPELLING = /(?:h[tx*]{2}|f[tx*])ps?$/i;
const PORT = /:\d{1,5}(?!\d)/y;

/** Reads the URL whose `://` begins at `colon`; returns where to go on, or undefined when there is none. */
export function findUrl(reading: Reading, colon: number): number | undefined {
  const { text } = reading;
  const spelling = SPELLING.exec(text.slice(Math.max(0, colon - 5), colon))?.[0];
  if (spelling === undefined || knownScheme(spelling) === undefined) return undefined;
  const start = colon - spelling.length;
  const hostStart = skipUserinfo(text, colon + 3);
  const hostEnd = endOfHost(text, hostStart);
  if (hostEnd === hostStart) return undefined;
  const restStart = endOfPort(text, hostEnd);
  const isContinued = /[/?#]/.test(text[restStart] ?? '');
  const end = isContinued ? urlEnd(text, start, restStart) : restStart;
  const authority = text.slice(hostStart, restStart).replace(/%[^\]]*\]/, ']');
  const value = canonicalUrl({ scheme: spelling, authority, rest: text.slice(restStart, end) });
  if (value === undefined) return undefined;
  if (!isVocabulary(reading, start)) reading.found('url', value, start, end);
  return end;
}

/** Past `user:password@`, if that stands before the host. */
function skipUserinfo(text: string, from: number): number {
  const limit = Math.min(text.length, from + MAX_AUTHORITY);
  let after = from;
  for (let at = from; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x40) after = at + 1;
    else if (code === 0x2f || code === 0x3f || code === 0x23 || ((CLASS[code] ?? 0) & URL_STOP) !== 0) break;
  }
  return after;
}

function endOfHost(text: string, from: number): number {
  if (text[from] === '[') {
    const end = text.slice(from, from + 80).indexOf(']');
    return end < 0 ? from : from + end + 1;
  }
  const limit = Math.min(text.length, from + MAX_AUTHORITY);
  let at = from;
  let before = classAt(text, from);
  for (; at < limit; at++) {
    const kind = classAt(text, at);
    const isLabelOn = (kind & LABEL) !== 0 && (((kind ^ before) & APART) === 0 || before === DOT);
    if (!isLabelOn && !(kind === DOT && isInHost(text, at))) break;
    before = kind;
  }
  return at;
}

/** A dot is of the host if a label follows, or the path: "http://baddomain.com./x". */
function isInHost(text: string, dot: number): boolean {
  return (classAt(text, dot + 1) & LABEL) !== 0 || /^(?::\d+)?\/[^\s]/.test(text.slice(dot + 1, dot + 9));
}

function endOfPort(text: string, hostEnd: number): number {
  PORT.lastIndex = hostEnd;
  return hostEnd + (PORT.exec(text)?.[0].length ?? 0);
}

/**
 * Passes over port and path of a host that stands without a scheme: what is in them belongs to it. Java writes
 * `host/1.2.3.4:443`, there the address is its own.
 */
export function afterHost(text: string, end: number): number {
  const path = endOfPort(text, end);
  if (
    text[path] !== '/' ||
    /^\/(?:\d{1,3}(?:\.\d{1,3}){3}|\d*(?![^\s"'<>)\]},;|]))/.test(text.slice(path, path + 20))
  )
    return end;
  return urlEnd(text, end, path);
}

/** Whether the URL is a name of a format, as in `xmlns="http://www.w3.org/1999/xhtml"` and after `<!DOCTYPE`. */
function isVocabulary({ text, hint }: Reading, start: number): boolean {
  if (hint === 'vocabulary' || hintBefore(text, start) === 'vocabulary') return true;
  const before = text.slice(Math.max(0, start - 160), start);
  return /xmlns(?::[\w-]{1,32})?=3?D?["']$/i.test(before) || /<!DOCTYPE[^>]*$/i.test(before);
}
