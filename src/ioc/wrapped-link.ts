import { hostOfUrl } from './url';

/** Where a link leads that a mail filter, a search engine or a chat program has put its own in front of. */
export interface Unwrapped {
  /** As the wrapper has it: a URL, or a host where it tells no more. */
  target: string;
  /** Who wrapped it, as `safelinks.protection.outlook.com`. */
  wrapper: string;
}

type Reader = (url: URL) => string | undefined;

/** The first of the parameters that holds something, decoded. */
function parameter(...names: string[]): Reader {
  return ({ searchParams }) => {
    for (const name of names) {
      const value = searchParams.get(name);
      if (value !== null && value !== '') return value;
    }
    return undefined;
  };
}

/** The same below a path only: the rest of the site are pages of its own. */
function below(path: string, reader: Reader): Reader {
  return (url) => (url.pathname.startsWith(path) ? reader(url) : undefined);
}

/** `/v2/url?u=https-3A__baddomain.com_x`, `/v3/__https://baddomain.com/x__;token`, `/v1/url?u=` (Proofpoint). */
function proofpoint(url: URL): string | undefined {
  const whole = `${url.pathname}${url.search}${url.hash}`;
  const third = /^\/v3\/__(.+?)__(?:;([\w-]*)!|$)/.exec(whole);
  if (third !== null) return withTokens(third[1] ?? '', third[2] ?? '');
  const value = url.searchParams.get('u') ?? undefined;
  if (!url.pathname.startsWith('/v2/')) return value;
  return value === undefined
    ? undefined
    : decoded(value.replaceAll('_', '/').replace(/-(?=[0-9A-F]{2})/gi, '%'));
}

/** In version 3 a `*` stands for a byte that the token has, and `**` with a letter for as many as the letter says. */
function withTokens(link: string, token: string): string {
  const bytes = Buffer.from(token, 'base64url').toString();
  const RUNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  let next = 0;
  return link.replace(/\*(?:\*([\w-]))?/g, (_, run: string | undefined) => {
    const length = run === undefined ? 1 : RUNS.indexOf(run) + 2;
    const plain = bytes.slice(next, next + length);
    next += length;
    return plain;
  });
}

/** `/v2/___https://baddomain.com/x___.token` (Check Point, Avanan). */
function checkPoint({ pathname, search, hash }: URL): string | undefined {
  return /^\/v\d\/(?:[\w-]+\/)?___(.+?)___/.exec(`${pathname}${search}${hash}`)?.[1];
}

/** `/token/https%3A%2F%2Fbaddomain.com` (Cisco). */
function lastSegment({ pathname }: URL): string | undefined {
  const segment = /\/(https?(?:%3A|:).+)$/i.exec(pathname)?.[1];
  return segment === undefined ? undefined : decoded(segment);
}

/** Everything after the question mark. */
function wholeQuery({ search }: URL): string | undefined {
  return /^\?(?:url=)?(https?(?:%3A|:).+)$/i.exec(search)?.[1];
}

/** `?u=aHR0cHM6Ly8=`; Bing puts `a1` before it. */
function base64(name: string): Reader {
  return ({ searchParams }) => {
    const value = (searchParams.get(name) ?? '').replace(/^a1(?=aHR0c)/, '');
    return /^aHR0c[\w+/=-]+$/.test(value) ? Buffer.from(value, 'base64').toString() : undefined;
  };
}

const google: Reader = (url) => {
  if (url.pathname === '/url') return parameter('q', 'url')(url);
  if (url.pathname === '/aclk') return parameter('adurl')(url);
  const page = /^\/amp\/(s\/)?(.+)$/.exec(`${url.pathname}${url.search}`);
  return page === null ? undefined : `http${page[1] === undefined ? '' : 's'}://${page[2] ?? ''}`;
};

