import { codeAt, isLabel, lastDotOf } from './char-class';
import { isPublicSuffix } from './domain';
import { isNameInDnsLog } from './dns-log';
import { type TldClass, classifyTld } from './tld';
import { afterHost } from './path-after-host';
import type { Hint } from './hint-words';
import { type KnownName, knownName } from './known-names';
import { isInListOfNames } from './name-list';
import { isLikelyDomain, hasFileExtensionTld, isMemberAccess } from './domain-heuristics';
import type { TextScan } from './text-scan';
import { isCloudService, isServiceName } from './service-name';
import { isSpecialSuffix } from './special-use';
import { isCommonName } from './subject-name';

/** Reads the dotted token from `start` to `end`; returns where to go on, or undefined when it is no domain. */
export function findDomain(textScan: TextScan, tokenStart: number, tokenEnd: number): number | undefined {
  const { text } = textScan;
  const dot = lastDotOf(text, tokenEnd);
  let end = tokenEnd;
  while (end > dot && isMarkup(text.charCodeAt(end - 1))) end--;
  const tld = classifyTld(text.slice(dot + 1, end));
  if (tld === 'unknown') return undefined;
  // "user.name@..."
  const after = codeAt(text, tokenEnd);
  if (
    after === AT
      ? !isWebDavHost(text, tokenStart, tokenEnd)
      : MAY_BE_MAIL.has(after) && isLocalPart(text, tokenEnd)
  )
    return tokenEnd;
  const start = startOfName(text, tokenStart, end < tokenEnd);
  if (end - start > 253) return undefined;
  const before = codeAt(text, start - 1);
  const isMail =
    (before === AT && !USERINFO.test(text.slice(Math.max(0, start - 80), start))) ||
    (before === ZERO && text.startsWith('%4', start - 3));
  if (isMail && !textScan.mailDomains) return tokenEnd;
  const known = knownName(text.slice(start, end));
  const { value } = known;
  if (value === undefined) return undefined;
  const isKnown = textScan.isKnown(value);
  if (!isKnown) {
    if (!isMail && !isProbablyDomain(textScan, { known, value, tld, start, end })) return undefined;
    // Last, as it is the dearest question.
    known.isSuffix ??= tld === 'special' ? isSpecialSuffix(value) : isPublicSuffix(value);
    if (known.isSuffix) return undefined;
  }
  const path = isMail ? undefined : afterHost(textScan, start, end);
  // A path makes it a URL, unless the key says that it is a domain.
  if (path?.url !== undefined && tld !== 'special' && !isDomainHint(textScan.hint)) {
    textScan.addIoc('url', path.url, start, path.end);
  } else if (!isKnown) textScan.addIoc('domain', value, start, end);
  return Math.max(tokenEnd, path?.end ?? 0);
}

const AT = 0x40;
const ZERO = 0x30;
const HYPHEN = 0x2d;
const DOT = 0x2e;

/** `\\host@SSL\share`, `file://host@80/share`: a server, which Windows asks by WebDAV. */
function isWebDavHost(text: string, start: number, end: number): boolean {
  if (text[start - 1] === '\\') return true;
  WEBDAV.lastIndex = end;
  return text.startsWith('//', start - 2) && WEBDAV.test(text);
}

const WEBDAV = /@(?:SSL|\d{1,5})[@/\\]/iy;
const MAY_BE_MAIL: ReadonlySet<number> = new Set([...'+=%~!'].map((char) => char.charCodeAt(0)));
/** `chen.su+tag@`, `bounce-chen.su=corp.com@`, `a.com=list=x@`, `chen.su%40`. */
const LOCAL_PART = /(?:[+~=!][\w.+=~!-]{0,64}@|%40)\w/y;

/** Whether a name is the beginning of what stands before the `@` of a mail address. */
function isLocalPart(text: string, end: number): boolean {
  LOCAL_PART.lastIndex = end;
  return LOCAL_PART.test(text);
}

