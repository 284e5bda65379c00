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
  AFTER.lastIndex = end;
  return AFTER.test(text) || BEFORE.test(text.slice(Math.max(0, start - 90), start));
}
