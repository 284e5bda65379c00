import { Char, CLASS, classAt, codeAt, isLabel } from './char-class';
import { hintBefore } from './hint';
import type { Reading } from './reading';
import { canonicalOrigin, knownScheme, urlAt, withoutZone } from './url';
import { urlEnd } from './url-end';

const MAX_AUTHORITY = 300;
const SPELLING = /(?:h[tx*]{2}|f[tx*])ps?$/i;
/** The colon may stand without a port, as in "http://host:/path"; in "http://http://host" it doesn't. */
const PORT = /:(?:\d{1,5}(?!\d)|(?=[/?#](?!\/)))/y;

/** Reads the URL whose `://` begins at `colon`; returns where to go on, or undefined when there is none. */
export function findUrl(reading: Reading, colon: number): number | undefined {
  const { text } = reading;
  const spelling = spellingAt(text, colon);
  const scheme = spelling === undefined ? undefined : knownScheme(spelling);
  if (spelling === undefined || scheme === undefined) return undefined;
  // "sftp://" is another scheme; "linkhttp://" has lost a space.
  if (scheme === 'ftp' && isLabel(text, colon - spelling.length - 1)) return undefined;
  const start = colon - spelling.length;
  const hostStart = skipUserinfo(text, colon + 3);
  const hostEnd = endOfHost(text, hostStart);
  if (hostEnd === hostStart || isSchemeAgain(text, hostStart, hostEnd)) return undefined;
  const restStart = endOfPort(text, hostEnd);
  // Before the rest is read: it may be long, and is read again from every "://" in it when this is no URL.
  const origin = canonicalOrigin(scheme, withoutZone(text.slice(hostStart, restStart)));
  if (origin === undefined) return undefined;
  const next = codeAt(text, restStart);
  const end =
    next === SLASH || next === QUESTION || next === HASH ? urlEnd(text, start, restStart) : restStart;
  const value = urlAt(origin, text.slice(restStart, end));
  if (value !== undefined && !isVocabulary(reading, start)) reading.found('url', value, start, end);
  return end;
}

/** The scheme before a colon, as it is spelled. */
function spellingAt(text: string, colon: number): string | undefined {
  if (text.startsWith('https', colon - 5)) return 'https';
  if (text.startsWith('http', colon - 4)) return 'http';
  return SPELLING.exec(text.slice(Math.max(0, colon - 5), colon))?.[0];
}

const SLASH = 0x2f;
const QUESTION = 0x3f;
const HASH = 0x23;
const AT = 0x40;

/** Past `user:password@`, if that stands before the host. */
function skipUserinfo(text: string, from: number): number {
  const limit = Math.min(text.length, from + MAX_AUTHORITY);
  const classes = CLASS;
  let after = from;
  for (let at = from; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === AT) after = at + 1;
    else if (code === SLASH || code === QUESTION || code === HASH) break;
    else if (((classes[code] ?? 0) & Char.UrlStop) !== 0) break;
  }
  return after;
}

/** "http://http://host", as it is pasted into a field that already has one. */
function isSchemeAgain(text: string, start: number, end: number): boolean {
  return end - start < 6 && text.startsWith('://', end) && knownScheme(text.slice(start, end)) !== undefined;
}

function endOfHost(text: string, from: number): number {
  if (text[from] === '[') {
    const end = text.slice(from, from + 80).indexOf(']');
    return end < 0 ? from : from + end + 1;
  }
  const limit = Math.min(text.length, from + MAX_AUTHORITY);
  const classes = CLASS;
  let at = from;
  let before = classAt(text, from);
  for (; at < limit; at++) {
    const kind = classes[text.charCodeAt(at)] ?? 0;
    if ((kind & Char.Label) !== 0) {
      if (((kind ^ before) & Char.Apart) !== 0 && (before & Char.Dot) === 0) break;
    } else if ((kind & Char.Dot) === 0 ? !isPictograph(text.charCodeAt(at)) : !isInHost(text, at)) break;
    before = kind;
  }
  return at;
}

/** Registries of some countries sell names of pictographs: "http://i❤.ws/". */
function isPictograph(code: number): boolean {
  return (code >= 0xd800 && code <= 0xdfff) || (code >= 0x2600 && code <= 0x27bf) || code === 0xfe0f;
}

/** A dot is of the host if a label follows, or the path: "http://baddomain.com./x". */
function isInHost(text: string, dot: number): boolean {
  return (
    isLabel(text, dot + 1) ||
    isPictograph(codeAt(text, dot + 1)) ||
    /^(?::\d+)?\/[^\s]/.test(text.slice(dot + 1, dot + 9))
  );
}

function endOfPort(text: string, hostEnd: number): number {
  if (codeAt(text, hostEnd) !== 0x3a) return hostEnd;
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
  if (hint === 'vocabulary') return true;
  const before = codeAt(text, start - 1);
  if (before !== DOUBLE_QUOTE && before !== SINGLE_QUOTE) return false;
  if (hintBefore(text, start) === 'vocabulary') return true;
  const head = text.slice(Math.max(0, start - 160), start - 1);
  return (
    (head.endsWith('=') && /xmlns:[\w-]{1,32}=$/i.test(head.slice(-40))) ||
    /<!DOCTYPE[^>]*$/i.test(head.slice(head.lastIndexOf('<')))
  );
}

const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
