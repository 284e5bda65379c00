import { canonicalAddress } from './address';
import { codeAt, isLabel } from './char-class';
import { classifyTld } from './tld';
import type { TextScan } from './text-scan';
import { canonicalUrl, splitUrl } from './url';
import { isKnownHost } from './url-host';

const PERCENT = 0x25;
const MAX_NAME = 300;

/**
 * What an escape is to the name beside it: a `separator`, as `%20` and `%2F`; a `part` of the name, as `%62` for "b"; or
 * no escape at all, as in `LIKE '%bad.com%'`.
 */
export type Escape = 'separator' | 'part' | undefined;

/** Reads the two digits after the percent sign at `at`. */
export function escapeAt(text: string, at: number): Escape {
  if (codeAt(text, at) !== PERCENT) return undefined;
  const hex = text.slice(at + 1, at + 3);
  if (!/^[0-9a-f]{2}$/i.test(hex)) return undefined;
  const byte = parseInt(hex, 16);
  // A byte of a letter that isn't ASCII has others beside it.
  if (byte >= 0x80) return isEscape(text, at - 3) || isEscape(text, at + 3) ? 'separator' : undefined;
  return /[\w.-]/.test(String.fromCharCode(byte)) ? 'part' : 'separator';
}

function isEscape(text: string, at: number): boolean {
  return codeAt(text, at) === PERCENT && /^%[0-9a-f]{2}$/i.test(text.slice(at, at + 3));
}

/**
 * Reads a name or an address some of whose characters are percent-encoded, around the token from `start` to `end`. Its
 * bytes are never read as digits of it. Returns where to go on.
 */
export function findEncodedName(textScan: TextScan, start: number, end: number): number {
  const { text } = textScan;
  let from = start;
  while (from > 0 && start - from < MAX_NAME) {
    if (escapeAt(text, from - 3) === 'part') from -= 3;
    else if (escapeAt(text, from - 1) === 'part') from -= 1;
    else if (escapeAt(text, from - 1) === 'separator') {
      from += 2;
      break;
    } else if (isOfName(text, from - 1)) from--;
    else break;
  }
  let to = end;
  while (to - end < MAX_NAME) {
    if (escapeAt(text, to) === 'part') to += 3;
    else if (isOfName(text, to)) to++;
    else break;
  }
  const name = text
    .slice(from, to)
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const address = canonicalAddress(name);
  if (address !== undefined) textScan.addIoc('ip', address, from, to);
  else if (isKnownHost(name) && classifyTld(name.slice(name.lastIndexOf('.') + 1)) !== 'file-extension')
    textScan.addIoc('domain', name.toLowerCase(), from, to);
  return Math.max(end, to);
}

/**
 * `evil-a%2Etop` by itself: a name none of whose dots is written as one, which the scan goes by. Looks for those that begin before `until`.
 * @returns where to go on: there is none before
 */
export function findEncodedDots(textScan: TextScan, from: number, until: number): number {
  const { text } = textScan;
  for (let at = from; ;) {
    at = text.indexOf('%2', at);
    if (at < 0) return text.length;
    if (at >= until) return at;
    const isDot = (codeAt(text, at + 2) | 0x20) === 0x65 && isLabel(text, at - 1) && isLabel(text, at + 3);
    let end = at + 3;
    if (isDot) {
      let start = at - 1;
      while (isLabel(text, start - 1) && at - start < MAX_NAME) start--;
      while (end - at < MAX_NAME && (isLabel(text, end) || /^%2e/i.test(text.slice(end, end + 3)))) end++;
      if (
        BEGINS_A_NAME.test(text.slice(Math.max(0, start - 40), start)) &&
        ENDS_A_NAME.test(text.slice(end, end + 2))
      )
        findEncodedName(textScan, start, end);
    }
    at = end;
  }
}

/** Nothing that could be the rest of a URL: of `?host=` the host is a part, of `host=` it is the value. */
const BEGINS_A_NAME = /(?:^|[\s"'`<([{,;|>])(?:[\w.-]{1,32}[=:])?$/;
const ENDS_A_NAME = /^(?:[\s"'`>)\]},;|/:?!]|\.?(?:\s|$)|$)/;

function isOfName(text: string, at: number): boolean {
  return isLabel(text, at) || codeAt(text, at) === 0x2e;
}

const BEFORE_HOST =
  /(?:(?<![a-z])|(?<=%[0-9a-f]{2}))(?:h[tx]{2}ps?|ftp)(?::|%(?:25)*3A)(?:\/\/|(?:%(?:25)*2F){2})$/i;
const ENCODED = /(?:[\w.~*!'()-]|%[0-9a-f]{2})+/iy;
const ENCODED_WITH_SLASHES = /(?:[\w.~*!'()/:-]|%[0-9a-f]{2})+/iy;

/** Whether a token may be the host of a URL that stands percent-encoded: `%2F%2Fhost`, `%3A//host`. */
export function mayBeEncodedUrl(text: string, start: number): boolean {
  const before = codeAt(text, start - 1) | 0x20;
  // "F" of "%2F", or a slash after "A" of "%3A".
  if (before === 0x66) return text.charCodeAt(start - 3) === PERCENT || text.charCodeAt(start - 2) === 0x32;
  return codeAt(text, start - 1) === 0x2f && (codeAt(text, start - 3) | 0x20) === 0x61;
}

/** Reads the URL whose host begins at `start`: `https%3A%2F%2Fhost%2Fpath`. Returns where to go on, or undefined. */
export function findEncodedUrl(textScan: TextScan, start: number): number | undefined {
  const { text } = textScan;
  const head = BEFORE_HOST.exec(text.slice(Math.max(0, start - 60), start))?.[0];
  if (head?.includes('%') !== true) return undefined;
  const pattern = head.endsWith('/') ? ENCODED_WITH_SLASHES : ENCODED;
  pattern.lastIndex = start;
  const rest = pattern.exec(text)?.[0] ?? '';
  const from = start - head.length;
  const plain = decoded(`${head}${rest}`, layersOf(head));
  // White space and quotes that were encoded end a URL as they do in any text.
  const url =
    plain === undefined ? undefined : /^[^\s"<>`|\\]+/.exec(plain)?.[0].replace(/[.,;:!?'*)]+$/, '');
  const parts = url === undefined ? undefined : splitUrl(url);
  const value = parts === undefined ? undefined : canonicalUrl(parts);
  // What is too long to be one is left behind, and not read again from each host in it.
  if (value === undefined) return rest.length > MAX_NAME ? start + rest.length : undefined;
  textScan.addIoc('url', value, from, start + rest.length);
  return start + rest.length;
}

/** How often the text was encoded: once for `%3A`, twice for `%253A`. */
function layersOf(head: string): number {
  return 1 + (/%((?:25)*)[23][AF]/i.exec(head)?.[1]?.length ?? 0) / 2;
}

function decoded(text: string, layers: number): string | undefined {
  try {
    let at = text;
    for (let layer = 0; layer < layers; layer++) at = decodeURIComponent(at);
    return at;
  } catch {
    return undefined;
  }
}
