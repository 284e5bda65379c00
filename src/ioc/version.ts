import { codeAt } from './char-class';

/** `Chrome/120.0.0.0`. */
const AGENT = /(?<![\w.:/-])[A-Z][a-z][A-Za-z]*(?:-[A-Z][A-Za-z]{1,16}){0,2}\/$/;
/** Programs that don't care how they are spelled. */
const PROGRAM =
  /(?<![\w.:/-])(?:curl|wget|okhttp|nginx|apache|openssl|php|python|python-requests|java|ruby|perl|node|axios|libwww-perl|lighttpd|jetty|mysql)\/$/i;
/** The version in the head of a CEF line, and in the name of a platform (CPE). */
const FIELD = /\b(?:(?:CEF|LEEF):[\d.]+\|[^|\n]*\|[^|\n]*\||cpe:(?:2\.3:|\/)[^\s|]*:)$/i;
/** `flask==2.3.2.1`, `>= 1.2.3.4`, `~> 5.2.4.3`, `^1.2.3.4`. */
const REQUIREMENT = /(?:(?:^|[\s"'])[a-z][\w.[\]-]*==|[<>]= ?|~>? ?|\^)["']?$/;
/** What else comes before a version. */
const PHRASE =
  /\b(?:prior to|up to(?: and including)?|as of|(?:earli|old|new|lat|low|high)er than|rev(?:ision)?[.:]?|(?:anté|ulté)rieures? à) $/i;
/** What comes after one: "1.2.3.4 and earlier", 1.2.3.4以降, and the signs of chapters. */
const FOLLOWED =
  /\)?,? (?:(?:and|or|&) (?:all )?(?:earlier|later|older|newer|prior|previous|below|above|higher|lower|up|onwards?)\b|(?:et|ou) (?:versions? )?(?:antérieure|ultérieure|précédente|suivante)|(?:und|oder) (?:früher|älter|neuer|höher|darunter))|[ （(]?(?:(?:および|又は|または|及び)それ以[前降]|以降|以前|以下|以上|未満|及以下|及以上|及以前|之前|之后|及更早)|[節节章条條版]/y;

/** A program and its version in what a client calls itself: `agent="S1-WIN/23.4.4.223"`. */
const IN_AGENT = /agent["']?\s*[=:]\s*\\?["']?[^"'=\n]{0,120}[a-z][\w.-]*[/ ]$/i;
/** A folder of a program below one of its name: `\Plugins\GuestAttestation\1.0.1.21\x.exe`; `\\1.2.3.4\share` is a host. */
const IN_WINDOWS_PATH = /[^\s\\"'=(,;:[]\\{1,2}$/;
const AFTER_IN_WINDOWS_PATH = /\\{1,2}[^\\\s]|["']?(?:\s|$)/y;
const IN_UNIX_PATH =
  /(?:^|[\s"'=(:])(?:file:\/\/)?\/(?:usr|opt|var|lib|etc|home|root|snap|srv|mnt|app|tmp|Applications|Library|System|Users|Volumes|nix|data)\/(?:[^\n"':]*\/)?$/;
/** An attribute, an extension or a policy of a certificate or a directory (X.500): `2.5.4.3`, `2.5.29.17`. */
const OID = /^2\.5\.(?:4|5|29)\.\d+$/;
/** The root of the Internet's object ids. */
const ENTERPRISES = '1.3.6.1';
const BEFORE_OID =
  /(?:oid|extension|attribute|syntax|eku|usage|polic(?:y|ies)|id-ce|x\.?509|directory|\/|\+|,|\()[^\w\n]{0,4}$/i;

/** A port, and a log's "- -" after a client: no version has them. */
const ADDRESS_AFTER = /:\d{2,5}(?![\d.:])|:\d{2,5}:(?=\s)| - \S+ \[/y;

/** Whether what stands behind four dotted numbers makes them an address, whatever a word before them says. */
export function isAddressByPlace(text: string, end: number): boolean {
  const after = codeAt(text, end);
  return (after === COLON || after === SPACE) && matchesAt(ADDRESS_AFTER, text, end);
}

/** A lease that ends: "DHCP release 10.0.0.5", "IP Release: 10.0.0.5". */
const RELEASED =
  /(?:dhcp\w*|\b(?:ip|lease|leased|address))["']?[\s:=_-]{1,3}(?:\w+ )?release[sd]?(?: (?:of|for|from|ip|address))*["']?[\s:=]*["']?$/i;

/** Whether an address stands behind a word that could be of a version but is what a DHCP server or client did. */
export function isReleased(text: string, start: number): boolean {
  return RELEASED.test(text.slice(Math.max(0, start - 48), start));
}

/** Whether four dotted numbers are an object id. */
function isOid(text: string, start: number, end: number): boolean {
  if (end - start === ENTERPRISES.length && text.startsWith(ENTERPRISES, start)) return true;
  if (!text.startsWith('2.5.', start) || !OID.test(text.slice(start, end))) return false;
  return text[end] === '=' || BEFORE_OID.test(text.slice(Math.max(0, start - 24), start));
}

function isInPath(text: string, start: number, end: number, head: string): boolean {
  const before = codeAt(text, start - 1);
  if (before === BACKSLASH) return IN_WINDOWS_PATH.test(head) && matchesAt(AFTER_IN_WINDOWS_PATH, text, end);
  return (
    codeAt(text, end) === SLASH && (IN_UNIX_PATH.test(head) || /(?:^|[\s"'=(])[a-z]:\/[^\n"']*$/i.test(head))
  );
}

function matchesAt(sticky: RegExp, text: string, at: number): boolean {
  sticky.lastIndex = at;
  return sticky.test(text);
}

/** Whether what stands around four dotted numbers makes them a version, an object id or the number of a chapter. */
export function isVersionByPlace(text: string, start: number, end: number): boolean {
  const before = codeAt(text, start - 1);
  if (isOid(text, start, end)) return true;
  if (before === SLASH || before === BACKSLASH) {
    const head = text.slice(Math.max(0, start - 200), start);
    if (isInPath(text, start, end, head) || IN_AGENT.test(head)) return true;
  }
  if (before === SLASH || before === BAR || before === COLON) {
    const head = text.slice(Math.max(0, start - 160), start);
    if (before === SLASH ? AGENT.test(head) || PROGRAM.test(head) : FIELD.test(head)) return true;
  } else if (MAY_END_A_PHRASE.test(text.slice(Math.max(0, start - 2), start))) {
    const head = text.slice(Math.max(0, start - 32), start);
    if (REQUIREMENT.test(head) || PHRASE.test(head)) return true;
  }
  // What it can begin with: the pattern is long, and most addresses stand before something else.
  const after = codeAt(text, end);
  if (after < 0x80 && after !== SPACE && after !== COMMA && after !== OPENING && after !== CLOSING)
    return false;
  FOLLOWED.lastIndex = end;
  return FOLLOWED.test(text);
}

const SPACE = 0x20;
const OPENING = 0x28;
const CLOSING = 0x29;
const COMMA = 0x2c;
const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const BAR = 0x7c;
const COLON = 0x3a;
const MAY_END_A_PHRASE = /[=~>^"']$|[=~>ogfnv.:à] $/;
