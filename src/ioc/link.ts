import { HOSTS_OF_ANALYSES, readAnalysisLink } from './analysis-link';
import type { Indicator } from './ioc';
import { canonicalUrl, splitUrl } from './url';
import { isKnownHost } from './url-host';
import { HOSTS_OF_WRAPPERS, unwrapLink } from './wrapped-link';

/** What a URL that was found is to the reader. */
export interface Link {
  /** What to look up: the URL itself, what it leads to, or what the analysis is of; undefined for none of these. */
  indicator: Indicator | undefined;
  /** Who wrapped it, if anybody did. */
  wrapper?: string;
}

// Held for the reason that char-class.ts gives.
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the text as `this`
const { charCodeAt } = String.prototype;

/** A filter wraps what another one has wrapped. */
const MOST_WRAPPERS = 5;

/** Reads a URL in canonical form; `asItStood`: with what the canonical form leaves out. */
export function readLink(url: string, asItStood: string): Link {
  // Cheap, and true of nearly all URLs.
  if (!mayRedirect(url)) return { indicator: { type: 'url', value: url } };
  let at = url;
  let wrapper: string | undefined;
  for (let layer = 0; layer < MOST_WRAPPERS; layer++) {
    const unwrapped = unwrapLink(at);
    const target = unwrapped === undefined ? undefined : targetOf(unwrapped.target);
    if (unwrapped === undefined || target === undefined) break;
    wrapper ??= unwrapped.wrapper;
    if (target.type !== 'url') return { indicator: target, wrapper };
    at = target.value;
  }
  const analysis = readAnalysisLink(at, wrapper === undefined ? asItStood : at);
  const indicator: Indicator | undefined = analysis === undefined ? { type: 'url', value: at } : analysis.of;
  return wrapper === undefined ? { indicator } : { indicator, wrapper };
}

/** Whether the host ends as one of those that wrap links or show analyses. */
function mayRedirect(url: string): boolean {
  const start = url.indexOf('://') + 3;
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
    if (url.startsWith('google.', end - 6)) return true;
  }
  return ENDS_OF_HOSTS.has(url.slice(twoLast, end));
}

const DOT = 0x2e;
const SLASH = 0x2f;
const COLON = 0x3a;

const ENDS_OF_HOSTS: ReadonlySet<string> = new Set(
  [...HOSTS_OF_WRAPPERS, ...HOSTS_OF_ANALYSES].map((host) => host.split('.').slice(-2).join('.')),
);

function targetOf(text: string): Indicator | undefined {
  const parts = splitUrl(text.trim());
  const url = parts === undefined ? undefined : canonicalUrl(parts);
  if (url !== undefined) return { type: 'url', value: url };
  return /^[\w.-]+\.[a-z]{2,}$/i.test(text) && isKnownHost(text)
    ? { type: 'domain', value: text.toLowerCase() }
    : undefined;
}
