import type { Report, Scan } from '../../src/report/report';

/** Engines "Engine 0", "Engine 1", ...: the first `detecting` of `all` detect it, the rest do not. */
export function scans(detecting: number, all: number): Record<string, Scan> {
  return Object.fromEntries(
    Array.from({ length: all }, (_, n): [string, Scan] => [
      `Engine ${n}`,
      n < detecting ? { detected: true, result: `Trojan.Made.Up.${n}` } : { detected: false, result: null },
    ]),
  );
}

/** A file that `positives` of `total` engines detect. */
export function fileReport(positives: number, total: number, more: Partial<Report> = {}): Report {
  return {
    type: 'file',
    resource: 'f'.repeat(64),
    response_code: 1,
    verbose_msg: 'Scan finished, information embedded',
    positives,
    total,
    scan_date: '2026-03-01 12:00:00',
    permalink: `https://www.virustotal.com/gui/file/${'f'.repeat(64)}`,
    scans: scans(positives, total),
    md5: 'd'.repeat(32),
    sha1: 'e'.repeat(40),
    sha256: 'f'.repeat(64),
    ...more,
  };
}

/** What API v2 answers for a domain: no positives, no total, and not even the domain. */
export function v2DomainBody(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    response_code: 1,
    verbose_msg: 'Domain found in dataset',
    resolutions: [{ ip_address: '192.0.2.7', last_resolved: '2026-01-05 00:00:00' }],
    detected_urls: [
      { url: 'http://bad.example/a', positives: 3, total: 90, scan_date: '2026-01-01 00:00:00' },
      { url: 'http://bad.example/b', positives: 9, total: 90, scan_date: '2026-01-02 00:00:00' },
    ],
    detected_downloaded_samples: [
      { sha256: 'a'.repeat(64), positives: 7, total: 60, date: '2026-01-03 00:00:00' },
    ],
    detected_referrer_samples: [{ sha256: 'b'.repeat(64), positives: 1, total: 0 }],
    detected_communicating_samples: [{ sha256: 'c'.repeat(64), positives: 2, total: 60 }],
    undetected_urls: [['http://bad.example/', 'c'.repeat(64), 0, 90, '2026-01-04 00:00:00']],
    whois: null,
    ...more,
  };
}

/** What API v2 answers for an IP address. */
export function v2IpBody(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    response_code: 1,
    verbose_msg: 'IP address in dataset',
    asn: 64500,
    as_owner: 'Example Networks',
    country: 'ZZ',
    resolutions: [{ hostname: 'bad.example', last_resolved: '2026-01-05 00:00:00' }],
    detected_urls: [{ url: 'http://192.0.2.7/a', positives: 3, total: 90, scan_date: '2026-01-01 00:00:00' }],
    detected_downloaded_samples: [
      { sha256: 'a'.repeat(64), positives: 7, total: 60, date: '2026-01-03 00:00:00' },
    ],
    detected_referrer_samples: [{ sha256: 'b'.repeat(64), positives: 1, total: 0 }],
    detected_communicating_samples: [
      { sha256: 'c'.repeat(64), positives: 2, total: 60 },
      { sha256: 'd'.repeat(64), positives: 2, total: 60 },
    ],
    ...more,
  };
}

/** A domain, as API v3's answer becomes a report. */
export function v3DomainReport(positives: number, total: number, more: Partial<Report> = {}): Report {
  return {
    type: 'domain',
    resource: 'bad.example',
    response_code: 1,
    verbose_msg: 'Domain found in dataset',
    positives,
    total,
    suspicious: 0,
    scan_date: '2026-03-01 12:00:00',
    permalink: 'https://www.virustotal.com/gui/domain/bad.example',
    scans: scans(positives, total),
    categories: { 'Vendor A': 'Malware', 'Vendor B': 'malware', 'Vendor C': 'newly registered' },
    tags: ['dga'],
    last_dns_records: [
      { type: 'A', ttl: 60, value: '192.0.2.7' },
      { type: 'AAAA', ttl: 60, value: '2001:db8::7' },
      { type: 'CNAME', ttl: 60, value: 'Other.Example.' },
      { type: 'MX', ttl: 60, value: 'mail.bad.example' },
      { type: 'TXT', ttl: 60, value: 'v=spf1 -all' },
    ],
    ...more,
  };
}

/** A malicious file, as API v3's answer becomes a report. */
export function v3FileReport(positives = 60, total = 70, more: Partial<Report> = {}): Report {
  return fileReport(positives, total, {
    size: 4096,
    ssdeep: '96:abc/DEF+ghi:jkl',
    tlsh: `T1${'A0'.repeat(35)}`,
    names: ['invoice.exe', 'a.exe', 'b.exe'],
    meaningful_name: 'invoice.exe',
    first_submission_date: 1767225600,
    threat_label: 'trojan.madeup/fancied',
    popular_threat_classification: {
      suggested_threat_label: 'trojan.madeup/fancied',
      popular_threat_category: [
        { value: 'trojan', count: 20 },
        { value: 'pua', count: 2 },
        { value: 'dropper', count: 1 },
      ],
      popular_threat_name: [
        { value: 'madeup', count: 20 },
        { value: 'imagined', count: 3 },
      ],
    },
    ...more,
  });
}

/** VirusTotal's `behaviour_mitre_trees` of a file. */
export function mitreTrees(): unknown {
  const discovery = {
    id: 'T1082',
    name: 'System Information Discovery',
    link: 'https://attack.mitre.org/techniques/T1082/',
  };
  return {
    data: {
      'Quiet Box': { tactics: [] },
      'First Box': {
        tactics: [
          { id: 'TA0007', name: 'Discovery', techniques: [discovery] },
          {
            id: 'TA0005',
            name: 'Defense Evasion',
            techniques: [
              {
                id: 'T1070.004',
                name: 'File Deletion',
                link: 'https://attack.mitre.org/techniques/T1070/004/',
              },
            ],
          },
        ],
      },
      'Second Box': {
        tactics: [
          {
            id: 'TA0011',
            name: 'Command and Control',
            techniques: [discovery, { id: 'nonsense', name: 'x' }],
          },
        ],
      },
    },
  };
}
