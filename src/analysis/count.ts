import { isCount, isObject, type JsonObject } from '../report/narrow';
import type { ReportType } from '../report/report';
import { memoized } from './memo';

/** An engine that detected the indicator. */
export interface DetectingEngine {
  /** The engine's own name, as "Kaspersky". */
  name: string;
  /** The engine's name for the threat; null when it gave none. */
  result: string | null;
}

/** The engines that a report lists, counted by what they say. All numbers exclude the engines of `ignoreEngines`. */
export interface EngineCount {
  detected: DetectingEngine[];
  /** Whether the report lists any engine. */
  listed: boolean;
  /** Engines left out because the user doesn't want them counted. */
  ignored: number;
  /** Those of them that detect it. */
  ignoredDetections: string[];
  /** Engines that answered and are not left out. */
  answered: number;
  /** Of those that answered, the engines that have an opinion, see `opinionOf`. */
  opinions: number;
  /** Of those that answered, the engines that rate it harmless. No engine says that of a file. */
  harmless: number;
  /** Of those that answered, the engines that suspect it; they don't count as detections. */
  suspicious: number;
}

/** What an engine that answered, and detects nothing, thinks of an indicator. */
type Opinion = 'suspicious' | 'harmless' | 'undetected' | 'none';

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
  const detected: DetectingEngine[] = [];
  const ignoredDetections: string[] = [];
  let [listed, ignored, answered, opinions, harmless, suspicious] = [false, 0, 0, 0, 0, 0];
  const scans = isObject(report.scans) ? report.scans : {};
  const isIgnoring = ignoreEngines.size > 0;
  for (const name of Object.keys(scans)) {
    const scan = scans[name];
    if (!isObject(scan)) continue;
    listed = true;
    const isDetected = scan.detected === true;
    if (isIgnoring && ignoreEngines.has(engineKey(name))) {
      ignored += 1;
      if (isDetected) ignoredDetections.push(name);
      continue;
    }
    if (isDetected) detected.push({ name, result: typeof scan.result === 'string' ? scan.result : null });
    if (NO_ANSWER.has(scan.category)) continue;
    answered += 1;
    const opinion = isDetected ? 'detected' : opinionOf(scan, type);
    if (opinion !== 'none') opinions += 1;
    if (opinion === 'harmless') harmless += 1;
    if (opinion === 'suspicious') suspicious += 1;
  }
  return { detected, listed, ignored, ignoredDetections, answered, opinions, harmless, suspicious };
}

/** An engine's name as lists of engines are compared. */
export const engineKey: (name: string) => string = memoized((name) => name.trim().toLowerCase());

/**
 * A file that an engine scanned and found nothing in is rated. Of a URL, domain or IP address `undetected` means that the engine
 * doesn't know it: v3 says `undetected` and "unrated", v2 "unrated site". v2's "suspicious site" is no detection either.
 */
function opinionOf({ category, result }: JsonObject, type: ReportType | null): Opinion {
  if (typeof category === 'string') {
    if (category === 'suspicious' || category === 'harmless') return category;
    if (type === 'file' || type === null) return 'undetected';
    return category === 'undetected' ? 'none' : 'undetected';
  }
  if (type === 'file' || type === null) return 'undetected';
  if (typeof result !== 'string') return 'undetected';
  if (/^unrated\b/i.test(result)) return 'none';
  if (/^clean\b/i.test(result)) return 'harmless';
  return /^suspicious\b/i.test(result) ? 'suspicious' : 'undetected';
}

/** A count as VirusTotal sends it. Digits in text are read too: a report may have been through a CSV file or a database. */
export function parseCount(value: unknown): number | undefined {
  const read = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return isCount(read) ? read : undefined;
}
