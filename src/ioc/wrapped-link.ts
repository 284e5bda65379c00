import { lastDotOf } from './char-class';
import { GOOGLE_DOMAINS } from './google-domains';
import { hostOfUrl } from './url';
import {
  ampCache,
  base64,
  below,
  checkPoint,
  either,
  google,
  lastSegment,
  parameter,
  proofpoint,
  type TargetReader,
  wholeQuery,
} from './wrapper-readers';

/** A link that a mail filter, a search engine or a chat program has put in front of another. */
export interface WrappedLink {
  /** Who wrapped it: a short name that stays, as `safelinks`. */
  wrapper: string;
  /** Where it leads as the wrapper has it: a URL, or a host where it tells no more; undefined where that can't be read. */
  target: string | undefined;
  /** Whether it was written for one recipient, whom it may name: it is never sent itself. */
  isPersonal: boolean;
}

interface Wrapper {
  name: string;
  read: TargetReader;
  /** A mail filter rewrites each link for its recipient, below these paths; a redirect is the same link for everybody. */
  filterPaths?: RegExp;
}

const filter = (name: string, read: TargetReader, filterPaths = /^/): Wrapper => ({
  name,
  read,
  filterPaths,
});
const redirect = (name: string, read: TargetReader): Wrapper => ({ name, read });

const safeLinks = filter('safelinks', parameter('url'));
/** What Outlook on the web opens a link by. */
const outlookPage = filter('safelinks', below('/mail/safelink.html', parameter('url')), /^\/mail\/safelink/);
const teams = filter('teams', parameter('url'));
const proofpointLinks = filter('proofpoint', proofpoint);
const checkPointLinks = filter('checkpoint', checkPoint);
const mimecast = filter(
  'mimecast',
  either(below('/s/', parameter('domain', 'url')), below('/ttpwp', parameter('url')), lastSegment),
  /^\/(?:[sr]|ttpwp|redirect)\b/,
);
const trellix = filter(
  'trellix',
  either(below('/v1/url', parameter('u')), below('/v2/url', parameter('u')), below('/url', parameter('u'))),
  /^\/(?:v\d\/)?url\b/,
);
const trendMicro = filter('trendmicro', below('/wis/clicktime', parameter('url')), /^\/wis\/clicktime/);
const facebook = redirect(
  'facebook',
  either(below('/l.php', parameter('u')), below('/flx/warn', parameter('u'))),
);
const googleLinks = redirect('google', google);

