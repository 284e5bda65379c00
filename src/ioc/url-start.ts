import { codeAt, isLabel } from './char-class';
import { knownScheme, type Scheme } from './url';

/** How a URL begins: up to where its host, or the user before its host, stands. */
export interface UrlStart {
  scheme: Scheme;
  /** Where the scheme begins. */
  start: number;
  /** After the slashes. */
  authority: number;
  /** Written as only an intended URL is; any other start counts only before a host that can only be one. */
  isRegular: boolean;
}

const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Reads the start of a URL around the colon of its scheme: `https://`, `hxxp:/`, `[http]://`, `https ://`, `http:// `. */
export function urlStart(text: string, colon: number): UrlStart | undefined {
  const spelled = schemeAt(text, colon);
  if (spelled === undefined) return undefined;
  let at = colon + 1;
  while (at < colon + 5 && isSlash(codeAt(text, at))) at++;
  const slashes = at - colon - 1;
  if (slashes === 0) return undefined;
  const isSpaced = slashes === 2 && codeAt(text, at) === SPACE;
  const isRegular = spelled.isRegular && text.startsWith('//', colon + 1) && slashes === 2 && !isSpaced;
  return { scheme: spelled.scheme, start: spelled.start, authority: isSpaced ? at + 1 : at, isRegular };
}

function isSlash(code: number): boolean {
  return code === SLASH || code === BACKSLASH;
}

type Spelled = Omit<UrlStart, 'authority'>;

const USUAL = /(?:h[tx*]{2}p(s?)|f[tx*]ps?)$/i;
/** `[http]`, `hxxp ` */
const SET_APART = /(?:[[({<](h[tx]{2}ps?)[\])}>]|(?<![\w.-])(h[tx]{2}ps?) )$/i;
/** Misspelled on purpose or by a slip; `meow` is what Talos writes. */
const ODD = /(?<![a-z0-9])(?:meow|h[tpxz*_#]{2,5}|x{2,3}p|xttp|ttp)[sx]?$/i;

/** The scheme before a colon, as it may be spelled. */
function schemeAt(text: string, colon: number): Spelled | undefined {
  if (text.startsWith('https', colon - 5)) return { scheme: 'https', start: colon - 5, isRegular: true };
  if (text.startsWith('http', colon - 4)) return { scheme: 'http', start: colon - 4, isRegular: true };
  const before = spelledBefore(text, colon);
  const usual = USUAL.exec(before)?.[0];
  const scheme = usual === undefined ? undefined : knownScheme(usual);
  if (usual !== undefined && scheme !== undefined) {
    const start = colon - usual.length;
    // "sftp://" is another scheme; "linkhttp://" has lost a space.
    return scheme === 'ftp' && isLabel(text, start - 1) ? undefined : { scheme, start, isRegular: true };
  }
  const apart = SET_APART.exec(before);
  if (apart !== null) {
    const isHttps = /s$/i.test(apart[1] ?? apart[2] ?? '');
    return { scheme: isHttps ? 'https' : 'http', start: colon - apart[0].length, isRegular: false };
  }
  const odd = ODD.exec(before)?.[0];
  if (odd === undefined) return undefined;
  return { scheme: /(?:s|px)$/i.test(odd) ? 'https' : 'http', start: colon - odd.length, isRegular: false };
}

/** The last characters before a colon, full-width letters as the ASCII ones they stand for. */
function spelledBefore(text: string, colon: number): string {
  const before = text.slice(Math.max(0, colon - 9), colon);
  return codeAt(text, colon - 1) < 0xff00 ? before : before.normalize('NFKC');
}
