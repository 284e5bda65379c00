import { isIP } from 'node:net';
import { IPv6 } from 'ipaddr.js';
import type { JsonObject } from '../report/narrow';
import type { StixGraph } from './graph';
import type { Properties } from './stix';
import { uri } from './uri';

/** Each of these adds an observable and returns its id, or undefined for what is none. */

const HOST_NAME =
  /^(?=.{1,253}$)[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,62})(?:\.[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,62}))+$/u;

/** A host of which a report is; names with an underscore are there too, as in DNS. */
export function addDomain(graph: StixGraph, value: unknown): string | undefined {
  const name = typeof value === 'string' ? hostName(value) : undefined;
  return name === undefined ? undefined : graph.observable('domain-name', { value: name });
}

/** A host beside the one that a report is of. A name with an underscore is none, and platforms refuse it: service records have them. */
export function addRelatedDomain(graph: StixGraph, value: unknown): string | undefined {
  return typeof value === 'string' && value.includes('_') ? undefined : addDomain(graph, value);
}

/** In lower case and without the root's dot, or undefined for what is no name of a host. */
export function hostName(value: string): string | undefined {
  const name = value.toLowerCase().replace(/\.$/, '');
  return HOST_NAME.test(name) && !isIP(name) ? name : undefined;
}

/** Adds an IP address as `ipv4-addr` or `ipv6-addr`. Returns its id, or undefined for a value that is not an address. */
export function addAddress(graph: StixGraph, value: unknown): string | undefined {
  const address = typeof value === 'string' ? ipAddress(value) : undefined;
  return address && graph.observable(address.type, { value: address.value });
}

/** In the one spelling that each address has (RFC 5952), or undefined for what is none or holds on one machine only. */
export function ipAddress(value: string): { type: 'ipv4-addr' | 'ipv6-addr'; value: string } | undefined {
  const family = value.includes('%') ? 0 : isIP(value);
  if (family === 4) return { type: 'ipv4-addr', value };
  return family === 6 ? { type: 'ipv6-addr', value: IPv6.parse(value).toRFC5952String() } : undefined;
}

/** Adds a URL as `url`. Returns its id, or undefined for a value that is not a URL. */
export function addUrl(graph: StixGraph, value: unknown): string | undefined {
  const address = typeof value === 'string' ? uri(value) : undefined;
  return address === undefined ? undefined : graph.observable('url', { value: address });
}

/** Adds an `autonomous-system`. Returns its id, or undefined without a valid number. */
export function addAutonomousSystem(graph: StixGraph, asn: unknown, owner: unknown): string | undefined {
  // A number in API v3, and digits in some v2 answers.
  const number = typeof asn === 'string' && /^\d{1,10}$/.test(asn) ? Number(asn) : asn;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) return undefined;
  const name = typeof owner === 'string' && owner !== '' ? { name: owner } : {};
  return graph.observable('autonomous-system', { number }, name);
}

/**
 * A file without a name: the name is part of what makes the id of a file in STIX, and VirusTotal reorders its names.
 *
 * @param others further properties of the file
 */
export function addFile(
  graph: StixGraph,
  hashes: Readonly<Record<string, string>>,
  size?: unknown,
  others: Properties = {},
): string {
  const known = typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? { size } : {};
  return graph.observable('file', { hashes }, { ...known, ...others });
}

const HASHES: readonly [name: string, field: string, form: RegExp][] = [
  ['MD5', 'md5', /^[0-9a-f]{32}$/],
  ['SHA-1', 'sha1', /^[0-9a-f]{40}$/],
  ['SHA-256', 'sha256', /^[0-9a-f]{64}$/],
];

/** The cryptographic hashes of a file; of one that VirusTotal does not know, the one that was asked. */
export function cryptographicHashes(report: JsonObject, asked: string): Record<string, string> {
  const hashes: Record<string, string> = {};
  for (const [name, field, form] of HASHES) {
    for (const value of [report[field], asked]) {
      const hash = typeof value === 'string' ? value.toLowerCase() : '';
      if (form.test(hash)) hashes[name] ??= hash;
    }
  }
  return hashes;
}

/** The last in the order of `HASHES`; undefined without any. */
export function strongestHash(hashes: Readonly<Record<string, string>>): string | undefined {
  return Object.values(hashes).at(-1);
}

/** Hashes that similar files share. */
export function similarityHashes({ ssdeep, tlsh }: JsonObject): Record<string, string> {
  const hashes: Record<string, string> = {};
  if (typeof ssdeep === 'string' && ssdeep.length <= 128 && /^\d+(?::[a-z0-9/+]*){2}$/i.test(ssdeep))
    hashes.SSDEEP = ssdeep;
  // VirusTotal writes the version, "T1", before it; the specification has the 70 digits alone.
  const digits = typeof tlsh === 'string' ? tlsh.replace(/^T1(?=.{70}$)/, '') : '';
  if (/^[0-9a-zA-Z]{70}$/.test(digits)) hashes.TLSH = digits;
  return hashes;
}
