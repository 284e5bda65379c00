import ipaddr from 'ipaddr.js';
import { lastDotOf } from './char-class';
import { ipv6GroupsOf } from './ip-text';
import { bytesOfHex } from '../runtime/text-bytes';

/** Services whose names carry the address that they resolve to: `app.10.0.0.1.nip.io`, `10-0-0-1.sslip.io`. */
const ADDRESS_IN_NAME = suffixes(
  'nip.io sslip.io xip.io xip.name traefik.me backname.io ipq.co nip.direct plex.direct rbndr.us 1u.ms local-ip.co local-ip.sh ' +
    'localip.co ip.addr.tools ip-dns.info vms.cloud ',
);

/** Names that everybody's resolver answers with 127.0.0.1. */
const LOOPBACK = suffixes(
  'localtest.me lvh.me vcap.me lacolhost.com fuf.me local.gd localho.st smackaho.st localhost.direct localhost.tv localdev.me ' +
    'lcl.host loopback.jp loopback.website 127-0-0-1.org.uk',
);

/** What routers, access points and other devices answer to in their own network, though the names are public ones. */
const DEVICES = suffixes(
  'fritz.box easy.box o2.box kabel.box vodafone.box congstar.box alice.box router.asus.com asusrouter.com repeater.asus.com ' +
    'routerlogin.net routerlogin.com orbilogin.net orbilogin.com mywifiext.net mywifiext.com readyshare.routerlogin.net ' +
    'tplinkwifi.net tplinklogin.net tplinkap.net tplinkextender.net tplinkrepeater.net tplinkmodem.net tplinkdeco.net ' +
    'tplogin.cn falogin.cn melogin.cn tendawifi.com miwifi.com linksyssmartwifi.com linksysremotemanagement.com ' +
    'dlinkrouter.com dlinkap.com mydlinkap.com edimaxext.com zyxelwifi.com wifi.wavlink.com ap.wavlink.com leike.cc p.to ' +
    'my.meraki.com setup.meraki.com ap.meraki.com switch.meraki.com wired.meraki.com mx.meraki.com ' +
    'mafreebox.freebox.fr mabox.bytel.fr mabbox.bytel.fr attlocal.net gateway.2wire.net aterm.me hi.link huaweimobilewifi.com ' +
    'mshome.net setup.ui.com myfritz.box myrouter.io',
);

/** Names that networks of a provider use inside. */
const INSIDE = new Map([
  ['ts.net', 'internal name (Tailscale)'],
  ['internal.cloudapp.net', 'internal name (Azure)'],
  ['vpce.amazonaws.com', 'internal name (AWS PrivateLink)'],
]);

/** Labels under which the domain controllers of Active Directory are found. */
const ACTIVE_DIRECTORY =
  /(?:^|\.)(?:_msdcs|_ldap\._tcp|_gc\._tcp|_kerberos\._(?:tcp|udp)|_kpasswd\._(?:tcp|udp)|(?:domain|forest)dnszones)\./;

/** What the names of all these lists end in: their last two labels. */
const LISTED_ENDS = new Set(
  [...ADDRESS_IN_NAME, ...DEVICES, ...LOOPBACK, ...INSIDE.keys()].map((name) =>
    name.slice(startOfTwoLast(name)),
  ),
);

/** Whether a host may be below a name of one of the lists, which the other two functions look in: nearly none is. */
export function mayBeListed(host: string): boolean {
  return LISTED_ENDS.has(host.slice(startOfTwoLast(host)));
}

function startOfTwoLast(name: string): number {
  return lastDotOf(name, lastDotOf(name)) + 1;
}

/** The addresses that a host name in canonical form carries, where it resolves to what it carries. */
export function addressesInName(host: string): (ipaddr.IPv4 | ipaddr.IPv6)[] {
  const suffix = suffixIn(ADDRESS_IN_NAME, host);
  return suffix === undefined ? [] : addressesIn(host.slice(0, -suffix.length - 1));
}

/** Why a host name in canonical form, though it has a public suffix, is one of the inside; undefined when it isn't. */
export function localName(host: string, isListed = mayBeListed(host)): string | undefined {
  if (isListed) {
    const device = suffixIn(DEVICES, host);
    if (device !== undefined) return `name of a device in the local network (${device})`;
    const loopback = suffixIn(LOOPBACK, host);
    if (loopback !== undefined) return `name of this machine (${loopback})`;
    const inside = suffixIn(INSIDE, host);
    if (inside !== undefined) return INSIDE.get(inside);
  }
  if (host.includes('.privatelink.')) return 'internal name (Azure Private Link)';
  if (!host.includes('_') && !host.includes('dnszones')) return undefined;
  return ACTIVE_DIRECTORY.test(host) ? 'internal name (Active Directory)' : undefined;
}

/** The part of the host, from one of its labels on, that is in the list. */
function suffixIn(list: { has(suffix: string): boolean }, host: string): string | undefined {
  for (let from = 0; ;) {
    const suffix = host.slice(from);
    if (list.has(suffix)) return suffix;
    const dot = host.indexOf('.', from);
    if (dot < 0) return undefined;
    from = dot + 1;
  }
}

const DECIMAL = /(?<!\d)(\d{1,3})([.-])(\d{1,3})\2(\d{1,3})\2(\d{1,3})(?!\d)/g;
const HEX = /(?<![0-9a-z])[0-9a-f]{8}(?![0-9a-z])/g;
const V6 = /(?:^|\.)([0-9a-f]{0,4}(?:-[0-9a-f]{0,4}){2,7})(?=\.|$)/g;

function addressesIn(name: string): (ipaddr.IPv4 | ipaddr.IPv6)[] {
  const found: (ipaddr.IPv4 | ipaddr.IPv6)[] = [];
  DECIMAL.lastIndex = 0;
  for (let match; (match = DECIMAL.exec(name)) !== null; DECIMAL.lastIndex = match.index + 1) {
    const octets = [match[1], match[3], match[4], match[5]].map(Number);
    if (octets.every((octet) => octet <= 0xff)) found.push(new ipaddr.IPv4(octets));
  }
  for (const [hex] of name.matchAll(HEX)) found.push(new ipaddr.IPv4([...bytesOfHex(hex)]));
  for (const [, dashed = ''] of name.matchAll(V6)) {
    const groups = ipv6GroupsOf(dashed.replaceAll('-', ':'));
    if (groups !== undefined) found.push(new ipaddr.IPv6(groups));
  }
  return found;
}

function suffixes(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(' '));
}