/** "ssh://git@host/": of a URL, and no mail address. A URL that VirusTotal knows was read with its user before. */
const USERINFO = /(?<!h[tx]{2}ps?|f[tx]p):\/\/[^\s/@"'<>(),;|[\]{}\uff0c\uff1b\u3001]*@$/i;

/** A dotted name that could be a domain, from `start` to `end` of the text. */
interface NameCandidate {
  known: KnownName;
  value: string;
  tld: TldClass;
  start: number;
  end: number;
}

/** Whether a name is a domain to the reader: because something says so, or because nothing speaks against it. */
function isProbablyDomain(textScan: TextScan, name: NameCandidate): boolean {
  const { value, tld, start, end } = name;
  if (textScan.hint === 'key') return NO_NAME_OF_A_FIELD.test(value) && !isCloudService(value);
  if (isDomainHint(textScan.hint) || textScan.refanged.hasDefangedDot(start, end)) return true;
  const precedingHint = textScan.hintAt(start, end);
  if (isDomainHint(precedingHint)) return tld === 'unambiguous' || !isMemberAccess(value);
  const { text } = textScan;
  if (tld === 'other-root' || isInCodeOrPath(textScan, name, precedingHint))
    return isNameInDnsLog(text, start, end);
  if (isServiceName(text, name, textScan.hint === 'code')) return false;
  return (
    isLikely(text, name) ||
    isNameInDnsLog(text, start, end) ||
    isCommonName(text, start, end) ||
    isInListOfNames(text, start, end)
  );
}

function isLikely(text: string, { known, value, tld, start, end }: NameCandidate): boolean {
  if (codeAt(text, end) === OPENING)
    return (known.isLikelyCalled ??= isLikelyDomain({ raw: text.slice(start, end), value, tld, next: '(' }));
  return (known.isLikely ??= isLikelyDomain({ raw: text.slice(start, end), value, tld, next: '' }));
}

const OPENING = 0x28;

function isDomainHint(hint: TextScan['hint']): boolean {
  return hint === 'domain' || hint === 'domains';
}

/** The key of an object is `user.name` or `event.id` more often than a domain. */
const NO_NAME_OF_A_FIELD = /\.(?:com|net|org|ru|cn|de|fr|uk|xyz|icu|biz)$/;

function isMarkup(code: number): boolean {
  return code === 0x2d || code === 0x5f;
}

/** Past what markdown, options and percent-encoding leave before a name: `_name_`, `--name`, `%2Fname`. */
function startOfName(text: string, tokenStart: number, isMarkedAfter: boolean): number {
  let start = tokenStart;
  // A mail server's answer of several lines: "250-mx.baddomain.com".
  if (
    codeAt(text, start + 3) === HYPHEN &&
    /^(?:^|\n)2[25]0-$/.test(text.slice(Math.max(0, start - 1), start + 4))
  )
    start += 4;
  while (
    (codeAt(text, start) === HYPHEN && !isAddressOfHyphens(text, start)) ||
    (codeAt(text, start) === 0x5f && (isMarkedAfter || isMarkup(codeAt(text, start + 1))))
  ) {
    start++;
  }
  return start;
}

/** `--1.sslip.io`, which resolves to ::1: the hyphens are colons. */
function isAddressOfHyphens(text: string, start: number): boolean {
  ADDRESS_OF_HYPHENS.lastIndex = start;
  return ADDRESS_OF_HYPHENS.test(text);
}

const ADDRESS_OF_HYPHENS =
  /--(?:[0-9a-f]{1,4}(?:-[0-9a-f]{1,4}){0,6})?\.(?:sslip\.io|ip6\.name|backname\.io)/iy;

/** Whether a name stands where a path, a program, a template or a file stands. */
function isInCodeOrPath(
  { text, hint, hostAfterSlash }: TextScan,
  { value, tld, start, end }: NameCandidate,
  precedingHint: Hint | undefined,
): boolean {
  const before = text.charAt(start - 1);
  if (start !== hostAfterSlash && isPathSegment(text, start, before)) return true;
  if (before === '.' && isMemberOf(text, start - 2, end)) return true;
  // A class of CSS, a key of settings: ".nav.link {", "spring.mail.host=".
  if (
    tld === 'word' &&
    (before === '.'
      ? /^(?::[a-z-]+)?\s*[{,]/.test(text.slice(end, end + 16))
      : /^ ?=(?!=)/.test(text.slice(end, end + 3)))
  )
    return true;
  if (precedingHint === 'code' || hint === 'file-name' || (precedingHint === 'command' && before !== ' '))
    return true;
  if (hint === 'command' && text.slice(0, start).trim() === '') return true;
  if (codeAt(value, value.length - 3) === DOT && isNamedFile(text, value, start, end)) return true;
  if (tld === 'unambiguous' || tld === 'special') return false;
  if (
    MAY_BEGIN_A_TEMPLATE.includes(before || 'a') &&
    // Most names follow a word and a space.
    !(before === ' ' && isLabel(text, start - 2)) &&
    IN_TEMPLATE.test(text.slice(Math.max(0, start - 4), start))
  )
    return true;
  // A path follows hosts, not files: "image: ghcr.io/x".
  if (precedingHint !== 'file-name' || text[end] === '/') return false;
  return tld === 'file-extension' || hasFileExtensionTld(value) || before !== ' ';
}

/** Whether the word right before a name is that of a file, and its ending that of files too: "filename x.pl", `perl x.pl`. */
function isNamedFile(text: string, value: string, start: number, end: number): boolean {
  if (!MAY_END_A_NAME_OF_FILES.includes(text.charAt(start - 1) || 'a')) return false;
  if (value.indexOf('.') < value.length - 3 || !hasFileExtensionTld(value) || text[end] === '/') return false;
  return NAMES_FILE.test(text.slice(Math.max(0, start - 24), start));
}

const MAY_END_A_NAME_OF_FILES = ' =:"\'`';
const NAMES_FILE =
  /(?:(?:^|[^\p{L}\d])(?:file[ _-]?names?|files?|scripts?|attachments?|perl|php)|;\s*name)["']?(?: ?[:=] ?| )["'`]?$/iu;

/** Whether the dot before a name is that of a member, as in `x().name`, `"a".name`, and not of ".baddomain.com". */
function isMemberOf(text: string, at: number, end: number): boolean {
  const owner = text.charAt(at);
  return /[\w)\]}]/.test(owner) || ((owner === '"' || owner === "'") && text[end] !== owner);
}

/** What {@link IN_TEMPLATE} can end in. */
const MAY_BEGIN_A_TEMPLATE = '{$#% \t\r\n';
const IN_TEMPLATE = /(?:[$%#{]\{\s*|[$#%])$/;

/** Whether what starts here is a part of a path: `/usr/lib/x.so`, `C:\x.com`, but not `//host/x` or `\\host\x`. */
function isPathSegment(text: string, start: number, before: string): boolean {
  if (before !== '/' && before !== '\\' && before !== 'F' && before !== 'f') return false;
  const path = text.slice(Math.max(0, start - 12), start);
  // "//host/x", and dnsmasq's "address=/host/0.0.0.0".
  if (before === '/') return !/(?:(?:^|[^/])\/\/|=\/)$/.test(path);
  if (before === '\\') return !/(?:^|[^\w\\:.-])\\{2,4}$/.test(path);
  return !/%2F%2F$/i.test(path);
}
