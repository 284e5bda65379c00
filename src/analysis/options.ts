import { quote, VirusTotalError } from '../errors';
import { numberOf, OPTIONS, rangeText } from '../options';

/** Where the positives of a report come from that has none of its own (API v2: every domain and IP address). */
export type Heuristic = 'none' | 'detections' | 'jsonata';

/** What decides: the thresholds alone, or also which engines detected it, how many rated it, and what else the report knows. */
export type Rule = 'positives' | 'evidence';

/** What Google Threat Intelligence's verdict may do: nothing, make Malicious, or decide wherever there is one. */
export type GtiUse = 'off' | 'adds' | 'decides';

/**
 * How a report is judged; the Report Analysis node's properties. Numbers may come as text, as they do from a saved flow or
 * an environment variable. What is absent, null or "" has its default.
 */
export interface AnalysisOptions {
  /** Malicious from this many positives on: a whole number of 1 or more. Default 5. */
  malicious?: number | string;
  /** Trusted below this many positives: a whole number; 0: never. Default 1. Where both match, malicious wins. */
  trusted?: number | string;
  /** Default `positives`: the thresholds alone. */
  rule?: Rule;
  /** With `evidence`: comma separated names of engines that count for more, upper or lower case. Default: a list by recorded reports. */
  trustedEngines?: string;
  /** With `evidence`: Malicious when this many of `trustedEngines` detect it: a whole number of 1 or more. Default 2. */
  trustedEnginesMin?: number | string;
  /** Default `off`. */
  gti?: GtiUse;
  /** Default `none`: a report without positives is No Match. */
  heuristic?: Heuristic;
  /** Percent, 0..99 and below `highRate`: detections of a file at a lower rate are of low confidence. Default 33. */
  lowRate?: number | string;
  /** Percent, 0..99: detections of a file at a higher rate are of high confidence. Default 66. */
  highRate?: number | string;
  /** As `lowRate`, for a URL, domain or IP address: even a malicious one is rarely detected by more than one engine in ten. Default 5. */
  hostLowRate?: number | string;
  /** As `highRate`, for a URL, domain or IP address. Default 10. */
  hostHighRate?: number | string;
  /** Days since the scan; an older report is No Match, but for a file that is Malicious. Default 0: any age. */
  maxAgeDays?: number | string;
  /**
   * With fewer engines than this that have an opinion a report isn't Trusted; of a URL, domain or IP address `undetected` is no
   * opinion. Default 0.
   */
  minEngines?: number | string;
  /** Whether a URL, domain or IP address that no engine has rated may be Trusted. Default false. */
  trustUnrated?: boolean;
  /** Comma separated names of engines that don't count, upper or lower case. What one of them detects is never Trusted. Default "". */
  ignoreEngines?: string;
  /** The time, in ms since 1970, that `maxAgeDays` is counted back from. Default `Date.now`. */
  now?: () => number;
}

/** The options, checked and with their defaults. */
export interface AnalysisRules {
  malicious: number;
  trusted: number;
  rule: Rule;
  /** In lower case. */
  trustedEngines: ReadonlySet<string>;
  trustedEnginesMin: number;
  gti: GtiUse;
  heuristic: Heuristic;
  lowRate: number;
  highRate: number;
  hostLowRate: number;
  hostHighRate: number;
  maxAgeDays: number;
  minEngines: number;
  trustUnrated: boolean;
  /** In lower case. */
  ignoreEngines: ReadonlySet<string>;
  now: () => number;
  /** The thresholds as `msg.analysis.rule` shows them. */
  maliciousRule: string;
  trustedRule: string;
}

const ANALYSIS = OPTIONS['virustotal-report-analysis'];

/** @throws VirusTotalError `VT_CONFIG` that quotes the bad value and says what would do. */
export function analysisRules(options: AnalysisOptions = {}): AnalysisRules {
  const malicious = numberOption('malicious', options.malicious);
  const trusted = numberOption('trusted', options.trusted);
  const trustUnrated: unknown = options.trustUnrated ?? ANALYSIS.trustUnrated.default;
  if (typeof trustUnrated !== 'boolean') throw refused('trustUnrated', trustUnrated, 'true or false');
  return {
    malicious,
    trusted,
    rule: choiceOption('rule', options.rule),
    trustedEngines: engineNames('trustedEngines', options.trustedEngines),
    trustedEnginesMin: numberOption('trustedEnginesMin', options.trustedEnginesMin),
    gti: choiceOption('gti', options.gti),
    heuristic: choiceOption('heuristic', options.heuristic),
    ...rates('lowRate', 'highRate', options),
    ...rates('hostLowRate', 'hostHighRate', options),
    maxAgeDays: numberOption('maxAgeDays', options.maxAgeDays),
    minEngines: numberOption('minEngines', options.minEngines),
    trustUnrated,
    ignoreEngines: engineNames('ignoreEngines', options.ignoreEngines),
    now: options.now ?? Date.now,
    maliciousRule: `>= ${malicious}`,
    trustedRule: `< ${trusted}`,
  };
}

type LowRate = 'lowRate' | 'hostLowRate';
type HighRate = 'highRate' | 'hostHighRate';

function rates<L extends LowRate, H extends HighRate>(
  lowName: L,
  highName: H,
  options: AnalysisOptions,
): Record<L | H, number> {
  const low = numberOption(lowName, options[lowName]);
  const high = numberOption(highName, options[highName]);
  if (low < high) return { [lowName]: low, [highName]: high } as Record<L | H, number>;
  throw new VirusTotalError(
    'VT_CONFIG',
    `Not valid: ${lowName} must be below ${highName}, but ${lowName} is ${low} and ${highName} is ${high}: lower the first or raise the second`,
  );
}

function choiceOption<K extends 'rule' | 'gti' | 'heuristic'>(
  name: K,
  value: unknown,
): (typeof ANALYSIS)[K]['choices'][number] {
  const { choices, default: byDefault } = ANALYSIS[name];
  const chosen: unknown = value || byDefault;
  if ((choices as readonly unknown[]).includes(chosen)) return chosen as (typeof choices)[number];
  throw refused(name, chosen, `one of ${choices.join(', ')}`);
}

/** Emptied in the dialog, a list is empty; only where it is absent it has its default. */
function engineNames(name: 'trustedEngines' | 'ignoreEngines', value: unknown): ReadonlySet<string> {
  const names = value ?? ANALYSIS[name].default;
  if (typeof names !== 'string')
    throw refused(name, names, 'text: names of engines with commas between them');
  const read = names.split(',').map((engine) => engine.trim().toLowerCase());
  return new Set(read.filter(Boolean));
}

type NumberName =
  'malicious' | 'trusted' | 'trustedEnginesMin' | LowRate | HighRate | 'maxAgeDays' | 'minEngines';

function numberOption(name: NumberName, value: unknown): number {
  const read = numberOf(ANALYSIS[name], value);
  if (read === undefined) throw refused(name, value, rangeText(ANALYSIS[name]));
  return read;
}

function refused(name: string, value: unknown, expected: string): VirusTotalError {
  return new VirusTotalError(
    'VT_CONFIG',
    `Not valid: ${name} is ${quote(value)} (${typeof value}); it must be ${expected}`,
  );
}
