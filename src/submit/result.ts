import type { LookupResult } from '../lookup/report-repository';
import type { Report } from '../report/report';
import type { SubmitTarget } from './target';

/** What a submission ends with. */
export interface SubmitResult {
  /** The report; absent when it wasn't waited for. `response_code` 0: VirusTotal doesn't know it, and there was nothing to send. */
  report?: Report;
  /** VirusTotal's body of the report, without gzip, in UTF-8. */
  body?: Buffer;
  /** The id of the analysis, when there was one. */
  analysisId?: string;
  /** Something was sent for it: by this submission, or by one for the same thing that was under way. */
  submitted: boolean;
  /** The report came from the cache. */
  cached: boolean;
  /** From the answer to the submission to the report, in ms; 0 when nothing was waited for. */
  waitedMs: number;
}

/** A report as the end of a submission. @param sent `waitedMs`: see `SubmitResult` */
export function resultOf(
  { report, body, cached }: LookupResult,
  sent: { submitted: boolean; waitedMs: number },
): SubmitResult {
  return { report, body, cached, ...sent };
}

/**
 * A submission whose report is still to come, as plain JSON for a journal. After a restart `resumeSubmission` goes on with it and sends nothing
 * again.
 */
export interface PendingAnalysis {
  /** Absent while the answer to the submission is still to come: it may have arrived or not. */
  analysisId?: string;
  /** Without the file's content. */
  target: { kind: SubmitTarget['kind']; type: 'file' | 'url' | 'domain' | 'ip'; value: string };
  /** When it was sent, in ms since 1970. */
  since: number;
  /** Whether it is a private scan. */
  private: boolean;
  /** When VirusTotal scanned it before, as `scan_date` of a report, or `never`; absent when that isn't known. */
  scannedBefore?: string;
}
