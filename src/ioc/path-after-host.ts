import { codeAt } from './char-class';
import type { TextScan } from './text-scan';
import { canonicalOrigin, urlAt } from './url';
import { urlEnd } from './url-end';
import { endOfPort } from './url-host';

/** What stands behind a host that has no scheme before it. */
export interface AfterHost {
  /** Past port and path: what is in them belongs to the host. */
  end: number;
  /** The URL in canonical form, where host and path are one. */
  url: string | undefined;
}

/** Java writes `host/1.2.3.4:443`, there the address is its own; Cisco writes `1.2.3.4/443`. */
const ADDRESS_OR_NUMBER = /\/(?:\d{1,3}(?:\.\d{1,3}){3}|\d*(?![^\s"'<>)\]},;|]))/y;

/** What is no path though a slash is before it: `baddomain.com/A/IN`, `1.2.3.4/tcp`, `name/1.2.3`, `apps.k8s.io/v1beta1`. */
const NO_PATH =
  /^\/(?:(?:IN|CH|ANY|A|AAAA|AFSDB|CAA|CNAME|DNAME|DNSKEY|DS|HINFO|HTTPS|LOC|MX|NAPTR|NS|NSEC|PTR|RRSIG|SOA|SPF|SRV|SSHFP|SVCB|TLSA|TXT)(?:\/(?:IN|CH))?|(?:tcp|udp|icmp|sctp|https?|tls|ssl)|v?\d+(?:\.\d+)+|v\d+(?:(?:alpha|beta)\d+)?)$/;

/** Hosts that are listed with slashes between them: `baddomain.com/other.net`. No file ends in one of these. */
const HOSTS =
  /^(?:\/(?:[a-z0-9][a-z0-9-]*\.)+(?:com|net|org|ru|cn|info|biz|xyz|icu|top|online|site|club|su|de|eu|uk|br))+\/?$/i;

/** What is longer is read as one path: each host of a list is followed by the rest of it, which would be read again and again. */
const MOST_OF_HOSTS = 512;

/** Registries of images and program modules. Their names are not fetched as URLs. */
const REGISTRY =
  /(?:^|\.)(?:(?:gcr|ghcr|quay|docker|azurecr|k8s)\.io|mcr\.microsoft\.com|public\.ecr\.aws|amazonaws\.com|golang\.org|gopkg\.in|go\.uber\.org)$/i;
const HOST_OF_MODULES = /^(?:www\.)?(?:github|gitlab|bitbucket)\.(?:com|org)$/i;

/** Reads what follows the host from `start` to `end`. */
export function afterHost(textScan: TextScan, start: number, end: number): AfterHost {
  const { text } = textScan;
  const pathStart = endOfPort(text, end);
  if (codeAt(text, pathStart) !== SLASH) return { end, url: undefined };
  const isDefanged = textScan.refanged.hasDefangedDot(start, end);
  ADDRESS_OR_NUMBER.lastIndex = pathStart;
  if (ADDRESS_OR_NUMBER.test(text) && !(isDefanged && /^\/\d{4}/.test(text.slice(pathStart, pathStart + 5))))
    return { end, url: undefined };
  const pathEnd = urlEnd(text, start, pathStart);
  const path = text.slice(pathStart, pathEnd);
  if (path.length <= MOST_OF_HOSTS && HOSTS.test(path) && !isOfOtherScheme(text, start)) {
    textScan.hostAfterSlash = pathStart + 1;
    return { end, url: undefined };
  }
  if (
    path.length < 2 ||
    isOfOtherScheme(text, start) ||
    (!isDefanged && !isPath(text, start, end, path, pathEnd))
  )
    return { end: pathEnd, url: undefined };
  // VirusTotal reads a URL without a scheme as http.
  const origin = canonicalOrigin(isAfterHttps(text, start) ? 'https' : 'http', text.slice(start, pathStart));
  return { end: pathEnd, url: origin === undefined ? undefined : urlAt(origin, path) };
}

const SLASH = 0x2f;
const COLON = 0x3a;

/** `https:host/x`, `https//host/x`: a scheme that has lost a sign or two. */
function isAfterHttps(text: string, start: number): boolean {
  const before = codeAt(text, start - 1);
  return (
    (before === COLON || before === SLASH) &&
    /h[tx]{2}ps(?::|\/\/)$/i.test(text.slice(Math.max(0, start - 8), start))
  );
}

function isPath(text: string, start: number, end: number, path: string, pathEnd: number): boolean {
  if (NO_PATH.test(path)) return false;
  const host = text.slice(start, end);
  if (REGISTRY.test(host)) return false;
  if (HOST_OF_MODULES.test(host) && isModule(text, start, path, pathEnd)) return false;
  // An image with its tag: "registry.example.com/web:1.2.3".
  if (/^\/[a-z0-9._/-]+:[\w.-]+$/.test(path)) return false;
  // A label of Kubernetes: "example.com/role: x".
  if (/^\/[a-z0-9.-]+$/i.test(path) && /^["']?(?:: |:$|=[^=])/.test(text.slice(pathEnd, pathEnd + 4)))
    return false;
  // Of an address more often two things with a slash between them: "10.0.0.5/LAPTOP".
  return !/^[\d.]+$/.test(host) || /^\/(?:[^/?]+[/?]|[^/?]*[a-z][^/?]*\.[a-z0-9]{1,5}$|\?)/i.test(path);
}

/** `ldap://host/x`, `ssh://git@host/x`: a URL that VirusTotal has no reports of. */
function isOfOtherScheme(text: string, start: number): boolean {
  const before = codeAt(text, start - 1);
  return (before === SLASH || before === AT) && OTHER_SCHEME.test(text.slice(Math.max(0, start - 80), start));
}

const AT = 0x40;
const OTHER_SCHEME = /[a-z0-9]:\/\/(?:[^\s/@"'<>(),;|[\]{}]*@)?$/i;

/** A module of Go: `import "github.com/owner/name"`, `github.com/owner/name v1.2.3`, `@latest`. */
function isModule(text: string, start: number, path: string, pathEnd: number): boolean {
  if (
    /@(?:v\d|latest|main|master)/.test(path) ||
    /^(?:\/go\.mod)? v\d/.test(text.slice(pathEnd, pathEnd + 10))
  )
    return true;
  if (text[start - 1] !== '"' || text[pathEnd] !== '"') return false;
  const line = text.slice(Math.max(0, start - 40), start - 1);
  return (
    /(?:^|\n)[ \t]*(?:import )?(?:[\w.]+ )?$/.test(line) &&
    /^"[ \t]*(?:\/\/.*)?(?:\r?\n|$)/.test(text.slice(pathEnd, pathEnd + 80))
  );
}
