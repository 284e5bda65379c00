import { canonicalAddress } from './address';
import { Char, CLASS, classAt, codeAt, isLabel } from './char-class';
import { readHostName } from './domain';
import { knownScheme } from './url';

// Held for the reason that char-class.ts gives.
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the text as `this`
const { charCodeAt } = String.prototype;

const MAX_AUTHORITY = 300;
/** The colon may stand without a port, as in "http://host:/path"; in "http://http://host" it doesn't. */
const PORT = /:(?:\d{1,5}(?!\d)|(?=[/?#](?!\/)))/y;
/** What Windows writes for the port of a WebDAV server: `\\host@SSL@8443\share`. */
const WEBDAV_PORT = /@(?:SSL(?:@(\d{1,5}))?|(\d{1,5}))(?=[/?#\s"'<>\\]|$)/iy;

const SLASH = 0x2f;
const QUESTION = 0x3f;
const HASH = 0x23;
const AT = 0x40;
const PERCENT = 0x25;

/** Host and port of a URL, and where its path begins. */
export interface Authority {
  hostAndPort: string;
  pathStart: number;
}

/** Reads what stands between the slashes and the path of a URL; undefined when there is no host. */
export function readAuthority(text: string, from: number): Authority | undefined {
  let start = from;
  let end = endOfHost(text, from);
  const next = codeAt(text, end);
  if (next === AT) {
    const webdav = webdavPort(text, from, end);
    if (webdav !== undefined) return webdav;
  }
  if (next > 0x20 && next !== SLASH && next !== QUESTION && next !== HASH) {
    start = skipUserinfo(text, from, end);
    if (start !== from) end = endOfHost(text, start);
  }
  if (end === start || isSchemeAgain(text, start, end)) return undefined;
  const pathStart = endOfPort(text, end);
  return { hostAndPort: text.slice(start, pathStart), pathStart };
}

/** `1.2.3.4@80/x`: no user named 1.2.3.4 of a host 0.0.0.80. A default port says nothing of http or https. */
function webdavPort(text: string, from: number, hostEnd: number): Authority | undefined {
  WEBDAV_PORT.lastIndex = hostEnd;
  const match = WEBDAV_PORT.exec(text);
  const host = text.slice(from, hostEnd);
  if (match === null || !isKnownHost(host)) return undefined;
  const port = match[1] ?? match[2];
  const isDefault = port === undefined || port === '80' || port === '443';
  return { hostAndPort: isDefault ? host : `${host}:${port}`, pathStart: WEBDAV_PORT.lastIndex };
}

/**
 * Past `user:password@`, if that stands before the host. `hostEnd`: where a host at `from` ends. What begins with a whole
 * host and goes on with a comma or the like is a list, as `https://host,jane@corp.com` and as those who steal passwords write
 * `https://host:jane@corp.com:password`, unless a path follows, as it does no mail address. With a colon and no password behind
 * it stays what RFC 3986 says: `https://bank.com:login@evil.top` is of evil.top. Quotes and brackets are never part of a user.
 */
function skipUserinfo(text: string, from: number, hostEnd: number): number {
  const limit = Math.min(text.length, from + MAX_AUTHORITY);
  const classes = CLASS;
  const list = /[,;|\uff0c\uff1b\u3001]|:[^\s/?#@:]{1,64}@[\w.-]{1,253}:(?!\d*(?:[\s/]|$))/y;
  list.lastIndex = endOfPort(text, hostEnd);
  const isList = list.test(text) && isKnownHost(text.slice(from, hostEnd));
  let after = from;
  let at = from;
  for (; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === AT) after = at + 1;
    else if (code === SLASH || code === QUESTION || code === HASH) break;
    else if (((classes[code] ?? 0) & Char.UrlStop) !== 0 || NEVER_OF_A_USER.includes(text.charAt(at))) break;
  }
  return isList && codeAt(text, at) !== SLASH ? from : after;
}

const NEVER_OF_A_USER = "()[]{}'";

/** "http://http://host", as it is pasted into a field that already has one. */
function isSchemeAgain(text: string, start: number, end: number): boolean {
  return end - start < 6 && text.startsWith('://', end) && knownScheme(text.slice(start, end)) !== undefined;
}

function endOfHost(text: string, from: number): number {
  if (text[from] === '[') {
    const end = text.slice(from, from + 80).indexOf(']');
    return end < 0 ? from : from + end + 1;
  }
  const limit = Math.min((text + '').length, from + MAX_AUTHORITY);
  const classes = CLASS;
  let at = from;
  let before = classAt(text, from);
  let change = 0;
  for (; at < limit; at++) {
    const code = charCodeAt.call(text, at);
    const kind = classes[code] ?? 0;
    if ((kind & Char.Label) !== 0) {
      if (change === 0 && ((kind ^ before) & Char.NoSpaceScript) !== 0 && (before & Char.Dot) === 0)
        change = at;
    } else if ((kind & Char.Dot) !== 0) {
      if (!isInHost(text, at)) break;
    } else if (code === PERCENT && isEncodedInHost(text, at)) {
      at += 2;
      before = Char.Label;
      continue;
    } else if (!isPictograph(code)) break;
    before = kind;
  }
  return change === 0 || isOneName(text, from, change, at) ? at : change;
}

/**
 * Whether a host goes on where its script changes: `amazonログイン.com` is a name, `baddomain.comにアクセス` is a name
 * and the rest of a sentence.
 */
function isOneName(text: string, from: number, change: number, end: number): boolean {
  const short = text.slice(from, change);
  if (short.includes('.') && isKnownHost(short) && !/^www\.[^.]+$/i.test(short)) return false;
  return isKnownHost(text.slice(from, end));
}

/** Whether a host can only be meant as one: an address, or a name with a public suffix. */
export function isKnownHost(host: string): boolean {
  return canonicalAddress(host) !== undefined || readHostName(host)?.ending === 'public';
}

/** `%62ad.com`, and the bytes of letters that aren't ASCII. An encoded slash ends the host. */
function isEncodedInHost(text: string, at: number): boolean {
  const hex = text.slice(at + 1, at + 3);
  return /^(?:2[de]|3\d|[46][1-9a-f]|[57][0-9a]|5f|[89a-f][0-9a-f])$/i.test(hex);
}

/** Registries of some countries sell names of pictographs: "http://i❤.ws/". IDNA reads the circled letters as plain ones. */
function isPictograph(code: number): boolean {
  if (code < 0x2300) return false;
  return (
    (code >= 0xd800 && code <= 0xdfff) ||
    (code >= 0x2600 && code <= 0x27bf) ||
    code <= 0x23ff ||
    (code >= 0x2460 && code <= 0x24ff) ||
    code === 0xfe0f
  );
}

/** A dot is of the host if a label follows, or the path: "http://baddomain.com./x". */
function isInHost(text: string, dot: number): boolean {
  return (
    isLabel(text, dot + 1) ||
    isPictograph(codeAt(text, dot + 1)) ||
    (codeAt(text, dot + 1) === PERCENT && isEncodedInHost(text, dot + 1)) ||
    /^(?::\d+)?\/[^\s]/.test(text.slice(dot + 1, dot + 9))
  );
}

/** Where the port after a host ends; where the host ends, without one. */
export function endOfPort(text: string, hostEnd: number): number {
  if (codeAt(text, hostEnd) !== 0x3a) return hostEnd;
  PORT.lastIndex = hostEnd;
  return hostEnd + (PORT.exec(text)?.[0].length ?? 0);
}
