import { Char, CLASS, codeAt, lastDotOf } from './char-class';
import { specialUseSuffix } from './special-use';
import { suffixList } from './suffix-list';
import { runtime } from '../runtime/current';

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
  const dot = lastDotOf(value);
  if (dot > 0 && REGISTER_DIRECTLY.has(value.slice(dot + 1)))
    return { value, ending: 'public', registered: value.slice(lastDotOf(value, dot) + 1, dot) };
  if (specialUseSuffix(value) !== undefined) return { value, ending: 'special', registered: '' };
  const { domain, domainWithoutSuffix, isIcann } = suffixList().parse(value, SUFFIX_OPTIONS);
  if (isIcann === true) {
    if (domain === null && isRegisteredInWildcard(value))
      return { value, ending: 'public', registered: value.slice(0, dot) };
    return { value, ending: domain === null ? 'suffix' : 'public', registered: domainWithoutSuffix ?? '' };
  }
  if (dot > 0 && isTopLevelWithoutRule(value.slice(dot + 1)))
    return { value, ending: 'public', registered: domainWithoutSuffix ?? '' };
  const otherRoot = dot > 0 && OTHER_ROOTS.has(value.slice(dot + 1));
  return { value, ending: otherRoot ? 'other-root' : 'unknown', registered: '' };
}

/** Whether a host name in canonical form is nothing but a public suffix, as `co.uk`. */
export function isPublicSuffix(host: string): boolean {
  const dot = lastDotOf(host);
  if (dot > 0 && REGISTER_DIRECTLY.has(host.slice(dot + 1))) return false;
  return suffixList().getPublicSuffix(host, SUFFIX_OPTIONS) === host && !isRegisteredInWildcard(host);
}

/**
 * The list has one rule, `*.np`, for all that registries as Nepal's have below them: what is no word for a kind of
 * registrant there is a name that somebody registered.
 */
function isRegisteredInWildcard(host: string): boolean {
  const dot = host.indexOf('.');
  if (dot < 0 || dot !== lastDotOf(host) || KINDS_OF_REGISTRANTS.has(host.slice(0, dot))) return false;
  const any = `no-suffix-of-any${host.slice(dot)}`;
  return suffixList().getPublicSuffix(any, SUFFIX_OPTIONS) === any;
}

const KINDS_OF_REGISTRANTS: ReadonlySet<string> = new Set(
  'com co net ne org or edu ac gov go gob mil info name biz gen ind nom per pro tv sw aero asia coop jobs mobi museum services travel'.split(
    ' ',
  ),
);

/** Whether a top-level domain has no rule of its own, but rules below it, as `za` has: `co.za`. */
export function isTopLevelWithoutRule(label: string): boolean {
  return (
    label.length === 2 &&
    ['co', 'com', 'net', 'org', 'gov', 'ac'].some(
      (second) => suffixList().parse(`a.${second}.${label}`, SUFFIX_OPTIONS).isIcann === true,
    )
  );
}

/** Whether a host name in canonical form was registered below a suffix of several labels, as `a.co.id` and `a.in.rs`. */
export function hasSuffixOfLabels(host: string): boolean {
  const suffix = suffixList().getPublicSuffix(host, { ...SUFFIX_OPTIONS, allowPrivateDomains: true });
  return suffix !== null && suffix !== host && suffix.includes('.');
}

/** Below these, the ICANN section of the public suffix list has nothing: what has a dot is no suffix. They are most of all names. */
const REGISTER_DIRECTLY: ReadonlySet<string> = new Set(['com', 'net', 'org', 'info']);

/** The label that was registered under the public suffix of a host name in canonical form; empty without one. */
export function registeredLabel(host: string): string {
  return suffixList().parse(host, SUFFIX_OPTIONS).domainWithoutSuffix ?? '';
}

/** Lower case, punycode, no trailing dot; undefined unless every label may stand in the DNS. */
export function asciiHostName(text: string): string | undefined {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text;
  if (bare.length === 0 || bare.length > 253) return undefined;
  const spelling = spellingOf(bare);
  if (spelling === undefined || endsInNumber(bare)) return undefined;
  if (spelling === 'canonical') return bare;
  if (spelling === 'capitals') return bare.toLowerCase();
  if (ASCII_NAMES.has(bare)) return ASCII_NAMES.get(bare);
  const name = internationalName(bare);
  if (ASCII_NAMES.size >= CACHE_LIMIT) ASCII_NAMES.clear();
  ASCII_NAMES.set(bare, name);
  return name;
}

/** International names that were read before: each is asked for several times on its way, and IDNA is dear. */
const ASCII_NAMES = new Map<string, string | undefined>();
const CACHE_LIMIT = 1000;

function internationalName(bare: string): string | undefined {
  const value = runtime.domainToAscii(bare);
  if (value.length <= 253 && spellingOf(value) !== undefined && !endsInNumber(value)) return value;
  // What begins as punycode and is none: IDNA refuses it, the DNS doesn't.
  return value === '' && PLAIN_ASCII.test(bare) ? bare.toLowerCase() : undefined;
}

const PLAIN_ASCII = /^[\w.-]+$/;

/** A host name whose last label is a number is an IPv4 address or nothing (WHATWG URL, "ends in a number"). */
export function endsInNumber(host: string): boolean {
  const last = lastDotOf(host) + 1;
  return codeAt(host, last) < 0x3a && /^(?:\d+|0x[0-9a-f]*)$/i.test(host.slice(last));
}

// Held for the reason that char-class.ts gives.
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the text as `this`
const { charCodeAt } = String.prototype;

const DOT = 0x2e;
const HYPHEN = 0x2d;

/**
 * How a host name is spelled: `idn` needs IDNA to be read; undefined is none. Labels have 1 to 63 letters, digits,
 * underscores, and hyphens that are not at their ends.
 */
function spellingOf(host: string): 'canonical' | 'capitals' | 'idn' | undefined {
  const classes = CLASS;
  let spelling: 'canonical' | 'capitals' | 'idn' = 'canonical';
  let length = 0;
  let before = HYPHEN;
  const end = (host + '').length;
  for (let at = 0; at < end; at++) {
    const code = charCodeAt.call(host, at);
    if (code === DOT) {
      if (before === HYPHEN || length === 0) return undefined;
      length = 0;
    } else {
      if (((classes[code] ?? 0) & Char.Label) === 0 || ++length > 63) return undefined;
      if (code === HYPHEN) {
        if (length === 1) return undefined;
        // "xn--", and what else has hyphens there.
        if (before === HYPHEN) spelling = 'idn';
      } else if (code > 0x7f) spelling = 'idn';
      else if (code < 0x5b && code > 0x40 && spelling === 'canonical') spelling = 'capitals';
    }
    before = code;
  }
  return length > 0 && before !== HYPHEN ? spelling : undefined;
}
