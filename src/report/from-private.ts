import { copyAttributes } from './attributes-v3';
import { isObject, own, ReportShapeError, type JsonObject } from './narrow';
import { unknownReport } from './from-v3';
import type { Report, ReportType } from './report';
import { scanDate } from './scan-date';

/** `data.type` of what private scanning has. */
const OBJECT_TYPES: Partial<Record<ReportType, readonly string[]>> = {
  file: ['private_file', 'file'],
  url: ['private_url', 'url'],
};

/**
 * An answer of private scanning as a report: without `positives`, as no engine of others has seen it. The verdict of the sandboxes is in `gti`, in
 * the form of Google Threat Intelligence's own, and `private` is true.
 *
 * @throws ReportShapeError when the body is no report of that kind; nothing else, whatever the body.
 */
export function reportFromPrivate(indicator: { type: ReportType; value: string }, body: unknown): Report {
  if (!isObject(body)) throw new ReportShapeError('the answer is not a JSON object');
  const error = own(body, 'error');
  if (error !== undefined) return { ...unknownReport(indicator, error), private: true };
  const data = own(body, 'data');
  const attributes = isObject(data) ? own(data, 'attributes') : undefined;
  if (!isObject(data) || !isObject(attributes)) throw new ReportShapeError('the answer has no attributes');
  const { type, value } = indicator;
  const objectType = own(data, 'type');
  if (objectType !== undefined && !OBJECT_TYPES[type]?.some((one) => one === objectType))
    throw new ReportShapeError(`the answer is not about a private ${type}`);

  const report: Report = {
    type,
    resource: value,
    response_code: 1,
    verbose_msg: 'Private scan: the verdict is that of the sandboxes, and no engine was asked',
  };
  copyAttributes(report, attributes);
  const gti = assessmentOf(attributes);
  if (gti === undefined && report.gti === undefined) {
    report.response_code = -2;
    report.verbose_msg = 'Private scan: no verdict yet';
  } else if (gti !== undefined) report.gti = { ...report.gti, ...gti };
  const date = scanDate(own(attributes, 'last_analysis_date') ?? own(attributes, 'analysis_date'));
  if (date !== undefined) report.scan_date = date;
  report['private'] = true;
  return report;
}

/** `VERDICT_MALICIOUS` as `malicious`. The severity is a word, or an object that has it as its level. */
function assessmentOf(attributes: JsonObject): Report['gti'] {
  const given = own(attributes, 'threat_severity');
  const verdict = word(own(attributes, 'threat_verdict'), 'VERDICT_');
  const severity = word(
    isObject(given) ? (own(given, 'threat_severity_level') ?? own(given, 'level')) : given,
    'SEVERITY_',
  );
  if (verdict === undefined) return undefined;
  return severity === undefined ? { verdict } : { verdict, severity };
}

function word(value: unknown, prefix: string): string | undefined {
  if (typeof value !== 'string' || !/^\w{1,40}$/.test(value)) return undefined;
  return (value.startsWith(prefix) ? value.slice(prefix.length) : value).toLowerCase();
}
