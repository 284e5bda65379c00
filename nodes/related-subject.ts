import type { NodeMessage } from 'node-red';
import { findReport, hasError } from '../src/analysis/find';
import { VirusTotalError } from '../src/errors';
import type { IndicatorFilter } from '../src/ioc/indicator-filter';
import type { Indicator, IocType, SkippedIoc } from '../src/ioc/ioc';
import { isObject, type JsonObject } from '../src/report/narrow';
import { requestedIndicator } from './report-identity';

/** The indicator whose relations are wanted; or why it may not be sent; or that there is none because an earlier node found none. */
export type RelatedSubject =
  | { readonly indicator: Indicator; readonly isUnknown: boolean }
  | { readonly skipped: SkippedIoc }
  | 'nothing';

const TYPES: readonly unknown[] = ['file', 'url', 'domain', 'ip'] satisfies IocType[];

/**
 * The indicator that a message is about: a report, `{type, value}`, a text, or what `msg.analysis` was made for.
 * @throws VirusTotalError `VT_INVALID_IOC` for none, and for more than one
 */
export async function relatedSubject(
  value: unknown,
  msg: NodeMessage,
  filter: IndicatorFilter,
): Promise<RelatedSubject> {
  if (Array.isArray(value)) {
    if (value.length === 0) return 'nothing';
    const [only] = value as unknown[];
    if (value.length > 1) throw several(value.length);
    return relatedSubject(only, msg, filter);
  }
  if (value === undefined || value === null || value === '') return ofAnalysis(msg, filter);
  if (isObject(value)) return ofObject(value, msg, filter);
  const { iocs, skipped } = await filter.extract(value);
  if (iocs.length > 1) throw several(iocs.length);
  const [found] = iocs;
  if (found) return { indicator: { type: found.type, value: found.value }, isUnknown: false };
  const [kept] = skipped;
  if (kept) return { skipped: kept };
  throw new VirusTotalError(
    'VT_INVALID_IOC',
    'No indicator: the text holds no file hash, URL, domain or IP address',
  );
}

function ofObject(value: JsonObject, msg: NodeMessage, filter: IndicatorFilter): RelatedSubject {
  const { type, value: text } = value;
  if (TYPES.includes(type) && typeof text === 'string') return checked(type as IocType, text, filter);
  let found: ReturnType<typeof findReport>;
  try {
    found = findReport(value);
  } catch (error) {
    throw new VirusTotalError('VT_BAD_RESPONSE', `Unreadable report: ${String(error)}`);
  }
  if (!found) return ofAnalysis(msg, filter);
  const { report } = found;
  const requested = requestedIndicator(msg);
  const kind = TYPES.includes(report.type) ? (report.type as IocType) : requested.type;
  const hash = kind === 'file' ? report.sha256 : undefined;
  const named = [hash, report.resource, found.resource, requested.value].find(
    (one) => typeof one === 'string' && one !== '',
  );
  if (kind === undefined || typeof named !== 'string') return ofAnalysis(msg, filter);
  const subject = checked(kind, named, filter);
  const isUnknown = !hasError(report) && Number(report.response_code) === 0;
  return typeof subject === 'object' && 'indicator' in subject ? { ...subject, isUnknown } : subject;
}

function ofAnalysis(msg: NodeMessage, filter: IndicatorFilter): RelatedSubject {
  const { analysis } = msg as { analysis?: unknown };
  if (isObject(analysis) && TYPES.includes(analysis.type) && typeof analysis.resource === 'string')
    return checked(analysis.type as IocType, analysis.resource, filter);
  throw new VirusTotalError(
    'VT_INVALID_IOC',
    'No indicator: neither the value nor msg.analysis is a report or an indicator. Wire the node behind a VirusTotal or Report Analysis node',
  );
}

function checked(type: IocType, value: string, filter: IndicatorFilter): RelatedSubject {
  const result = filter.validate(type, value);
  return 'skipped' in result ? result : { indicator: result.indicator, isUnknown: false };
}

function several(count: number): VirusTotalError {
  return new VirusTotalError(
    'VT_INVALID_IOC',
    `Several indicators: the message has ${count}, and this node takes one. Put a split node before it, or send one message per report`,
  );
}
