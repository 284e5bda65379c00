import type { ReportType } from '../report/report';
import type { Fields } from './find';

/** What a report lists that engines detected something in: the product document's own choice for each kind. */
const DETECTION_LISTS = {
  domain: ['detected_urls', 'detected_downloaded_samples', 'detected_referrer_samples'],
  ip: ['detected_urls', 'detected_downloaded_samples', 'detected_communicating_samples'],
} as const;

/** Only domains and IP addresses are judged by a heuristic; a file or URL without positives was not scanned yet. */
export function mayUseHeuristic(type: ReportType | null): boolean {
  return type !== 'file' && type !== 'url';
}

/**
 * The number of detected URLs and samples that a v2 report of a domain or an IP address lists. Such a report leaves out
 * lists that are empty. Well-known domains have such detections too: google.com is not clean by this count.
 *
 * Undefined for a report in the shape of v3 (it has a `total` of its own): there, absent lists mean nothing.
 */
export function countDetections(type: ReportType | null, report: Fields): number | undefined {
  if (type === 'file' || type === 'url') return undefined;
  const names = type === null ? DETECTION_LISTS.domain.slice(0, 2) : DETECTION_LISTS[type];
  let sum = 0;
  let listed = false;
  for (const name of names) {
    const list = report[name];
    if (!Array.isArray(list)) continue;
    listed = true;
    sum += list.length;
  }
  return listed || report.total === undefined ? sum : undefined;
}
