import ipaddr from 'ipaddr.js';
import { embeddedAddresses } from './embedded-address';
import { ipv4Of, ipv6GroupsOf } from './ip-text';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The ranges of ipaddr.js that no host on the public Internet has, in words for a person. */
const RANGES: Readonly<Record<string, string>> = {
  unspecified: 'unspecified address',
  broadcast: 'broadcast address',
  multicast: 'multicast address',
  linkLocal: 'link-local address',
  loopback: 'loopback address',
  carrierGradeNat: 'carrier-grade NAT address (RFC 6598)',
  private: 'private address (RFC 1918)',
  uniqueLocal: 'private address (RFC 4193)',
  deprecatedSiteLocal: 'private address (site-local, RFC 3879)',
  reserved: 'reserved address',
  discard: 'discard-only address (RFC 6666)',
  benchmarking: 'address for benchmarks (RFC 5180)',
  deprecatedOrchid: 'reserved address (RFC 4843)',
  orchid2: 'reserved address (RFC 7343)',
};

const DOCUMENTATION: readonly [Address, number][] = [
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '2001:db8::/32',
  '3fff::/20',
].map((range) => ipaddr.parseCIDR(range));

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Why no host on the public Internet has this address, or undefined when one may have it. */
export function nonPublicReason(address: Address): string | undefined {
  const range = address.range();
  if (range === 'unicast' && address instanceof ipaddr.IPv4) return undefined;
  if (DOCUMENTATION.some(([network, prefix]) => matches(address, network, prefix))) {
    return 'address for documentation';
  }
  const reason = RANGES[range];
  if (reason !== undefined || address instanceof ipaddr.IPv4) return reason;
  const inner = embeddedAddresses(address);
  for (const one of inner) {
    const ofOne = nonPublicReason(one);
    if (ofOne !== undefined) return ofOne;
  }
  if (inner.length > 0) return undefined;
  return address.match(GLOBAL_UNICAST) ? undefined : 'reserved address';
}

/** First octets below 224 of which {@link nonPublicReason} says something of some addresses. */
const SPECIAL_OCTETS: ReadonlySet<number> = new Set([0, 10, 100, 127, 169, 172, 192, 198, 203]);

/**
 * Whether a host in canonical form is an address in a part of the Internet that has no range of a special kind, as most
 * are: then {@link nonPublicReason} says nothing of it. Brackets may be around it.
 */
export function isOrdinary(host: string): boolean {
  const value = ipv4Of(host);
  if (value >= 0) return value < 0xe0000000 && !SPECIAL_OCTETS.has(value >>> 24);
  const groups = ipv6GroupsOf(host.startsWith('[') ? host.slice(1, -1) : host);
  if (groups === undefined) return false;
  const [first = 0, second = 0, , , , sixth] = groups;
  // ISATAP, which has an IPv4 address at its end.
  if (sixth === 0x5efe) return false;
  // Below 2001:200:: is what the IETF has for itself; 2620:4f:8000::/48 answers for private networks.
  if (first === 0x2001) return second >= 0x200 && second !== 0xdb8;
  return first > 0x2002 && first < 0x3fff && first !== 0x2620;
}

function matches(address: Address, network: Address, prefix: number): boolean {
  if (address instanceof ipaddr.IPv4) return network instanceof ipaddr.IPv4 && address.match(network, prefix);
  return network instanceof ipaddr.IPv6 && address.match(network, prefix);
}
