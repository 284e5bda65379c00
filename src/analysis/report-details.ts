import { isObject, type JsonObject } from '../report/narrow';
import { isPermalink } from '../report/permalink';
import type { Analysis } from './analysis';
import { truncate } from './messages';
import type { ReportContext } from './report-context';

/**
 * Adds what a summary shows of a report beside its verdict, so that it needs no report.
 * @param scanned whether the report's scan date is one
 */
export function addReportDetails(
  analysis: Analysis,
  { scan_date: scanDate, permalink }: JsonObject,
  { threatLabel }: Pick<ReportContext, 'threatLabel'>,
  scanned: boolean,
): void {
  if (threatLabel !== null) analysis.label = truncate(threatLabel, 100);
  if (scanned) analysis.scanDate = scanDate as string;
  if (isPermalink(permalink)) analysis.permalink = permalink;
}

/** The failure that a report stands for. */
export function failureDetails({ error }: JsonObject): { code: string; message: string } {
  const { code, message } = isObject(error) ? error : { code: undefined, message: error };
  return {
    code: typeof code === 'string' && code !== '' ? truncate(code, 60) : 'report-error',
    message: typeof message === 'string' ? truncate(message) : '',
  };
}
