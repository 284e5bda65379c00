import { reportFromV2 } from './from-v2';
import { reportFromV3 } from './from-v3';
import type { Report, ReportType } from './report';

/**
 * An answer of VirusTotal's API as a report.
 * @throws ReportShapeError when the body is no report; nothing else, whatever the body.
 */
export function parseReport(
  apiVersion: 'v2' | 'v3',
  indicator: { type: ReportType; value: string },
  body: unknown,
): Report {
  return apiVersion === 'v3' ? reportFromV3(indicator, body) : reportFromV2(indicator, body);
}
