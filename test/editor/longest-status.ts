import { catalogue } from '../support/node-files';

export const LANGUAGES = ['en-US', 'de', 'fr', 'ja', 'zh-CN'] as const;

/** What the lookups of a search can have failed of; a trouble of the key is said in place of the counts, and Redis' beside the limits. */
const FAILURES = [
  'timeout',
  'network',
  'server',
  'badReport',
  'queueFull',
  'dropped',
  'refused',
  'forbidden',
];
const TROUBLES = ['keyRefusedUntil', 'slowDownUntil', 'dayUsed', 'monthUsed', 'reserved', 'quotaUsedUntil'];

/** All long lines that can stand below a node of a type, in the language. */
function linesIn(language: string): Record<string, string[]> {
  const texts = catalogue('virustotal', language);
  const say = (key: string, values: Record<string, string> = {}): string =>
    (texts.get(`status.${key}`) ?? key).replace(
      /__(\w+?)__/g,
      (blank, name: string) => values[name] ?? blank,
    );
  const wait = say('minutes', { count: '59' });
  return {
    virustotal: [
      ...TROUBLES.map((key) => `3/8 · ${say(key, { wait })}`),
      ...FAILURES.map((key) => `${say('detected')} 8 · ${say('failed')} 12/20 · ${say(key)}`),
      `${['detected', 'clean', 'unknown', 'noVerdict'].map((key) => `${say(key)} 8`).join(' · ')}`,
      ...['noConfig', 'settings', 'invalid'].map((key) => say(key)),
    ],
    'virustotal-submit': [
      ...['atVirusTotal', 'recovering'].map((key) => `${say('submissions', { count: '8' })} · ${say(key)}`),
      ...['noConsent', 'submissionsUsed', 'dayUsed', 'noConfig'].map((key) => say(key)),
    ],
    'virustotal-watch': [
      ...['dayUsed', 'keyRefused', 'noConfig', 'forbidden'].map((key) => `${say(key)} · ${watchLine(say)}`),
      watchLine(say, [
        say('changed', { count: '12' }),
        say('iocStream'),
        say('ofShare', { used: '249', allowed: '250' }),
        say('round', { wait }),
      ]),
    ],
    'virustotal-report-analysis': [
      ...['missingPrivate', 'missingAllowed', 'missingSkipped'].map((key) => say(key, { count: '12' })),
      say('missingNothing', { place: 'msg.payload' }),
    ],
  };
}

/** The line of a watch with these details. */
function watchLine(
  say: (key: string, values?: Record<string, string>) => string,
  details: readonly string[] = [],
): string {
  const [next, watched] = [say('nextCheck', { time: '14:05' }), say('watched', { count: '1000' })];
  return [next, watched, ...details, say('inMemory')].join(' · ');
}

/** All long lines that can stand below a node of a type, in any language. A debug node cuts its own at 32 characters. */
export const LONG_LINES: Record<string, string[]> = {
  virustotal: [],
  'virustotal-report-analysis': [],
  'virustotal-submit': [],
  'virustotal-watch': [],
  'virustotal-stix': ['STIX · 120'],
  function: ['qorlane-invoices.com: malicious'],
  debug: ['https://parcel-redelivery-vantry...'],
};
for (const language of LANGUAGES)
  for (const [type, lines] of Object.entries(linesIn(language))) LONG_LINES[type]?.push(...lines);