/** By the end of the host. */
const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  // Mail filters.
  ['safelinks.protection.outlook.com', safeLinks],
  ['safelinks.protection.office365.us', safeLinks],
  ['safelinks.protection.outlook.de', safeLinks],
  ['safelinks.protection.outlook.cn', safeLinks],
  ['safelinks.protection.partner.outlook.cn', safeLinks],
  ['safelinks.o365filtering.com', safeLinks],
  ['outlook.office.com', outlookPage],
  ['outlook.office365.com', outlookPage],
  ['outlook.office365.us', outlookPage],
  ['outlook.live.com', outlookPage],
  ['safelink.emails.azure.net', filter('azure-mail', parameter('destination'))],
  ['statics.teams.cdn.office.net', teams],
  ['statics.teams.cdn.live.net', teams],
  ['statics.teams.microsoft.com', teams],
  ['urldefense.com', proofpointLinks],
  ['urldefense.us', proofpointLinks],
  ['urldefense.proofpoint.com', proofpointLinks],
  ['linkprotect.cudasvc.com', filter('barracuda', parameter('a'))],
  ['secure-web.cisco.com', filter('cisco', lastSegment)],
  ['protect.checkpoint.com', checkPointLinks],
  ['url.avanan.click', checkPointLinks],
  ['fireeye.com', trellix],
  ['trellix.com', trellix],
  ['trendmicro.com', trendMicro],
  ['trendmicro.eu', trendMicro],
  ['clicktime.symantec.com', filter('symantec', parameter('u'))],
  ['clicktime.cloud.postoffice.net', filter('postoffice', parameter('u'))],
  ['protection.sophos.com', filter('sophos', either(base64('u'), parameter('u', 'd')))],
  ['checkpoint.url-protection.com', filter('checkpoint', parameter('o'))],
  ['avanan.url-protection.com', filter('checkpoint', parameter('o'))],
  ['link.edgepilot.com', filter('edgepilot', parameter('u'))],
  ['link.zixcentral.com', filter('zix', parameter('u'))],
  ['linklock.titanhq.com', filter('titanhq', parameter('url'))],
  ['atpscan.global.hornetsecurity.com', filter('hornetsecurity', parameter('u'))],
  ['urlsand.esvalabs.com', filter('libraesva', parameter('u'))],
  ['urlsand.com', filter('libraesva', parameter('u'))],
  ['scanmail.trustwave.com', filter('trustwave', parameter('u'))],
  ['mimecast.com', mimecast],
  ['mimecastprotect.com', mimecast],
  // Search engines, networks and chats.
  ...GOOGLE_DOMAINS.map((domain): [string, Wrapper] => [domain, googleLinks]),
  ['cdn.ampproject.org', redirect('google', ampCache)],
  ['googleadservices.com', redirect('google-ads', parameter('adurl', 'q'))],
  ['doubleclick.net', redirect('google-ads', parameter('adurl'))],
  ['youtube.com', redirect('youtube', below('/redirect', parameter('q')))],
  ['facebook.com', facebook],
  ['l.instagram.com', redirect('instagram', parameter('u'))],
  ['l.messenger.com', redirect('messenger', below('/l.php', parameter('u')))],
  ['l.threads.net', redirect('threads', parameter('u'))],
  ['l.threads.com', redirect('threads', parameter('u'))],
  [
    'linkedin.com',
    redirect('linkedin', either(below('/redir/', parameter('url')), below('/safety/go', parameter('url')))),
  ],
  ['bing.com', redirect('bing', either(below('/ck/a', base64('u')), below('/alink/', parameter('url'))))],
  ['duckduckgo.com', redirect('duckduckgo', below('/l/', parameter('uddg')))],
  ['out.reddit.com', redirect('reddit', parameter('url'))],
  ['t.umblr.com', redirect('tumblr', below('/redirect', parameter('z')))],
  ['vk.com', redirect('vk', below('/away.php', parameter('to')))],
  ['slack-redir.net', redirect('slack', below('/link', parameter('url')))],
  ['steamcommunity.com', redirect('steam', below('/linkfilter', parameter('url', 'u')))],
  ['deref-gmx.net', redirect('gmx', parameter('redirectUrl'))],
  ['deref-web.de', redirect('web.de', parameter('redirectUrl'))],
  ['deref-mail.com', redirect('mail.com', parameter('redirectUrl'))],
  ['href.li', redirect('href.li', wholeQuery)],
  ['anonym.to', redirect('anonym.to', wholeQuery)],
  ['nullrefer.com', redirect('nullrefer', wholeQuery)],
]);

/** The hosts that wrap links, or what they end in. */
export const HOSTS_OF_WRAPPERS: readonly string[] = [...WRAPPERS.keys()];

/** Reads the link that a URL in canonical form wraps; undefined for one that wraps none, or whose path is a token that its maker alone can read. */
export function unwrapLink(link: string): WrappedLink | undefined {
  const wrapper = wrapperOf(hostOfUrl(link));
  const url = wrapper === undefined ? undefined : parsed(link);
  if (wrapper === undefined || url === undefined) return undefined;
  const target = wrapper.read(url)?.replace(/^(https?):\/(?!\/)/i, '$1://');
  const isOfFilter = wrapper.filterPaths?.test(url.pathname) === true;
  const isPersonal = isOfFilter && (target !== undefined || /\?.|@|%(?:25)*40/.test(link));
  return target === undefined && !isPersonal ? undefined : { wrapper: wrapper.name, target, isPersonal };
}

function parsed(link: string): URL | undefined {
  try {
    return new URL(link);
  } catch {
    return undefined;
  }
}

/** By the real host and no part of a name: `urldefense.com.baddomain.net` wraps nothing. */
function wrapperOf(host: string): Wrapper | undefined {
  for (let from = 0; ;) {
    const wrapper = WRAPPERS.get(host.slice(from));
    if (wrapper !== undefined) return wrapper;
    const dot = host.indexOf('.', from);
    if (dot < 0) return undefined;
    from = dot + 1;
  }
}

/** Whether a host in lower case is one that wraps links. */
export function isHostOfWrapper(host: string): boolean {
  return ENDS_OF_WRAPPERS.has(lastTwoLabels(host)) && wrapperOf(host) !== undefined;
}

function lastTwoLabels(host: string): string {
  return host.slice(lastDotOf(host, lastDotOf(host)) + 1);
}

/** What none of nearly all hosts ends in. */
const ENDS_OF_WRAPPERS: ReadonlySet<string> = new Set(HOSTS_OF_WRAPPERS.map(lastTwoLabels));
