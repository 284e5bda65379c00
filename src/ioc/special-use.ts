import { lastDotOf } from './char-class';

/**
 * Names that are no public host: special use (RFC 6761, 6762, 7686, 8375, ICANN's `.internal`) and the names that
 * networks use inside (RFC 6762 appendix G, and the two whose leaks made ICANN withhold them, `.corp` and `.home`).
 */
const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['local', 'internal name (.local)'],
  ['internal', 'internal name (.internal)'],
  ['lan', 'internal name (.lan)'],
  ['home.arpa', 'internal name (RFC 8375)'],
  ['corp', 'internal name (.corp)'],
  ['home', 'internal name (.home)'],
  ['intranet', 'internal name (.intranet)'],
  ['private', 'internal name (.private)'],
  ['localdomain', 'internal name (.localdomain)'],
  ['localhost', 'this machine (.localhost)'],
  ['test', 'reserved for tests (.test, RFC 6761)'],
  ['example', 'reserved for documentation (.example, RFC 6761)'],
  ['invalid', 'reserved as invalid (.invalid, RFC 6761)'],
  ['onion', 'hidden service (.onion, RFC 7686)'],
  ['i2p', 'hidden service (.i2p)'],
  ['in-addr.arpa', 'reverse name of an IPv4 address'],
  ['ip6.arpa', 'reverse name of an IPv6 address'],
  ['arpa', 'name of the DNS itself (.arpa)'],
  ['alt', 'name outside the DNS (.alt, RFC 9476)'],
]);

/** Why a host name in canonical form is no public one, or undefined when its ending says nothing of the kind. */
export function specialUseSuffix(host: string): string | undefined {
  const dot = lastDotOf(host);
  const last = host.slice(dot + 1);
  const twoLast = last === 'arpa' && dot > 0 ? SUFFIXES.get(host.slice(lastDotOf(host, dot) + 1)) : undefined;
  return twoLast ?? SUFFIXES.get(last);
}

/** Whether a host name in canonical form is nothing but such an ending, as `home.arpa`. */
export function isSpecialSuffix(host: string): boolean {
  return SUFFIXES.has(host);
}
