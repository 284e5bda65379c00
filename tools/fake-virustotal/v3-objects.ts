import { fileDetails, hashesOf } from './file-details';
import type { Finding, Kind } from './finding';
import { gtiAssessment } from './gti-assessment';
import { certificate, hostDetails } from './host-details';
import { popularityRanks } from './popularity-ranks';
import { Seeded, digest } from './seeded';
import { type Verdict, statsOf, verdictsOf } from './verdicts';

const TYPE = { file: 'file', url: 'url', domain: 'domain', ip: 'ip_address' } as const;
const PATH = { file: 'files', url: 'urls', domain: 'domains', ip: 'ip_addresses' } as const;

/** An object of v3. */
export interface V3Object {
  id: string;
  type: string;
  links: { self: string };
  attributes: Record<string, unknown>;
  [field: string]: unknown;
}

/** The body that v3 gives for an indicator that it has; `gti`: with the assessment of Google Threat Intelligence. */
export function v3Body(kind: Kind, indicator: string, finding: Finding, gti = false): { data: V3Object } {
  const id = objectId(kind, indicator);
  const verdicts = verdictsOf(kind, indicator, finding);
  return {
    data: {
      id,
      type: TYPE[kind],
      links: { self: selfLink(kind, id) },
      attributes: {
        ...detailsOf(kind, indicator, finding),
        ...(finding.state === 'queued' ? {} : { last_analysis_date: finding.scannedAt }),
        last_analysis_stats: statsOf(kind, verdicts),
        last_analysis_results: resultsOf(kind, verdicts),
        ...(gti ? { gti_assessment: gtiAssessment(indicator, finding) } : {}),
      },
    },
  };
}

/** Verdicts as v3 writes them, by engine. */
export function resultsOf(kind: Kind, verdicts: readonly Verdict[]): Record<string, object> {
  return Object.fromEntries(
    verdicts.map((v) => [
      v.engine,
      {
        method: 'blacklist',
        engine_name: v.engine,
        ...(kind === 'file' ? { engine_version: v.version, engine_update: v.update } : {}),
        category: v.category,
        result: v.result,
      },
    ]),
  );
}

/** The link of an object, as VirusTotal gives it whatever the client's base URL. */
export function selfLink(kind: Kind, id: string): string {
  return `https://www.virustotal.com/api/v3/${PATH[kind]}/${encodeURIComponent(id)}`;
}

/** A file's id is its SHA-256 whatever was asked; a URL's that of the URL with at least a path. */
export function objectId(kind: Kind, indicator: string): string {
  if (kind === 'file') return hashesOf(indicator).sha256;
  if (kind === 'url') return digest('sha256', canonicalUrl(indicator));
  return indicator;
}

export function canonicalUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}

function detailsOf(kind: Kind, indicator: string, finding: Finding): Record<string, unknown> {
  if (kind === 'file') return fileDetails(indicator, finding);
  if (kind === 'url') return urlDetails(indicator, finding);
  const host = hostDetails(indicator, finding);
  const shared = {
    reputation: host.reputation,
    tags: host.tags,
    total_votes: host.total_votes,
    whois: host.whois,
    whois_date: host.whois_date,
    jarm: host.jarm,
    last_modification_date: finding.scannedAt + 60,
    last_https_certificate_date: finding.scannedAt,
    last_https_certificate: certificate(indicator, finding),
  };
  if (kind === 'ip') {
    const { asn, as_owner, country, continent, network } = host;
    return { ...shared, asn, as_owner, country, continent, network, regional_internet_registry: 'RIPE NCC' };
  }
  return {
    ...shared,
    tld: indicator.split('.').at(-1),
    registrar: host.registrar,
    creation_date: host.created,
    last_update_date: host.created + 86_400,
    last_dns_records_date: finding.scannedAt,
    last_dns_records: host.addresses.map((value) => ({ type: 'A', ttl: 300, value })),
    popularity_ranks: popularityRanks(indicator, finding),
    categories: { Bracken: host.category, Meridane: host.category },
  };
}

function urlDetails(url: string, finding: Finding): Record<string, unknown> {
  const seeded = new Seeded(`url ${url}`);
  const first = finding.scannedAt - seeded.between(1, 400) * 86_400;
  return {
    url: canonicalUrl(url),
    last_final_url: canonicalUrl(url),
    title: seeded.word(),
    tld: URL.canParse(url) ? new URL(url).hostname.split('.').at(-1) : undefined,
    first_submission_date: first,
    last_submission_date: finding.scannedAt,
    last_modification_date: finding.scannedAt + 60,
    times_submitted: seeded.between(1, 300),
    has_content: false,
    tags: [],
    threat_names: finding.malicious > 0 ? ['Mal/HTMLGen-A'] : [],
    categories: { Bracken: finding.malicious > 0 ? 'phishing' : 'business' },
    reputation: finding.malicious > 0 ? -seeded.between(0, 90) : 0,
    total_votes: { harmless: 0, malicious: Math.min(finding.malicious, 6) },
    last_http_response_code: 200,
    last_http_response_content_length: seeded.between(200, 90_000),
    last_http_response_content_sha256: seeded.hex(64),
    last_http_response_headers: {
      'content-type': 'text/html; charset=UTF-8',
      server: 'nginx',
      connection: 'keep-alive',
      date: new Date(finding.scannedAt * 1000).toUTCString(),
    },
  };
}
