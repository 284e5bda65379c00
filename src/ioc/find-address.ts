import { canonicalAddress, isNetwork } from './address';
import { Char, classAt, codeAt, isLabel } from './char-class';
import { afterHost } from './path-after-host';
import { escapeAt } from './percent';
import type { TextScan } from './text-scan';
import { isAddressByPlace, isReleased, isVersionByPlace } from './version';

const COLON = 0x3a;
const PERCENT = 0x25;
const HYPHEN = 0x2d;
const LOW_LINE = 0x5f;
const V6 = /[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?:(?:\.\d{1,3}){3})?/iy;
/** Suricata writes all eight groups, and then the port. */
const FULL_WITH_PORT = /((?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}):\d{1,5}(?![\w:.])/iy;
const ZONE = /%[a-z0-9._-]{1,32}/iy;
const PREFIX = /\/(\d{1,3})(?![\w.])/y;

const MARKED = /^[-_]*(\d{1,3}(?:\.\d{1,3}){3})(?:-(\d{1,3}(?:\.\d{1,3}){3})|([-_])(\d{1,5}))?[-_]*$/;

/** Reads a token that has IPv4 addresses between marks: `_45.77.12.34_`, and the two ends of `45.77.12.34-45.77.12.40`. */
export function findMarkedAddresses(textScan: TextScan, start: number, end: number): void {
  const token = textScan.text.slice(start, end);
  const match = MARKED.exec(token);
  if (match === null) return;
  const [, address = '', , mark, number] = match;
  if (number !== undefined && !isGluedOn(textScan, start, end, address, mark, Number(number))) return;
  for (const value of match.slice(1, 3)) {
    if (value === undefined) continue;
    const from = start + (value === match[2] ? token.lastIndexOf(value) : token.indexOf(value));
    findAddressV4(textScan, from, from + value.length);
  }
}

/**
 * Whether a number after an address is a port, or the other end of a range: of what is defanged it is either; otherwise
 * `1.2.3.4-5` is more often a package's version.
 */
function isGluedOn(
  textScan: TextScan,
  start: number,
  end: number,
  address: string,
  mark: string | undefined,
  number: number,
): boolean {
  if (mark === '_' || textScan.refanged.hasDefangedDot(start, end)) return true;
  return number > Number(address.slice(address.lastIndexOf('.') + 1)) && number <= 0xff;
}

/** Reads the token of four dotted numbers from `start` to `end`; returns where to go on. */
export function findAddressV4(textScan: TextScan, start: number, end: number): number {
  const { text } = textScan;
  const value = text.slice(start, end);
  if (textScan.isKnown(value)) return addAddress(textScan, value, start, end);
  if (canonicalAddress(value) === undefined) return end;
  if (!isAddressHere(text, start, end) || isNetmask(value) || isNetworkAt(text, value, end)) return end;
  if (isVersion(textScan, start, end) && !textScan.refanged.hasDefangedDot(start, end)) return end;
  return addAddress(textScan, value, start, end);
}

/** Takes the address, or the URL that it begins; returns where to go on. */
function addAddress(textScan: TextScan, value: string, start: number, end: number): number {
  const after = afterHost(textScan, start, end);
  if (after.url === undefined || textScan.hint === 'ip') textScan.addIoc('ip', value, start, end);
  else textScan.addIoc('url', after.url, start, after.end);
  return after.end;
}

function isVersion(textScan: TextScan, start: number, end: number): boolean {
  const { text, hint } = textScan;
  if (hint === 'version') return true;
  // "S1-WIN/23.4.4.223" under a key as `agent`; an address alone is one.
  if (hint === 'agent' && /[\w)][/ ]$/.test(text.slice(Math.max(0, start - 2), start))) return true;
  const said = textScan.hintAt(start, end);
  if (said === 'version') return !isAddressByPlace(text, end) && !isReleased(text, start);
  return said !== 'ip' && isVersionByPlace(text, start, end);
}

/** `-1.2.3.4`, `+49.30.1.2` and `.1.3.6.1` are no addresses, `1.2.3.4%` neither. */
function isAddressHere(text: string, start: number, end: number): boolean {
  const before = start > 0 ? text.charAt(start - 1) : '';
  return (
    before !== '.' &&
    before !== '+' &&
    before !== '$' &&
    before !== '€' &&
    (codeAt(text, end) !== PERCENT || escapeAt(text, end) !== undefined)
  );
}

