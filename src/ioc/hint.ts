import type { IocType } from './ioc';

/**
 * What a key or the word before a value says of it: that it is an indicator of a kind, or that it looks like one and
 * isn't (`version`: dotted numbers; `opaque`: hex digits that are no file hash; `file-name`: a dotted name).
 */
export type Hint = IocType | 'version' | 'opaque' | 'file-name';

const WORDS: Readonly<Record<Hint, string>> = {
  ip: 'ip ips ipv4 ipv6 ipaddr ipaddress srcip dstip sourceip destinationip clientip remoteip src dst saddr daddr address addr',
  domain:
    'domain domains domainname hostname hostnames host hosts fqdn rrname dhost shost sni servername dns domaine domäne 域名 ドメイン',
  url: 'url urls uri link href',
  file: 'md5 sha1 sha256 hash hashes filehash md5hash sha1hash sha256hash',
  version: 'version versions ver v release build firmware fileversion productversion バージョン 版本',
  opaque:
    'imphash ja3 ja3s vhash authentihash dhash pehash thumbprint fingerprint serial commit commits revision rev sha tree parent head merge uuid guid token secret password passwd key apikey xapikey nonce etag signature cookie session sessionid traceid spanid requestid correlationid traceparent',
  'file-name':
    'file files filename filenames filepath path image process processname exe attachment attachments archive script datei fichier ファイル 文件',
};

const HINTS: ReadonlyMap<string, Hint> = new Map(
  Object.entries(WORDS).flatMap(([hint, words]) =>
    words.split(' ').map((word) => [word, hint as Hint] as const),
  ),
);

const CACHE_LIMIT = 2000;
const cache = new Map<string, Hint | undefined>();

/** What a key says of its value: `dst_ip`, `SourceIP`, `dns.question.name`, `SHA-256`. */
export function hintOfKey(key: string): Hint | undefined {
  if (key.length > 64) return undefined;
  if (cache.has(key)) return cache.get(key);
  const hint = readKey(key);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(key, hint);
  return hint;
}

function readKey(key: string): Hint | undefined {
  const whole = HINTS.get(key.toLowerCase().replace(/[-_ ]/g, ''));
  if (whole !== undefined) return whole;
  const words =
    key
      .replace(/sha[-_ ]?(1|256)/gi, 'sha$1')
      .match(/\p{Lu}[\p{Lu}\d]+(?!\p{Ll})|\p{Lu}?[\p{Ll}\d]+|\p{Lo}+/gu) ?? [];
  for (const word of words) {
    if (HINTS.get(word.toLowerCase()) === 'opaque') return 'opaque';
  }
  return HINTS.get((words.at(-1) ?? '').toLowerCase());
}

const BETWEEN = /[\s"'`=:：([<>*_]/;

/** What the word right before a position says of what stands there, as in `md5=`, `"dest_ip": "`, `version 1.2.3.4`. */
export function hintBefore(text: string, position: number): Hint | undefined {
  let end = position;
  while (end > 0 && position - end < 6 && BETWEEN.test(text[end - 1] ?? '')) end--;
  if (end === position) return undefined;
  let start = end;
  while (start > 0 && end - start < 32 && /[\p{L}\p{N}_.-]/u.test(text[start - 1] ?? '')) start--;
  return start === end ? undefined : hintOfKey(text.slice(start, end));
}
