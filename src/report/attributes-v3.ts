import { setContext } from './context-v3';
import { isObject, isStrings, own, type JsonObject } from './narrow';
import type { Report } from './report';

const text = (value: unknown) => typeof value === 'string';
const number = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
const list = (value: unknown) => Array.isArray(value);
const words = isStrings;
const object = isObject;

/**
 * The v3 attributes that a report carries under their own names, each as VirusTotal has it (dates in Unix seconds), and
 * the check it must pass; one of another type is left out. What is big and for specialists (pe_info, exiftool, rdap,
 * certificates, HTTP headers and cookies, sandbox and rule details) stays in the raw body: each report is cached, and
 * copied for each message.
 */
const COPIED_ATTRIBUTES: readonly (readonly [name: string, check: (value: unknown) => boolean])[] = [
  // every kind
  ['reputation', number],
  ['tags', words],
  ['total_votes', object],
  ['crowdsourced_context', list],
  ['gti_assessment', object],
  ['last_modification_date', number],
  ['first_seen_itw_date', number],
  ['last_seen_itw_date', number],
  // file and URL
  ['first_submission_date', number],
  ['last_submission_date', number],
  ['times_submitted', number],
  // file
  ['md5', text],
  ['sha1', text],
  ['sha256', text],
  ['ssdeep', text],
  ['tlsh', text],
  ['vhash', text],
  ['authentihash', text],
  ['size', number],
  ['names', words],
  ['meaningful_name', text],
  ['type_description', text],
  ['type_extension', text],
  ['type_tag', text],
  ['magic', text],
  ['unique_sources', number],
  ['popular_threat_classification', object],
  ['sandbox_verdicts', object],
  // URL
  ['url', text],
  ['last_final_url', text],
  ['title', text],
  ['last_http_response_code', number],
  ['last_http_response_content_sha256', text],
  ['threat_names', words],
  // URL and domain
  ['categories', object],
  ['tld', text],
  // domain and IP
  ['whois', text],
  ['whois_date', number],
  ['jarm', text],
  // domain
  ['registrar', text],
  ['creation_date', number],
  ['expiration_date', number],
  ['last_update_date', number],
  ['last_dns_records', list],
  ['last_dns_records_date', number],
  ['popularity_ranks', object],
  // IP
  ['as_owner', text],
  ['asn', number],
  ['country', text],
  ['continent', text],
  ['network', text],
  ['regional_internet_registry', text],
];

/** Sets on the report what VirusTotal knows beside the verdict, `threat_label`, and the names and counts of `setContext`. */
export function copyAttributes(report: Report, attributes: JsonObject): void {
  for (const [name, check] of COPIED_ATTRIBUTES) {
    // None of the names is one that every object inherits.
    const value = attributes[name];
    if (value !== undefined && check(value)) report[name] = value;
  }
  const classification = report['popular_threat_classification'];
  const label = isObject(classification) ? own(classification, 'suggested_threat_label') : undefined;
  if (typeof label === 'string') report.threat_label = label;
  setContext(report, attributes);
}
