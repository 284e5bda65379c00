import { canonicalAddress } from './address';
import { codeAt } from './char-class';
import { asciiHostName } from './domain';
import { ipv4Of } from './ip-text';

/** The longest URL that is taken for one, in characters. */
export const MAX_URL_LENGTH = 8192;

const SCHEME = /^([a-z][a-z0-9+.-]*):/i;

/** The URL schemes that VirusTotal has reports for. */
export type Scheme = 'http' | 'https' | 'ftp';

const SPELLINGS = /^(?:h[tx*]{2}p(s?)|f[tx*]p)$/i;

/** The scheme that VirusTotal knows URLs of, for a spelling of it that may be defanged; undefined for any other. */
export function knownScheme(spelling: string): Scheme | undefined {
  if (spelling === 'https' || spelling === 'http') return spelling;
  const match = SPELLINGS.exec(spelling);
  if (match === null) return undefined;
  if (match[1] === undefined) return 'ftp';
  return match[1] === '' ? 'http' : 'https';
}

/** What stands before the path of a URL, and the rest. */
export interface UrlParts {
  scheme: string;
  /** Between `//` and the path: userinfo, host, port. */
  authority: string;
  /** Path, query and fragment as written. */
  rest: string;
}

/** `[fe80::1%eth0]` is `[fe80::1]` to everybody but the machine that wrote it. */
export function withoutZone(authority: string): string {
  return authority.includes('[') ? authority.replace(/%[^\]]*\]/, ']') : authority;
}

/** Splits a URL into scheme, authority and the rest. Returns undefined if the text does not begin with a scheme and `://`. */
export function splitUrl(text: string): UrlParts | undefined {
  if (!text.includes('://')) return undefined;
  const scheme = SCHEME.exec(text)?.[1] ?? /^h\*\*ps?(?=:)/i.exec(text)?.[0];
  if (scheme === undefined || !text.startsWith('://', scheme.length)) return undefined;
  const start = scheme.length + 3;
  const length = text.slice(start).search(/[/?#\\]/);
  const end = length < 0 ? text.length : start + length;
  return { scheme, authority: withoutZone(text.slice(start, end)), rest: text.slice(end) };
}

/**
 * The URL in canonical form, or undefined when the host is none: scheme and host lower case, the host in punycode or as
 * an address in its usual spelling, no default port, no userinfo, no fragment, and `/` for an empty path (VirusTotal
 * adds it too); path and query as written, with only white space and control characters escaped.
 */
export function canonicalUrl({ scheme, authority, rest }: UrlParts): string | undefined {
  const known = knownScheme(scheme);
  const origin =
    known === undefined ? undefined : canonicalOrigin(known, authority.slice(authority.lastIndexOf('@') + 1));
  return origin === undefined ? undefined : urlAt(origin, rest);
}

/** Scheme, host and port of a URL in canonical form, as `https://baddomain.com:8443`, or undefined when the host is none. */
export function canonicalOrigin(scheme: Scheme, hostAndPort: string): string | undefined {
  const host = canonicalHost(scheme, hostAndPort);
  return host === undefined ? undefined : `${scheme}://${host}`;
}

/** The URL of what stands after an origin in canonical form; undefined when it is too long to be one. */
export function urlAt(origin: string, rest: string): string | undefined {
  const hash = rest.indexOf('#');
  const kept = hash < 0 ? rest : rest.slice(0, hash);
  const path = WHITE_SPACE.test(kept) ? kept.replace(EVERY_WHITE_SPACE, encodeURIComponent) : kept;
  const value = `${origin}${path.startsWith('/') ? '' : '/'}${path}`;
  return value.length > MAX_URL_LENGTH ? undefined : value;
}

// eslint-disable-next-line no-control-regex
const WHITE_SPACE = /[\s\x00-\x1f\x7f]/;
const EVERY_WHITE_SPACE = new RegExp(WHITE_SPACE, 'g');

const DEFAULT_PORTS: Readonly<Record<Scheme, number>> = { http: 80, https: 443, ftp: 21 };

/** Host and port as WHATWG URL has them, or undefined. */
function canonicalHost(scheme: Scheme, hostAndPort: string): string | undefined {
  if (hostAndPort === '' || hostAndPort.length > 300) return undefined;
  const colon = hostAndPort.indexOf(':');
  const bare = colon < 0 ? hostAndPort : hostAndPort.slice(0, colon);
  const host = ipv4Of(bare) >= 0 ? bare : asciiHostName(bare);
  if (host !== undefined && colon < 0) return host;
  const port = Number(hostAndPort.slice(colon + 1));
  if (host !== undefined && port > 0 && port <= 0xffff)
    return port === DEFAULT_PORTS[scheme] ? host : `${host}:${port}`;
  try {
    const url = new URL(`${scheme}://${hostAndPort}/`);
    return isUrlHost(url.hostname) ? url.host.replace(/\.(?=:|$)/, '') : undefined;
  } catch {
    return undefined;
  }
}

/** Past the first `://` of a URL, whose host stands there; 2 without one. */
export function startOfHost(url: string): number {
  const colon = url.indexOf(':');
  // Nearly always so, and a single character is found in a fraction of the time.
  if (colon >= 0 && codeAt(url, colon + 1) === SLASH && codeAt(url, colon + 2) === SLASH) return colon + 3;
  return url.indexOf('://') + 3;
}

const SLASH = 0x2f;

/** The host of a URL in canonical form; empty for what is no URL. */
export function hostOfUrl(url: string): string {
  const start = startOfHost(url);
  const end = url.indexOf('/', start);
  const colon = url.indexOf(':', start);
  const bare = url.slice(start, colon > 0 && colon < end ? colon : end);
  if (ipv4Of(bare) >= 0) return bare;
  const host = asciiHostName(bare);
  if (start > 3 && end > 0 && host !== undefined) return host;
  try {
    return new URL(url).hostname.replace(/\.$/, '');
  } catch {
    return '';
  }
}

function isUrlHost(hostname: string): boolean {
  return canonicalAddress(hostname) !== undefined || asciiHostName(hostname) !== undefined;
}
