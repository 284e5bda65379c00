import type { Report } from '../report/report';
import { scanTime } from '../report/scan-date';
import type { Watched } from './watched';

/** After VirusTotal was asked to scan again, until each lookup of the new report, in ms: an analysis takes some minutes. */
export const LOOK_AFTER_MS: readonly number[] = [10 * 60_000, 30 * 60_000, 120 * 60_000];

/**
 * What is to be done with a report: judge it, ask VirusTotal to scan the indicator again, or look again later, as the new scan was asked for and
 * is not there yet. Each is scanned again once in that age at most, whatever comes of it.
 * @param afterMs the age from which on a scan is too old; 0: none is
 */
export function afterReport(
  { rescanAt = -Infinity, looks = 0 }: Watched,
  report: Report,
  afterMs: number,
  now: number,
): 'judge' | 'rescan' | 'wait' {
  if (afterMs <= 0 || report.response_code !== 1) return 'judge';
  const scannedAt = scanTime(report.scan_date);
  if (scannedAt !== undefined && now - scannedAt <= afterMs) return 'judge';
  if (now - rescanAt > afterMs) return 'rescan';
  return looks + 1 < LOOK_AFTER_MS.length ? 'wait' : 'judge';
}
