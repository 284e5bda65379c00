import { isCount, isObject, type JsonObject } from '../report/narrow';
import type { ReportType } from '../report/report';

/** An engine that detected the indicator. */
export interface DetectingEngine {
  /** The engine's own name, as "Kaspersky". */
  name: string;
  /** The engine's name for the threat; null when it gave none. */
  result: string | null;
}

export interface EngineCount {
  detected: DetectingEngine[];
  /** Whether the report lists its engines at all. */
  listed: boolean;
  /** Engines left out because the user doesn't want them counted. */
  ignored: number;
  /** Engines that answered and are not left out. */
  answered: number;
  /** Of those that answered, the engines that have an opinion, see `hasOpinion`. */
  opinions: number;
}

/** v3 lists these engines too, but they gave no answer, and v3's statistics keep them apart. v2 doesn't list them. */
const NO_ANSWER: ReadonlySet<unknown> = new Set([
  'timeout',
  'confirmed-timeout',
  'failure',
  'type-unsupported',
]);

/** One pass over the engines of a report. */
export function countEngines(
  report: JsonObject,
  ignoreEngines: ReadonlySet<string>,
  type: ReportType | null,
): EngineCount {
  const count: EngineCount = { detected: [], listed: false, ignored: 0, answered: 0, opinions: 0 };
  const { scans } = report;
  if (!isObject(scans)) return count;
  count.listed = true;
  for (const name of Object.keys(scans)) {
    const scan = scans[name];
    if (!isObject(scan)) continue;
    if (ignoreEngines.size > 0 && ignoreEngines.has(name.trim().toLowerCase())) {
      count.ignored += 1;
      continue;
    }
    if (scan.detected === true) {
      count.detected.push({ name, result: typeof scan.result === 'string' ? scan.result : null });
    }
    if (NO_ANSWER.has(scan.category)) continue;
    count.answered += 1;
    if (hasOpinion(scan, type)) count.opinions += 1;
  }
  return count;
}

/**
 * Whether an engine that answered has rated the indicator. A file that it scanned and found nothing in is rated. Of a URL, domain or
 * IP address `undetected` means that the engine doesn't know it: v3 says `undetected` and "unrated", v2 "unrated site".
 */
export function hasOpinion({ detected, category, result }: JsonObject, type: ReportType | null): boolean {
  if (detected === true || type === 'file' || type === null) return true;
  if (typeof category === 'string') return category !== 'undetected';
  return typeof result === 'string' && !/^unrated\b/i.test(result);
}

/** A count as VirusTotal sends it. Digits in text are read too: a report may have been through a CSV file or a database. */
export function parseCount(value: unknown): number | undefined {
  const read = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return isCount(read) ? read : undefined;
}
