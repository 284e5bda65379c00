import type { Kind } from './finding';
import type { Privilege } from './privileges';

/** What the items of a relation are: indicators, or objects of another type. */
export type ItemType =
  | Kind
  | 'resolution'
  | 'comment'
  | 'vote'
  | 'file_behaviour'
  | 'whois'
  | 'ssl_cert'
  | 'analysis'
  | 'collection'
  | 'graph'
  | 'reference'
  | 'screenshot'
  | 'submission'
  | 'sigma_analysis'
  | 'dns_record';

/** A relation of one kind of indicator. */
export interface Relation {
  name: string;
  items: ItemType;
  /** The privilege that a key needs; undefined: a free key has it too. */
  needs: Privilege | undefined;
  /** It gives one object, or null, in place of a list. */
  single: boolean;
}

const SINGLE = [
  'last_serving_ip_address',
  'network_location',
  'parent',
  'immediate_parent',
  'sigma_analysis',
  'redirects_to',
];

/** What the items of a relation are, by its name. */
const ITEMS: readonly (readonly [name: RegExp, items: ItemType])[] = [
  [/^resolutions$/, 'resolution'],
  [/comments$/, 'comment'],
  [/votes$/, 'vote'],
  [/^behaviours$/, 'file_behaviour'],
  [/^historical_whois$/, 'whois'],
  [/^historical_ssl_certificates$/, 'ssl_cert'],
  [/^analyses$/, 'analysis'],
  [/^graphs$/, 'graph'],
  [
    /^(collections|related_threat_actors|malware_families|software_toolkits|campaigns|reports|vulnerabilities|associations)$/,
    'collection',
  ],
  [/^related_references$/, 'reference'],
  [/^screenshots$/, 'screenshot'],
  [/^submissions$/, 'submission'],
  [/^sigma_analysis$/, 'sigma_analysis'],
  [/^(caa|cname|mx|ns|soa)_records$/, 'dns_record'],
  [/_ips$|^last_serving_ip_address$/, 'ip'],
  [/_domains$|^(subdomains|siblings|parent|immediate_parent|network_location)$/, 'domain'],
  [/urls|^redirects_to$/, 'url'],
  [/files|children|parents|attachments/, 'file'],
];

const GTI = 'malware_families software_toolkits campaigns reports vulnerabilities associations';

/** By kind: those of a free key, and those of VirusTotal Enterprise. From the reference of API v3. */
const NAMES: Readonly<Record<Kind, readonly [free: string, premium: string]>> = {
  file: [
    `behaviours bundled_files collections comments contacted_domains contacted_ips contacted_urls dropped_files execution_parents graphs
     pe_resource_children pe_resource_parents sigma_analysis user_votes votes`,
    `analyses carbonblack_children carbonblack_parents ciphered_bundled_files ciphered_parents compressed_parents email_attachments
     email_parents embedded_domains embedded_ips embedded_urls itw_domains itw_ips itw_urls memory_pattern_domains memory_pattern_ips
     memory_pattern_urls overlay_children overlay_parents pcap_children pcap_parents related_references related_threat_actors screenshots
     similar_files submissions urls_for_embedded_js`,
  ],
  url: [
    'collections comments graphs last_serving_ip_address network_location related_comments user_votes votes',
    `analyses communicating_files contacted_domains contacted_ips downloaded_files embedded_js_files redirecting_urls redirects_to
     referrer_files referrer_urls related_references related_threat_actors submissions urls_related_by_tracker_id`,
  ],
  domain: [
    `collections comments communicating_files graphs historical_ssl_certificates historical_whois immediate_parent parent referrer_files
     related_comments resolutions siblings subdomains user_votes votes`,
    'caa_records cname_records downloaded_files mx_records ns_records related_references related_threat_actors soa_records urls',
  ],
  ip: [
    `collections comments communicating_files graphs historical_ssl_certificates historical_whois referrer_files related_comments
     resolutions user_votes votes`,
    'downloaded_files related_references related_threat_actors urls',
  ],
};

/** Every relation of that kind, by name. */
export function relationsOf(kind: Kind): ReadonlyMap<string, Relation> {
  return TABLES[kind];
}

const tableOf = (kind: Kind): ReadonlyMap<string, Relation> => {
  const [free, premium] = NAMES[kind];
  const all = [...named(free, undefined), ...named(premium, 'premium'), ...named(GTI, 'gti')];
  return new Map(all.map((relation) => [relation.name, relation]));
};

const TABLES: Readonly<Record<Kind, ReadonlyMap<string, Relation>>> = {
  file: tableOf('file'),
  url: tableOf('url'),
  domain: tableOf('domain'),
  ip: tableOf('ip'),
};

function named(names: string, needs: Privilege | undefined): Relation[] {
  return names.split(/\s+/).map((name) => {
    const items = ITEMS.find(([pattern]) => pattern.test(name))?.[1] ?? 'reference';
    return { name, items, needs, single: SINGLE.includes(name) };
  });
}
