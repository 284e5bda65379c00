import { Char, classAt } from './char-class';
import type { IocType } from './ioc';
import { nameOfPlace, type Place, placeOfName } from './place';

/**
 * What a key or the words before a value say of it: that it is an indicator of a kind, or that it looks like one and
 * isn't.
 * - `domains`: a list of domains begins;
 * - `version`: dotted numbers that are no address;
 * - `opaque`: hex digits that are the hash of no file, or a secret;
 * - `file-name`: a dotted name that is no domain;
 * - `command`: a command line, which begins with a file name;
 * - `code`: a dotted name of a program;
 * - `vocabulary`: a URL that is a name of a format, and nothing that anybody fetches.
 */
export type Hint =
  IocType | 'domains' | 'version' | 'opaque' | 'file-name' | 'command' | 'code' | 'vocabulary';

const WORDS: Readonly<Record<Hint, string>> = {
  ip:
    'ip ips ipv4 ipv6 ipaddr ipaddress srcip dstip destip sourceip destinationip clientip remoteip src dst saddr daddr ' +
    'address addr',
  domain:
    'domain domainname hostname host fqdn rrname questionname dhost shost sni servername queryname dns domaine ' +
    'domäne dominio domínio domena домен 域名 ドメイン ドメイン名 도메인',
  domains: 'domains hostnames hosts fqdns domaines domänen dominios domínios домены',
  url: 'url urls uri link href',
  file: 'md5 sha1 sha256 hash hashes filehash md5hash sha1hash sha256hash md5sum sha1sum sha256sum',
  version:
    'version versions versionen ver vers v release releases build builds firmware fileversion productversion productver osversion ' +
    'versión versão versione wersja версия バージョン 版本 버전 升级到 升级至 更新到 更新至 section sections chapter clause table figure § abschnitt kapitel ' +
    'ziffer chapitre 第 oid room floor',
  opaque:
    'serial revision rev sha uuid guid id token secret password passwd key apikey xapikey nonce etag signature cookie ' +
    'session sid jsessionid phpsessid traceparent bearer basic csrf xsrf part nextpart boundary merge head tree',
  'file-name':
    'file files filename filenames filepath fname path image parentimage targetfilename process processname exe executable ' +
    'attachment attachments archive script module datei fichier archivo ファイル 文件 附件 파일',
  command: 'commandline cmdline command cmd parentcommandline processcommandline',
  code: 'import package using namespace require extends implements throws',
  vocabulary: '$schema @context xmlns schemalocation nonamespaceschemalocation namespaceuri',
};

/** Words that make any hash in whose name they occur the hash of something else than a file. */
const NOT_OF_A_FILE = new Set(
  'imphash ja3 ja3s ja4 jarm vhash authentihash pehash richhash thumbprint fingerprint cert certificate x509 tls commit commits git'.split(
    ' ',
  ),
);

const HINTS: ReadonlyMap<string, Hint> = new Map(
  Object.entries(WORDS).flatMap(([hint, words]) =>
    words.split(' ').map((word) => [word, hint as Hint] as const),
  ),
);

const CACHE_LIMIT = 5000;
const cache = new Map<string, Hint | undefined>();

/** What a key says of its value: `dst_ip`, `SourceIP`, `dns.question.name`, `SHA-256`. */
export function hintOfKey(key: string): Hint | undefined {
  if (key.length > 64) return undefined;
  const known = cache.get(key);
  if (known !== undefined || cache.has(key)) return known;
  const hint = readKey(key);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(key, hint);
  return hint;
}

/** What the keys on the way to a value say of it: `ja3.hash` is the hash of no file. */
export function hintOfPlace(place: Place | undefined): Hint | undefined {
  const name = nameOfPlace(place);
  if (name === undefined) return undefined;
  const hint = hintOfKey(name);
  if (hint !== 'file') return hint;
  const parent = nameOfPlace(placeOfName(place)?.parent);
  return parent !== undefined && isNotOfAFile(parent) ? 'opaque' : 'file';
}

function readKey(key: string): Hint | undefined {
  const whole = HINTS.get(key.toLowerCase()) ?? HINTS.get(key.toLowerCase().replace(/[-_ ]/g, ''));
  if (whole !== undefined) return whole;
  if (isNotOfAFile(key)) return 'opaque';
  const words = wordsOf(key);
  const last = words.at(-1) ?? '';
  return HINTS.get(`${words.at(-2) ?? ''}${last}`) ?? HINTS.get(last);
}

