/**
 * Every option of every node: its default, what it takes, and what it is for. The runtime validates by this table, README's tables are
 * made of it (`npm run options`), and test/nodes/options.test.ts holds the dialogs to it.
 */

export interface NumberOption {
  readonly kind: 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  /** Whether a fraction is refused. */
  readonly whole: boolean;
  /** Those that the dialog offers in a list; it keeps any other that a flow file has. */
  readonly offered?: readonly number[];
  readonly text: string;
}

export interface ChoiceOption<T extends readonly string[] = readonly string[]> {
  readonly kind: 'choice';
  readonly default: T[number];
  readonly choices: T;
  readonly text: string;
}

export interface SwitchOption {
  readonly kind: 'switch';
  readonly default: boolean;
  readonly text: string;
}

export interface TextOption {
  readonly kind: 'text';
  readonly default: string;
  readonly text: string;
}

/** The id of a config node. */
export interface NodeOption {
  readonly kind: 'node';
  readonly default: '';
  readonly type: string;
  readonly text: string;
}

/** Kept by Node-RED as a credential, apart from the flow file. */
export interface SecretOption {
  readonly kind: 'secret';
  readonly default: '';
  readonly text: string;
}

export type Option = NumberOption | ChoiceOption | SwitchOption | TextOption | NodeOption | SecretOption;

/** For a number without an upper limit of its own: beyond it, JavaScript's numbers aren't exact. */
const ANY = Number.MAX_SAFE_INTEGER;
const YEAR_S = 31_536_000;

type Range = readonly [min: number, max: number];

function whole(byDefault: number, [min, max]: Range, unit: string, text: string): NumberOption {
  return { kind: 'number', default: byDefault, min, max, unit, whole: true, text };
}

function fraction(byDefault: number, range: Range, unit: string, text: string): NumberOption {
  return { ...whole(byDefault, range, unit, text), whole: false };
}

function oneOf<const T extends readonly string[]>(
  byDefault: NoInfer<T[number]>,
  choices: T,
  text: string,
): ChoiceOption<T> {
  return { kind: 'choice', default: byDefault, choices, text };
}

function onOff(byDefault: boolean, text: string): SwitchOption {
  return { kind: 'switch', default: byDefault, text };
}

function words(byDefault: string, text: string): TextOption {
  return { kind: 'text', default: byDefault, text };
}

function node(type: string, text: string): NodeOption {
  return { kind: 'node', default: '', type, text };
}

function secret(text: string): SecretOption {
  return { kind: 'secret', default: '', text };
}

/**
 * Well-known makers and phishing lists that detected nothing benign in recorded reports; docs/verdicts.md has the figures.
 * Engines that license another maker's detections are left out: two of them would count one opinion twice.
 */
const TRUSTED_ENGINES = [
  'Microsoft',
  'Kaspersky',
  'BitDefender',
  'ESET',
  'ESET-NOD32',
  'Google',
  'Google Safebrowsing',
  'Sophos',
  'Symantec',
  'Fortinet',
  'Avira',
  'McAfee',
  'TrendMicro',
  'Malwarebytes',
  'Webroot',
  'Netcraft',
  'OpenPhish',
  'URLhaus',
  'Yandex Safebrowsing',
  'Avast',
  'AhnLab-V3',
].join(', ');

