import { isObject, isStrings, own, type JsonObject } from '../report/narrow';
import { parseCount } from './count';

/** Google Threat Intelligence's verdict. `undetected` and `unknown` say that it has found nothing, which is no verdict. */
export interface GtiVerdict {
  verdict: 'malicious' | 'suspicious' | 'benign' | null;
  /** VirusTotal's word, in lower case: `malicious`, `undetected`, ... */
  said: string;
  severity: string | null;
  /** 0 to 100. */
  score: number | null;
}

/** What a report knows beside its engines. */
export interface ReportContext {
  /** VirusTotal's name for the threat. */
  threatLabel: string | null;
  gti: GtiVerdict | null;
  /** Who distributes the file: software makers that VirusTotal knows. Empty for all that isn't distributed by one. */
  distributors: string[];
  /** VirusTotal's own mark for files of known makers. */
  legit: boolean;
  /** The average rank of a domain in lists of popular ones, the most popular 1; null when none has it. */
  popularityRank: number | null;
  /** Sandboxes that ran it, and those that call it malicious. */
  sandboxes: { all: number; malicious: string[] };
  /** Alerts of Sigma rules of the levels critical and high. */
  sigmaAlerts: number;
  /** Alerts of intrusion detection rules of the level high. */
  idsAlerts: number;
}

/**
 * Reads what a report says beside its counts: threat label, GTI verdict, distributors, popularity, sandboxes, Sigma and IDS alerts.
 * Fields that are missing or malformed become null or empty; never throws.
 */
export function readContext(report: JsonObject): ReportContext {
  const { threat_label: label, tags } = report;
  const marks = isStrings(tags) ? tags : [];
  const distributors = distributorsOf(report.known_distributors);
  return {
    threatLabel: typeof label === 'string' && label.trim() !== '' ? label : null,
    gti: gtiOf(report),
    distributors:
      distributors.length > 0 || !marks.includes('known-distributor')
        ? distributors
        : ['a known distributor'],
    legit: marks.includes('legit'),
    popularityRank: averageRank(report.popularity ?? report.popularity_ranks),
    sandboxes: sandboxesOf(report.sandbox_verdicts),
    sigmaAlerts: count(report.sigma, 'critical') + count(report.sigma, 'high'),
    idsAlerts: count(report.ids, 'high'),
  };
}

function gtiOf(report: JsonObject): GtiVerdict | null {
  // A report of an earlier version of this package has only VirusTotal's own form.
  const given = isObject(report.gti) ? report.gti : report.gti_assessment;
  if (!isObject(given)) return null;
  const said = word(given.verdict, 'VERDICT_');
  if (said === null) return null;
  const verdict = said === 'malicious' || said === 'suspicious' ? said : null;
  return {
    verdict: said === 'benign' || said === 'harmless' ? 'benign' : verdict,
    said,
    severity: word(given.severity, 'SEVERITY_'),
    score: parseCount(valueOf(given.score ?? given.threat_score)) ?? null,
  };
}

function word(given: unknown, prefix: string): string | null {
  const value = valueOf(given);
  if (typeof value !== 'string' || value === '') return null;
  return (value.toUpperCase().startsWith(prefix) ? value.slice(prefix.length) : value).toLowerCase();
}

/** VirusTotal has its values in objects, `{value: ...}`; the report has them bare. */
function valueOf(given: unknown): unknown {
  return isObject(given) ? own(given, 'value') : given;
}

function distributorsOf(known: unknown): string[] {
  const names = isObject(known) ? own(known, 'distributors') : undefined;
  return isStrings(names) ? names : [];
}

/** `{list: rank}`, or VirusTotal's `{list: {rank}}`. */
function averageRank(popularity: unknown): number | null {
  if (!isObject(popularity)) return null;
  const ranks = Object.values(popularity)
    .map((entry) => parseCount(isObject(entry) ? own(entry, 'rank') : entry))
    .filter((rank) => rank !== undefined && rank > 0) as number[];
  return ranks.length === 0 ? null : ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length;
}

function sandboxesOf(verdicts: unknown): ReportContext['sandboxes'] {
  if (!isObject(verdicts)) return { all: 0, malicious: [] };
  const names = Object.keys(verdicts);
  const malicious = names.filter((name) => {
    const verdict = verdicts[name];
    return isObject(verdict) && verdict.category === 'malicious';
  });
  return { all: names.length, malicious };
}

function count(levels: unknown, level: string): number {
  return (isObject(levels) ? parseCount(own(levels, level)) : undefined) ?? 0;
}
