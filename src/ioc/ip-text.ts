const DOT = 0x2e;
const COLON = 0x3a;
const ZERO = 0x30;
const GROUPS = 8;

// Held for the reason that char-class.ts gives.
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the text as `this`
const { charCodeAt } = String.prototype;

/** The value of an IPv4 address in dotted decimal, 0 to 2^32 - 1; -1 for any other text, and for an octet as `01`. */
export function ipv4Of(text: string): number {
  const { length } = text + '';
  if (length < 7 || length > 15) return -1;
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let at = 0; at < length; at++) {
    const code = charCodeAt.call(text, at);
    if (code === DOT) {
      if (octet < 0 || ++dots > 3) return -1;
      value = value * 256 + octet;
      octet = -1;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || octet === 0) return -1;
    octet = octet < 0 ? digit : octet * 10 + digit;
    if (octet > 0xff) return -1;
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : -1;
}

/**
 * The eight groups of an IPv6 address, 0 to 65,535 each; undefined for any other text. Without brackets and zone id.
 * The last two may be written as an IPv4 address.
 */
export function ipv6GroupsOf(text: string): number[] | undefined {
  const end = text.length;
  if (end < 2 || end > 45) return undefined;
  const groups: number[] = [];
  let gap = -1;
  let at = 0;
  if (text.charCodeAt(0) === COLON) {
    if (text.charCodeAt(1) !== COLON) return undefined;
    gap = 0;
    at = 2;
  }
  while (at < end) {
    const start = at;
    let group = 0;
    for (; at < end; at++) {
      const digit = hexDigit(charCodeAt.call(text, at));
      if (digit < 0) break;
      group = group * 16 + digit;
    }
    if (at === start || at - start > 4 || groups.length === GROUPS) return undefined;
    const code = at < end ? text.charCodeAt(at) : COLON;
    if (code === DOT) {
      const tail = ipv4Of(text.slice(start));
      if (tail < 0) return undefined;
      groups.push(tail >>> 16, tail & 0xffff);
      break;
    }
    if (code !== COLON) return undefined;
    groups.push(group);
    if (at === end) break;
    if (++at === end) return undefined;
    if (text.charCodeAt(at) !== COLON) continue;
    if (gap >= 0) return undefined;
    gap = groups.length;
    at++;
  }
  if (gap < 0) return groups.length === GROUPS ? groups : undefined;
  if (groups.length >= GROUPS) return undefined;
  return [...groups.slice(0, gap), ...ZEROS.slice(groups.length), ...groups.slice(gap)];
}

const ZEROS: readonly number[] = new Array<number>(GROUPS).fill(0);

function hexDigit(code: number): number {
  if (code >= ZERO && code <= 0x39) return code - ZERO;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Eight groups as RFC 5952 has them: the first of the longest runs of zeros is left out, if it has two at least. */
export function formatIpv6(groups: readonly number[]): string {
  let start = -1;
  let longest = 1;
  let run = 0;
  for (let index = 0; index < GROUPS; index++) {
    run = groups[index] === 0 ? run + 1 : 0;
    if (run <= longest) continue;
    longest = run;
    start = index + 1 - run;
  }
  let text = '';
  for (let index = 0; index < GROUPS; index++) {
    if (index === start) {
      text += index === 0 ? '::' : ':';
      index += longest - 1;
      continue;
    }
    text += (groups[index] ?? 0).toString(16);
    if (index < GROUPS - 1) text += ':';
  }
  return text;
}

/** The IPv4 address that is mapped into an IPv6 address, as `::ffff:8.8.8.8`; undefined when there is none. */
export function mappedIpv4(groups: readonly number[]): string | undefined {
  if (groups[5] !== 0xffff) return undefined;
  for (let index = 0; index < 5; index++) if (groups[index] !== 0) return undefined;
  const [, , , , , , high = 0, low = 0] = groups;
  return `${high >>> 8}.${high & 0xff}.${low >>> 8}.${low & 0xff}`;
}
