import { quote, VirusTotalError } from '../errors';
import { numberOf, OPTIONS, rangeText } from '../options';

/** Where the positives of a report come from that has none of its own (API v2: every domain and IP address). */
export type Heuristic = 'none' | 'detections' | 'jsonata';

/**
 * How a report is judged; the Report Analysis node's properties. Numbers may come as text, as they do from a saved flow or
 * an environment variable. What is absent, null or "" has its default.
 */
export interface AnalysisOptions {
  /** Malicious from this many positives on: a whole number of 1 or more. Default 5. */
  malicious?: number | string;
  /** Trusted below this many positives: a whole number; 0: never. Default 1. Where both match, malicious wins. */
  trusted?: number | string;
  /** Default `none`: a report without positives is No Match. */
  heuristic?: Heuristic;
  /** Percent, 0..99 and below `highRate`: detections at a lower rate are of low confidence. Default 33. */
  lowRate?: number | string;
  /** Percent, 0..99: detections at a higher rate are of high confidence. Default 66. */
  highRate?: number | string;
  /** Days since the scan; an older report is No Match. Default 0: any age. */
  maxAgeDays?: number | string;
  /**
   * With fewer engines than this that have an opinion a report isn't Trusted; of a URL, domain or IP address `undetected` is no
   * opinion. Default 0.
   */
  minEngines?: number | string;
  /** Comma separated names of engines that don't count, upper or lower case. Default "". */
  ignoreEngines?: string;
  /** The time, in ms since 1970, that `maxAgeDays` is counted back from. Default `Date.now`. */
  now?: () => number;
}

/** The options, checked and with their defaults. */
export interface AnalysisRules {
  malicious: number;
  trusted: number;
  heuristic: Heuristic;
  lowRate: number;
  highRate: number;
  maxAgeDays: number;
  minEngines: number;
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
  const lowRate = numberOption('lowRate', options.lowRate);
  const highRate = numberOption('highRate', options.highRate);
  if (lowRate >= highRate) {
    throw new VirusTotalError(
      'VT_CONFIG',
      `Not valid: lowRate must be below highRate, but lowRate is ${lowRate} and highRate is ${highRate}: lower the first or raise the second`,
    );
  }
  const heuristic = options.heuristic || ANALYSIS.heuristic.default;
  if (!ANALYSIS.heuristic.choices.includes(heuristic)) {
    throw refused('heuristic', heuristic, `one of ${ANALYSIS.heuristic.choices.join(', ')}`);
  }
  const ignoreEngines: unknown = options.ignoreEngines ?? '';
  if (typeof ignoreEngines !== 'string') {
    throw refused('ignoreEngines', ignoreEngines, 'text: names of engines with commas between them');
  }
  return {
    malicious,
    trusted,
    heuristic,
    lowRate,
    highRate,
    maxAgeDays: numberOption('maxAgeDays', options.maxAgeDays),
    minEngines: numberOption('minEngines', options.minEngines),
    ignoreEngines: new Set(
      ignoreEngines
        .split(',')
        .map((name) => name.trim().toLowerCase())
        .filter(Boolean),
    ),
    now: options.now ?? Date.now,
    maliciousRule: `>= ${malicious}`,
    trustedRule: `< ${trusted}`,
  };
}

type NumberName = 'malicious' | 'trusted' | 'lowRate' | 'highRate' | 'maxAgeDays' | 'minEngines';

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
