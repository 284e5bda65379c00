import type { NodeAPI, NodeDef } from 'node-red';
import { createAnalyzer, type Analyzer } from '../src/analysis/analyze';
import type { AnalysisOptions } from '../src/analysis/options';
import { quote, VirusTotalError } from '../src/errors';
import { numberOf, OPTIONS, rangeText } from '../src/options';
import type { SummaryOptions } from '../src/summary/options';
import { readDayTime, type DayTime } from '../src/watch/digest';
import type { ReportRule } from '../src/watch/report-rule';
import type { WatcherOptions } from '../src/watch/watcher';
import { runtimeLanguage } from './runtime-language';
import { switchOf } from './switch';

export interface WatchDef extends NodeDef, Pick<AnalysisOptions, 'malicious' | 'trusted'> {
  server?: string;
  list?: string;
  file?: string;
  every?: number | string;
  report?: string;
  quotaShare?: number | string;
  rescanAfterDays?: number | string;
  consent?: unknown;
  stream?: string;
  digestAt?: string;
  format?: string;
}

const WATCH = OPTIONS['virustotal-watch'];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How a watch node is set up. */
export interface WatchSetup {
  /** Lines of indicators. */
  list: string;
  /** Path of a file with such lines; empty: none. */
  file: string;
  /** Filter of the IoC stream; empty: it is not read. */
  stream: string;
  rule: ReportRule;
  watcher: WatcherOptions;
  analyzer: Analyzer;
  /** Absent: each change is a message. */
  digest?: { at: DayTime; rendering: SummaryOptions };
}

/** @throws VirusTotalError `VT_CONFIG` */
export function readWatchSetup(RED: NodeAPI, def: WatchDef): WatchSetup {
  const { malicious, trusted, digestAt = '' } = def;
  const rescanAfterMs = numberIn('rescanAfterDays', def.rescanAfterDays) * DAY_MS;
  if (rescanAfterMs > 0 && !switchOf('consent', def.consent, WATCH.consent.default)) throw noConsent();
  const format = choiceIn('format', WATCH.format.choices, def.format || WATCH.format.default);
  const at = readDayTime(String(digestAt));
  if (String(digestAt).trim() !== '' && !at)
    throw refused(`digestAt is ${quote(digestAt)}; it must be a time of the day, as 07:30, or empty`);
  return {
    list: String(def.list ?? ''),
    file: String(def.file ?? '').trim(),
    stream: String(def.stream ?? '').trim(),
    rule: choiceIn('report', WATCH.report.choices, def.report || WATCH.report.default),
    watcher: {
      everyMs: numberIn('every', def.every) * HOUR_MS,
      share: numberIn('quotaShare', def.quotaShare),
      rescanAfterMs,
    },
    analyzer: createAnalyzer({
      ...(malicious === undefined ? {} : { malicious }),
      ...(trusted === undefined ? {} : { trusted }),
    }),
    ...(at ? { digest: { at, rendering: { format, language: runtimeLanguage(RED) } } } : {}),
  };
}

function choiceIn<T extends string>(name: string, choices: readonly T[], value: string): T {
  const choice = choices.find((one) => one === value);
  if (choice !== undefined) return choice;
  throw refused(`${name} is ${quote(String(value))}; it must be one of ${choices.join(', ')}`);
}

function numberIn(name: 'every' | 'quotaShare' | 'rescanAfterDays', value: unknown): number {
  const number = numberOf(WATCH[name], value);
  if (number !== undefined) return number;
  throw refused(`${name} is ${quote(String(value))}; it must be ${rangeText(WATCH[name])}`);
}

function noConsent(): VirusTotalError {
  return new VirusTotalError(
    'VT_CONFIG',
    'Not started: consent is missing. With "Scan again after (days)" (rescanAfterDays) indicators are sent to be scanned, and the date of the scan can be seen. ' +
      'Open this node, read what becomes public, tick the consent box, and deploy. Or set the days to 0',
    { reason: 'no-consent' },
  );
}

function refused(problem: string): VirusTotalError {
  return new VirusTotalError('VT_CONFIG', `Not valid: ${problem}`);
}
