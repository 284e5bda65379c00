import ipaddr from 'ipaddr.js';
import { formatIpv6, ipv4Of, ipv6GroupsOf, mappedIpv4 } from './ip-text';

/**
 * The canonical form of an IP address, or undefined when the text is none: IPv4 in dotted decimal, IPv6 as RFC 5952 has
 * it. Brackets and the zone id are cut; an IPv4 address mapped into IPv6 (`::ffff:8.8.8.8`, as dual-stack logs print
 * it) is that IPv4 address.
 */
export function canonicalAddress(text: string): string | undefined {
  if (ipv4Of(text) >= 0) return text;
  if (!text.includes(':')) return undefined;
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  const zone = bare.indexOf('%');
  if (zone >= 0 && !ZONE.test(bare.slice(zone))) return undefined;
  const groups = ipv6GroupsOf(zone < 0 ? bare : bare.slice(0, zone));
  return groups === undefined ? undefined : (mappedIpv4(groups) ?? formatIpv6(groups));
}

const ZONE = /^%[0-9a-z.:-]+$/i;

/**
 * Whether `address/prefix` names a network and not a host: no bit is set after the prefix. A full-length prefix is one
 * address.
 */
export function isNetwork(address: string, prefix: number): boolean {
  const value = ipv4Of(address);
  if (value >= 0) return prefix < 32 && value % 2 ** (32 - prefix) === 0;
  const parsed = ipaddr.parse(address);
  const bytes = parsed.toByteArray();
  if (prefix >= bytes.length * 8) return false;
  return bytes.every((byte, index) => {
    const kept = Math.min(8, Math.max(0, prefix - index * 8));
    return (byte & (0xff >> kept)) === 0;
  });
}
