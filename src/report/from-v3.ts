import { oneLine } from '../errors';
import { copyAttributes } from './attributes-v3';
import { isCount, isObject, own, ReportShapeError, type JsonObject } from './narrow';
import { permalink } from './permalink';
import type { Report, ReportType, Scan } from './report';
import { scanDate } from './scan-date';

/** `data.type` of each kind of report. */
const OBJECT_TYPES: Record<ReportType, string> = {
  file: 'file',
  url: 'url',
  domain: 'domain',
  ip: 'ip_address',
};

/** `verbose_msg` of a domain or IP address that VirusTotal knows and no engine has looked at. */
export const NO_VERDICT = 'No engine has given a verdict';

/** API v2's words for a report that is there, so that a flow reads the same from both. */
const FOUND: Record<ReportType, string> = {
  file: 'Scan finished, information embedded',
  url: 'Scan finished, scan information embedded in this object',
  domain: 'Domain found in dataset',
  ip: 'IP address in dataset',
};

/**
 * An answer of API v3 as a report.
 *
 * - `{data: {type, id, attributes}}`, or that object without its `data`: `response_code` 1, or -2 for a file or URL that
 *   was submitted and not scanned yet.
 * - `{error: {code: 'NotFoundError', message}}`: `response_code` 0.
 *
 * `positives` = malicious and `total` = malicious + suspicious + undetected + harmless, from `last_analysis_stats`: the
 * engines that time out, fail or do not know the file type are no part of v2's `total` either. Nothing is counted from
 * the engines' results, which differ from the stats by one in domains and IPs of 2020 to 2022. Both are absent while
 * there is no verdict: 0 of 0 is not "clean".
 *
 * @throws ReportShapeError when the body is no report of that kind; nothing else, whatever the body.
 */
export function reportFromV3(indicator: { type: ReportType; value: string }, body: unknown): Report {
  if (!isObject(body)) throw new ReportShapeError('the answer is not a JSON object');
  const error = own(body, 'error');
  if (error !== undefined) return unknownReport(indicator, error);
  const wrapped = own(body, 'data');
  const data = wrapped === undefined ? body : wrapped;
  const attributes = isObject(data) ? own(data, 'attributes') : undefined;
  if (!isObject(data) || !isObject(attributes)) throw new ReportShapeError('the answer has no attributes');
  const objectType = own(data, 'type');
  const analysis = objectType === 'analysis';
  if (objectType !== undefined && !analysis && objectType !== OBJECT_TYPES[indicator.type]) {
    throw new ReportShapeError(`the answer is not about ${OBJECT_TYPES[indicator.type]}`);
  }

  const { type, value } = indicator;
  const report: Report = { type, resource: value, response_code: 1, verbose_msg: FOUND[type] };
  const stats = own(attributes, analysis ? 'stats' : 'last_analysis_stats');
  const date = scanDate(own(attributes, analysis ? 'date' : 'last_analysis_date'));
  if (!setVerdict(report, stats)) {
    // Files and URLs come into the dataset by being submitted: without a scan theirs is still to come. Domains and IPs
    // come in by being seen, and may never have been scanned.
    const submitted = type === 'file' || type === 'url';
    const queued = submitted && (isObject(stats) ? noEngineRan(stats) : date === undefined);
    report.response_code = queued ? -2 : 1;
    report.verbose_msg = queued ? 'Your resource is queued for analysis' : NO_VERDICT;
  }
  if (date !== undefined) report.scan_date = date;
  const page = permalink(type, value, own(attributes, 'sha256') ?? own(data, 'id'));
  if (page !== undefined) report.permalink = page;
  const scans = scansOf(own(attributes, analysis ? 'results' : 'last_analysis_results'));
  if (scans !== undefined) report.scans = scans;
  copyAttributes(report, attributes);
  return report;
}

/** The report of what VirusTotal does not know. @throws ReportShapeError for any other error */
export function unknownReport({ type, value }: { type: ReportType; value: string }, error: unknown): Report {
  const code = isObject(error) ? own(error, 'code') : undefined;
  if (!isObject(error) || code !== 'NotFoundError') {
    throw new ReportShapeError(
      `the answer is an error${typeof code === 'string' ? ` (${oneLine(code, 40)})` : ''}`,
    );
  }
  const message = own(error, 'message');
  return {
    type,
    resource: value,
    response_code: 0,
    verbose_msg:
      typeof message === 'string' && message !== '' ? oneLine(message, 500) : 'Not found in dataset',
  };
}

/** False when no engine has given a verdict. */
function setVerdict(report: Report, stats: unknown): boolean {
  if (stats === undefined || stats === null) return false;
  if (!isObject(stats)) throw new ReportShapeError('last_analysis_stats is not an object');
  const malicious = count(stats, 'malicious');
  const suspicious = count(stats, 'suspicious');
  const undetected = count(stats, 'undetected');
  const harmless = count(stats, 'harmless');
  const total = malicious + suspicious + undetected + harmless;
  if (total === 0) return false;
  report.positives = malicious;
  report.total = total;
  report.suspicious = suspicious;
  report.harmless = harmless;
  report.undetected = undetected;
  return true;
}

/** Some senders leave out the keys that are zero. */
function count(stats: JsonObject, category: string): number {
  const value = own(stats, category) ?? 0;
  if (!isCount(value))
    throw new ReportShapeError(`last_analysis_stats.${category} is not a number of engines`);
  return value;
}

/** Engines that ran out of time or do not know the file type have run: that file is not queued, it has no verdict. */
function noEngineRan(stats: JsonObject): boolean {
  return Object.values(stats).every((value) => value === 0);
}

function scansOf(results: unknown): Record<string, Scan> | undefined {
  if (!isObject(results)) return undefined;
  // All names at once: an object that gets ninety names one by one is turned into a hash table, which is slow to copy.
  const scans = { ...results } as Record<string, Scan>;
  for (const engine in results) {
    const said = results[engine];
    if (isObject(said) && engine !== '__proto__') scans[engine] = scanOf(said);
    else delete scans[engine];
  }
  return scans;
}

/** One literal for each of the two shapes that VirusTotal sends: this runs for each of some ninety engines. */
function scanOf(said: JsonObject): Scan {
  const { category, result, engine_version: version, engine_update: update } = said;
  const detected = category === 'malicious';
  const name = typeof result === 'string' ? result : null;
  if (typeof category !== 'string') return { detected, result: name };
  if (typeof update !== 'string') return { detected, result: name, category };
  return { detected, result: name, category, version: typeof version === 'string' ? version : null, update };
}