/** By node type and property, in the order of the dialog. */
export const OPTIONS = {
  'virustotal-config': {
    name: words('', 'shown in the editor'),
    apiKey: secret(
      '`${VIRUSTOTAL_API_KEY}` reads it from an environment variable. _Test_ asks VirusTotal whether it is valid and what it may use, and takes these figures over',
    ),
    apiVersion: oneOf('v3', ['v3', 'v2'], 'v2 and v3 give the same report shape'),
    rateLimit: onOff(true, 'off: requests start as they come'),
    rateLimitMode: oneOf(
      'spacing',
      ['spacing', 'window'],
      "evenly, or at once: up to the limit in any 60 seconds, which lets an idle key's first four go at once",
    ),
    rateLimitMs: whole(15_000, [0, 86_400_000], 'ms', 'evenly: minimum time between two requests'),
    rateLimitCount: whole(4, [1, 1_000_000], 'requests', 'at once: in any 60 seconds'),
    dailyQuota: whole(500, [0, ANY], 'lookups', '0: not counted. The counter resets at 00:00 UTC'),
    monthlyQuota: whole(
      15_500,
      [0, ANY],
      'lookups',
      '0: not counted. The counter resets at 00:00 UTC of the 1st',
    ),
    onQuota: oneOf(
      'fail',
      ['fail', 'wait'],
      'lookups fail at once with `VT_QUOTA`, or wait for the next day',
    ),
    maxQueue: whole(
      10_000,
      [1, 10_000_000],
      'messages',
      'and ten times as many lookups; more are refused with `VT_QUEUE_FULL`',
    ),
    cache: onOff(true, 'errors are never kept'),
    cacheSize: whole(500, [1, 500], 'reports', 'in 64 MiB at most'),
    cacheTtl: whole(3600, [1, YEAR_S], 's', 'how long a report is kept'),
    cacheTtlUnknown: whole(300, [1, YEAR_S], 's', 'for "unknown" and "still queued"'),
    skipPrivate: onOff(true, 'they are listed as skipped'),
    allowList: words(
      '',
      'the allow list, one per line: domain with its subdomains, IP or CIDR, hash, URL prefix',
    ),
    apiUrl: words('', "empty: VirusTotal's own"),
    timeout: whole(30_000, [1, 3_600_000], 'ms', 'for a whole request'),
    proxy: node('http proxy', "Node-RED's own; without one, `HTTP_PROXY` and `NO_PROXY` apply"),
    tls: node('tls-config', "Node-RED's own"),
    store: oneOf(
      'memory',
      ['memory', 'redis'],
      "Redis: several Node-RED servers share one key's quota and cache, see [docs/scaling.md](docs/scaling.md)",
    ),
    redisUrl: secret('with Redis: `redis://user:password@host:6379/0`, or `rediss://` for TLS'),
    instances: whole(
      1,
      [1, 1000],
      'servers',
      'with Redis: how many share the key. A server that has not reached Redis since it started uses that part of the limit',
    ),
  },
  virustotal: {
    name: words('', 'shown in the editor'),
    server: node('virustotal-config', 'the node whose key is used'),
    action: oneOf(
      'search',
      ['search', 'domain', 'file', 'ip', 'url'],
      'search within a value, or the report of one domain, file hash, IP address or URL',
    ),
    source: words('payload', 'where the value is, as `sourceType` says'),
    sourceType: oneOf(
      'msg',
      ['msg', 'flow', 'global', 'jsonata', 'str', 'env'],
      'message, flow or global context, JSONata, text, environment variable',
    ),
    hosts: onOff(false, 'in a search'),
    mailDomains: onOff(false, 'in a search'),
    emit: oneOf(
      'each',
      ['each', 'array'],
      'one message each with `msg.parts`, so that a join node puts them together; or one message with an array',
    ),
    output: words(
      'payload',
      'any property of the message but those that the nodes write themselves: `virustotal`, `parts`, `analysis`, `analyses`, `error`, `_msgid`',
    ),
    via: oneOf(
      'virustotal',
      ['virustotal', 'dxl'],
      'or make an OpenDXL request (`msg.dxlTopic`, `msg.payload`) without asking VirusTotal',
    ),
    onError: oneOf(
      'catch',
      ['catch', 'report'],
      'raise an error for a Catch node, or pass on a report with `response_code: -1` and `error`, which Report Analysis routes to Report Error',
    ),
    envelope: onOff(false, 'so that the report says what it is of, wherever it is stored'),
    scans: onOff(true, 'off: the report is much smaller'),
    raw: onOff(false, 'with the fields that the report does not have'),
    quota: onOff(false, '`{day: {used, allowed}, month: {used, allowed}}`; `allowed` 0: not counted'),
  },
  'virustotal-report-analysis': {
    name: words('', 'shown in the editor'),
    property: words('payload', 'where the report is in the message; an array is judged one by one'),
    malicious: {
      ...whole(
        5,
        [1, ANY],
        'detections',
        'this number of detections or more: Malicious, which wins where both match',
      ),
      offered: [1, 2, 3, 4, 5, 10, 15, 20, 25],
    },
    trusted: {
      ...whole(
        1,
        [0, ANY],
        'detections',
        'fewer detections than this: Trusted; 0: never. It means few detections, not that something is safe',
      ),
      offered: [0, 1, 2, 3, 4, 5, 10],
    },
    rule: oneOf(
      'positives',
      ['positives', 'evidence'],
      'the thresholds alone, or also who detected and who rated it, see [docs/verdicts.md](docs/verdicts.md)',
    ),
    trustedEngines: words(
      TRUSTED_ENGINES,
      'with `evidence`: comma separated; a detection by one of these counts for more',
    ),
    trustedEnginesMin: whole(
      2,
      [1, ANY],
      'engines',
      'with `evidence`: the number of these that makes Malicious',
    ),
    gti: oneOf(
      'off',
      ['off', 'adds', 'decides'],
      "Google Threat Intelligence's verdict (its keys, v3): not used, a malicious one makes Malicious, or it decides where there is one",
    ),
    heuristic: oneOf(
      'none',
      ['none', 'detections', 'jsonata'],
      'for v2 domains and IPs, which have no positives: number of detections listed, or a JSONata expression',
    ),
    heuristicExpression: words('', 'over the report; it gives the number of positives'),
    lowRate: fraction(33, [0, 98], '%', 'files; it must be below the high rate; in between: medium'),
    highRate: fraction(66, [1, 99], '%', 'files; it must be above the low rate'),
    hostLowRate: fraction(5, [0, 98], '%', 'URLs, domains and IPs; it must be below the high rate'),
    hostHighRate: fraction(10, [1, 99], '%', 'URLs, domains and IPs; it must be above the low rate'),
    maxAgeDays: fraction(
      0,
      [0, ANY],
      'days',
      '0: any age. An older report goes to No Match; a detected file stays Malicious at any age',
    ),
    minEngines: whole(0, [0, ANY], 'engines', 'with fewer engines that have an opinion it is never Trusted'),
    trustUnrated: onOff(
      false,
      'off: a URL, domain or IP that no engine has rated goes to No Match; on: it counts as not detected',
    ),
    ignoreEngines: words('', 'comma separated; what one of them detects is never Trusted'),
  },
  'virustotal-stix': {
    name: words('', 'shown in the editor'),
    property: words(
      'payload',
      'where the report is in the message; the bundle takes its place in `msg.payload`',
    ),
    tlp: oneOf('clear', ['clear', 'green', 'amber', 'amber+strict', 'red'], 'TLP 2.0, of every object'),
    indicatorFor: oneOf(
      'malicious',
      ['malicious', 'suspicious', 'all'],
      'which reports become an indicator, which platforms detect by',
    ),
    platform: oneOf('generic', ['generic', 'opencti', 'misp', 'sentinel'], 'the platform the bundle is for'),
    validDays: whole(0, [0, 3650], 'days', 'how long an indicator is valid from today; 0: no end is given'),
    maxRelated: whole(20, [0, 1000], 'objects', 'maximum number of resolutions, URLs and samples (each)'),
    attackPatterns: onOff(false, 'techniques that sandboxes saw (v3; one more lookup)'),
    server: node('virustotal-config', 'for these techniques'),
  },
} as const satisfies Record<string, Record<string, Option>>;

