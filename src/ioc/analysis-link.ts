import { canonicalAddress } from './address';
import { readHostName } from './domain';
import type { Indicator } from './ioc';
import { hostOfUrl } from './url';

/** Where analyses are read and nothing else, so that a link to them is no indicator. */
const SERVICES: ReadonlySet<string> = new Set(
  (
    'virustotal.com vtfront.virustotal.com hybrid-analysis.com reverse.it any.run app.any.run intelligence.any.run bazaar.abuse.ch ' +
    'urlhaus.abuse.ch threatfox.abuse.ch yaraify.abuse.ch sslbl.abuse.ch feodotracker.abuse.ch malshare.com tria.ge ' +
    'private.tria.ge urlscan.io pro.urlscan.io joesandbox.com analyze.intezer.com otx.alienvault.com opentip.kaspersky.com ' +
    'metadefender.com metadefender.opswat.com polyswarm.network filescan.io unpac.me virusshare.com beta.virusbay.io ' +
    'virusbay.io koodous.com threatminer.org threatcrowd.org abuseipdb.com viz.greynoise.io s.threatbook.cn ' +
    's.threatbook.com s.threatbook.io x.threatbook.com x.threatbook.cn ti.qianxin.com sandbox.ti.qianxin.com ' +
    'valhalla.nextron-systems.com malwares.com virusscan.jotti.org vms.drweb.com totalhash.cymru.com docguard.io ' +
    'app.docguard.io search.censys.io shodan.io virscan.org vxcube.drweb.com'
  ).split(' '),
);

/** The hosts of such links, or what they end in. */
export const HOSTS_OF_ANALYSES: readonly string[] = [...SERVICES, 'joesandbox.com', 'joesecurity.com'];

const HASH = /(?<![0-9a-z])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-z])/i;
/** `/gui/url/<sha256>` is the hash of a URL. */
const HASH_OF_URL = /\/(?:gui\/)?urls?\/[0-9a-f]{64}/i;
const NAMED =
  /\/(?:domains?|hosts?|hostname|ip|ips|ip[-_]address(?:es)?|ipv[46]|check|search|browse\/host)\/([^/?#]+)/i;
/** A search for one: `?search=ioc%3Abaddomain.com`, `?q=45.77.12.34`, `#domain:baddomain.com`. */
const SEARCHED =
  /(?:[?&](?:q|query|search|keyword|ip|domain|host)=(?:[a-z.]{2,12}(?::|%3A))?|#(?:page\.)?(?:domain|ip)(?::|%3A))(?:"|%22)?([\w.:-]+)/i;

/** What a link to an analysis is about: undefined within when it doesn't say; undefined when the URL is no such link. */
export function readAnalysisLink(url: string, asItStood: string): { of: Indicator | undefined } | undefined {
  const host = hostOfUrl(url).replace(/^www\./, '');
  if (!SERVICES.has(host) && !/(?:^|\.)(?:joesandbox|joesecurity)\.com$/.test(host)) return undefined;
  return { of: indicatorIn(url) ?? indicatorIn(asItStood) };
}

function indicatorIn(link: string): Indicator | undefined {
  const hash = HASH_OF_URL.test(link) ? undefined : HASH.exec(link)?.[0];
  if (hash !== undefined) return { type: 'file', value: hash.toLowerCase() };
  const name = (NAMED.exec(link) ?? SEARCHED.exec(link))?.[1];
  if (name === undefined) return undefined;
  const address = canonicalAddress(name);
  if (address !== undefined) return { type: 'ip', value: address };
  const domain = readHostName(name);
  return domain?.ending === 'public' ? { type: 'domain', value: domain.value } : undefined;
}
