/**
 * Every option of every node: its default, its range or choices, and its purpose. The runtime validates with this table, `npm run options`
 * writes the tables in docs/nodes from it, and test/nodes/options.test.ts compares the dialogs with it.
 */

/** An option that takes a number in a range. */
export interface NumberOption {
  readonly kind: 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  /** True if the option refuses fractions. */
  readonly whole: boolean;
  /** The values that the dialog offers in a list. It keeps any other value that a flow file has. */
  readonly offered?: readonly number[];
  readonly text: string;
}

/** An option with a fixed list of choices. */
export interface ChoiceOption<T extends readonly string[] = readonly string[]> {
  readonly kind: 'choice';
  readonly default: T[number];
  readonly choices: T;
  readonly text: string;
}

/** An option that is on or off. */
export interface SwitchOption {
  readonly kind: 'switch';
  readonly default: boolean;
  readonly text: string;
}

/** An option of free text. */
export interface TextOption {
  readonly kind: 'text';
  readonly default: string;
  readonly text: string;
}

/** An option that holds the id of a config node. */
export interface NodeOption {
  readonly kind: 'node';
  readonly default: '';
  readonly type: string;
  readonly text: string;
}

/** An option that Node-RED stores as a credential, apart from the flow file. */
export interface SecretOption {
  readonly kind: 'secret';
  readonly default: '';
  readonly text: string;
}

/** Any option of a node. `kind` tells them apart. */
export type Option = NumberOption | ChoiceOption | SwitchOption | TextOption | NodeOption | SecretOption;

/** Upper limit of a number that has no other. JavaScript's integers are not exact above it. */
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
 * Well-known vendors and phishing lists that detected nothing benign in the recorded reports; docs/verdicts.md has the figures.
 * Engines that license another vendor's detections are left out: with two of them, one opinion would count twice.
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

