import { isObject, type JsonObject } from '../report/narrow';
import type { ReportType } from '../report/report';

const TYPES: readonly unknown[] = ['file', 'url', 'domain', 'ip'] satisfies ReportType[];

/**
 * What a report is about. The reports of this package say it; a v2 body of another origin doesn't (and in an `allinfo` report
 * of a file `type` is the type of the file, as "Win32 EXE"), but has fields that only one kind has.
 */
export function reportType(report: JsonObject): ReportType | null {
  const { type } = report;
  if (TYPES.includes(type)) return type as ReportType;
  if (typeof report.url === 'string') return 'url';
  if (typeof report.sha256 === 'string' || typeof report.md5 === 'string') return 'file';
  if ('as_owner' in report || 'asn' in report) return 'ip';
  if ('domain_siblings' in report || 'subdomains' in report) return 'domain';
  const resolution: unknown = Array.isArray(report.resolutions) ? report.resolutions[0] : undefined;
  if (isObject(resolution)) return 'hostname' in resolution ? 'ip' : 'domain';
  const said = typeof report.verbose_msg === 'string' ? report.verbose_msg : '';
  if (said.startsWith('Domain')) return 'domain';
  if (said.startsWith('IP address')) return 'ip';
  return null;
}

/** What was asked: the report's own word, else the envelope's, else what the report is of. */
export function reportResource(report: JsonObject, fromEnvelope: unknown): string | null {
  for (const said of [report.resource, fromEnvelope, report.url, report.sha256, report.md5]) {
    if (typeof said === 'string') return said;
  }
  return null;
}
