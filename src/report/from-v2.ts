import { isCount, isObject, isStrings, own, ReportShapeError, type JsonObject } from './narrow';
import type { Report, ReportType, ResponseCode, Scan } from './report';

/** For the rare body without `verbose_msg` (a rescan has none). */
const DEFAULT_VERBOSE_MSG: Record<ResponseCode, string> = {
  1: 'Found in dataset',
  0: 'Not found in dataset',
  [-1]: 'VirusTotal refused the resource',
  [-2]: 'Your resource is queued for analysis',
};

/** Fields that a report promises a type for; in a body they are dropped when they have another. */
const FIELD_TYPES = new Map<string, (value: unknown) => boolean>(
  Object.entries({
    scan_date: isText,
    permalink: isText,
    md5: isText,
    sha1: isText,
    sha256: isText,
    url: isText,
    as_owner: isText,
    country: isText,
    threat_label: isText,
    asn: (value) => isText(value) || typeof value === 'number',
    reputation: (value) => typeof value === 'number',
    suspicious: isCount,
    harmless: isCount,
    undetected: isCount,
    tags: isStrings,
    categories: (value) => isStrings(value) || isObject(value),
    ...Object.fromEntries(
      ['gti', 'signature', 'sigma', 'ids', 'ai', 'popularity', 'monitor'].map((name) => [name, isObject]),
    ),
    yara: (value) => Array.isArray(value),
    // Marks a report that stands for a failed lookup, which only this package makes.
    error: () => false,
  }),
);

/**
 * An answer of API v2 as a report: its own body, every field kept, plus `type`, and `resource` where VirusTotal does not
 * echo it (domains, IP addresses). The `type` of a file's body (private API, `allinfo`: "Win32 EXE") becomes
 * `type_description`, its name in v3.
 *
 * An array, the answer to a batch, gives the element about the resource that was asked. VirusTotal drops what is over
 * its batch limit without a word, so the element's place says nothing.
 *
 * @throws ReportShapeError when the body is no report; nothing else, whatever the body.
 */
export function reportFromV2(indicator: { type: ReportType; value: string }, body: unknown): Report {
  const { type, value } = indicator;
  const found: unknown = Array.isArray(body) ? body.find((element) => isAbout(value, element)) : body;
  if (!isObject(found)) {
    throw new ReportShapeError(
      Array.isArray(body) ? 'the batch has no report of that resource' : 'the answer is not a JSON object',
    );
  }
  const code = own(found, 'response_code');
  if (code !== 1 && code !== 0 && code !== -1 && code !== -2) {
    throw new ReportShapeError(
      code === undefined ? 'the answer has no response_code' : 'response_code is not 1, 0, -1 or -2',
    );
  }
  const { resource, verbose_msg: said, type: fileType } = found;
  const report: Report = {
    ...found,
    type,
    resource: isText(resource) && resource !== '' ? resource : value,
    response_code: code,
    verbose_msg: isText(said) ? said : DEFAULT_VERBOSE_MSG[code],
  };
  if (isText(fileType) && fileType !== type && report['type_description'] === undefined) {
    report['type_description'] = fileType;
  }
  checkFields(report);
  return report;
}

/** Drops what is not of the promised type, and refuses a verdict that can't be read: it must never pass for clean. */
function checkFields(report: Report): void {
  for (const name of ['positives', 'total']) {
    const value = report[name];
    if (value === null) delete report[name];
    else if (value !== undefined && !isCount(value))
      throw new ReportShapeError(`${name} is not a number of engines`);
  }
  for (const name in report) {
    const isOfType = FIELD_TYPES.get(name);
    if (isOfType && report[name] !== undefined && !isOfType(report[name])) delete report[name];
  }
  const scans: unknown = report.scans;
  if (scans !== undefined) {
    if (isObject(scans)) report.scans = narrowScans(scans);
    else delete report.scans;
  }
  // JSON.parse makes `__proto__` an own field, which would become the prototype of whatever it is assigned to later.
  if (Object.hasOwn(report, '__proto__'))
    delete (report as JsonObject & { ['__proto__']?: unknown })['__proto__'];
}

/** The engines as they came, unless one of them is malformed: then as far as they can be read. */
function narrowScans(scans: JsonObject): Record<string, Scan> {
  if (Object.values(scans).every(isScan) && !Object.hasOwn(scans, '__proto__'))
    return scans as Record<string, Scan>;
  const kept: Record<string, Scan> = {};
  for (const [engine, scan] of Object.entries(scans)) {
    if (!isObject(scan) || typeof scan['detected'] !== 'boolean' || engine === '__proto__') continue;
    const result = scan['result'];
    kept[engine] = { ...scan, detected: scan['detected'], result: isText(result) ? result : null };
  }
  return kept;
}

function isScan(value: unknown): value is Scan {
  if (!isObject(value) || typeof value['detected'] !== 'boolean') return false;
  return value['result'] === null || isText(value['result']);
}

/** Whether an element of a batch is about the value: it echoes what was asked, or names it among its hashes. */
function isAbout(value: string, element: unknown): boolean {
  if (!isObject(element)) return false;
  const asked = value.toLowerCase();
  return ['resource', 'md5', 'sha1', 'sha256', 'url'].some((name) => {
    const named = own(element, name);
    return named === value || (name !== 'url' && isText(named) && named.toLowerCase() === asked);
  });
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
