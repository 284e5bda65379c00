import { quote } from '../errors';
import type { JsonObject } from '../report/narrow';
import type { ReportType } from '../report/report';
import type { DetectingEngine, EngineCount } from './count';
import { countEngines, engineKey, parseCount } from './count';
import type { AnalysisRules } from './options';
import type { Reason } from './reasons';
import { countText, pluralize } from './messages';

/** What the engines said about an indicator, as far as the user lets them count. */
export interface EngineCounts {
  positives: number | null;
  total: number | null;
  /** Engines that have an opinion, where `undetected` is none; null when the report doesn't say. */
  opinions: number | null;
  /** Engines that rate it harmless; 0 when the report doesn't say. */
  harmless: number;
  /** Engines that have no opinion of a URL, domain or IP address; 0 when the report doesn't say. */
  silent: number;
  /** Engines that suspect it; they are not in the positives. */
  suspicious: number;
  /** Those that detect it, those that the user trusts first, in the order of that list. */
  engines: DetectingEngine[];
  /** The names of those that detect it and that the user trusts. */
  trustedDetections: string[];
  /** The names of those that detect it and that the user doesn't let count. */
  ignoredDetections: string[];
  /** True if the report lists its engines. Without the list, it is unknown which engines detected it. */
  listed: boolean;
  /** What is odd about the figures, or was done to them. */
  remarks: Reason[];
}

/** A report without positives, or with a total of 0, holds no verdict: nothing has looked at the indicator yet. */
export function hasVerdict(counts: EngineCounts): counts is EngineCounts & { positives: number } {
  return counts.positives !== null && counts.total !== 0;
}

/**
 * Reads positives, total and the other counts of a report. A report that lists its engines is counted from the list when engines are
 * ignored; otherwise its own numbers apply. A number that is not valid becomes null and adds a remark. Never throws.
 */
export function readEngineCounts(
  report: JsonObject,
  rules: AnalysisRules,
  type: ReportType | null,
): EngineCounts {
  const count = countEngines(report, rules.ignoreEngines, type);
  const remarks: Reason[] = [];
  let positives = parseCount(report.positives) ?? null;
  let total = parseCount(report.total) ?? null;
  let harmless = parseCount(report.harmless) ?? count.harmless;
  let suspicious = parseCount(report.suspicious) ?? count.suspicious;
  if (positives === null && isGiven(report.positives)) {
    const text = `positives is ${quote(report.positives)}, which is not a whole number of 0 or more`;
    remarks.push({ code: 'bad-positives', text });
  }
  if ((total === null && isGiven(report.total)) || (total && total < (positives ?? 0))) {
    const fault = total === null ? 'which is not a whole number of 0 or more' : 'less than the positives';
    remarks.push({
      code: 'bad-total',
      text: `total is ${quote(report.total)}, ${fault}: there is no rate`,
    });
    total = null;
  }
  if (positives !== null && rules.ignoreEngines.size > 0) {
    if (count.ignored > 0) {
      remarks.push(ignoredRemark(count.ignored, positives, total));
      positives = count.detected.length;
      total = count.answered;
      ({ harmless, suspicious } = count);
    } else if (!count.listed) {
      const text = 'The report does not list its engines, so no engine could be excluded';
      remarks.push({ code: 'ignore-impossible', text });
    }
  }
  if (suspicious > 0) {
    const text =
      suspicious === 1
        ? '1 more engine calls it suspicious; that is not counted'
        : `${suspicious} more engines call it suspicious; they are not counted`;
    remarks.push({ code: 'suspicious', text });
  }
  const { detected, ignoredDetections, listed } = count;
  const { trusted, others } = trustedFirst(detected, rules.trustedEngines);
  const opinions = opinionsOf(report, type, count, total);
  const silent = Math.max(0, (total ?? 0) - (opinions ?? 0));
  return {
    positives,
    total,
    opinions,
    harmless,
    // Of 2020 to 2022 VirusTotal's own count differs by one from the engines that it lists.
    silent: count.ignored > 0 ? silent : (parseUndetected(report, type) ?? silent),
    suspicious,
    engines: trusted.length === 0 ? others : [...trusted, ...others],
    trustedDetections: trusted.map(({ name }) => name),
    ignoredDetections,
    listed,
    remarks,
  };
}

/** Every engine that scanned a file has an opinion. Of the others a report without its engines may still say how many rated it. */
function opinionsOf(
  report: JsonObject,
  type: ReportType | null,
  count: EngineCount,
  total: number | null,
): number | null {
  if (type === 'file' || type === null) return total;
  if (count.listed) return count.opinions;
  const harmless = parseCount(report.harmless);
  if (harmless === undefined || total === null) return total;
  return harmless + (parseCount(report.positives) ?? 0) + (parseCount(report.suspicious) ?? 0);
}

/** Each in its own order: the trusted ones in that of the list, the others in that of the report. */
function trustedFirst(
  detected: DetectingEngine[],
  list: ReadonlySet<string>,
): Record<'trusted' | 'others', DetectingEngine[]> {
  if (detected.length === 0 || list.size === 0) return { trusted: [], others: detected };
  const found = new Map<string, DetectingEngine>();
  const others: DetectingEngine[] = [];
  for (const engine of detected) {
    const key = engineKey(engine.name);
    if (list.has(key) && !found.has(key)) found.set(key, engine);
    else others.push(engine);
  }
  const trusted: DetectingEngine[] = [];
  if (found.size > 0)
    for (const key of list) {
      const engine = found.get(key);
      if (engine) trusted.push(engine);
    }
  return { trusted, others };
}

/** `undetected` of a file is an answer. */
function parseUndetected(report: JsonObject, type: ReportType | null): number | undefined {
  return type === 'file' || type === null ? undefined : parseCount(report.undetected);
}

function ignoredRemark(ignored: number, positives: number, total: number | null): Reason {
  const left = `${pluralize(ignored, 'engine')} ${ignored === 1 ? 'is' : 'are'} left out`;
  return { code: 'engines-ignored', text: `${left}; with all, ${countText(positives, total)}` };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
