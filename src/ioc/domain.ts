import { domainToASCII } from 'node:url';
import { parse } from 'tldts';
import { specialUseSuffix } from './special-use';

const SUFFIX_OPTIONS = {
  allowPrivateDomains: false,
  detectIp: false,
  extractHostname: false,
  mixedInputs: false,
  validateHostname: false,
} as const;

/** Roots outside the DNS that malware resolves by its own means (Namecoin, Emercoin, OpenNIC). */
const OTHER_ROOTS: ReadonlySet<string> = new Set(['bazar', 'bit', 'coin', 'emc', 'lib']);

/** A host name taken apart. */
export interface HostName {
  /** Lower case, punycode, no trailing dot. */
  value: string;
  /**
   * What its ending says: `public` (an ICANN suffix of the public suffix list), `special` (a special-use or internal
   * name), `other-root` (a root outside the DNS), `suffix` (nothing but a public suffix, as `co.uk`), `unknown`.
   */
  ending: 'public' | 'special' | 'other-root' | 'suffix' | 'unknown';
  /** The label that was registered under the public suffix, as `baddomain`; empty without one. */
  registered: string;
}

/** The host name in canonical form, or undefined when the text can be none. An IPv4 address is none. */
export function readHostName(text: string): HostName | undefined {
  const value = asciiHostName(text);
  if (value === undefined) return undefined;
  if (specialUseSuffix(value) !== undefined) return { value, ending: 'special', registered: '' };
  const { domain, domainWithoutSuffix, isIcann } = parse(value, SUFFIX_OPTIONS);
  if (isIcann === true) {
    return { value, ending: domain === null ? 'suffix' : 'public', registered: domainWithoutSuffix ?? '' };
  }
  const dot = value.lastIndexOf('.');
  const otherRoot = dot > 0 && OTHER_ROOTS.has(value.slice(dot + 1));
  return { value, ending: otherRoot ? 'other-root' : 'unknown', registered: '' };
}

/** Lower case, punycode, no trailing dot; undefined unless every label may stand in the DNS. */
export function asciiHostName(text: string): string | undefined {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text;
  if (bare.length === 0 || bare.length > 253) return undefined;
  // eslint-disable-next-line no-control-regex
  const plain = /^[\x00-\x7f]*$/.test(bare) && !/xn--/i.test(bare);
  const value = plain ? bare.toLowerCase() : domainToASCII(bare);
  if (value.length === 0 || value.length > 253) return undefined;
  const labels = value.split('.');
  const last = labels[labels.length - 1] ?? '';
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(last)) return undefined;
  return labels.every(isLabel) ? value : undefined;
}

function isLabel(label: string): boolean {
  return label.length <= 63 && /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/.test(label);
}
