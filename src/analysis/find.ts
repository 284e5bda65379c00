import { isObject, type JsonObject } from '../report/narrow';
import { fromJsonText } from './json-text';
import { isRawBody, rawList, reportOfRawBody } from './raw-body';

/** A report where it was found. */
export interface FoundReport {
  report: JsonObject;
  /** What the envelope around it says was asked; a v2 body of a domain or an IP address doesn't say it itself. */
  resource?: unknown;
}

/**
 * The one report in `value`, which may be a report, `{response: report}`, `{raw: body}`, `{virustotal: {response: report}}` or
 * `{virustotal: {ID: {response: report}}}`, or the JSON text of one of these. In the place of the report may be an answer of
 * API v3 as VirusTotal sends it. An error in the place of the report counts as a report with an error: that is how a failed
 * lookup looks in each of these shapes.
 *
 * @throws ReportShapeError when an answer of API v3 can't be read
 */
export function findReport(given: unknown): FoundReport | undefined {
  const value = fromJsonText(given);
  if (!isObject(value)) return undefined;
  const here = inEnvelope(value);
  if (here) return here;
  const { virustotal } = value;
  if (!isObject(virustotal)) return undefined;
  const there = inEnvelope(virustotal);
  if (there) return there;
  for (const id of Object.keys(virustotal)) {
    const named = virustotal[id];
    const found = isObject(named) ? inEnvelope(named) : undefined;
    if (found) return found;
  }
  return undefined;
}

/**
 * The parts of `value` that are judged each for itself: the elements of an array or of an answer of API v3 that lists several, and
 * the IDs of a `{virustotal: {ID: ...}}` that holds several reports, each in an object of its own. Undefined when there is one
 * thing to judge, `value` itself, or when reading `value` fails.
 */
export function separateReports(value: unknown): readonly unknown[] | undefined {
  try {
    const read = fromJsonText(value);
    if (Array.isArray(read)) return read as readonly unknown[];
    return isObject(read) ? (rawList(read) ?? separateIds(read)) : undefined;
  } catch {
    return undefined;
  }
}

function separateIds(value: JsonObject): readonly unknown[] | undefined {
  const { virustotal } = value;
  if (!isObject(virustotal) || inEnvelope(value) || inEnvelope(virustotal)) return undefined;
  const ids = Object.keys(virustotal).filter((id) => {
    const named = virustotal[id];
    return isObject(named) && inEnvelope(named);
  });
  if (ids.length < 2) return undefined;
  return ids.map((id) => ({ virustotal: Object.fromEntries([[id, virustotal[id]]]) }));
}

function inEnvelope(value: JsonObject): FoundReport | undefined {
  if (isReport(value)) return reportIn(value);
  for (const inner of [value.response, value.raw]) {
    const body = fromJsonText(inner);
    if (isObject(body) && isReport(body)) return { ...reportIn(body), resource: value.resource };
  }
  return undefined;
}

function reportIn(value: JsonObject): FoundReport {
  return isRawBody(value) && !hasCode(value) ? reportOfRawBody(value) : { report: value };
}

function isReport(value: JsonObject): boolean {
  return hasCode(value) || hasError(value) || isRawBody(value);
}

function hasCode(value: JsonObject): boolean {
  return value.response_code !== undefined && value.response_code !== null;
}

/** True if the report has an `error`, whatever its form. */
export function hasError(report: JsonObject): boolean {
  return Boolean(report.error);
}