/** By the end of the host. */
const WRAPPERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  // Mail filters.
  ['safelinks.protection.outlook.com', parameter('url')],
  ['safelinks.protection.office365.us', parameter('url')],
  ['safelinks.protection.partner.outlook.cn', parameter('url')],
  ['safelink.emails.azure.net', parameter('destination')],
  ['statics.teams.cdn.office.net', parameter('url')],
  ['urldefense.com', proofpoint],
  ['urldefense.us', proofpoint],
  ['urldefense.proofpoint.com', proofpoint],
  ['linkprotect.cudasvc.com', parameter('a')],
  ['secure-web.cisco.com', lastSegment],
  ['protect.checkpoint.com', checkPoint],
  ['url.avanan.click', checkPoint],
  ['fireeye.com', below('/v1/url', parameter('u'))],
  ['trendmicro.com', below('/wis/clicktime', parameter('url'))],
  ['clicktime.symantec.com', parameter('u')],
  ['clicktime.cloud.postoffice.net', parameter('U', 'u')],
  ['protection.sophos.com', (url) => base64('u')(url) ?? parameter('d')(url)],
  ['urlsand.esvalabs.com', parameter('u')],
  ['urlsand.com', parameter('u')],
  ['scanmail.trustwave.com', parameter('u')],
  ['mimecast.com', below('/s/', parameter('domain'))],
  ['mimecastprotect.com', below('/s/', parameter('domain'))],
  // Search engines, networks and chats.
  ['googleadservices.com', parameter('adurl', 'q')],
  ['doubleclick.net', parameter('adurl')],
  ['youtube.com', below('/redirect', parameter('q'))],
  ['l.facebook.com', below('/l.php', parameter('u'))],
  ['lm.facebook.com', below('/l.php', parameter('u'))],
  ['l.instagram.com', parameter('u')],
  ['l.messenger.com', below('/l.php', parameter('u'))],
  ['l.threads.net', parameter('u')],
  [
    'linkedin.com',
    (url) => below('/redir/', parameter('url'))(url) ?? below('/safety/go', parameter('url'))(url),
  ],
  ['bing.com', (url) => below('/ck/a', base64('u'))(url) ?? below('/alink/', parameter('url'))(url)],
  ['duckduckgo.com', below('/l/', parameter('uddg'))],
  ['out.reddit.com', parameter('url')],
  ['t.umblr.com', below('/redirect', parameter('z'))],
  ['vk.com', below('/away.php', parameter('to'))],
  ['slack-redir.net', below('/link', parameter('url'))],
  ['steamcommunity.com', below('/linkfilter', parameter('url', 'u'))],
  ['deref-gmx.net', parameter('redirectUrl')],
  ['deref-web.de', parameter('redirectUrl')],
  ['deref-mail.com', parameter('redirectUrl')],
  ['href.li', wholeQuery],
  ['anonym.to', wholeQuery],
  ['nullrefer.com', wholeQuery],
]);

/** The hosts that wrap links, or what they end in, beside Google's. */
export const HOSTS_OF_WRAPPERS: readonly string[] = [...WRAPPERS.keys()];

/** Reads the link that a URL in canonical form wraps; undefined for one that wraps none. */
export function unwrapLink(url: string): Unwrapped | undefined {
  const host = hostOfUrl(url);
  const found = readerOf(host);
  if (found === undefined) return undefined;
  try {
    const target = found.reader(new URL(url));
    return target === undefined
      ? undefined
      : { target: target.replace(/^(https?):\/(?!\/)/i, '$1://'), wrapper: found.wrapper };
  } catch {
    return undefined;
  }
}

function readerOf(host: string): { reader: Reader; wrapper: string } | undefined {
  if (/^(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}$/.test(host)) return { reader: google, wrapper: host };
  for (let from = 0; ;) {
    const wrapper = host.slice(from);
    const reader = WRAPPERS.get(wrapper);
    if (reader !== undefined) return { reader, wrapper };
    const dot = host.indexOf('.', from);
    if (dot < 0) return undefined;
    from = dot + 1;
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
