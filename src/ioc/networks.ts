import type ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The first and the last address of a network, as hex digits of one length, which sort as the addresses do. */
type Interval = readonly [first: string, last: string];

/**
 * Networks of both versions of IP. Whether one has an address is a binary search among intervals that don't overlap, so
 * that its time grows with the logarithm of their number.
 */
export class Networks {
  readonly #added = { ipv4: new Array<Interval>(), ipv6: new Array<Interval>() };
  #sorted: Record<'ipv4' | 'ipv6', readonly Interval[]> | undefined;

  get isEmpty(): boolean {
    return this.#added.ipv4.length === 0 && this.#added.ipv6.length === 0;
  }

  /** @param prefix length in bits; bits of the address that are set after it are ignored */
  add(address: Address, prefix: number): void {
    const bytes = address.toByteArray();
    this.#added[address.kind()].push([
      hex(bytes.map((byte, index) => byte & maskOf(prefix, index))),
      hex(bytes.map((byte, index) => byte | (0xff & ~maskOf(prefix, index)))),
    ]);
    this.#sorted = undefined;
  }

  has(address: Address): boolean {
    const kind = address.kind();
    if (this.#added[kind].length === 0) return false;
    this.#sorted ??= { ipv4: merged(this.#added.ipv4), ipv6: merged(this.#added.ipv6) };
    const intervals = this.#sorted[kind];
    const wanted = hex(address.toByteArray());
    let low = 0;
    let high = intervals.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((intervals[middle]?.[0] ?? '') <= wanted) low = middle + 1;
      else high = middle;
    }
    return wanted <= (intervals[low - 1]?.[1] ?? '');
  }
}

/** The netmask byte at `index` for a prefix length of `prefix` bits. */
function maskOf(prefix: number, index: number): number {
  return 0xff & ~(0xff >> Math.min(8, Math.max(0, prefix - index * 8)));
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Sorted, and one interval for those that overlap: of networks, one always holds the other. */
function merged(intervals: readonly Interval[]): readonly Interval[] {
  const sorted = intervals.toSorted(([a, aLast], [b, bLast]) => compare(a, b) || compare(bLast, aLast));
  const kept: Interval[] = [];
  for (const interval of sorted) {
    if (interval[1] > (kept.at(-1)?.[1] ?? '')) kept.push(interval);
  }
  return kept;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
