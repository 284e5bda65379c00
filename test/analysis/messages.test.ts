import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import type { AnalysisOptions } from '../../src/analysis/options';

const NOW = Date.UTC(2026, 2, 10);
const SCANS = {
  Alpha: { detected: true, result: 'Trojan.X' },
  Beta: { detected: true, result: null },
  Gamma: { detected: false, result: 'clean' },
};
const FILE = { type: 'file', resource: 'f65f', response_code: 1, scan_date: '2026-03-01 00:00:00' };
const DOMAIN = {
  response_code: 1,
  resolutions: [],
  detected_urls: [{ url: 'http://a.example/' }, { url: 'http://b.example/' }],
  detected_referrer_samples: [{ sha256: 'f'.repeat(64) }],
};

/** What somebody who is called at night reads below the message: every sentence, in its order. */
const READ: [what: string, report: unknown, options: AnalysisOptions, texts: string[]][] = [
  [
    'one engine of many',
    { ...FILE, positives: 1, total: 70, scans: { Alpha: SCANS.Alpha } },
    { malicious: 1 },
    [
      '1 of 70 engines detects it (Alpha: Trojan.X); scanned 9 days ago (2026-03-01). Malicious threshold: 1',
      'Detected by Alpha (Trojan.X)',
      'Malicious – Low confidence: 1.4 % of the engines detect it, below 33 %',
    ],
  ],
  [
    'engines that are left out',
    { ...FILE, positives: 2, total: 3, scans: SCANS },
    { malicious: 1, ignoreEngines: 'alpha' },
    [
      '1 of 2 engines detects it (Beta); scanned 9 days ago (2026-03-01). Malicious threshold: 1',
      'Detected by Beta',
      'Malicious – Medium confidence: 50 % of the engines detect it, from 33 to 66 %',
      '1 engine is left out; with all, 2 of 3 engines detect it',
    ],
  ],
  [
    'all engines left out',
    { ...FILE, positives: 2, total: 3, scans: SCANS },
    { ignoreEngines: 'alpha, beta, gamma' },
    [
      'No verdict: all engines that answered are excluded',
      '3 engines are left out; with all, 2 of 3 engines detect it',
    ],
  ],
  [
    'nobody but one that suspects it',
    { ...FILE, positives: 0, total: 70, suspicious: 1 },
    {},
    [
      '0 of 70 engines detect it; scanned 9 days ago (2026-03-01). Trusted threshold: fewer than 1',
      '1 more engine calls it suspicious; that is not counted',
    ],
  ],
  [
    'nothing that may be Trusted',
    { ...FILE, positives: 0, total: 70 },
    { trusted: 0 },
    [
      '0 of 70 engines detect it; scanned 9 days ago (2026-03-01). Neither Malicious (5 or more) nor Trusted (never)',
    ],
  ],
  [
    'an old report',
    { ...FILE, positives: 0, total: 70 },
    { maxAgeDays: 1, now: () => NOW },
    ['Scanned 9 days ago; nothing older than 1 day is judged (0 of 70 engines detect it)'],
  ],
  [
    'a report that is some hours too old',
    { ...FILE, positives: 0, total: 70 },
    { maxAgeDays: 9, now: () => NOW + 3_600_000 },
    ['Scanned more than 9 days ago; nothing older than 9 days is judged (0 of 70 engines detect it)'],
  ],
  [
    'a report without a date',
    { response_code: 1, positives: 0, total: 70 },
    { maxAgeDays: 5 },
    [
      '0 of 70 engines detect it; scan date unknown. Without a scan date it may be older than 5 days, so it is not Trusted',
    ],
  ],
  [
    'too few engines',
    { ...FILE, positives: 0, total: 1 },
    { minEngines: 2 },
    ['0 of 1 engine detects it; scanned 9 days ago (2026-03-01). Trusted needs at least 2 engines'],
  ],
  [
    'a v2 domain and no heuristic, with the ways out',
    DOMAIN,
    {},
    [
      'No verdict: the report has no positives, as API v2 has none for domains and IP addresses; choose a heuristic here, or API v3',
    ],
  ],
  [
    'a v2 domain by its detections, from which lists',
    { ...DOMAIN, type: 'domain' },
    { heuristic: 'detections' },
    [
      '3 detections listed. Neither Malicious (5 or more) nor Trusted (fewer than 1)',
      'Counted as positives: 2 in detected_urls, 0 in detected_downloaded_samples, 1 in detected_referrer_samples',
    ],
  ],
  [
    'a URL that waits for its engines',
    { ...FILE, type: 'url', positives: 0, total: 0 },
    {},
    ['No verdict: no engine has scanned it yet (total is 0)'],
  ],
  [
    'positives that are none',
    { ...FILE, positives: 'many', total: 70 },
    {},
    [
      'No verdict: the number of positives is not readable',
      'positives is "many", which is not a whole number of 0 or more',
    ],
  ],
  [
    'a total below the positives',
    { ...FILE, positives: 5, total: 3 },
    {},
    [
      '5 engines detect it; scanned 9 days ago (2026-03-01). Malicious threshold: 5',
      'total is 3, less than the positives: there is no rate',
    ],
  ],
  [
    'a code that VirusTotal has not',
    { response_code: 7 },
    {},
    ['response_code is 7; VirusTotal uses 1, 0, -1 and -2'],
  ],
  ['nothing', undefined, {}, ['There is nothing where the report should be']],
  ['text', 'response_code: 1', {}, ['There is text, but neither a report nor JSON of a report']],
  [
    'an answer of API v3 without attributes',
    { data: { type: 'domain', attributes: {} } },
    {},
    ['There is an answer of API v3 without attributes, so it is not a report'],
  ],
  [
    'an alert in which nothing was found',
    { alert: 'x' },
    {},
    ['There is an object without a response_code, so it is not a VirusTotal report'],
  ],
  ['a number', 42, {}, ['There is a number, not a VirusTotal report']],
];

describe('what a person reads of', () => {
  for (const [what, report, options, texts] of READ) {
    it(what, () => {
      expect(
        analyzeReport(report, { now: () => NOW, ...options }).reasons.map(({ text }) => text),
      ).to.deep.equal(texts);
    });
  }
});
