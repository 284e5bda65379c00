import ipaddr from 'ipaddr.js';
import { isOrdinary, nonPublicReason } from './address-range';
import { AllowList } from './allow-list';
import { lastDotOf } from './char-class';
import { endsInNumber, readHostName } from './domain';
import { classifyTld } from './tld';
import type { Indicator } from './ioc';
import { knownName } from './known-names';
import { ipv4Of, ipv6GroupsOf } from './ip-text';
import { addressesInName, localName, mayBeListed } from './local-name';
import { specialUseSuffix } from './special-use';
import { hostOfUrl } from './url';

/** What must not leave: indicators that are never sent to VirusTotal. */
export interface GuardOptions {
  /** Keep back private, reserved and internal indicators. Default true. */
  skipPrivate?: boolean;
  /** What is never looked up, one a line: domain (with its subdomains), IP or CIDR, hash, URL prefix. Default none. */
  allowList?: string | readonly string[];
}

/** Says why an indicator is not sent to VirusTotal, in a sentence for a person, or undefined when it may be. */
export type Guard = (ioc: Indicator) => string | undefined;

/**
 * Makes the guard from its options, once for many indicators.
 * @throws VirusTotalError `VT_CONFIG` that quotes the line of the allow list that is nothing it could hold.
 */
export function createGuard({ skipPrivate = true, allowList = [] }: GuardOptions = {}): Guard {
  if (allowList.length === 0) return skipPrivate ? KEEP_BACK_PRIVATE : ALLOW_ALL;
  return guardOf(skipPrivate, allowListOf(allowList));
}

function guardOf(skipPrivate: boolean, allowed: AllowList): Guard {
  return ({ type, value }) => {
    if (type === 'file') return allowed.hasHash(value) ? 'on the allow list' : undefined;
    if (type === 'url' && allowed.hasUrl(value)) return 'on the allow list';
    const host = type === 'url' ? hostOfUrl(value) : value;
    if (endsInNumber(host) || host.includes(':')) {
      if (!allowed.hasAddresses && isOrdinary(host)) return undefined;
      const address = readAddress(host);
      if (address !== undefined) {
        if (allowed.hasAddress(address)) return 'on the allow list';
        return skipPrivate ? nonPublicReason(address) : undefined;
      }
    }
    if (allowed.hasDomain(host)) return 'on the allow list';
    const isListed = mayBeListed(host);
    const embedded = isListed ? addressesInName(host) : NO_ADDRESSES;
    if (embedded.some((one) => allowed.hasAddress(one))) return 'on the allow list';
    return skipPrivate ? (privateAddressIn(embedded) ?? internalName(host, isListed)) : undefined;
  };
}

const NO_ADDRESSES: readonly (ipaddr.IPv4 | ipaddr.IPv6)[] = [];
const ALLOW_ALL: Guard = () => undefined;
const EMPTY_ALLOW_LIST = new AllowList([]);
const BY_DEFAULT = guardOf(true, EMPTY_ALLOW_LIST);
/** By default a name is kept back or not whatever it stands in. */
const KEEP_BACK_PRIVATE: Guard = (ioc) => {
  const { type, value } = ioc;
  if (type === 'domain') return nonPublicName(value);
  const host = type === 'url' ? hostOfUrl(value) : '';
  return host === '' || endsInNumber(host) || host.includes(':') ? BY_DEFAULT(ioc) : nonPublicName(host);
};

function nonPublicName(value: string): string | undefined {
  const known = knownName(value);
  known.nonPublicReason ??= BY_DEFAULT({ type: 'domain', value }) ?? false;
  return known.nonPublicReason === false ? undefined : known.nonPublicReason;
}
let latest = { text: '', allowed: EMPTY_ALLOW_LIST };

/** The list that was read last is kept: who searches many values gives the same one each time. */
function allowListOf(entries: string | readonly string[]): AllowList {
  if (typeof entries !== 'string') return entries.length === 0 ? EMPTY_ALLOW_LIST : new AllowList(entries);
  if (entries !== latest.text) latest = { text: entries, allowed: new AllowList(entries) };
  return latest.allowed;
}

/** The private range of the first address that a host name encodes: `10-0-0-1.nip.io` resolves to 10.0.0.1. */
function privateAddressIn(embedded: readonly (ipaddr.IPv4 | ipaddr.IPv6)[]): string | undefined {
  for (const address of embedded) {
    const range = nonPublicReason(address);
    if (range !== undefined) return `name of ${address.toString()}: ${range}`;
  }
  return undefined;
}

function internalName(host: string, isListed: boolean): string | undefined {
  const dot = lastDotOf(host);
  const tld = dot < 0 ? 'unknown' : classifyTld(host.slice(dot + 1));
  // A top-level domain and no internal one: for the others the whole name is read.
  if (tld === 'unambiguous' || tld === 'word') return localName(host, isListed);
  const name = readHostName(host);
  if (name?.ending === 'special') return specialUseSuffix(host);
  const local = localName(host, isListed);
  if (local !== undefined) return local;
  if (dot < 0) return 'internal name (a single label)';
  return name?.ending === 'unknown'
    ? `internal name (no top-level domain .${host.slice(dot + 1)})`
    : undefined;
}

/** Any spelling an address can have, as 127.1, 0x7f000001, 017700000001 and ::ffff:127.0.0.1. */
function readAddress(host: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host;
  const value = ipv4Of(bare);
  if (value >= 0)
    return new ipaddr.IPv4([value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]);
  const groups = ipv6GroupsOf(bare);
  if (groups !== undefined) {
    const address = new ipaddr.IPv6(groups);
    return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
  }
  try {
    return ipaddr.process(bare);
  } catch {
    return undefined;
  }
}
