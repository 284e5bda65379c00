import { lastDotOf } from './char-class';
import { hasSuffixOfLabels, registeredLabel } from './domain';
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
const FILE_EXTENSION_TLDS = words(
  'pl cc ml in am la do st bz ms sc vi is pub inc ps as ai pt cat mo mm mobi gd',
);

/** Names of things in programs: with a word after the dot they are code, as `user.email`, `logger.info`, `http.host`. */
const CODE_IDENTIFIERS = words(
  'a acc account actions agent alert app arg args array attr auth axios base body btn button buf bug cache callback cat cb cell ' +
    'certificate cfg child client cls code col column conf config connection console const context cookie core ctx cur cursor data ' +
    'date db def default destination device dict div dns doc document dom e el elem element email entity entry env err error ' +
    'event events ex exc exports ext f factory fd field file files fn foo form frame fs function g global graph group grid h ' +
    'handler hash header headers host http i id img index info input instance interface item items j job jquery js json k ' +
    'key kwargs label lang layout left lib line link list loader log logger logging logs m main map match math menu ' +
    'message meta method model module msg my name net network next nil node null num number o obj object observer on opts ' +
    'option options order org os out output p package page pandas panel param params parent parser path payload person pkg player ' +
    'plugin point pool pos prev process product project promise prop props proto proxy ptr query queue r re record redis ref ' +
    'reg related repo req request res resource response result ret right root route router row rule s sample schema scipy scope ' +
    'screen script self sender service session set settings shape signal size socket sort source spec src stack stage ' +
    'state stats status std step storage store str stream string struct style super svc sync sys system t tab table tag ' +
    'target task td temp template test text tf this thread threat ticket time timer tls tmp token torch tr tree tx type ui ul unit ' +
    'uri url user users util utils v val value values var vector vehicle view vm vue web win window wp writer ws x xhr xml y z',
);

/** Of these, the ones that no host is named as: `req.headers.host`. */
const CODE_OBJECTS = words(
  'arg args argv ctx context document e el elem element err error evt event exports globals item json kwargs location math module node obj object ' +
    'os params process props req request res response self state sys this util window xhr',
);

/** Top-level domains that members of objects and parts of programs are named as. */
const CODE_TLDS = words(
  'app apps art audio auto bar best bid black blog blue book box build call camera cards care case cat center channel chat city ' +
    'click cloud codes comments community company computer contact content country credit data date day deal delivery design dev ' +
    'digital direct directory docs domains download drive education email energy events exchange expert express fail family ' +
    'feedback film final finance financial fire fit food forum foundation free fun fund game games gift global gold graphics ' +
    'green group guide health help here history home host hosting house how id in info ing insurance int international is it jobs ' +
    'keys land law legal life lighting limited link live loan love map market marketing markets md me media menu mobi mobile ' +
    'money movie ms name network new news next no now off office on one online open organic page parts partners pay ph phone ' +
    'photo photos pics pictures pin place play plus pm post press pro prod productions promo properties property protection ps ' +
    'pub py read red rent repair report rest review reviews rocks room rs run safe sale save school science search security ' +
    'select services sh share shop shopping show singles site so social software solutions space spot st storage store stream ' +
    'studio study style supplies supply support surf systems team tech technology tf tickets tips to today tools top tours town ' +
    'trade trading training travel trust tv vi video view vision vote watch web win windows work works world ws zone',
);

/** "Ph.D.in", "P.O.no" */
const ABBREVIATION = /\.\p{Lu}\.\p{Ll}+$/u;

/** Words that a sentence ends or begins with where a space is missing: "fixed it.no idea". */
const SMALL_WORDS = words('it this that so him them us you me done here there now then');

/** What names of malware begin with: `Backdoor.Linux.Mirai.ba`, `Trojan-Spy.Win32.Agent.me`. */
const MALWARE_ROOT =
  /^(?:trojan|backdoor|ransom|exploit|worm|virus|adware|riskware|hacktool|application|pua|pup|heur|gen|variant|win32|win64|w32|w97m|linux|msil|vbs|html|unsafe|malware|packed|rootkit|downloader|dropper|spyware|(?:win|unix|osx|andr|doc|js|pdf|email|multios)\.(?:trojan|malware|ransomware|downloader|dropper|exploit|phishing|packer|packed|virus|worm|keylogger|spyware|adware|backdoor|coinminer|infostealer))(?:-[a-z]+)?\./;

/** A file with two extensions, as `invoice.pdf.com`: a program for DOS. */
const DOUBLE_EXTENSION = /\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|txt|rtf)\.com$/;

/** Reversed domains that packages begin with, and roots of packages. */
const PACKAGE_ROOTS = words(
  'com org net edu gov io java javax jdk sun android androidx kotlin kotlinx scala system microsoft windows de fr uk ch nl',
);
const NOT_PACKAGE_TLDS = words(
  'com net org info biz ru cn de fr uk jp br in eu us ca au it es pl nl ch at be xyz top',
);

/** Products and parts of programs that are spelled like a domain, by their last label. */
const PRODUCT_DOMAINS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['net', words('asp ado vb ml paint json accord system java javax')],
  ['io', words('java system socket engine scipy skimage astropy pandas')],
  ['security', words('java')],
  ['time', words('java')],
  ['med', words('dr')],
]);

/** Labels that hosts begin with and files don't. */
const HOST_START = /^(?:www\d?|mail|smtp|imap|pop3?|mx\d*|ns\d*|ftp|sftp|vpn|webmail|login|cdn|api|c2|cnc)$/;

/** Top-level domains that people write with a capital letter, as in `Example.Com`. */
const CAPITALIZED_TLDS = words('com net org info biz ru de cn xyz icu fr uk eu pl nl br kr jp pw cc su ua');

/** Top-level domains that no member of an object is named as: `baddomain.com(45.77.12.34)` isn't a call. */
const NEVER_CALLED_TLDS = words('com org ru cn de fr uk jp br kr pl nl es eu ua tr xyz icu edu gov biz');

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
 * pretend to be a government's, and in lower case nobody writes `Microsoft.`.
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

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
