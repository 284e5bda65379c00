import type { Analysis } from '../../src/analysis/analysis';
import { OUTPUT_OF, type Verdict } from '../../src/analysis/verdict';
import type { FailedLookup, SkippedIndicator } from '../../src/summary/incident';
import type { SummaryOptions } from '../../src/summary/options';

/** 2026-03-04, three days after the scans of `analysis`. */
export const NOW = Date.parse('2026-03-04T12:00:00Z');

const REASON_OF: Record<Verdict, Analysis['reasons'][number]> = {
  malicious: { code: 'malicious-threshold', text: '8 of 97 engines detect it' },
  trusted: { code: 'trusted-threshold', text: '0 of 97 engines detect it' },
  'no-match': { code: 'between-thresholds', text: '2 of 97 engines detect it' },
  missing: { code: 'report-missing', text: 'There is nothing where the report should be' },
  error: { code: 'report-error', text: 'VT_QUOTA: the quota of the day is used up' },
};

/** A verdict on a domain, as `analyzeReport` gives it. */
export function analysis(verdict: Verdict, more: Partial<Analysis> = {}): Analysis {
  const positives = { malicious: 8, trusted: 0, 'no-match': 2, missing: null, error: null }[verdict];
  const total = positives === null ? null : 97;
  return {
    verdict,
    output: OUTPUT_OF[verdict],
    type: verdict === 'missing' ? null : 'domain',
    resource: verdict === 'missing' ? null : `${verdict}.example.com`,
    positives,
    total,
    rate: positives === null ? null : (positives * 100) / 97,
    confidence: null,
    rule: null,
    reasons: [REASON_OF[verdict]],
    engines: Array.from({ length: positives ?? 0 }, (_, n) => ({ name: `Engine ${n}`, result: 'phishing' })),
    ...(total === null ? {} : { scanDate: '2026-03-01 12:00:00' }),
    ...(verdict === 'malicious' ? { label: 'trojan.madeup' } : {}),
    ...(verdict === 'error'
      ? { error: { code: 'VT_QUOTA', message: 'The quota of the day is used up' } }
      : {}),
    ...more,
  };
}

export const FAILED: FailedLookup = {
  type: 'ip',
  value: '203.0.113.9',
  code: 'VT_TIMEOUT',
  message: 'No complete answer from VirusTotal in 30 s',
};

export const SKIPPED: readonly SkippedIndicator[] = [
  { type: 'ip', value: '10.0.0.1', reason: 'private address (RFC 1918)' },
  { type: 'ip', value: '10.0.0.2', reason: 'private address (RFC 1918)' },
  { type: 'domain', value: 'intranet.example.com', reason: 'on the allow list' },
];

/** Ten indicators of all kinds, as of one alert. */
export function tenAnalyses(): Analysis[] {
  const hash = (letter: string): string => letter.repeat(64);
  return [
    analysis('trusted', { resource: 'www.example.net' }),
    analysis('malicious', { resource: 'evil.example.com' }),
    analysis('malicious', {
      type: 'url',
      resource: 'https://evil.example.com/login.php?next=http://bank.example.org/',
      permalink: `https://www.virustotal.com/gui/url/${hash('a')}`,
      positives: 12,
    }),
    analysis('malicious', {
      type: 'file',
      resource: hash('b'),
      positives: 60,
      total: 72,
      label: 'ransomware.lockbit/madeup',
    }),
    analysis('no-match', { type: 'file', resource: hash('c'), total: 70 }),
    analysis('no-match', {
      type: 'file',
      resource: hash('d'),
      positives: null,
      total: null,
      engines: [],
      scanDate: '',
      reasons: [{ code: 'not-found', text: 'VirusTotal does not know it' }],
    }),
    analysis('no-match', { type: 'ip', resource: '198.51.100.7' }),
    analysis('trusted', { type: 'ip', resource: '2001:db8::7' }),
    analysis('trusted', { type: 'url', resource: 'https://www.example.org/' }),
    analysis('error', { type: 'ip', resource: '203.0.113.8' }),
  ];
}

/** The incident of the pictures: ten indicators, one more that failed on the way, some that were not looked up. */
export const WHOLE: SummaryOptions = {
  title: 'Phishing mail reported by reception',
  failed: [FAILED],
  skipped: SKIPPED,
  now: () => NOW,
};
