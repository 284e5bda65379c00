import { HOSTS_OF_ANALYSES, readAnalysisLink } from './analysis-link';
import { canonicalAddress } from './address';
import type { Indicator } from './ioc';
import { refang } from './refang';
import { canonicalUrl, splitUrl, startOfHost, type UrlParts } from './url';
import { isKnownHost } from './url-host';
import { HOSTS_OF_WRAPPERS, unwrapLink } from './wrapped-link';
import { decoded } from './wrapper-readers';

/** What a URL that was found is to the reader. */
export interface Link {
  /** What to look up: the URL itself, what it leads to, or what the analysis is of; undefined for none of these. */
  indicator: Indicator | undefined;
  /** Why there is nothing to look up. */
  reason?: string;
  /** What `skipped` lists in place of the link, which names its recipient: what the link leads to, or the wrapper's address without path and query. */
  shown?: string;
  /** Who wrapped it, if anybody did. */
  wrapper?: string;
}

// Held for the reason that char-class.ts gives.
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the text as `this`
const { charCodeAt } = String.prototype;

/** A filter wraps what another one has wrapped, and a mail that was forwarded often has been through many. */
const MOST_WRAPPERS = 10;

/** Reads a URL in canonical form; `asItStood`: with what the canonical form leaves out. */
export function readLink(url: string, asItStood: string): Link {
  // Cheap, and true of nearly all URLs.
  if (!mayRedirect(url)) return { indicator: { type: 'url', value: url } };
  const link = unwrapUrl(url);
  const { indicator, wrapper } = link;
  if (indicator?.type !== 'url') return link;
  const at = indicator.value;
  const analysis = readAnalysisLink(at, wrapper === undefined ? asItStood : at);
  if (analysis === undefined) return link;
  return analysis.of === undefined
    ? { ...link, indicator: undefined, reason: OF_AN_ANALYSIS, shown: at }
    : { ...link, indicator: analysis.of };
}

/** What a URL in canonical form leads to that a mail filter or a redirect has wrapped, through as many of them as there are; any other URL itself. */
export function unwrapUrl(url: string): Link {
  let value = url;
  let wrapper: string | undefined;
  for (let layer = 0; ; layer++) {
    const wrapped = unwrapLink(value);
    if (wrapped === undefined) break;
    const target =
      wrapped.target === undefined || layer === MOST_WRAPPERS ? undefined : targetOf(wrapped.target);
    // A redirect to what is no link is a page like any other.
    if (target === undefined && !wrapped.isPersonal) break;
    wrapper ??= wrapped.wrapper;
    if (target === undefined)
      return {
        indicator: undefined,
        wrapper,
        reason: `link of a mail filter (${wrapped.wrapper}) that leads to no readable URL`,
        shown: `${/^[a-z]+:\/\/[^/?#]*/i.exec(url)?.[0] ?? ''}/...`,
      };
    if (target.type !== 'url') return { indicator: target, wrapper };
    value = target.value;
  }
  const indicator: Indicator = { type: 'url', value };
  return wrapper === undefined ? { indicator } : { indicator, wrapper };
}

const OF_AN_ANALYSIS = 'link to an analysis that names no indicator';

/** Whether the host ends as one of those that wrap links or show analyses. */
function mayRedirect(url: string): boolean {
  const start = startOfHost(url);
  let twoLast = start;
  let last = start;
  let end = start;
  const { length } = url + '';
  for (; end < length; end++) {
    const code = charCodeAt.call(url, end);
    if (code === SLASH || code === COLON) break;
    if (code !== DOT) continue;
    twoLast = last;
    last = end + 1;
  }
  return ENDS_OF_HOSTS.has(url.slice(twoLast, end));
}

const DOT = 0x2e;
const SLASH = 0x2f;
const COLON = 0x3a;

const ENDS_OF_HOSTS: ReadonlySet<string> = new Set(
  [...HOSTS_OF_WRAPPERS, ...HOSTS_OF_ANALYSES].map((host) => host.split('.').slice(-2).join('.')),
);

/** Encoded once more, escaped as in HTML, or defanged: an unknown number of programs has handled the link. */
function targetOf(text: string): Indicator | undefined {
  let at = text.trim();
  for (let round = 0; round < 3 && /^(?:h[tx]{2}ps?|ftp)(?:%(?:25)*3A)/i.test(at); round++) at = decoded(at);
  at = refang(at).text.trim();
  if (at.startsWith('//')) at = `http:${at}`;
  const parts = splitUrl(at);
  if (parts !== undefined) return urlOf(parts);
  const host = /^(?:[\w-]{1,63}\.)+[a-z][\w-]*(?=$|[:/?])|^\d{1,3}(?:\.\d{1,3}){3}(?=$|[:/?])/i.exec(at)?.[0];
  if (host === undefined || (canonicalAddress(host) === undefined && !isKnownHost(host))) return undefined;
  if (host !== at) return urlOf(splitUrl(`http://${at}`));
  const address = canonicalAddress(host);
  return address === undefined
    ? { type: 'domain', value: host.toLowerCase() }
    : { type: 'ip', value: address };
}

function urlOf(parts: UrlParts | undefined): Indicator | undefined {
  const value = parts === undefined ? undefined : canonicalUrl(parts);
  return value === undefined ? undefined : { type: 'url', value };
}
