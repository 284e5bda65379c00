import { canonicalAddress } from './address';
import { readHostName } from './domain';
import { canonicalHash } from './hash';
import { ipv4Of } from './ip-text';
import type { IocType } from './ioc';
import { quote } from '../errors';
import { refang } from './refang';
import { canonicalUrl, knownScheme, MAX_URL_LENGTH, splitUrl } from './url';
import { runtime } from '../runtime/current';

/** The canonical value of an indicator, or one sentence for a person on why the value is none of this kind. */
export type Recognized = { value: string } | { reason: string };

/** The name of each kind of indicator with its article, for error texts. */
export const KIND_NAMES: Readonly<Record<IocType, string>> = {
  domain: 'a domain',
  file: 'a file hash',
  ip: 'an IP address',
  url: 'a URL',
};

/**
 * Reads one value that is said to be of one kind. White space around it, upper case, defanged spellings and
 * international names are all right. Never throws.
 */
export function recognizeIoc(type: IocType, given: unknown): Recognized {
  const value = runtime.types.isStringObject(given) ? String.prototype.valueOf.call(given) : given;
  if (typeof value !== 'string') return { reason: `${whatItIs(value)}, not ${KIND_NAMES[type]}` };
  const trimmed = value.trim();
  if (trimmed === '') return { reason: `empty, not ${KIND_NAMES[type]}` };
  if (trimmed.length > MAX_URL_LENGTH) {
    return { reason: `${quote(trimmed)} has ${trimmed.length} characters: too long for ${KIND_NAMES[type]}` };
  }
  const text = refang(trimmed).text.trim();
  const recognized = valueIn(type, text);
  return recognized === undefined ? { reason: reasonOf(type, text) } : { value: recognized };
}

/** As {@link recognizeIoc} for a text, without a word on why it is none: undefined then. */
export function canonicalIoc(type: IocType, given: string): string | undefined {
  const trimmed = given.trim();
  if (trimmed === '' || trimmed.length > MAX_URL_LENGTH) return undefined;
  // There is nothing to undo in what is a hash or an address already, as nearly all of them are.
  const plain = type === 'file' ? canonicalHash(trimmed) : undefined;
  if (plain !== undefined) return plain;
  if (type === 'ip' && ipv4Of(trimmed) >= 0) return trimmed;
  return valueIn(type, refang(trimmed).text.trim());
}

/** The canonical value of a text without white space around it. */
function valueIn(type: IocType, text: string): string | undefined {
  switch (type) {
    case 'domain':
      return domainIn(text);
    case 'file':
      return canonicalHash(text);
    case 'ip':
      return canonicalAddress(text);
    case 'url':
      return urlIn(text);
  }
}

function domainIn(text: string): string | undefined {
  const host = readHostName(text);
  return host !== undefined && isLookedUp(host.ending, host.value) ? host.value : undefined;
}

function urlIn(text: string): string | undefined {
  const parts = splitUrl(text);
  return parts === undefined ? urlWithoutScheme(text) : canonicalUrl(parts);
}

/** VirusTotal reads a URL without a scheme as http. */
function urlWithoutScheme(text: string): string | undefined {
  if (OTHER_SCHEME.test(text)) return undefined;
  const bare = text.startsWith('//') ? text.slice(2) : text;
  if (bare.includes('@') || /\s/.test(bare)) return undefined;
  const parts = splitUrl(`http://${bare}`);
  return parts !== undefined && isPublicHost(hostOf(parts.authority)) ? canonicalUrl(parts) : undefined;
}

const OTHER_SCHEME = /^([a-z][a-z0-9+-]*):(?!\d)/i;

/** Why a text is none of a kind, in a sentence for a person. */
function reasonOf(type: IocType, text: string): string {
  switch (type) {
    case 'domain':
      return whyNoDomain(text);
    case 'file':
      return whyNoHash(text);
    case 'ip':
      return whyNoAddress(text);
    case 'url':
      return whyNoUrl(text);
  }
}

