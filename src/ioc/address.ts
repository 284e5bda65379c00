import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * The canonical form of an IP address, or undefined when the text is none: IPv4 in dotted decimal, IPv6 as RFC 5952 has
 * it. Brackets and the zone id are cut; an IPv4 address mapped into IPv6 (`::ffff:8.8.8.8`, as dual-stack logs print
 * it) is that IPv4 address.
 */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (!isIPv6(bare)) return undefined;
  const zone = bare.indexOf('%');
  // WHATWG URL writes IPv6 as RFC 5952 does, all but the dotted end of a mapped address.
  const { hostname } = new URL(`http://[${zone < 0 ? bare : bare.slice(0, zone)}]/`);
  const address = hostname.slice(1, -1);
  return address.startsWith('::ffff:') ? mappedAddress(address) : address;
}

function mappedAddress(address: string): string {
  const parsed = ipaddr.IPv6.parse(address);
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : address;
}

/**
 * Whether `address/prefix` names a network and not a host: no bit is set after the prefix. A full-length prefix is one
 * address.
 */
export function isNetwork(address: string, prefix: number): boolean {
  const parsed = ipaddr.parse(address);
  const bytes = parsed.toByteArray();
  if (prefix >= bytes.length * 8) return false;
  return bytes.every((byte, index) => {
    const kept = Math.min(8, Math.max(0, prefix - index * 8));
    return (byte & (0xff >> kept)) === 0;
  });
}
