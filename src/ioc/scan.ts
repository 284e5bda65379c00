import { canonicalAddress, isNetwork } from './address';
import { readHostName } from './domain';
import { canonicalHash, isHashLength } from './hash';
import { type Hint, hintBefore } from './hint';
import type { IocType } from './ioc';
import { isDomainInProse } from './plain-name';
import type { Refanged } from './refang';
import { canonicalUrl, knownScheme, MAX_URL_LENGTH } from './url';
import { urlEnd } from './url-end';

/** Receives what a scan finds: the kind, the canonical value, and from where to where it stands in the refanged text. */
export type Found = (type: IocType, value: string, start: number, end: number) => void;

export interface ScanOptions {
  /** What the key of the text says of it. */
  hint?: Hint | undefined;
  /** Report the domain of mail addresses. */
  mailDomains: boolean;
}

const LABEL = 1;
const DOT = 2;
const HEX = 4;

const CLASSES = new Uint8Array(128);
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_') {
  CLASSES[char.charCodeAt(0)] = LABEL | (/[0-9a-f]/i.test(char) ? HEX : 0);
}
CLASSES[0x2e] = DOT;

function classOf(code: number): number {
  if (code < 128) return CLASSES[code] ?? 0;
  if (code < 0xc0 || code === 0xd7 || code === 0xf7) return 0;
  if (code >= 0x2000 && code < 0x2c00) return 0;
  if (code >= 0x3000 && code < 0x3005) return 0;
  if (code >= 0x3008 && code < 0x3021) return 0;
  if (code >= 0xff00)
    return (code >= 0xff10 && code < 0xff1a) || (code >= 0xff66 && code < 0xffdd) ? LABEL : 0;
  return code === 0x30fb || (code >= 0xe000 && code < 0xf900) ? 0 : LABEL;
}

/** Finds the indicators of a text in one pass, left to right. */
export function scan(refanged: Refanged, options: ScanOptions, found: Found): void {
  new Scan(refanged, options, found).run();
}

class Scan {
  readonly #refanged: Refanged;
  readonly #text: string;
  readonly #options: ScanOptions;
  readonly #found: Found;

  constructor(refanged: Refanged, options: ScanOptions, found: Found) {
    this.#refanged = refanged;
    this.#text = refanged.text;
    this.#options = options;
    this.#found = found;
  }

  run(): void {
    const text = this.#text;
    const length = text.length;
    let at = 0;
    while (at < length) {
      const first = classOf(text.charCodeAt(at));
      if ((first & LABEL) === 0) {
        if (text.charCodeAt(at) === 0x3a && text.charCodeAt(at + 1) === 0x3a)
          at = this.#addressV6(at) ?? at + 2;
        else at++;
        continue;
      }
      const start = at;
      let dots = 0;
      let hex = HEX;
      for (; at < length; at++) {
        const kind = classOf(text.charCodeAt(at));
        if (kind & LABEL) hex &= kind;
        else if (kind === DOT && classOf(text.charCodeAt(at + 1)) & LABEL) dots++;
        else break;
      }
      at = this.#token(start, at, dots, hex !== 0);
    }
  }

