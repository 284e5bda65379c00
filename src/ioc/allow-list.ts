import ipaddr from 'ipaddr.js';
import { canonicalAddress } from './address';
import { comparableUrl } from './comparable-url';
import { embeddedAddresses } from './embedded-address';
import { Networks } from './networks';
import { Prefixes } from './prefixes';
import { asciiHostName } from './domain';
import { canonicalHash } from './hash';
import { quote, VirusTotalError } from '../errors';
import { refang } from './refang';
import { canonicalUrl, splitUrl } from './url';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * What is never looked up, one entry a line: a domain (with its subdomains), an IP address or network, a file hash, the
 * start of a URL. Empty lines and what follows `#` at the start of a line or after white space are left out.
 */
export class AllowList {
  readonly #domains = new Set<string>();
  readonly #hashes = new Set<string>();
  readonly #addresses = new Set<string>();
  readonly #networks = new Networks();
  readonly #urls = new Prefixes();

  /** @throws VirusTotalError `VT_CONFIG` that quotes the first line that is none of these. */
  constructor(entries: string | readonly string[]) {
    const lines = (typeof entries === 'string' ? [entries] : entries).flatMap((entry) =>
      entry.split(/\r?\n/),
    );
    lines.forEach((line, index) => {
      const entry = line.replace(/(^|\s)#.*$/, '').trim();
      if (entry !== '') this.#add(refang(entry).text.trim(), index + 1);
    });
  }

  #add(entry: string, line: number): void {
    const address = canonicalAddress(entry);
    if (address !== undefined) return void this.#addresses.add(address);
    const hash = canonicalHash(entry);
    if (hash !== undefined) return void this.#hashes.add(hash);
    if (ipaddr.isValidCIDR(entry)) return this.#networks.add(...networkOf(entry));
    const url = splitUrl(entry);
    if (url !== undefined) {
      const prefix = canonicalUrl(url);
      if (prefix !== undefined) return this.#urls.add(comparableUrl(prefix));
    } else {
      const domain = asciiHostName(entry.replace(/^\*?\./, ''));
      if (domain !== undefined) return void this.#domains.add(domain);
    }
    throw new VirusTotalError(
      'VT_CONFIG',
      `Not valid: allow list, line ${line}: ${quote(entry)} is not a domain, IP address, network (CIDR), file hash or start of a URL`,
    );
  }

  hasDomain(host: string): boolean {
    if (this.#domains.size === 0) return false;
    for (let from = 0; ; from = host.indexOf('.', from) + 1) {
      if (this.#domains.has(host.slice(from))) return true;
      if (host.indexOf('.', from) < 0) return false;
    }
  }

  hasHash(hash: string): boolean {
    return this.#hashes.size > 0 && this.#hashes.has(hash);
  }

  /** Whether there is any address or network on it. */
  get hasAddresses(): boolean {
    return this.#addresses.size > 0 || !this.#networks.isEmpty;
  }

  hasAddress(address: Address): boolean {
    if (!this.hasAddresses) return false;
    if (this.#addresses.has(address.toString()) || this.#networks.has(address)) return true;
    // What leads to a listed IPv4 address through a translator leads there.
    return (
      address instanceof ipaddr.IPv6 && embeddedAddresses(address).some((inner) => this.hasAddress(inner))
    );
  }

  hasUrl(url: string): boolean {
    if (this.#urls.isEmpty) return false;
    const compared = comparableUrl(url);
    // "https://host/private/" holds the folder itself as well, which servers give without its slash too.
    return (
      this.#urls.hasPrefixOf(compared) || this.#urls.hasPrefixOf(compared.replace(/(?<!\/)(?=\?|$)/, '/'))
    );
  }
}

/** A network of mapped addresses, `::ffff:10.0.0.0/104`, is one of IPv4. */
function networkOf(entry: string): [Address, number] {
  const [address, prefix] = ipaddr.parseCIDR(entry);
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && prefix >= 96
    ? [address.toIPv4Address(), prefix - 96]
    : [address, prefix];
}
