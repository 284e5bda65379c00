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
  return at < blank && LAST_OF_BEFORE.includes(text.charAt(at));
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** How far back is looked. */
const REACH = 90;
const LAST_OF_BEFORE = ']?nNyYdDgGpPlLtTeErRsS0123456789';
const TAB = 0x09;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const DOT = 0x2e;
const SLASH = 0x2f;
const BAR = 0x7c;
