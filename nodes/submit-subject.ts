import type { NodeMessage } from 'node-red';
import { findReport } from '../src/analysis/find';
import { quote, VirusTotalError } from '../src/errors';
import { hashBytes } from '../src/ioc/bytes-hash';
import type { IndicatorFilter } from '../src/ioc/indicator-filter';
import type { Indicator, IocType } from '../src/ioc/ioc';
import { recognizeIoc } from '../src/ioc/recognize';
import { bytesOf } from '../src/mail/bytes-of';
import { isObject } from '../src/report/narrow';
import { HashedFile } from './file-input';

const TYPES: readonly IocType[] = ['file', 'ip', 'domain', 'url'];

/**
 * What a value is about: a report, an indicator as text or as `{type, value}`, or the bytes of a file, of which the hash is meant.
 * @throws VirusTotalError `VT_INVALID_IOC` in the promise
 */
export async function subjectOf(value: unknown, sourceName: string): Promise<Indicator> {
  if (value instanceof HashedFile) return { type: 'file', value: value.sha256 };
  const bytes = bytesOf(value);
  if (bytes !== undefined) return { type: 'file', value: await hashBytes(bytes) };
  const indicator = indicatorIn(value);
  if (indicator) return indicator;
  throw new VirusTotalError(
    'VT_INVALID_IOC',
    `Not an indicator: ${sourceName} is ${typeof value === 'string' ? quote(value) : 'no report and no text'}; ` +
      'it must be a domain, file hash, IP address or URL, or its report',
  );
}

/**
 * What the report in a message is about: the one that was chosen, or else what `msg.virustotal` or `msg.analysis` names.
 * @throws VirusTotalError `VT_INVALID_IOC` when there is none
 */
export function reportedSubject(value: unknown, msg: NodeMessage, sourceName: string): Indicator {
  const { virustotal, analysis } = msg as { virustotal?: unknown; analysis?: unknown };
  for (const candidate of [value, virustotal, analysis]) {
    const indicator = isBinary(candidate) ? undefined : (reported(candidate) ?? named(candidate));
    if (indicator) return indicator;
  }
  throw new VirusTotalError(
    'VT_INVALID_IOC',
    `No report: neither ${sourceName} nor msg.virustotal nor msg.analysis says what is to be submitted. Choose an action other than the report's, ` +
      'or put a VirusTotal node before this one',
  );
}

/** The indicator in its canonical form. @throws VirusTotalError `VT_INVALID_IOC` for one that is none, or may not be sent */
export function sendable(
  filter: IndicatorFilter,
  { type, value }: { type: IocType; value: unknown },
): { indicator: Indicator; wrapper?: string } {
  const checked = filter.validate(type, value);
  if ('indicator' in checked) return checked;
  const { value: kept, reason } = checked.skipped;
  throw new VirusTotalError('VT_INVALID_IOC', `Not sent: ${quote(kept)} stays here (${reason})`);
}

function isBinary(value: unknown): boolean {
  return value instanceof HashedFile || bytesOf(value) !== undefined;
}

function indicatorIn(value: unknown): Indicator | undefined {
  const report = reported(value) ?? named(value);
  if (report) return report;
  if (typeof value !== 'string') return undefined;
  for (const type of TYPES) {
    const recognized = recognizeIoc(type, value);
    if ('value' in recognized) return { type, value: recognized.value };
  }
  return undefined;
}

function reported(value: unknown): Indicator | undefined {
  try {
    const found = findReport(value);
    if (!found) return undefined;
    const { report } = found;
    const resource =
      report['type'] === 'file' ? (report['sha256'] ?? report['resource']) : report['resource'];
    return named({ type: report['type'], resource: resource ?? found.resource });
  } catch {
    // An answer of API v3 that can't be read is no report.
    return undefined;
  }
}

/** `{type, resource}`, as `msg.virustotal` and `msg.analysis` have it, or `{type, value}`. */
function named(value: unknown): Indicator | undefined {
  if (!isObject(value)) return undefined;
  const { type, resource, value: own } = value;
  const text = resource ?? own;
  const known = TYPES.find((each) => each === type);
  return known !== undefined && typeof text === 'string' && text !== ''
    ? { type: known, value: text }
    : undefined;
}
