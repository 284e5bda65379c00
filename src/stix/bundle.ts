import { quote, VirusTotalError } from '../errors';
import { defaultsOf } from '../options';
import { addObservable } from './add-observable';
import type { AssessedReport } from './assessed-report';
import { addAttackPatterns } from './attack-patterns';
import { StixGraph } from './graph';
import { addIndicator, type IndicatorFor } from './indicator';
import { addMalware } from './malware';
import { addMalwareAnalysis } from './malware-analysis';
import { addNote } from './note';
import { cryptographicHashes, strongestHash } from './observables';
import { typesOf, type Platform } from './platform';
import { addRelated } from './related';
import { addOrigins } from './origins';
import { addMispReport } from './misp-report';
import type { StixBundle } from './stix';
import type { Subject } from './subject';
import { reportTimes } from './times';
import type { Tlp } from './tlp';

/** How `stixBundle` writes a bundle. */
export interface BundleOptions {
  /** The marking of every object. Default `clear`: VirusTotal's reports are public. */
  tlp?: Tlp;
  /** Maximum number of related observables of each kind. Default 20. */
  maxRelated?: number;
  /** Which reports become an indicator. Default `malicious`: platforms detect and block by every indicator. */
  indicatorFor?: IndicatorFor;
  /** The platform that the bundle is for. Default `generic`. */
  platform?: Platform;
  /** How long an indicator is valid from the day on which the bundle is made, in days. Default 0: no end is said. */
  validDays?: number;
  /**
   * When the bundle is made, in ms since 1970; its day (UTC) counts. Default: now. Only `validDays`, and a report without any date, depend
   * on it.
   */
  now?: number;
}

const DAY_MS = 86_400_000;

/**
 * Subjects as one STIX 2.1 bundle. It depends on them, the options and the day alone: the same give the same bundle, ids and dates included.
 *
 * @throws VirusTotalError `VT_INVALID_IOC` for a report that is of no domain, IP address, URL or hash
 */
export function bundleSubjects(subjects: readonly Subject[], options: BundleOptions = {}): StixBundle {
  const { now = Date.now(), ...given } = options;
  const settings = { ...defaultsOf('virustotal-stix'), ...given, day: now - (now % DAY_MS) };
  const graph = new StixGraph(settings.tlp);
  const observables = subjects.map((subject) => addSubject(graph, subject, settings));
  addAllOrigins(graph, subjects, observables, settings);
  if (settings.platform === 'misp') addMispReport(graph, subjects, settings.day);
  return graph.bundle(typesOf(settings.platform));
}

type Settings = Required<Omit<BundleOptions, 'now'>> & { day: number };

/** Last: what a file does depends on whether the bundle calls it malware. */
function addAllOrigins(
  graph: StixGraph,
  subjects: readonly Subject[],
  observables: readonly string[],
  { day, maxRelated: limit }: Settings,
): void {
  if (subjects.every(({ origins = [] }) => origins.length === 0)) return;
  const known = new Map<string, string>();
  subjects.forEach(({ value, report }, index) => {
    for (const name of [value, report.sha256, report.url])
      if (typeof name === 'string') known.set(name, observables[index] ?? '');
  });
  subjects.forEach(({ report, origins = [] }, index) => {
    const id = observables[index];
    if (id !== undefined)
      addOrigins(graph, { id, origins, times: reportTimes(report, day) }, { known, limit });
  });
}

/** @returns the id of its observable */
function addSubject(graph: StixGraph, subject: Subject, settings: Settings): string {
  const { type, value, report, assessment } = subject;
  const observable = addObservable(graph, subject, settings.platform);
  if (!observable) {
    const message = `Not in STIX: the report is of ${quote(value)}, which STIX cannot express as a ${type}`;
    throw new VirusTotalError('VT_INVALID_IOC', message);
  }
  if (!assessment) return observable.id;
  const times = reportTimes(report, settings.day);
  const assessed: AssessedReport = { type, report, assessment, observable, times };
  const indicator = addIndicator(graph, assessed, settings);
  addNote(graph, assessed);
  addRelated(graph, assessed, settings.maxRelated);
  if (type === 'file') addFileParts(graph, assessed, subject, indicator, settings.platform);
  return observable.id;
}

/** What engines found in a file, the malware that it is, and the TTPs that VirusTotal knows of it. */
function addFileParts(
  graph: StixGraph,
  assessed: AssessedReport,
  { value, report, mitreTrees }: Subject,
  indicator: string | undefined,
  platform: Platform,
): void {
  const hash = strongestHash(cryptographicHashes(report, value)) ?? value;
  const analysis = addMalwareAnalysis(graph, assessed, hash);
  const isMalicious = assessed.assessment.verdict === 'malicious';
  const sample = isMalicious ? addMalware(graph, assessed, { hash, indicator, analysis }) : undefined;
  addAttackPatterns(graph, mitreTrees, userOf(assessed, sample, indicator, platform), assessed.times);
}

/** What a technique is tied to: the malware, or the file when it isn't called malicious. Sentinel takes neither, but the indicator. */
function userOf(
  { observable }: AssessedReport,
  sample: string | undefined,
  indicator: string | undefined,
  platform: Platform,
): { id: string; relation: 'uses' | 'related-to' | 'indicates' } {
  if (platform === 'sentinel' && indicator !== undefined) return { id: indicator, relation: 'indicates' };
  if (sample !== undefined) return { id: sample, relation: 'uses' };
  return { id: observable.id, relation: 'related-to' };
}
