import { codeAt } from './char-class';
import { endsLine, joinBrokenLink } from './broken-link';
import { hintBefore } from './hint';
import type { TextScan } from './text-scan';
import { isNameOfFormat } from './service-name';
import { canonicalOrigin, startOfHost, urlAt, withoutZone } from './url';
import { urlEnd } from './url-end';
import { isKnownHost, readAuthority } from './url-host';
import { urlStart } from './url-start';
import { isHostOfWrapper } from './wrapped-link';

/** Reads the URL whose scheme ends with the colon; returns where to go on, or undefined when there is none. */
export function findUrl(textScan: TextScan, colon: number): number | undefined {
  const { text } = textScan;
  const begin = urlStart(text, colon);
  const authority = begin === undefined ? undefined : readAuthority(text, begin.authority);
  if (begin === undefined || authority === undefined) return undefined;
  const { scheme, start } = begin;
  const { hostAndPort, pathStart } = authority;
  // Before the rest is read: it may be long, and is read again from every "://" in it when this is no URL.
  const origin = canonicalOrigin(scheme, withoutZone(hostAndPort));
  if (origin === undefined) return undefined;
  if (!begin.isRegular && !isKnownHost(hostOfOrigin(origin))) return undefined;
  const next = codeAt(text, pathStart);
  const end =
    next === SLASH || next === QUESTION || next === HASH ? urlEnd(text, start, pathStart) : pathStart;
  const joined = endsLine(text, end) && isHostOfWrapper(hostOfOrigin(origin));
  const link = joined ? joinBrokenLink(text, start, end) : { text: text.slice(start, end), end };
  const value = urlAt(origin, link.text.slice(pathStart - start));
  if (value !== undefined && !isVocabulary(textScan, start) && !isNameOfFormat(value))
    textScan.addIoc('url', value, start, link.end);
  return link.end;
}

const SLASH = 0x2f;
const QUESTION = 0x3f;
const HASH = 0x23;

function hostOfOrigin(origin: string): string {
  return origin.slice(startOfHost(origin)).replace(/:\d+$/, '');
}

/** Whether the URL is a name of a format, as in `xmlns="http://www.w3.org/1999/xhtml"` and after `<!DOCTYPE`. */
function isVocabulary({ text, hint }: TextScan, start: number): boolean {
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
