import { NO_HASH_OF_A_FILE } from './hash-words';
import type { IocType } from './ioc';

/**
 * What a key or the words before a value say of it: that it is an indicator of a kind, or that it looks like one and
 * isn't.
 * - `domains`: a list of domains begins;
 * - `version`: dotted numbers that are no address;
 * - `not-a-file-hash`: hex digits that are the hash of no file, or a secret;
 * - `file-name`: a dotted name that is no domain;
 * - `command`: a command line, which begins with a file name;
 * - `code`: a dotted name of a program;
 * - `agent`: the name of a program, which its version follows;
 * - `vocabulary`: a URL that is a name of a format, and nothing that anybody fetches.
 */
export type Hint =
  | IocType
  | 'domains'
  | 'version'
  | 'not-a-file-hash'
  | 'file-name'
  | 'command'
  | 'code'
  | 'agent'
  | 'vocabulary';

const WORDS: Readonly<Record<Hint, string>> = {
  ip:
    'ip ips ipv4 ipv6 ipaddr ipaddress srcip dstip destip sourceip destinationip clientip remoteip src dst saddr daddr ' +
    'address addr',
  domain:
    'domain domainname hostname host fqdn rrname questionname dhost shost sni servername commonname dnsname queryname qname dnsquery dns domaine ' +
    'domäne dominio domínio domena домен 域名 ドメイン ドメイン名 도메인',
  domains: 'domains dnsnames subjectaltname hostnames hosts fqdns domaines domänen dominios domínios домены',
  url: 'url urls uri link href',
  file: 'md5 sha1 sha256 hash hashes filehash checksum digest md5hash sha1hash sha256hash md5sum sha1sum sha256sum',
  version:
    'version versions versionen ver vers osver v release releases build builds firmware fileversion productversion productver osversion ' +
    'useragent httpuseragent hw versión versão versione wersja версия バージョン 版本 버전 升级到 升级至 更新到 更新至 section ' +
    'sections chapter clause table figure appendix requirement § abschnitt kapitel ziffer ziff anhang anlage abbildung abb pkt ' +
    'chapitre annexe 第 oid room floor',
  'not-a-file-hash': NO_HASH_OF_A_FILE,
  'file-name':
    'file files filename filenames filepath fname path image parentimage targetfilename process processname exe executable ' +
    'attachment attachments archive script module datei fichier archivo ファイル 文件 附件 파일',
  agent: 'agent agentname product software client clientname browser application',
  command: 'commandline cmdline command cmd parentcommandline processcommandline',
  code:
    'import package using namespace require extends implements throws eventsource servicename invokedby apiversion apigroup apigroups ' +
    'typeurl @type resourceprovider operationname methodname progid classname',
  vocabulary: '$schema @context xmlns schemalocation nonamespaceschemalocation namespaceuri',
};

/** The hint that each word gives about the value beside it. Words are in lower case. */
export const HINTS: ReadonlyMap<string, Hint> = new Map(
  Object.entries(WORDS).flatMap(([hint, list]) => list.split(' ').map((word) => [word, hint as Hint])),
);

/** Small words between a noun and its value: "the domain name is x", "fixed in 1.2.3.4". */
export const FILLER_WORDS = words(
  'is are to in from of the was no number name up until before prior with notes à est ist auf von zu der die bis vor ab до и на',
);

/** "upgrade to 1.2.3.4" speaks of a version, "updated: 1.2.3.4" needn't. */
export const CHANGED = words(
  'upgrade upgraded upgrading update updated updating patched fixed downgrade downgraded',
);

/** What programs do with hosts, and hardly with files: "connects to transfer.sh". */
export const NETWORK_VERBS = words(
  'contacts contacted contacting connects connected connecting communicates communicated communicating beacons beaconed beaconing ' +
    'queried redirects redirected',
);

/** Programs whose name a version follows after one space. */
export const PRODUCT_NAMES = words(
  'fortios sonicos pan-os panos junos arubaos routeros screenos ios-xe nx-os .net fw sw framework windows chrome firefox edge safari java python nginx openssl office outlook flash acrobat driver kernel ' +
    'chromium electron jdk jre openjdk libreoffice imagemagick ghostscript struts struts2 rails weblogic websphere coldfusion ' +
    'jackson-databind log4j powershell teamviewer anydesk winrar virtualbox',
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