export type NodeType = keyof typeof OPTIONS;

type Defaults<T extends Record<string, Option>> = {
  -readonly [K in keyof T as T[K] extends { kind: 'node' | 'secret' } ? never : K]: T[K] extends {
    choices: readonly (infer C)[];
  }
    ? C
    : T[K]['default'];
};

/** The defaults of a node's options, but for ids of other nodes and for credentials, which have none. */
export function defaultsOf<T extends NodeType>(type: T): Defaults<(typeof OPTIONS)[T]> {
  const options = Object.entries<Option>(OPTIONS[type]);
  const own = options.filter(([, { kind }]) => kind !== 'node' && kind !== 'secret');
  return Object.fromEntries(own.map(([name, option]) => [name, option.default])) as Defaults<
    (typeof OPTIONS)[T]
  >;
}

/** The names of a node's options of one kind. */
export function optionNames(type: NodeType, kind: Option['kind']): string[] {
  return Object.entries<Option>(OPTIONS[type]).flatMap(([name, option]) =>
    option.kind === kind ? [name] : [],
  );
}

/**
 * The number that a value stands for. Text is read, as a saved flow or an environment variable may give it; absent, null and "" stand
 * for the default.
 * @returns undefined for what the option doesn't take
 */
export function numberOf(option: NumberOption, value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return option.default;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !(number >= option.min && number <= option.max)) return undefined;
  return option.whole && !Number.isInteger(number) ? undefined : number;
}

/** What a number option takes, for an error: `a whole number from 1 to 500`. */
export function rangeText({ min, max, whole, unit }: NumberOption): string {
  const kind = unit === '%' ? 'a percentage' : whole ? 'a whole number' : 'a number';
  return max === ANY ? `${kind} of ${min} or more` : `${kind} from ${min} to ${max}`;
}
