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
  const isPlain = isPlainHostName(bare);
  // IDNA knows more than letters: unassigned characters, bidirectional rules, broken punycode.
  if (isPlain && !/xn--/i.test(bare)) return endsInNumber(bare) ? undefined : bare.toLowerCase();
  const value = isPlain || /[^\0-\x7f]/.test(bare) ? domainToASCII(bare) : '';
  return value.length <= 253 && isPlainHostName(value) && !endsInNumber(value) ? value : undefined;
}

/** A host name whose last label is a number is an IPv4 address or nothing (WHATWG URL, "ends in a number"). */
function endsInNumber(host: string): boolean {
  const last = host.lastIndexOf('.') + 1;
  return host.charCodeAt(last) < 0x3a && /^(?:\d+|0x[0-9a-f]*)$/i.test(host.slice(last));
}

/** Labels of 1 to 63 letters, digits, underscores, and hyphens that are not at their ends. */
function isPlainHostName(host: string): boolean {
  let length = 0;
  let before = HYPHEN;
  for (let at = 0; at < host.length; at++) {
    const code = host.charCodeAt(at);
    if (code === DOT) {
      if (before === HYPHEN || length === 0) return false;
      length = 0;
    } else {
      if (code === HYPHEN ? length === 0 : code > 0x7f || !isLabelCode(code)) return false;
      if (++length > 63) return false;
    }
    before = code;
  }
  return length > 0 && before !== HYPHEN;
}

function isLabelCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f
  );
}

const DOT = 0x2e;
const HYPHEN = 0x2d;
