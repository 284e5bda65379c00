import { stixSubject, type JudgedReport } from './judged-report';
import { bundleSubjects, type BundleOptions } from './stix/bundle';
import type { StixBundle } from './stix/stix';

/**
 * Writes reports as one STIX 2.1 bundle. It depends on the reports and verdicts alone: the same give the same bundle, ids and dates
 * included. A report without a result (unknown to VirusTotal, or still queued) gives the observable and nothing that judges it.
 *
 * @throws VirusTotalError `VT_INVALID_IOC` for a report that is of no domain, IP address, URL or hash; `VT_BAD_RESPONSE` for what is no
 *   report; for a report that stands for a failed lookup, the code of that failure
 */
export function stixBundle(reports: readonly JudgedReport[], options: BundleOptions = {}): StixBundle {
  return bundleSubjects(reports.map(stixSubject), options);
}
