import { isObject, type JsonObject } from '../report/narrow';
import { isPermalink } from '../report/permalink';
import { scanTime } from '../report/scan-date';
import type { Analysis } from './analysis';
import { truncate } from './messages';
import type { ReportContext } from './report-context';

type Details = Pick<Analysis, 'label' | 'scanDate' | 'permalink'>;

/** What a summary shows of a report beside its verdict, so that it needs no report. */
export function reportDetails(
  { scan_date: scanDate, permalink }: JsonObject,
  { threatLabel }: Pick<ReportContext, 'threatLabel'>,
): Details {
  return {
    ...(threatLabel === null ? {} : { label: truncate(threatLabel, 100) }),
    ...(scanTime(scanDate) === undefined ? {} : { scanDate: scanDate as string }),
    ...(isPermalink(permalink) ? { permalink } : {}),
  };
}

/** The failure that a report stands for. */
export function failureDetails({ error }: JsonObject): { code: string; message: string } {
  const { code, message } = isObject(error) ? error : { code: undefined, message: error };
  return {
    code: typeof code === 'string' && code !== '' ? truncate(code, 60) : 'report-error',
    message: typeof message === 'string' ? truncate(message) : '',
  };
}