/** The options by node type and property, in the order of the dialog. */
export const OPTIONS = {
  'virustotal-config': {
    name: words('', 'shown in the editor'),
    apiKey: secret(
      '`${VIRUSTOTAL_API_KEY}` takes it from an environment variable. _Test_ asks VirusTotal whether the key is valid and what its limits are, and can fill them in',
    ),
    apiVersion: oneOf('v3', ['v3', 'v2'], 'v2 and v3 give the same report shape'),
    rateLimit: onOff(true, 'off: every request starts at once'),
    rateLimitMode: oneOf(
      'spacing',
      ['spacing', 'window'],
      '`spacing`: a minimum time between two requests. `window`: a maximum number in any 60 seconds, so the first four of an idle key start at once',
    ),
    rateLimitMs: whole(15_000, [0, 86_400_000], 'ms', 'with `spacing`: minimum time between two requests'),
    rateLimitCount: whole(4, [1, 1_000_000], 'requests', 'with `window`: maximum in any 60 seconds'),
    dailyQuota: whole(500, [0, ANY], 'lookups', '0: not counted. The counter resets at 00:00 UTC'),
    reserve: whole(
      20,
      [0, 99],
      '%',
      'kept for messages of priority 0 to 5; 5 is the default. Once only this part is left, lookups of priority 6 to 9 fail or wait. 0: no reserve',
    ),
    monthlyQuota: whole(
      15_500,
      [0, ANY],
      'lookups',
      '0: not counted. The counter resets on the 1st at 00:00 UTC',
    ),
    onQuota: oneOf(
      'fail',
      ['fail', 'wait'],
      '`fail`: lookups fail at once with `VT_QUOTA`. `wait`: they wait until the counter resets',
    ),
    maxQueue: whole(
      10_000,
      [1, 10_000_000],
      'messages',
      'maximum number of waiting messages; ten times as many lookups may wait. More are refused with `VT_QUEUE_FULL`',
    ),
    cache: onOff(true, 'keeps reports, never errors'),
    cacheSize: whole(500, [1, 500], 'reports', 'at most 64 MiB together'),
    cacheTtl: whole(3600, [1, YEAR_S], 's', 'how long a report stays in the cache'),
    cacheTtlUnknown: whole(
      300,
      [1, YEAR_S],
      's',
      'the same for an unknown indicator and a scan that is still queued',
    ),
    keepCache: onOff(
      true,
      'cached reports survive a restart if Node-RED has a persistent context store (`contextStorage` in its settings). With Redis they always do',
    ),
    skipPrivate: onOff(true, 'they are listed in `msg.virustotal.skipped`'),
    allowList: words(
      '',
      'the allow list, one entry per line: domain (with its subdomains), IP address, CIDR network, hash or URL prefix',
    ),
    fileRoots: words(
      '',
      'one absolute path per line: only files below these folders are read by their path, to be hashed, submitted or read as a list. Empty: none',
    ),
    apiUrl: words('', "empty: VirusTotal's API"),
    timeout: whole(30_000, [1, 3_600_000], 'ms', 'maximum time for a whole request'),
    proxy: node('http proxy', 'without one, `HTTP_PROXY` and `NO_PROXY` apply'),
    tls: node('tls-config', 'certificates for the connection'),
    metrics: onOff(
      false,
      '`GET /virustotal/metrics` on the admin root, in the format of Prometheus. The scraper needs the permission `virustotal.read`',
    ),
    store: oneOf(
      'memory',
      ['memory', 'redis'],
      "`redis`: several Node-RED servers share one key's rate limit, quota and cache, see [Several Node-RED servers, one key](../scaling.md)",
    ),
    redisUrl: secret('with Redis: `redis://user:password@host:6379/0`, or `rediss://` for TLS'),
    instances: whole(
      1,
      [1, 1000],
      'servers',
      'with Redis: number of servers that share the key. A server that has not reached Redis since it started uses one part of the limit',
    ),
  },
  virustotal: {
    name: words('', 'shown in the editor'),
    server: node('virustotal-config', 'the config node with the API key'),
    action: oneOf(
      'search',
      ['search', 'domain', 'file', 'ip', 'url'],
      'search a value for indicators, or get the report of one domain, file hash, IP address or URL',
    ),
    source: words(
      'payload',
      'where the value is: a property, an expression, a text or the name of a variable; `sourceType` says which',
    ),
    sourceType: oneOf(
      'msg',
      ['msg', 'flow', 'global', 'jsonata', 'str', 'env', 'path'],
      'message, flow or global context, JSONata, text, environment variable, or `path`: the message property has the path of a file below `fileRoots`, which is hashed',
    ),
    hosts: onOff(false, 'for Search Within'),
    mailDomains: onOff(false, 'for Search Within'),
    emit: oneOf(
      'each',
      ['each', 'array'],
      '`each`: one message per report, with `msg.parts` by which Incident Summary collects them. `array`: one message with an array of reports',
    ),
    output: words(
      'payload',
      'any message property except those that the nodes write: `virustotal`, `parts`, `analysis`, `analyses`, `error`, `_msgid`',
    ),
    via: oneOf(
      'virustotal',
      ['virustotal', 'dxl'],
      '`dxl`: make an OpenDXL request (`msg.dxlTopic`, `msg.payload`) and send nothing to VirusTotal',
    ),
    onError: oneOf(
      'catch',
      ['catch', 'report'],
      '`catch`: raise an error for a Catch node. `report`: pass on a report with `response_code: -1` and `error`, which Report Analysis sends to Report Error',
    ),
    envelope: onOff(false, 'keeps the indicator together with the report when you store it'),
    scans: onOff(true, 'off: makes the report much smaller'),
    raw: onOff(false, 'includes the fields that the report leaves out'),
    quota: onOff(
      false,
      '`{day: {used, allowed}, month: {used, allowed}}`, in lookups. `allowed` is 0 if the instance does not count',
    ),
  },
  'virustotal-report-analysis': {
    name: words('', 'shown in the editor'),
    property: words('payload', 'message property that holds the report, or an array of reports'),
    emit: oneOf(
      'each',
      ['each', 'array'],
      '`each`: each report of an array is sent on its own, to the output of its verdict, with `msg.parts`. `array`: the message stays one and goes to the output of the worst verdict; `msg.analyses` has all of them',
    ),
    malicious: {
      ...whole(
        5,
        [1, ANY],
        'detections',
        'Malicious from this number of detections. Malicious wins if both thresholds match',
      ),
      offered: [1, 2, 3, 4, 5, 10, 15, 20, 25],
    },
    trusted: {
      ...whole(
        1,
        [0, ANY],
        'detections',
        'Trusted below this number of detections; 0: never. Trusted means few detections, not that something is safe',
      ),
      offered: [0, 1, 2, 3, 4, 5, 10],
    },
    rule: oneOf(
      'positives',
      ['positives', 'evidence'],
      '`positives`: the thresholds alone. `evidence`: also who detected it and who rated it harmless, see [Which rule to choose](../verdicts.md)',
    ),
    trustedEngines: words(
      TRUSTED_ENGINES,
      'with `evidence`: engines whose detections count for more, separated by commas',
    ),
    trustedEnginesMin: whole(
      2,
      [1, ANY],
      'engines',
      'with `evidence`: this number of trusted engines makes Malicious',
    ),
    gti: oneOf(
      'off',
      ['off', 'adds', 'decides'],
      'verdict of Google Threat Intelligence, with its keys and API v3. `off`: not used. `adds`: what it calls malicious is Malicious. `decides`: it decides, if there is one',
    ),
    heuristic: oneOf(
      'none',
      ['none', 'detections', 'jsonata'],
      'for domains and IP addresses of API v2, which have no positives. `detections`: the number of detected URLs and samples in the report. `jsonata`: the result of an expression',
    ),
    heuristicExpression: words(
      '',
      'with `jsonata`: evaluated on the report, returns the number of positives',
    ),
    lowRate: fraction(
      33,
      [0, 98],
      '%',
      'confidence for files is low below this share of detecting engines. Must be less than the high limit; between the two, confidence is medium',
    ),
    highRate: fraction(66, [1, 99], '%', 'confidence for files is high above this share'),
    hostLowRate: fraction(5, [0, 98], '%', 'the same for URLs, domains and IP addresses'),
    hostHighRate: fraction(10, [1, 99], '%', 'the same for URLs, domains and IP addresses'),
    maxAgeDays: fraction(
      0,
      [0, ANY],
      'days',
      '0: any age. An older report goes to No Match, but a malicious file stays Malicious at any age',
    ),
    minEngines: whole(
      0,
      [0, ANY],
      'engines',
      'if fewer engines have an opinion, the report is never Trusted',
    ),
    trustUnrated: onOff(
      false,
      'off: a URL, domain or IP address that no engine has rated goes to No Match. on: it counts as not detected',
    ),
    ignoreEngines: words(
      '',
      'separated by commas. Their detections do not count towards Malicious, but make Trusted impossible',
    ),
  },
  'virustotal-stix': {
    name: words('', 'shown in the editor'),
    property: words('payload', 'message property that holds the report. The bundle goes to `msg.payload`'),
    tlp: oneOf(
      'clear',
      ['clear', 'green', 'amber', 'amber+strict', 'red'],
      'TLP 2.0 marking of every object',
    ),
    indicatorFor: oneOf(
      'malicious',
      ['malicious', 'suspicious', 'all'],
      'which reports become an indicator. Platforms detect and block by indicators',
    ),
    platform: oneOf(
      'generic',
      ['generic', 'opencti', 'misp', 'sentinel'],
      'the platform that imports the bundle',
    ),
    validDays: whole(0, [0, 3650], 'days', 'validity of an indicator from today; 0: without an end'),
    maxRelated: whole(
      20,
      [0, 1000],
      'objects',
      'maximum number of resolutions, URLs and samples (each); 0: none',
    ),
    attackPatterns: onOff(false, 'techniques that sandboxes observed, with API v3. One more lookup per file'),
    server: node('virustotal-config', 'the config node for the lookups of these techniques'),
  },
  'virustotal-summary': {
    name: words('', 'shown in the editor'),
    format: oneOf(
      'text',
      ['text', 'markdown', 'slack', 'teams', 'telegram', 'html', 'csv', 'json', 'object'],
      'format of `msg.payload`: text for a ticket or a log, a message for a chat service, an email, a table, or data',
    ),
    timeout: fraction(
      60,
      [0, 86_400],
      's',
      'an incomplete incident is sent after this time without a result. Time in which its lookups wait for the rate limit does not count. 0: never',
    ),
    maxItems: whole(
      20,
      [1, 1000],
      'rows',
      'one row per indicator, worst first; further indicators are only counted',
    ),
    defang: onOff(true, 'writes indicators so that they cannot be clicked, such as `evil[.]com`'),
    language: oneOf(
      '',
      ['', 'en-US', 'de', 'fr', 'ja', 'zh-CN'],
      "language of the summary; empty: Node-RED's language",
    ),
    title: words('', 'title of the summary, by `titleType`'),
    titleType: oneOf('str', ['str', 'msg', 'jsonata'], 'text, message property or JSONata'),
  },
  'virustotal-submit': {
    name: words('', 'shown in the editor'),
    server: node('virustotal-config', 'the config node with the API key; needs API v3'),
    action: oneOf(
      'auto',
      ['auto', 'url', 'file', 'rescan', 'comment', 'vote'],
      '`auto`: submit what the report in the message is about. `rescan`: have VirusTotal scan a file, URL, domain or IP address that it knows again',
    ),
    source: words(
      'payload',
      'where the report (`auto`) or the value is: a property, an expression, a text or the name of a variable, by `sourceType`',
    ),
    sourceType: oneOf(
      'msg',
      ['msg', 'flow', 'global', 'jsonata', 'str', 'env', 'path', 'bin'],
      'as in the VirusTotal node; `path`: the message property has the path of a file below `fileRoots`. `bin`: it has the bytes of a file',
    ),
    comment: words('comment', 'with `comment`: where the text is, by `commentType`'),
    commentType: oneOf('msg', ['msg', 'jsonata', 'str'], 'message property, JSONata or text'),
    verdict: words('verdict', 'with `vote`: where `malicious` or `harmless` is, by `verdictType`'),
    verdictType: oneOf('msg', ['msg', 'jsonata', 'str'], 'message property, JSONata or text'),
    consent: onOff(
      false,
      'off: nothing is sent, and each message ends with `VT_CONFIG`. The dialog says what becomes public',
    ),
    when: oneOf(
      'unknown',
      ['unknown', 'older', 'always'],
      '`unknown`: only what VirusTotal does not know. `older`: also what it scanned more than `maxAgeDays` ago. `always`: a known file is scanned again and not uploaded',
    ),
    maxAgeDays: fraction(30, [0, 36_500], 'days', 'with `older`: age from which a report is too old'),
    wait: onOff(true, 'off: the message goes on at once, with `{analysisId}`'),
    timeout: fraction(600, [1, 86_400], 's', 'time for the analysis; then `VT_TIMEOUT`'),
    maxPerDay: whole(
      20,
      [1, 1_000_000],
      'submissions',
      'maximum number that this node sends in a day (UTC), comments and votes included. Further messages end with `VT_QUOTA`',
    ),
    output: words('payload', 'message property that receives the report, as in the VirusTotal node'),
    extensions: words(
      '',
      'with files: only those with one of these extensions, separated by commas. Empty: any',
    ),
    namePattern: words('', 'with files: only those whose name matches this regular expression. Empty: any'),
    maxSize: whole(650, [1, 650], 'MiB', 'with files: the largest that is sent'),
    allowTokens: onOff(false, 'on: also submits URLs with a token or a link that works once'),
    private: onOff(
      false,
      'on: nothing is shared, and no engine gives a verdict. The key needs a license for private scanning',
    ),
    password: secret('with files: the password of a ZIP archive that contains one file'),
    onError: oneOf(
      'catch',
      ['catch', 'report'],
      '`catch`: raise an error for a Catch node. `report`: pass on a report with `error`, and with `response_code: -2` if the analysis is not ready in time, else -1',
    ),
  },
  'virustotal-related': {
    name: words('', 'shown in the editor'),
    server: node('virustotal-config', 'the config node with the API key'),
    source: words(
      'payload',
      'where the report or the indicator is, by `sourceType`; if nothing is there, `msg.analysis` is used',
    ),
    sourceType: oneOf(
      'msg',
      ['msg', 'flow', 'global', 'jsonata', 'str', 'env'],
      'message, flow or global context, JSONata, text or environment variable',
    ),
    relations: words(
      'default',
      'kinds and relations such as `file.contacted_ips`, separated by commas. `default`: hosts that a file contacted, files that it dropped, and what a name or address resolved to',
    ),
    limit: whole(10, [1, 200], 'indicators', 'maximum number of indicators of each relation, newest first'),
    maxRequests: whole(
      3,
      [1, 100],
      'requests',
      'maximum number of requests per message; each counts as a lookup. What is left out is in `msg.virustotal.unanswered`',
    ),
    maxDepth: whole(
      1,
      [1, 10],
      'levels',
      'a message whose `msg.depth` has reached it causes no request, so a flow that leads back to this node ends',
    ),
    emit: oneOf(
      'each',
      ['each', 'array'],
      '`each`: one message per indicator, with `msg.parts`. `array`: one message with an array of indicators',
    ),
  },
  'virustotal-events': {
    name: words('', 'shown in the editor'),
    server: node('virustotal-config', 'the config node whose events are sent; empty: all'),
    kinds: words('all', 'the kinds of events that are sent, separated by commas; `all`: every kind'),
  },
  'virustotal-watch': {
    name: words('', 'shown in the editor'),
    server: node('virustotal-config', 'the instance whose key is used'),
    list: words(
      '',
      'one indicator per line: domain, IP address, URL or file hash; `#` begins a comment. At most 10,000, with those of the file and of messages',
    ),
    file: words(
      '',
      'path of a file with such lines, below `fileRoots` of the instance. It is read again when it changes',
    ),
    every: fraction(
      24,
      [0.1, 8760],
      'h',
      'each indicator is looked up once in this time, if the key allows it',
    ),
    quotaShare: whole(50, [1, 100], '%', 'the part of the requests per day that this node may use'),
    rescanAfterDays: whole(
      0,
      [0, 3650],
      'days',
      'an indicator that VirusTotal scanned longer ago is scanned again before it is judged, at most once in this time. 0: never',
    ),
    consent: onOff(false, 'consent that `rescanAfterDays` needs: what is scanned again may become public'),
    stream: words(
      '',
      'filter of the IoC stream of Google Threat Intelligence, such as `origin:hunting`; `*`: everything. Empty: the stream is not read',
    ),
    report: oneOf(
      'any',
      ['any', 'worse', 'malicious'],
      '`any`: every change of the verdict. `worse`: from Trusted to No Match, or to Malicious. `malicious`: only to Malicious',
    ),
    malicious: whole(5, [1, ANY], 'detections', 'Malicious from this number of detections'),
    trusted: whole(1, [0, ANY], 'detections', 'Trusted below this number of detections; 0: never'),
    digestAt: words(
      '',
      'for example `07:30`: the changes are sent together, once a day at this time of the server. Empty: each change is sent at once',
    ),
    format: oneOf(
      'text',
      ['text', 'markdown', 'slack', 'teams', 'telegram', 'html', 'csv', 'json', 'object'],
      'with a digest: its format, one of those of Incident Summary',
    ),
  },
} as const satisfies Record<string, Record<string, Option>>;

