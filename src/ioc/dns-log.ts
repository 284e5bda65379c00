import { codeAt } from './char-class';

const TYPE =
  '(?:A|AAAA|ANY|CAA|CNAME|DNSKEY|DS|HINFO|HTTPS|MX|NAPTR|NS|NSEC|PTR|RRSIG|SOA|SPF|SRV|SVCB|TLSA|TXT|TYPE\\d+)';

/** What stands before a name in what DNS servers, resolvers and their tools print: BIND, dnsmasq, Pi-hole, CoreDNS, tcpdump. */
const BEFORE = new RegExp(
  `(?:\\bquery\\[[\\w=-]+\\] |\\bIN[ \\t]+(?:CNAME|DNAME|NS|PTR|MX[ \\t]+\\d+)[ \\t]+|\\b${TYPE}\\? |\\b${TYPE} IN |\\b(?:dnsmasq|pihole)[^\\n]{0,60} (?:reply|cached|forwarded|config|denied|blocked|validation) |\\b(?:nslookup|dig|kdig|drill|host|resolvectl query|Resolve-DnsName|question for) ['"]?)$`,
  'i',
);

/** What stands after one: `name IN A`, `name. 300 IN TXT`, `name. A IN`, `name|A`. */
const AFTER = new RegExp(
  `\\.?(?:['"]?[ \\t]+(?:\\d{1,8}[ \\t]+)?(?:IN|CH)[ \\t]+${TYPE}\\b|['"]?[ \\t]+${TYPE}[ \\t]+IN\\b|\\|${TYPE}\\b|/${TYPE}/IN\\b)`,
  'y',
);

/** Whether a dotted name stands where a log of DNS has the name that was asked for. */
export function isNameInDnsLog(text: string, start: number, end: number): boolean {
  // A field that ends in the root's dot, as Umbrella writes it: "name.","Malware".
  if (codeAt(text, start - 1) === DOUBLE_QUOTE && text.startsWith('.","', end)) return true;
  if (mayBeAfter(text, end)) {
    AFTER.lastIndex = end;
    if (AFTER.test(text)) return true;
  }
  return mayBeBefore(text, start) && BEFORE.test(text.slice(Math.max(0, start - REACH), start));
}

/** Whether what follows begins as {@link AFTER} does, up to the first character of its words: cheap, and true of few names. */
function mayBeAfter(text: string, end: number): boolean {
  let at = codeAt(text, end) === DOT ? end + 1 : end;
  const code = codeAt(text, at);
  if (code === BAR || code === SLASH) return true;
  if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) at++;
  let blanks = 0;
  for (; isBlank(codeAt(text, at)); at++) blanks++;
  const first = codeAt(text, at);
  return blanks > 0 && ((first >= 0x30 && first <= 0x39) || (first >= 0x41 && first <= 0x5a));
}

/** Whether what stands before ends as {@link BEFORE} does: one of its words, blanks, and perhaps a quote. */
function mayBeBefore(text: string, start: number): boolean {
  const last = codeAt(text, start - 1);
  const blank = last === DOUBLE_QUOTE || last === SINGLE_QUOTE ? start - 2 : start - 1;
  let at = blank;
  while (at > 0 && blank - at < REACH && isBlank(codeAt(text, at))) at--;
  return at < blank && mayEndBefore(text, at);
}

/** Whether the word, number or sign that ends at a position is one that {@link BEFORE} has there. */
function mayEndBefore(text: string, end: number): boolean {
  let at = end;
  while (at >= 0 && end - at < LONGEST_WORD && isLetter(text.charCodeAt(at))) at--;
  if (at < end) return LAST_WORDS.has(text.slice(at + 1, end + 1).toLowerCase());
  const code = text.charCodeAt(end);
  return code === CLOSING || code === QUESTION || (code >= 0x30 && code <= 0x39);
}

function isLetter(code: number): boolean {
  const small = code | 0x20;
  return small >= 0x61 && small <= 0x7a;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** How far back is looked. */
const REACH = 90;
const LAST_WORDS: ReadonlySet<string> = new Set(
  (
    'cname dname ns ptr in reply cached forwarded config denied blocked validation nslookup dig kdig drill host query dnsname ' +
    'for'
  ).split(' '),
);
const LONGEST_WORD = 12;
const CLOSING = 0x5d;
const QUESTION = 0x3f;
const TAB = 0x09;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const DOT = 0x2e;
const SLASH = 0x2f;
const BAR = 0x7c;
