import { fileHashes } from './file-details';
import type { Finding, Kind } from './finding';
import { hostDetails } from './host-details';
import { Seeded } from './seeded';
import { canonicalUrl, objectId } from './v3-objects';
import { type Verdict, verdictsOf } from './verdicts';

type Body = Record<string, unknown>;

/** The body that v2 gives for an indicator in any state; all of them come with HTTP 200. */
export function v2Body(kind: Kind, indicator: string, finding: Finding): Body {
  switch (kind) {
    case 'file':
      return fileBody(indicator, finding);
    case 'url':
      return urlBody(indicator, finding);
    case 'domain':
      return domainBody(indicator, finding);
    case 'ip':
      return ipBody(indicator, finding);
  }
}

export const V2_INVALID_RESOURCE = 'Invalid resource, check what you are submitting';
export const V2_INVALID_IP: Body = { response_code: -1, verbose_msg: 'Invalid IP address' };

/** What url/report answers with `scan=1` for a URL that it did not know: code 1, yet no verdict. */
export function v2SubmittedUrl(url: string, finding: Finding): Body {
  return {
    ...urlHead(url, finding),
    response_code: 1,
    verbose_msg: 'Scan request successfully queued, come back later for the report',
  };
}

function fileBody(resource: string, finding: Finding): Body {
  if (finding.state === 'queued') return queued(resource);
  if (finding.state !== 'present') {
    const verbose_msg =
      finding.state === 'refused'
        ? V2_INVALID_RESOURCE
        : 'The requested resource is not among the finished, queued or pending scans';
    return { response_code: 0, resource, verbose_msg };
  }
  const hashes = fileHashes(resource, finding);
  const counted = countedVerdicts('file', resource, finding);
  return {
    scans: Object.fromEntries(
      counted.map(({ engine, category, result, version, update }) => [
        engine,
        {
          detected: category === 'malicious',
          version,
          result: category === 'malicious' ? result : null,
          update,
        },
      ]),
    ),
    scan_id: `${hashes.sha256}-${finding.scannedAt}`,
    ...hashes,
    resource,
    response_code: 1,
    scan_date: v2Date(finding.scannedAt),
    permalink: `https://www.virustotal.com/gui/file/${hashes.sha256}/detection/f-${hashes.sha256}-${finding.scannedAt}`,
    verbose_msg: 'Scan finished, information embedded',
    total: counted.length,
    positives: finding.malicious,
  };
}

function urlBody(resource: string, finding: Finding): Body {
  if (finding.state === 'queued') return queued(resource);
  if (finding.state === 'refused') return { response_code: 0, resource, verbose_msg: V2_INVALID_RESOURCE };
  if (finding.state === 'unknown') {
    return { response_code: 0, resource, verbose_msg: 'Resource does not exist in the dataset' };
  }
  const counted = countedVerdicts('url', resource, finding);
  return {
    ...urlHead(resource, finding),
    response_code: 1,
    verbose_msg: 'Scan finished, scan information embedded in this object',
    filescan_id: null,
    positives: finding.malicious,
    total: counted.length,
    scans: Object.fromEntries(
      counted.map(({ engine, category, result }) => [
        engine,
        // A suspicious site is not detected in v2, and not among the positives.
        { detected: category === 'malicious', result: `${result ?? 'unrated'} site` },
      ]),
    ),
  };
}

function urlHead(url: string, finding: Finding): Body {
  const id = objectId('url', url);
  return {
    scan_id: `${id}-${finding.scannedAt}`,
    resource: url,
    url: canonicalUrl(url),
    scan_date: v2Date(finding.scannedAt),
    permalink: `https://www.virustotal.com/gui/url/${id}/detection/u-${id}-${finding.scannedAt}`,
  };
}

/** A domain's body neither echoes the domain nor has positives; what was detected is in lists. */
function domainBody(domain: string, finding: Finding): Body {
  if (finding.state !== 'present') return { response_code: 0, verbose_msg: 'Domain not found' };
  const host = hostDetails(domain, finding);
  return {
    ...lists(domain, domain, finding),
    categories: [host.category],
    'Bracken category': host.category,
    resolutions: host.addresses.map((ip_address) => ({ ip_address, last_resolved: v2Date(host.created) })),
    subdomains: [`www.${domain}`, `mail.${domain}`],
    domain_siblings: [],
    whois: host.whois,
    whois_timestamp: host.whois_date,
    response_code: 1,
    verbose_msg: 'Domain found in dataset',
  };
}

function ipBody(ip: string, finding: Finding): Body {
  if (finding.state === 'refused') return V2_INVALID_IP;
  if (finding.state !== 'present') return { response_code: 0, verbose_msg: 'Missing IP address' };
  const host = hostDetails(ip, finding);
  return {
    ...lists(ip, host.hostnames[0] ?? ip, finding),
    asn: host.asn,
    as_owner: host.as_owner,
    country: host.country,
    continent: host.continent,
    network: host.network,
    resolutions: host.hostnames.map((hostname) => ({ hostname, last_resolved: v2Date(host.created) })),
    whois: host.whois,
    whois_timestamp: host.whois_date,
    response_code: 1,
    verbose_msg: 'IP address in dataset',
  };
}

/** The lists of what was seen on a host: as many detected entries as engines call it malicious. */
function lists(indicator: string, host: string, finding: Finding): Body {
  const seeded = new Seeded(`lists ${indicator}`);
  const date = v2Date(finding.scannedAt);
  const total = 70;
  const sample = (positives: number): Body => ({ date, positives, total, sha256: seeded.hex(64) });
  return {
    detected_urls: Array.from({ length: finding.malicious }, () => ({
      url: `http://${host}/${seeded.word()}`,
      positives: seeded.between(1, Math.max(1, finding.malicious)),
      total,
      scan_date: date,
    })),
    undetected_urls: Array.from({ length: 3 }, () => [
      `http://${host}/${seeded.word()}`,
      seeded.hex(64),
      0,
      total,
      date,
    ]),
    detected_downloaded_samples: finding.malicious > 0 ? [sample(finding.malicious)] : [],
    undetected_downloaded_samples: [sample(0), sample(0)],
    detected_communicating_samples: finding.malicious > 4 ? [sample(finding.malicious), sample(1)] : [],
    // The date is missing on many referrer samples.
    detected_referrer_samples: finding.malicious > 4 ? [{ positives: 2, total, sha256: seeded.hex(64) }] : [],
  };
}

/** Engines that time out, fail or do not support the type are absent from v2. */
function countedVerdicts(kind: Kind, indicator: string, finding: Finding): Verdict[] {
  const counted: readonly string[] = ['malicious', 'suspicious', 'undetected', 'harmless'];
  return verdictsOf(kind, indicator, finding).filter(({ category }) => counted.includes(category));
}

function queued(resource: string): Body {
  return {
    response_code: -2,
    resource,
    scan_id: resource,
    verbose_msg: 'Your resource is queued for analysis',
  };
}

function v2Date(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
