import { canonicalAddress } from './address';
import { asciiHostName } from './domain';

/** The longest URL that is taken for one, in characters. */
export const MAX_URL_LENGTH = 8192;

const SCHEME = /^([a-z][a-z0-9+.-]*):/i;

/** `hxxp` and its kin, as they stand before `://`. */
const SPELLINGS: readonly [RegExp, string][] = [
  [/^h[tx*]{2}ps$/i, 'https'],
  [/^h[tx*]{2}p$/i, 'http'],
  [/^f[tx*]ps?$/i, 'ftp'],
];

/** The scheme that VirusTotal knows URLs of, for a spelling of it that may be defanged; undefined for any other. */
export function knownScheme(spelling: string): 'http' | 'https' | 'ftp' | undefined {
  if (/^ftps$/i.test(spelling)) return undefined;
  const found = SPELLINGS.find(([pattern]) => pattern.test(spelling));
  return found?.[1] as 'http' | 'https' | 'ftp' | undefined;
}

/** What stands before the path of a URL, and the rest. */
export interface UrlParts {
  scheme: string;
  /** Between `//` and the path: userinfo, host, port. */
  authority: string;
  /** Path, query and fragment as written. */
  rest: string;
}

export function splitUrl(text: string): UrlParts | undefined {
  const scheme = SCHEME.exec(text)?.[1] ?? /^h\*\*ps?(?=:)/i.exec(text)?.[0];
  if (scheme === undefined || !text.startsWith('://', scheme.length)) return undefined;
  const start = scheme.length + 3;
  const length = text.slice(start).search(/[/?#\\]/);
  const end = length < 0 ? text.length : start + length;
  return { scheme, authority: text.slice(start, end), rest: text.slice(end) };
}

/**
 * The URL in canonical form, or undefined when the host is none: scheme and host lower case, the host in punycode or as
 * an address in its usual spelling, no default port, no userinfo, no fragment, and `/` for an empty path (VirusTotal
 * adds it too); path and query as written, with only white space and control characters escaped.
 */
export function canonicalUrl({ scheme, authority, rest }: UrlParts): string | undefined {
  const known = knownScheme(scheme);
  if (known === undefined) return undefined;
  const hostAndPort = authority.slice(authority.lastIndexOf('@') + 1);
  if (hostAndPort === '' || hostAndPort.length > 300) return undefined;
  let host: string;
  try {
    const url = new URL(`${known}://${hostAndPort}/`);
    host = url.host;
    if (!isUrlHost(url.hostname)) return undefined;
  } catch {
    return undefined;
  }
  const hash = rest.indexOf('#');
  const kept = hash < 0 ? rest : rest.slice(0, hash);
  // eslint-disable-next-line no-control-regex
  const path = kept.replace(/[\s\x00-\x1f\x7f]/g, (char) => encodeURIComponent(char));
  const value = `${known}://${host.replace(/\.(?=:|$)/, '')}${path.startsWith('/') ? '' : '/'}${path}`;
  return value.length > MAX_URL_LENGTH ? undefined : value;
}

function isUrlHost(hostname: string): boolean {
  return canonicalAddress(hostname) !== undefined || asciiHostName(hostname) !== undefined;
}
