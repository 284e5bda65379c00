import ipaddr from 'ipaddr.js';

/** The IPv4 addresses that an IPv6 address of a transition mechanism stands for, or passes through. */
export function embeddedAddresses(address: ipaddr.IPv6): ipaddr.IPv4[] {
  const bytes = address.toByteArray();
  const last = new ipaddr.IPv4(bytes.slice(12));
  switch (address.range()) {
    case '6to4':
      return [new ipaddr.IPv4(bytes.slice(2, 6))];
    case 'teredo':
      // The client's is stored with its bits turned round; the other is the server's.
      return [
        new ipaddr.IPv4(bytes.slice(12).map((byte) => byte ^ 0xff)),
        new ipaddr.IPv4(bytes.slice(4, 8)),
      ];
    case 'ipv4Mapped':
    case 'rfc6052':
    case 'rfc6145':
      return [last];
    default:
      return isCompatible(bytes) || isIsatap(bytes) ? [last] : [];
  }
}

/** `::10.0.0.1` (RFC 4291). */
function isCompatible(bytes: readonly number[]): boolean {
  return bytes.slice(0, 12).every((byte) => byte === 0);
}

/** `::0:5efe:10.0.0.1` and `::200:5efe:8.8.8.8` below any prefix (RFC 5214). */
function isIsatap(bytes: readonly number[]): boolean {
  const [u, zero, five, fe] = bytes.slice(8, 12);
  return (u === 0 || u === 2) && zero === 0 && five === 0x5e && fe === 0xfe;
}
