import type { Analysis } from '../analysis/analysis';
import type { Verdict } from '../analysis/verdict';
import { oneLine } from '../errors';
import { isCount, isObject } from '../report/narrow';
import type { Origin } from '../report/origin';
import type { ReportType } from '../report/report';
import { scanTime } from '../report/scan-date';
import { cleanText } from './clean-text';
import { defang, defangOrigin } from './defang';
import type { FailedLookup, Incident, MissingIndicator } from './incident';
import type { FormOptions } from './options';
import { reportLink } from './report-link';

/**
 * One indicator of an incident. Every text is cleaned and bounded, and none is escaped: that is for the form. What is not known is ''.
 */
export interface SummaryRow {
  verdict: Verdict;
  /** Null when it is not known. */
  type: ReportType | null;
  /** The indicator, defanged where that is asked for. */
  value: string;
  /** "8/97" */
  ratio: string;
  positives: number | null;
  total: number | null;
  /** VirusTotal's name for the threat. */
  label: string;
  /** The first engines that detect it, trusted ones first. */
  engines: string[];
  /** How many engines detect it beside those. */
  moreEngines: number;
  /** "2026-03-01 12:00:00" UTC. */
  scanDate: string;
  /** Days since the scan; null when that is not known. */
  days: number | null;
  /** Whether VirusTotal has no report of it. */
  unknown: boolean;
  /** What there is to know in place of a number of detections. */
  note: string;
  /** The code of the failure of a lookup. */
  code: string;
  link: string;
  /** The relation that led to it, as `contacted_ips`. */
  relation: string;
  /** The indicator that has the relation, defanged where that is asked for. */
  of: string;
}

const TYPES: readonly unknown[] = ['file', 'url', 'domain', 'ip'] satisfies ReportType[];
/** Chat and mail show rows; a sheet or a program wants the whole indicator. */
const LONGEST_SHOWN = 200;
const LONGEST_VALUE = 2_048;
/** It stands beside each of what it led to. */
const LONGEST_ORIGIN = 100;
const MOST_ENGINES = 3;
const DAY_MS = 86_400_000;

/** The rows of an incident, worst first: what is malicious, lookups that failed, those that have not arrived, and all else. */
export function rowsOf(incident: Incident, options: FormOptions): SummaryRow[] {
  const { analyses, failed, missing = [], origins = [] } = incident;
  const originOf = new Map<unknown, Origin>(origins.map((origin) => [origin.value, origin]));
  const judged = analyses.filter(({ verdict }) => verdict !== 'error');
  const first = judged.findIndex(({ verdict }) => verdict !== 'malicious');
  const at = first < 0 ? judged.length : first;
  // Only what is shown is read: an incident may have thousands.
  const ordered: (() => SummaryRow)[] = [
    ...judged
      .slice(0, at)
      .map(
        (analysis) => () =>
          withOrigin(analysisRow(analysis, options), originOf.get(analysis.resource), options),
      ),
    ...failed.map(
      (failure) => () => withOrigin(failureRow(failure, options), originOf.get(failure.value), options),
    ),
    ...missing.map((indicator) => () => missingRow(indicator, options)),
    ...judged
      .slice(at)
      .map(
        (analysis) => () =>
          withOrigin(analysisRow(analysis, options), originOf.get(analysis.resource), options),
      ),
  ];
  return ordered.slice(0, options.maxItems).map((row) => row());
}

function withOrigin(
  row: SummaryRow,
  origin: Origin | undefined,
  { defang: defanged }: FormOptions,
): SummaryRow {
  if (!origin) return row;
  const of = oneLine(cleanText(origin.of, LONGEST_VALUE), LONGEST_ORIGIN);
  return { ...row, relation: cleanText(origin.relation, 60), of: defanged ? defangOrigin(of) : of };
}

function analysisRow(analysis: Analysis, options: FormOptions): SummaryRow {
  const row = emptyRow(analysis.verdict, analysis.type, analysis.resource, analysis.permalink, options);
  const positives = isCount(analysis.positives) ? analysis.positives : null;
  const total = isCount(analysis.total) ? analysis.total : null;
  const { number } = options.language;
  const engines = Array.isArray(analysis.engines) ? (analysis.engines as readonly unknown[]) : [];
  const names = engines
    .slice(0, MOST_ENGINES)
    .map((engine) => (isObject(engine) ? cleanText(engine.name, 40) : ''));
  const scanned = scanTime(analysis.scanDate);
  return {
    ...row,
    positives,
    total,
    ratio: positives === null ? '' : number(positives) + (total === null ? '' : `/${number(total)}`),
    label: cleanText(analysis.label, 100),
    engines: names.filter((name) => name !== ''),
    moreEngines: Math.max(0, engines.length - MOST_ENGINES),
    scanDate: scanned === undefined ? '' : (analysis.scanDate as string),
    // A clock that is behind VirusTotal's makes no age.
    days: scanned === undefined ? null : Math.max(0, Math.floor((options.now - scanned) / DAY_MS)),
    ...(positives === null ? whyWithout(analysis) : {}),
  };
}

/** Why there is no number of detections. */
function whyWithout({ reasons }: Analysis): Partial<SummaryRow> {
  const reason: unknown = Array.isArray(reasons) ? reasons[0] : undefined;
  if (!isObject(reason)) return {};
  return reason.code === 'not-found' ? { unknown: true } : { note: cleanText(reason.text, 160) };
}

function failureRow({ type, value, code, message }: FailedLookup, options: FormOptions): SummaryRow {
  const row = emptyRow('error', type, value, undefined, options);
  return { ...row, code: cleanText(code, 40), note: cleanText(message, 160) };
}

function missingRow({ type, value }: MissingIndicator, options: FormOptions): SummaryRow {
  const row = emptyRow('missing', type, value, undefined, options);
  return { ...row, note: options.language.words.notArrived };
}

function emptyRow(
  verdict: Verdict,
  givenType: unknown,
  givenValue: unknown,
  page: unknown,
  { defang: defanged, format }: FormOptions,
): SummaryRow {
  const type = TYPES.includes(givenType) ? (givenType as ReportType) : null;
  const value = cleanText(givenValue, LONGEST_VALUE);
  const shown = format === 'csv' || format === 'json' ? value : oneLine(value, LONGEST_SHOWN);
  return {
    verdict,
    type,
    value: defanged ? defang(type, shown) : shown,
    ratio: '',
    positives: null,
    total: null,
    label: '',
    engines: [],
    moreEngines: 0,
    scanDate: '',
    days: null,
    unknown: false,
    note: '',
    code: '',
    link: reportLink(type, value === '' ? null : value, page) ?? '',
    relation: '',
    of: '',
  };
}