function isNotOfAFile(key: string): boolean {
  return NOT_OF_A_FILE.has(key.toLowerCase()) || wordsOf(key).some((word) => NOT_OF_A_FILE.has(word));
}

/** `destinationHostname`, `DESTINATION_HOSTNAME` and `destination.hostname` are the same two words. */
function wordsOf(key: string): string[] {
  const words = key
    .replace(/sha[-_ ]?(1|256)/gi, 'sha$1')
    .match(/\p{Lu}[\p{Lu}\d]+(?!\p{Ll})|\p{Lu}?[\p{Ll}\d]+|\p{Lo}+/gu);
  return (words ?? []).map((word) => word.toLowerCase());
}

/** Small words between a noun and its value: "the domain name is x", "fixed in 1.2.3.4". */
const LINK_WORDS = new Set(
  'is are to in from of the was no number name up until before prior à est ist auf von zu der die bis vor ab до и на'.split(
    ' ',
  ),
);

/** "upgrade to 1.2.3.4" speaks of a version, "updated: 1.2.3.4" needn't. */
const CHANGED = new Set(
  'upgrade upgraded upgrading update updated updating patched fixed downgrade downgraded'.split(' '),
);

/** Programs whose name a version follows after one space. */
const PRODUCTS = new Set(
  '.net framework windows chrome firefox edge safari java python nginx openssl office outlook flash acrobat driver kernel'.split(
    ' ',
  ),
);

/** What the words right before a position say of what stands there, as in `md5=`, `"dest_ip": "`, `version 1.2.3.4`. */
export function hintBefore(text: string, position: number): Hint | undefined {
  let at = position;
  for (let words = 0; words < 3; words++) {
    const end = skipGap(text, at, words === 0);
    if (end === undefined) return undefined;
    const start = wordStart(text, end);
    if (start === end) return undefined;
    const word = text.slice(start, end);
    const hint = hintOfWord(text, start, word, text.slice(end, at));
    if (hint !== undefined) return words > 0 && hint === 'opaque' ? undefined : hint;
    if (words > 0 && CHANGED.has(word.toLowerCase())) return 'version';
    if (!LINK_WORDS.has(word)) return undefined;
    at = start;
  }
  return undefined;
}

function hintOfWord(text: string, start: number, word: string, gap: string): Hint | undefined {
  // An image's digest: "nginx@sha256:".
  if (text[start - 1] === '@' && word.startsWith('sha')) return 'opaque';
  if (classAt(word, word.length - 1) & Char.Apart) return hintOfEnd(word);
  if (gap === ' ' && PRODUCTS.has(word.toLowerCase())) return 'version';
  // A full stop ends a sentence, but for short forms as in "ver. 1.2.3.4".
  if (word.endsWith('.')) return word.length > 5 ? undefined : hintOfKey(word.slice(0, -1));
  // "source.ip: x" is a key, "setup.exe <x>" isn't.
  return word.includes('.') && !/[=:]/.test(gap) ? undefined : hintOfKey(word);
}

/** Scripts without spaces have the word at the end of the run. */
function hintOfEnd(run: string): Hint | undefined {
  for (let length = Math.min(6, run.length); length > 0; length--) {
    const hint = HINTS.get(run.slice(-length));
    if (hint !== undefined) return hint;
  }
  return undefined;
}

/** Before the gap between a word and its value; undefined when there is none. */
function skipGap(text: string, position: number, isFirst: boolean): number | undefined {
  let end = position;
  if (!isFirst) {
    while (end > 0 && position - end < 8 && text.charCodeAt(end - 1) === 0x20) end--;
    return end === position ? undefined : end;
  }
  while (end > 0 && position - end < 8 && (classAt(text, end - 1) & Char.Gap) !== 0) end--;
  return end === position && (classAt(text, end - 1) & Char.Apart) === 0 ? undefined : end;
}

function wordStart(text: string, end: number): number {
  const apart = classAt(text, end - 1) & Char.Apart;
  const limit = Math.max(0, end - 32);
  let start = end;
  while (start > limit) {
    const before = classAt(text, start - 1);
    if ((before & (Char.Label | Char.Dot | Char.OfWord)) === 0 || (before & Char.Apart) !== apart) break;
    start--;
  }
  return start;
}
