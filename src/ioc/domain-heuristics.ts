import { lastDotOf } from './char-class';
import { hasSuffixOfLabels, registeredLabel } from './domain';
import {
  CAPITALIZED_TLDS,
  CODE_IDENTIFIERS,
  CODE_OBJECTS,
  CODE_TLDS,
  FILE_EXTENSION_TLDS,
  NEVER_CALLED_TLDS,
  NOT_PACKAGE_TLDS,
  PACKAGE_ROOTS,
  PRODUCT_DOMAINS,
  SMALL_WORDS,
} from './name-words';
import type { TldClass } from './tld';

/** A dotted name in a text, with what stands right before and after it. */
export interface DomainCandidate {
  /** As written. */
  raw: string;
  /** In canonical form. */
  value: string;
  tld: TldClass;
  next: string;
}

/** Stems of files whose extension is a top-level domain, as in `install.pl`, `main.cc`, `config.in`. */
const FILE_STEM =
  /^(?:lib.*|main|index|readme|setup|install|installer|uninstall|script|tests?|config|configure|makefile|rules|run|build|update|updater|utils?|init|command|common|types?|backup|deploy|license|changelog|start|stop|app|core|model|checkpoint|weights|driver|messages|appdelegate|viewcontroller|e?book|player)$/;

/** "Ph.D.in", "P.O.no" */
const ABBREVIATION = /\.\p{Lu}\.\p{Ll}+$/u;

/** What names of malware begin with: `Backdoor.Linux.Mirai.ba`, `Trojan-Spy.Win32.Agent.me`. */
const MALWARE_ROOT =
  /^(?:trojan|backdoor|ransom|exploit|worm|virus|adware|riskware|hacktool|application|pua|pup|heur|gen|variant|win32|win64|w32|w97m|linux|msil|vbs|html|unsafe|malware|packed|rootkit|downloader|dropper|spyware|(?:win|unix|osx|andr|doc|js|pdf|email|multios)\.(?:trojan|malware|ransomware|downloader|dropper|exploit|phishing|packer|packed|virus|worm|keylogger|spyware|adware|backdoor|coinminer|infostealer))(?:-[a-z]+)?\./;

/** A file with two extensions, as `invoice.pdf.com`: a program for DOS. */
const DOUBLE_EXTENSION = /\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|txt|rtf)\.com$/;

/** Labels that hosts begin with and files don't. */
const HOST_START = /^(?:www\d?|mail|smtp|imap|pop3?|mx\d*|ns\d*|ftp|sftp|vpn|webmail|login|cdn|api|c2|cnc)$/;

/**
 * Whether a dotted name that nothing speaks for is a domain to the reader of a text, and not a file, a package, a piece
 * of code or two sentences without a space.
 */
export function isLikelyDomain({ raw, value, tld, next }: DomainCandidate): boolean {
  const firstDot = value.indexOf('.');
  const lastDot = lastDotOf(value);
  const first = value.slice(0, firstDot);
  const last = value.slice(lastDot + 1);
  if (raw !== value && (!isSpelledAsName(raw, last) || ABBREVIATION.test(raw))) return false;
  if (next === '(' && !NEVER_CALLED_TLDS.has(last)) return false;
  if (last === 'com' && firstDot < lastDot && DOUBLE_EXTENSION.test(value)) return false;
  if (raw !== value && tld !== 'special' && isMalware(raw, last)) return false;
  if (value.includes('_') && registeredLabel(value).includes('_')) return false;
  if (firstDot === lastDot) {
    if (isKnownName(first, last)) return false;
    if (tld === 'word' && (first.length === 1 ? last.length > 2 : CODE_IDENTIFIERS.has(first))) return false;
    if (tld === 'word' && SMALL_WORDS.has(first)) return false;
  } else if (PACKAGE_ROOTS.has(first) && !NOT_PACKAGE_TLDS.has(last) && isPackage(value, tld)) return false;
  if (tld === 'word' && isMemberAccess(value)) return false;
  if (tld === 'unambiguous' || tld === 'special')
    return (
      (first !== 'this' && first !== 'self') ||
      (firstDot < lastDot && !CODE_IDENTIFIERS.has(registeredLabel(value)))
    );
  if (raw !== value && /[a-z][A-Z]/.test(raw) && !isOfRandomCase(raw)) return false;
  return (
    tld === 'word' ||
    first === 'www' ||
    (firstDot < lastDot &&
      (HOST_START.test(first) || hasSuffixOfLabels(value) || BEHIND_TOR_GATEWAY.test(value)))
  );
}

