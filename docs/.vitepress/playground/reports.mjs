/** The engines of the made-up reports: of the trusted ones first, then some that detect more. */
const ENGINES = [
  ...[
    'Kaspersky',
    'BitDefender',
    'ESET',
    'Sophos',
    'Fortinet',
    'Google Safebrowsing',
    'Webroot',
    'alphaMountain.ai',
  ],
  ...[
    'Antiy-AVL',
    'CRDF',
    'CyRadar',
    'Emsisoft',
    'G-Data',
    'Lionic',
    'Netcraft',
    'PhishLabs',
    'Seclookup',
    'VIPRE',
  ],
];

/** Reports as the VirusTotal node sends them. Names, addresses and hashes are made up. */
export function madeUpReports(now = Date.now()) {
  return [
    report('A malicious file', 'file', '5d'.repeat(32), {
      positives: 12,
      rest: 'undetected',
      result: 'Trojan.Generic',
      now,
    }),
    report('A phishing URL, detected by three', 'url', 'https://login.qorlane-invoices.com/', {
      positives: 3,
      rest: 'harmless',
      result: 'phishing',
      now,
    }),
    report('A domain with one detection', 'domain', 'qorlane-mail.com', {
      positives: 1,
      rest: 'harmless',
      result: 'suspicious',
      last: true,
      now,
    }),
    report('A well-known domain', 'domain', 'example.com', { positives: 0, rest: 'harmless', now }),
    report('An IP address that no engine has rated', 'ip', '198.51.100.23', {
      positives: 0,
      rest: 'undetected',
      now,
    }),
    report('A scan of two years ago', 'domain', 'old.qorlane.net', {
      positives: 0,
      rest: 'harmless',
      days: 730,
      now,
    }),
    {
      title: 'Unknown to VirusTotal',
      report: {
        type: 'url',
        resource: 'https://new.qorlane.net/',
        response_code: 0,
        verbose_msg: 'Not found',
      },
    },
    {
      title: 'A failed lookup',
      report: {
        type: 'domain',
        resource: 'slow.qorlane.net',
        response_code: -1,
        verbose_msg: 'Timeout',
        error: { code: 'VT_TIMEOUT', message: 'No complete answer from VirusTotal in 30000 ms' },
      },
    },
  ];
}

function report(title, type, resource, { positives, rest, result, last, days = 2, now }) {
  const engines = last ? [...ENGINES].reverse() : ENGINES;
  const scans = Object.fromEntries(
    engines.map((engine, at) => [
      engine,
      at < positives
        ? { detected: true, result, category: 'malicious' }
        : { detected: false, result: rest === 'harmless' ? 'clean' : null, category: rest },
    ]),
  );
  const scan_date = new Date(now - days * 86_400_000).toISOString().slice(0, 19).replace('T', ' ');
  const others = ENGINES.length - positives;
  return {
    title,
    report: {
      ...{
        type,
        resource,
        response_code: 1,
        verbose_msg: 'Found',
        positives,
        total: ENGINES.length,
        suspicious: 0,
      },
      ...{ harmless: rest === 'harmless' ? others : 0, undetected: rest === 'harmless' ? 0 : others },
      ...{ scan_date, permalink: 'https://www.virustotal.com/', scans },
    },
  };
}