/** Describes a value that is not text, for an error text. */
function whatItIs(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (runtime.types.isUint8Array(value))
    return `a Buffer of ${value.length} bytes (turn it into a string first)`;
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function whyNoDomain(text: string): string {
  const host = readHostName(text);
  const other = otherKind(text, 'domain');
  if (other !== undefined) return `${quote(text)} is ${other}, not a domain`;
  const pieces = /^([^\s/:]+)(?::(\d+))?(\/.*)?$/s.exec(text);
  if (pieces?.[1] !== undefined && readHostName(pieces[1])?.ending === 'public') {
    const extra = pieces[3] === undefined ? 'a port' : 'a path';
    return `${quote(text)} is a domain with ${extra}: give ${quote(pieces[1])} alone, or the whole URL as a URL`;
  }
  if (text.includes('@')) return `${quote(text)} is a mail address, not a domain: give what follows the @`;
  if (host === undefined) return `${quote(text)} is not a domain`;
  if (host.ending === 'suffix')
    return `${quote(text)} is a public suffix, under which domains are registered, not a domain`;
  const dot = host.value.lastIndexOf('.');
  if (dot < 0) return `${quote(text)} is a single name without a dot, not a domain`;
  return `${quote(text)} is not a domain: there is no top-level domain .${host.value.slice(dot + 1)}`;
}

function isLookedUp(ending: string, value: string): boolean {
  if (ending === 'suffix') return value.includes('.');
  return ending !== 'unknown';
}

function whyNoHash(text: string): string {
  if (/^[0-9a-f]+$/i.test(text)) {
    const digits = text.length === 1 ? '1 hex digit' : `${text.length} hex digits`;
    return `${quote(text)} has ${digits}; MD5 has 32, SHA-1 40, SHA-256 64`;
  }
  const other = otherKind(text, 'file');
  if (other !== undefined) return `${quote(text)} is ${other}, not a file hash`;
  return `${quote(text)} is not a file hash: MD5 has 32 hex digits, SHA-1 40, SHA-256 64`;
}

function whyNoAddress(text: string): string {
  const other = otherKind(text, 'ip');
  if (other !== undefined) return `${quote(text)} is ${other}, not an IP address`;
  const pieces = /^(\[[^\]]*\]|[^/:]+|[^/]+(?=\/))(?::(\d+))?(\/.*)?$/s.exec(text);
  const address0 = pieces?.[1] === undefined ? undefined : canonicalAddress(pieces[1]);
  if (address0 !== undefined) {
    const path = pieces?.[3];
    if (path !== undefined && /^\/\d{1,3}$/.test(path))
      return `${quote(text)} is a network, not one IP address: give an address without ${quote(path)}`;
    const extra = path === undefined ? 'a port' : 'a path';
    return `${quote(text)} is an IP address with ${extra}: give ${quote(address0)} alone, or the whole URL as a URL`;
  }
  return `${quote(text)} is not an IP address`;
}

function whyNoUrl(text: string): string {
  const parts = splitUrl(text);
  if (parts !== undefined && knownScheme(parts.scheme) !== undefined)
    return `${quote(text)} is not a URL: ${quote(parts.authority)} is no host`;
  const scheme = parts?.scheme ?? OTHER_SCHEME.exec(text)?.[1];
  if (scheme !== undefined)
    return `${quote(text)} is a ${scheme.toLowerCase()} URL: VirusTotal has reports of http, https and ftp`;
  const other = otherKind(text, 'url');
  return `${quote(text)} is ${other === undefined ? 'not a URL' : `${other}, not a URL`}`;
}

function hostOf(authority: string): string {
  return authority.replace(/:\d*$/, '');
}

function isPublicHost(host: string): boolean {
  return canonicalAddress(host) !== undefined || readHostName(host)?.ending === 'public';
}

/** What the text is instead, as "an IP address". */
function otherKind(text: string, than: IocType): string | undefined {
  if (than !== 'ip' && canonicalAddress(text) !== undefined) return KIND_NAMES.ip;
  if (than !== 'file' && canonicalHash(text) !== undefined) return KIND_NAMES.file;
  if (than !== 'url' && splitUrl(text) !== undefined) return KIND_NAMES.url;
  if (than !== 'domain' && readHostName(text)?.ending === 'public') return KIND_NAMES.domain;
  return undefined;
}
