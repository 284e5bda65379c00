import { isObject, type JsonObject } from '../report/narrow';
import { scanTime } from '../report/scan-date';

/** When an object was first said, and when it was said as it is now. */
export interface Times {
  created: string;
  modified: string;
}

/** The times of a report. */
export interface ReportTimes extends Times {
  /** When VirusTotal first saw the file or URL; undefined where it doesn't say so. */
  first: string | undefined;
}

/** The day VirusTotal went online. No report is older: a date before it is a mistake of the sender's. */
const VIRUSTOTAL_BEGAN = Date.UTC(2004, 5, 1);

/**
 * The date of creation of what several reports say alike, and of what VirusTotal gives no first date for: a constant, as the date of
 * creation of an object never changes (STIX 2.1, section 3.6).
 */
export const CONSTANT_CREATED = stixTime(VIRUSTOTAL_BEGAN);

/**
 * The times of what a report says.
 *
 * `modified` is the scan; a v2 report of a domain or an IP address has none, so the newest date that it lists stands in, and `day` for a
 * report without any date. `created` is when VirusTotal first saw the file or URL, which it does not know of domains and IP addresses.
 *
 * @param day the day on which the bundle is made, in ms since 1970
 */
export function reportTimes(report: JsonObject, day: number): ReportTimes {
  const modified =
    realTime(scanTime(report.scan_date)) ??
    fromUnix(report.last_modification_date) ??
    newestListed(report) ??
    day;
  const first = fromUnix(report.first_submission_date) ?? realTime(scanTime(report.first_seen));
  const firstSeen = first === undefined ? undefined : stixTime(Math.min(first, modified));
  return { first: firstSeen, created: firstSeen ?? CONSTANT_CREATED, modified: stixTime(modified) };
}

/** The date of the scan; undefined where the report has none. */
export function scanned(report: JsonObject): string | undefined {
  const time = realTime(scanTime(report.scan_date));
  return time === undefined ? undefined : stixTime(time);
}

/** Formats ms since 1970 as a STIX timestamp in UTC. */
export function stixTime(ms: number): string {
  return new Date(ms).toISOString();
}

function realTime(ms: number | undefined): number | undefined {
  return ms !== undefined && ms >= VIRUSTOTAL_BEGAN ? ms : undefined;
}

function fromUnix(seconds: unknown): number | undefined {
  const last = 253_402_300_799; // the end of year 9999
  return typeof seconds === 'number' && seconds <= last ? realTime(Math.floor(seconds) * 1000) : undefined;
}

function newestListed(report: JsonObject): number | undefined {
  const times = Object.values(report)
    .filter((list) => Array.isArray(list))
    .flatMap((list) => list as unknown[])
    .filter(isObject)
    .flatMap((entry) => [entry.scan_date, entry.date, entry.last_resolved])
    .map((date) => realTime(scanTime(date)))
    .filter((time) => time !== undefined);
  return times.length === 0 ? undefined : times.reduce((newest, time) => Math.max(newest, time));
}