/** The type of a node, as a flow file names it. */
export type NodeType = keyof typeof OPTIONS;

type Defaults<T extends Record<string, Option>> = {
  -readonly [K in keyof T as T[K] extends { kind: 'node' | 'secret' } ? never : K]: T[K] extends {
    choices: readonly (infer C)[];
  }
    ? C
    : T[K]['default'];
};

/** Returns the default of each option of a node type, except for ids of config nodes and for credentials, which have none. */
export function defaultsOf<T extends NodeType>(type: T): Defaults<(typeof OPTIONS)[T]> {
  const options = Object.entries<Option>(OPTIONS[type]);
  const own = options.filter(([, { kind }]) => kind !== 'node' && kind !== 'secret');
  return Object.fromEntries(own.map(([name, option]) => [name, option.default])) as Defaults<
    (typeof OPTIONS)[T]
  >;
}

/** Returns the names of all options of one kind that a node type has. */
export function optionNames(type: NodeType, kind: Option['kind']): string[] {
  return Object.entries<Option>(OPTIONS[type]).flatMap(([name, option]) =>
    option.kind === kind ? [name] : [],
  );
}

/**
 * Reads the value of a number option. Text is accepted, because a saved flow or an environment variable may hold it; undefined, null and
 * "" give the default.
 * @returns the number, or undefined if the value is not a number in the option's range
 */
export function numberOf(option: NumberOption, value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return option.default;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !(number >= option.min && number <= option.max)) return undefined;
  return option.whole && !Number.isInteger(number) ? undefined : number;
}

/** Describes the range of a number option for an error text: `a whole number from 1 to 500`. */
export function rangeText({ min, max, whole, unit }: NumberOption): string {
  const kind = unit === '%' ? 'a percentage' : whole ? 'a whole number' : 'a number';
  return max === ANY ? `${kind} of ${min} or more` : `${kind} from ${min} to ${max}`;
}
