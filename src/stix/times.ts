import { isObject, type JsonObject } from '../report/narrow';
import { scanTime } from '../report/scan-date';

/** When an object was first said, and when it was said as it is now. */
export interface Times {
  created: string;
  modified: string;
}

/**
 * The times of what a report says, taken from the report alone: the same report gives the same bundle, whenever it is made.
 *
 * `modified` is the scan; a v2 report of a domain or an IP address has none, so the newest date that it lists stands in.
 * `created` is when VirusTotal first saw the file or URL. It does not know that of domains and IP addresses: there, each scan
 * begins anew.
 */
export function reportTimes(report: JsonObject): Times {
  const modified =
    scanTime(report.scan_date) ?? fromUnix(report.last_modification_date) ?? newestListed(report) ?? 0;
  const first = fromUnix(report.first_submission_date) ?? scanTime(report.first_seen) ?? modified;
  return { created: stixTime(Math.min(first, modified)), modified: stixTime(modified) };
}

export function stixTime(ms: number): string {
  return new Date(ms).toISOString();
}

function fromUnix(seconds: unknown): number | undefined {
  const last = 253_402_300_799; // the end of year 9999
  return typeof seconds === 'number' && seconds > 0 && seconds <= last
    ? Math.floor(seconds) * 1000
    : undefined;
}

function newestListed(report: JsonObject): number | undefined {
  const times = Object.values(report)
    .filter((list) => Array.isArray(list))
    .flatMap((list) => list as unknown[])
    .filter(isObject)
    .flatMap((entry) => [entry.scan_date, entry.date, entry.last_resolved])
    .map(scanTime)
    .filter((time) => time !== undefined);
  return times.length === 0 ? undefined : times.reduce((newest, time) => Math.max(newest, time));
}