/**
 * Whether a name that begins like a package is one: no package has a hyphen, few have a country after `gov` as hosts that
 * pretend to be a government's, and `Microsoft.` is not written in lower case.
 */
function isPackage(value: string, tld: TldClass): boolean {
  if (tld === 'unambiguous' || registeredLabel(value).includes('-')) return false;
  if (/^(?:gov|edu)\.[a-z]{2}\./.test(value)) return false;
  return !/^(?:microsoft|windows)\./.test(value) || CODE_TLDS.has(value.slice(lastDotOf(value) + 1));
}

/** `x7vgetqcl4oah3kd.onion.cab`: a hidden service as a gateway shows it. */
const BEHIND_TOR_GATEWAY = /(?:^|\.)[a-z2-7]{16}(?:[a-z2-7]{40})?\.onion\.[a-z.]+$/;

/** Whether capitals and small letters change at random, as in what resolvers ask to tell answers from forgeries (DNS 0x20). */
function isOfRandomCase(raw: string): boolean {
  const last = raw.slice(lastDotOf(raw) + 1);
  if (/[a-z][A-Z]|[A-Z]{2}[a-z]/.test(last)) return true;
  const letters = raw.replace(/[^A-Za-z]/g, '');
  const changes = letters.match(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[a-z])/g)?.length ?? 0;
  return letters.length > 7 && changes / letters.length > 0.45;
}

/** Whether it is what an engine calls malware: capitals, and nothing that such names end in by chance. */
function isMalware(raw: string, last: string): boolean {
  if (!/[A-Z]/.test(raw) || !MALWARE_ROOT.test(raw.toLowerCase())) return false;
  // "Trojan.Win32.Agent.xyz"
  return !NOT_PACKAGE_TLDS.has(last) || /^(?:[A-Z][\w-]*\.){3}/.test(raw);
}

/** Whether a name is that of a member in code, whatever stands before it: `host: req.headers.host`. */
export function isMemberAccess(value: string): boolean {
  const firstDot = value.indexOf('.');
  if (!CODE_OBJECTS.has(value.slice(0, firstDot))) return false;
  // No member has a hyphen: "document.gov-share.live".
  if (value.includes('-')) return false;
  const lastDot = lastDotOf(value);
  // "document.sharedrive.ink": no word of programs but the first.
  return (
    firstDot === lastDot ||
    CODE_TLDS.has(value.slice(lastDot + 1)) ||
    CODE_IDENTIFIERS.has(value.slice(lastDotOf(value, lastDot) + 1, lastDot))
  );
}

/** Whether the last label is also a file's extension. */
export function hasFileExtensionTld(value: string): boolean {
  return FILE_EXTENSION_TLDS.has(value.slice(lastDotOf(value) + 1));
}

/** Whether files are called so more often than hosts: `setup`, `update`. */
export function isFileStem(label: string): boolean {
  return FILE_STEM.test(label);
}

/** A file whose extension is a top-level domain, or a product. */
function isKnownName(first: string, last: string): boolean {
  return PRODUCT_DOMAINS.get(last)?.has(first) ?? (FILE_EXTENSION_TLDS.has(last) && isFileStem(first));
}

/** Whether the capitals are those of a name: `it.The`, `Foo.bar` and `Paint.NET` aren't. */
function isSpelledAsName(raw: string, last: string): boolean {
  const rawLast = raw.slice(lastDotOf(raw) + 1);
  if (rawLast === last || !/^\p{Lu}/u.test(rawLast) || isOfRandomCase(raw)) return true;
  if (rawLast === rawLast.toUpperCase())
    return raw === raw.toUpperCase() || (last !== 'net' && last !== 'io');
  return (
    CAPITALIZED_TLDS.has(last) &&
    (raw.split('.').every((label) => label.charAt(0) !== label.charAt(0).toLowerCase()) ||
      // No sentence ends in such a word: "bad-drop.Net".
      /[a-z\d]-[a-z\d]/i.test(raw))
  );
}