  /** Reads the run of label characters and single dots from `start` to `end`; returns where to go on. */
  #token(start: number, end: number, dots: number, hex: boolean): number {
    const text = this.#text;
    if (text.charCodeAt(end) === 0x3a) {
      if (text.startsWith('//', end + 1)) {
        const after = this.#url(end);
        if (after !== undefined) return after;
      } else if (hex && dots === 0 && end - start <= 4) {
        const after = this.#addressV6(start);
        if (after !== undefined) return after;
      }
    }
    if (dots > 0) return this.#dotted(start, end, dots);
    if (isHashLength(end - start) && hex) this.#hash(start, end);
    return end;
  }

  #url(colon: number): number | undefined {
    const text = this.#text;
    const spelling = /(?:h[tx*]{2}|f[tx*])ps?$/i.exec(text.slice(Math.max(0, colon - 5), colon))?.[0];
    if (spelling === undefined || knownScheme(spelling) === undefined) return undefined;
    const start = colon - spelling.length;
    const authorityStart = colon + 3;
    const limit = Math.min(text.length, authorityStart + 300);
    let authorityEnd = authorityStart;
    while (
      authorityEnd < limit &&
      !/[\s/?#"'<>`(){}|\\,;^「」『』（）、。，；]/.test(text[authorityEnd] ?? '')
    )
      authorityEnd++;
    const authority = text.slice(authorityStart, authorityEnd).replace(/(?<=[^\]])[\].:!*]+$/, '');
    if (authority === '') return undefined;
    const restStart = authorityStart + authority.length;
    const continues = restStart === authorityEnd && /[/?#]/.test(text[restStart] ?? '');
    const end = continues ? urlEnd(text, start, restStart) : restStart;
    const value = canonicalUrl({
      scheme: spelling,
      authority: withoutZone(authority),
      rest: text.slice(restStart, end),
    });
    if (value === undefined) return end - start > MAX_URL_LENGTH ? end : undefined;
    this.#found('url', value, start, end);
    return end;
  }

  #addressV6(start: number): number | undefined {
    const text = this.#text;
    const before = text.charCodeAt(start - 1);
    if (start > 0 && (classOf(before) !== 0 || before === 0x3a)) return undefined;
    const pattern = /[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?:(?:\.\d{1,3}){3})?/iy;
    pattern.lastIndex = start;
    const raw = pattern.exec(text)?.[0];
    if (raw === undefined) return undefined;
    const trimmed = raw.endsWith(':') && !raw.endsWith('::') ? raw.slice(0, -1) : raw;
    let end = start + trimmed.length;
    const value = canonicalAddress(trimmed);
    if (value === undefined || classOf(text.charCodeAt(end)) & LABEL || text.charCodeAt(end) === 0x3a)
      return undefined;
    if (!this.#isPlausibleV6(trimmed)) return undefined;
    const zone = /%[a-z0-9._-]{1,32}/iy;
    zone.lastIndex = end;
    end += zone.exec(text)?.[0].length ?? 0;
    if (!this.#isNetworkAt(value, end)) this.#found('ip', value, start, end);
    return end;
  }

  #isPlausibleV6(raw: string): boolean {
    if (/^(?:[0-9a-f]{2}:){7}[0-9a-f]{2}$/i.test(raw)) return false;
    if (this.#options.hint === 'ip') return true;
    return /^(?:::1$|::ffff:|[23][0-9a-f]{3}:|f[cdef][0-9a-f]{2}:|64:ff9b:)/i.test(raw);
  }

  #isNetworkAt(address: string, end: number): boolean {
    const prefix = /\/(\d{1,3})(?![\w.])/y;
    prefix.lastIndex = end;
    const bits = prefix.exec(this.#text)?.[1];
    return bits !== undefined && Number(bits) <= 128 && isNetwork(address, Number(bits));
  }

  #dotted(tokenStart: number, tokenEnd: number, dots: number): number {
    const text = this.#text;
    let start = tokenStart;
    let end = tokenEnd;
    while (start < end && /[-_]/.test(text[start] ?? '') && !/^_[a-z]/i.test(text.slice(start, start + 2)))
      start++;
    while (end > start && /[-_]/.test(text[end - 1] ?? '')) end--;
    if (text[start] === '_' && tokenEnd > end) start++;
    const before = text.charCodeAt(start - 1);
    const raw = text.slice(start, end);
    if (dots >= 3 && /^[\d.]+$/.test(raw)) return this.#addressV4(raw, start, end, dots, before);
    if (text[end] === '@') return tokenEnd;
    const isMail = before === 0x40;
    if (isMail && !this.#options.mailDomains) return tokenEnd;
    const address = /^\d{1,3}(?:\.\d{1,3}){3}(?=[^\d.])/.exec(raw)?.[0];
    if (end - start > 253) return tokenEnd;
    if (this.#domain(raw, start, end, before, isMail))
      return isMail ? tokenEnd : this.#afterHost(end, tokenEnd);
    void address;
    return tokenEnd;
  }

  #addressV4(raw: string, start: number, end: number, dots: number, before: number): number {
    const text = this.#text;
    if (dots !== 3 || canonicalAddress(raw) === undefined) return end;
    if (
      start > 0 &&
      /[\w\-.\p{L}]/u.test(text[start - 1] ?? '') &&
      !/\d-$/.test(text.slice(start - 2, start))
    )
      return end;
    if (/^-?[a-z_]/i.test(text.slice(end, end + 2))) return end;
    if (
      before === 0x2f &&
      /[a-z]\/$/i.test(text.slice(start - 2, start)) &&
      /(?<![\w.:/])[A-Z]\w*\/$/.test(text.slice(Math.max(0, start - 24), start))
    ) {
      return end;
    }
    if (
      (this.#options.hint ?? hintBefore(text, start)) === 'version' ||
      hintBefore(text, start) === 'version'
    )
      return end;
    if (this.#isNetworkAt(raw, end)) return end;
    this.#found('ip', raw, start, end);
    return this.#afterHost(end, end);
  }

  #domain(raw: string, start: number, end: number, before: number, isMail: boolean): boolean {
    const text = this.#text;
    const host = readHostName(raw);
    if (host === undefined || host.ending === 'unknown' || host.ending === 'suffix') return false;
    const spoken = this.#refanged.hasDefangedDot(start, end) || isMail || this.#isNamed(start);
    if (!spoken) {
      if (host.ending === 'other-root') return false;
      if (isPathSegment(text, start, before)) return false;
      if (this.#options.hint === 'file-name' || hintBefore(text, start) === 'file-name') return false;
      if (!isDomainInProse(raw, host.value, host.registered, text[end] ?? '')) return false;
    }
    this.#found('domain', host.value, start, end);
    return true;
  }

  #isNamed(start: number): boolean {
    return isDomainHint(this.#options.hint) || isDomainHint(hintBefore(this.#text, start));
  }

  /** Passes over port and path of a host that stands without a scheme: what is in them belongs to it. */
  #afterHost(end: number, tokenEnd: number): number {
    const text = this.#text;
    const rest = /(?::\d{1,5})?\/(?=[^\s\d])/y;
    rest.lastIndex = end;
    const match = rest.exec(text);
    return match === null ? tokenEnd : Math.max(tokenEnd, urlEnd(text, end, end + match[0].length - 1));
  }

  #hash(start: number, end: number): void {
    const text = this.#text;
    const value = canonicalHash(text.slice(start, end));
    if (value === undefined || !/[a-f]/.test(value)) return;
    if (this.#options.hint === 'opaque' || hintBefore(text, start) === 'opaque') return;
    this.#found('file', value, start, end);
  }
}

function isDomainHint(hint: Hint | undefined): boolean {
  return hint === 'domain' || hint === 'url';
}

function withoutZone(authority: string): string {
  return authority.replace(/%[^\]]*\]/, ']');
}

/** Whether what starts here is a part of a path: `/usr/lib/x.so`, `C:\\x.com`, but not `//host` or `\\\\host`. */
function isPathSegment(text: string, start: number, before: number): boolean {
  if (before !== 0x2f && before !== 0x5c) return false;
  let slashes = start;
  while (slashes > 0 && start - slashes < 4 && text.charCodeAt(slashes - 1) === before) slashes--;
  return (
    start - slashes === 1 ||
    (/[\w:.-]$/.test(text.slice(Math.max(0, slashes - 1), slashes)) && before === 0x5c)
  );
}