/** All ones, then all zeros. No host has such an address. */
function isNetmask(value: string): boolean {
  if (!value.startsWith('255.') || value === '255.255.255.255') return false;
  const bits = value.split('.').map((octet) => Number(octet).toString(2).padStart(8, '0'));
  return /^1+0*$/.test(bits.join(''));
}

function isNetworkAt(text: string, address: string, end: number): boolean {
  if (codeAt(text, end) !== 0x2f) return false;
  PREFIX.lastIndex = end;
  const bits = PREFIX.exec(text)?.[1];
  return bits !== undefined && Number(bits) <= 128 && isNetwork(address, Number(bits));
}

/** Reads an IPv6 address that begins at `start`; returns where to go on, or undefined when there is none. */
export function findAddressV6(textScan: TextScan, start: number): number | undefined {
  const { text } = textScan;
  if (!hasGroups(text, start)) return undefined;
  if (start > 0 && classAt(text, start - 1) !== 0 && isNameBefore(text, start)) return undefined;
  if (codeAt(text, start - 1) === COLON && !isLabelledAddress(text, start - 1)) return undefined;
  V6.lastIndex = start;
  const raw = V6.exec(text)?.[0];
  if (raw === undefined) return undefined;
  const full = raw.length < SHORTEST_FULL || raw.includes('::') ? undefined : fullBeforePort(text, start);
  const trimmed = full ?? (raw.endsWith(':') && !raw.endsWith('::') ? raw.slice(0, -1) : raw);
  let end = start + trimmed.length;
  if (full === undefined && goesOn(text, end)) return undefined;
  const value = canonicalAddress(trimmed);
  if (value === undefined || !isPlausible(trimmed, value, textScan.hint === 'ip')) return undefined;
  if (codeAt(text, end) === PERCENT) {
    ZONE.lastIndex = end;
    end += ZONE.exec(text)?.[0].length ?? 0;
  }
  if (!isNetworkAt(text, value, end)) textScan.addIoc('ip', value, start, end);
  return end;
}

function fullBeforePort(text: string, start: number): string | undefined {
  FULL_WITH_PORT.lastIndex = start;
  return FULL_WITH_PORT.exec(text)?.[1];
}

const SHORTEST_FULL = '1:1:1:1:1:1:1:1:1'.length;
const LENGTH_OF_WWPN = '50:06:01:60:3b:a0:1b:2c'.length;

/** `ip6:2606:4700::1111`: what stands before the colon is a name, and no group of the address. */
function isLabelledAddress(text: string, colon: number): boolean {
  return /[g-z_][\w-]{0,15}$/i.test(text.slice(Math.max(0, colon - 16), colon));
}

function isNameBefore(text: string, start: number): boolean {
  return (isLetter(text, start - 1) || text[start - 1] === '.') && escapeAt(text, start - 3) === undefined;
}

/** Whether what looked like an address is the beginning of something longer. */
function goesOn(text: string, end: number): boolean {
  const next = codeAt(text, end) === COLON ? end + 1 : end;
  return isLetter(text, end) || codeAt(text, next) === COLON || (next > end && isLetter(text, next));
}

/** A letter or digit: the marks between two ends of a range, and those of markdown, are none. */
function isLetter(text: string, at: number): boolean {
  const code = codeAt(text, at);
  return code !== HYPHEN && code !== LOW_LINE && isLabel(text, at);
}

/** Whether there are as many groups as an address has: times and MAC addresses, which are many, have fewer. */
function hasGroups(text: string, start: number): boolean {
  let colons = 0;
  for (let at = start; at < text.length; at++) {
    if (text.charCodeAt(at) === COLON) {
      if (codeAt(text, at + 1) === COLON || ++colons === 6) return true;
    } else if ((classAt(text, at) & Char.Hex) === 0) return false;
  }
  return false;
}

/**
 * Whether an address is one to the reader: not a world-wide port name (eight pairs of digits), and unless its key says
 * so, in a range that is in use. `a::b` is more often C++.
 */
function isPlausible(raw: string, value: string, isKeyed: boolean): boolean {
  if (raw.length === LENGTH_OF_WWPN && /^(?:[0-9a-f]{2}:){7}[0-9a-f]{2}$/i.test(raw)) return false;
  return (
    isKeyed || value.includes('.') || /^(?:::1$|[23][0-9a-f]{3}:|f[cdef][0-9a-f]{2}:|64:ff9b:)/.test(value)
  );
}
