import type { IocType } from '../ioc/ioc';

/** How VirusTotal is asked for a relation. */
export type RelationForm =
  /** A list of types and ids: small, and several relations fit in one request. */
  | 'descriptors'
  /** A list of whole objects, where the attributes are what is wanted. */
  | 'objects'
  /** `behaviour_summary`: what all sandboxes saw of a file, in one object. */
  | 'behavior'
  /** Attributes of the indicator itself. */
  | 'attributes';

/** What VirusTotal can tell beside the report of one kind of indicator. */
export interface Relation {
  /** As VirusTotal's API names it; `behavior` and `whois` are names of our own. */
  readonly name: string;
  /** Whether a free key has it. Others get a 403. */
  readonly free: boolean;
  /** Whether it gives indicators. All else goes to `msg.related`. */
  readonly givesIndicators: boolean;
  readonly form: RelationForm;
}

/** Of relations that give no indicators: those whose attributes are wanted. */
const OBJECTS = [
  'comments',
  'related_comments',
  'votes',
  'resolutions',
  'historical_whois',
  'historical_ssl_certificates',
];

/** Relations to things that no report can be looked up of. */
const THINGS = ['behaviours', 'collections', 'graphs', 'related_references', 'related_threat_actors'];

function formOf(name: string): RelationForm {
  if (name === 'behavior') return 'behavior';
  if (name === 'whois') return 'attributes';
  return OBJECTS.includes(name) ? 'objects' : 'descriptors';
}

function relation(name: string, free: boolean): Relation {
  const form = formOf(name);
  const isOfPeople = form !== 'descriptors' && name !== 'resolutions';
  return { name, free, form, givesIndicators: !isOfPeople && !THINGS.includes(name) };
}

function table(free: string, premium: string): readonly Relation[] {
  const listed = (names: string, isFree: boolean): Relation[] =>
    names
      .split(/\s+/)
      .filter(Boolean)
      .map((name) => relation(name, isFree));
  return [...listed(free, true), ...listed(premium, false)];
}

/**
 * The relations of each kind of indicator, those of a free key first. Which key has which: the list of relationships in VirusTotal's API v3
 * reference, whose other ones are marked "VT Enterprise only".
 */
export const RELATIONS: Readonly<Record<IocType, readonly Relation[]>> = {
  file: table(
    `contacted_domains contacted_ips contacted_urls dropped_files bundled_files execution_parents pe_resource_children
     pe_resource_parents behavior comments votes collections graphs behaviours`,
    `carbonblack_children carbonblack_parents ciphered_bundled_files ciphered_parents compressed_parents email_attachments
     email_parents embedded_domains embedded_ips embedded_urls itw_domains itw_ips itw_urls memory_pattern_domains
     memory_pattern_ips memory_pattern_urls overlay_children overlay_parents pcap_children pcap_parents similar_files
     urls_for_embedded_js related_references related_threat_actors`,
  ),
  url: table(
    'last_serving_ip_address network_location comments related_comments votes collections graphs',
    `communicating_files contacted_domains contacted_ips downloaded_files embedded_js_files redirecting_urls redirects_to
     referrer_files referrer_urls urls_related_by_tracker_id related_references related_threat_actors`,
  ),
  domain: table(
    `resolutions subdomains siblings parent immediate_parent communicating_files referrer_files whois historical_whois
     historical_ssl_certificates comments related_comments votes collections graphs`,
    `caa_records cname_records downloaded_files mx_records ns_records soa_records urls related_references
     related_threat_actors`,
  ),
  ip: table(
    `resolutions communicating_files referrer_files whois historical_whois historical_ssl_certificates comments
     related_comments votes collections graphs`,
    'downloaded_files urls related_references related_threat_actors',
  ),
};

/** What the word `default` stands for: relations of a free key that lead to the next hosts and files. */
export const DEFAULT_RELATIONS: readonly string[] = [
  'file.contacted_domains',
  'file.contacted_ips',
  'file.contacted_urls',
  'file.dropped_files',
  'url.last_serving_ip_address',
  'domain.resolutions',
  'ip.resolutions',
];

/** The kinds of indicator, as the dialog lists them. */
export const KINDS = Object.keys(RELATIONS) as readonly IocType[];

/** The relation of that name; undefined when this kind of indicator has none. */
export function relationOf(kind: IocType, name: string): Relation | undefined {
  return RELATIONS[kind].find((one) => one.name === name);
}
