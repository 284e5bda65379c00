import { hintOfKey } from './hint';
import type { Hint } from './hint-words';

/** What lists of indicators call the kinds that they have, beside what is a label everywhere. */
const KINDS: ReadonlyMap<string, Hint | undefined> = new Map([
  ...kinds('url', 'url urls uri link website webpage'),
  ...kinds('domain', 'domain domains domain_name hostname host fqdn dns domain-name subdomain domain|ip'),
  ...kinds(
    'ip',
    'ip ips ipv4 ipv6 ip_address ipaddress address ipv4-addr ipv6-addr ip-src ip-dst ip:port ip-dst|port ip-src|port ipv4address addr',
  ),
  ...kinds(
    'file',
    'hash filehash file_hash md5 sha1 sha256 sha-1 sha-256 filehash-md5 filehash-sha1 filehash-sha256 md5_hash sha1_hash sha256_hash ' +
      'hash_md5 hash_sha1 hash_sha256 file-md5 file-sha1 file-sha256 filename|md5 filename|sha256',
  ),
  ...kinds(
    'file-name',
    'filename file_name file-name file filepath file_path path folder process processname executable attachment malware-sample',
  ),
  ...kinds(
    'not-a-file-hash',
    'ja3 ja3s ja4 jarm imphash imp_hash pehash vhash telfhash authentihash thumbprint certificate x509 serial',
  ),
  ...kinds('command', 'command commandline command_line'),
  ...kinds(
    undefined,
    'email e-mail mail email-src email-dst email_address sender subject mutex registry regkey registry_key reg_key cve vulnerability yara ' +
      'sigma snort ssdeep tlsh user-agent useragent user_agent port asn pattern service bitcoin btc wallet text comment string other ' +
      'pdb username password campaign actor technique cidr netblock',
  ),
]);

function kinds(hint: Hint | undefined, list: string): [string, Hint | undefined][] {
  return list.split(' ').map((word) => [word, hint]);
}

/** Whether a cell is nothing but the name of a kind, as "FileHash-SHA256" and "Domain name". */
export function isTypeWord(cell: string): boolean {
  return mayBeKind(cell) && (KINDS.has(cell) || KINDS.has(normal(cell)));
}

/** The lengths that names of kinds have, a bit each, by their first and last character in lower or upper case. */
const LENGTHS = new Uint32Array(0x400);
for (const kind of KINDS.keys()) {
  const at = keyOfLengths(kind, kind.length);
  LENGTHS[at] = (LENGTHS[at] ?? 0) | (1 << kind.length);
}

function keyOfLengths(word: string, length: number): number {
  return ((word.charCodeAt(0) & 0x1f) << 5) | (word.charCodeAt(length - 1) & 0x1f);
}

/** Whether a name of a kind, or its plural, begins and ends so and is as long: true of hardly any other cell. */
function mayBeKind(cell: string): boolean {
  const { length } = cell;
  if (length > 23 || length < 2) return false;
  if ((((LENGTHS[keyOfLengths(cell, length)] ?? 0) >>> length) & 1) !== 0) return true;
  return (
    (cell.charCodeAt(length - 1) | 0x20) === SMALL_S &&
    (((LENGTHS[keyOfLengths(cell, length - 1)] ?? 0) >>> (length - 1)) & 1) !== 0
  );
}

const SMALL_S = 0x73;

/** What a name of a kind says of the value beside it. */
export function hintOfTypeWord(cell: string): Hint | undefined {
  return KINDS.get(normal(cell));
}

function normal(cell: string): string {
  const lower = cell.toLowerCase();
  // No pattern for what has nothing to replace.
  if (KINDS.has(lower) || !(lower.includes(' ') || lower.includes('.') || lower.endsWith('s'))) return lower;
  return lower.replace(/[ .]/g, '_').replace(/s$/, '');
}

const TYPE_HEAD = /^(?:kind|(?:.*[ _.-])?type|(?:ioc|indicator|observable|data)type|type of .*)$/i;
const VALUE_HEAD =
  /^(?:#? ?)(?:(?:ioc|indicator|observable|artifact|artefact|atomic|entity)s?(?:[ _.-]?(?:value|data|name))?|value|data)$/i;

/** Whether a column is headed as one of names of kinds. */
export function isTypeHead(head: string): boolean {
  return TYPE_HEAD.test(head);
}

/** Whether a column is headed as one of indicators of any kind. */
export function isValueHead(head: string): boolean {
  return VALUE_HEAD.test(head);
}

/** What the head of a column says of its cells. */
export function hintOfHead(head: string): Hint | undefined {
  if (/(?:type|kind|type of .*)$/i.test(head) && isTypeHead(head)) return undefined;
  return hintOfKey(head.startsWith('#') ? head.slice(1).trim() : head);
}
