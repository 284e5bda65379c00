import { quote, VirusTotalError } from '../errors';
import { OPTIONS } from '../options';
import { addAttackPatterns } from './attack-patterns';
import { addFileNames } from './file-names';
import type { AssessedReport } from './assessed-report';
import { StixGraph } from './graph';
import { addIndicator } from './indicator';
import { addMalware } from './malware';
import { addMalwareAnalysis } from './malware-analysis';
import { addObservable } from './add-observable';
import { addRelated } from './related';
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
}

const STIX = OPTIONS['virustotal-stix'];

/**
 * Subjects as one STIX 2.1 bundle. It depends on them alone: the same give the same bundle, ids and dates included.
 *
 * @throws VirusTotalError `VT_INVALID_IOC` for a report that is of no domain, IP address, URL or hash
 */
export function bundleSubjects(subjects: readonly Subject[], options: BundleOptions = {}): StixBundle {
  const graph = new StixGraph(options.tlp ?? STIX.tlp.default);
  for (const subject of subjects) addSubject(graph, subject, options.maxRelated ?? STIX.maxRelated.default);
  return graph.bundle();
}

function addSubject(graph: StixGraph, subject: Subject, maxRelated: number): void {
  const { type, value, report, assessment } = subject;
  const observed = addObservable(graph, subject);
  if (!observed) {
    const message = `Not in STIX: the report is of ${quote(value)}, which is no ${type} that STIX can name`;
    throw new VirusTotalError('VT_INVALID_IOC', message);
  }
  if (!assessment) return;
  const finding: AssessedReport = {
    type,
    report,
    assessment,
    observable: observed,
    times: reportTimes(report),
  };
  const indicator = addIndicator(graph, finding);
  const analysis = addMalwareAnalysis(graph, finding);
  addRelated(graph, finding, maxRelated);
  if (type === 'file') addFileParts(graph, finding, subject, indicator, analysis, maxRelated);
}

/** The names of a file, and the TTPs that VirusTotal knows of it. */
function addFileParts(
  graph: StixGraph,
  finding: AssessedReport,
  { value, mitreTrees }: Subject,
  indicator: string,
  analysis: string,
  maxRelated: number,
): void {
  addFileNames(graph, finding, value, maxRelated);
  const user =
    finding.assessment.verdict === 'malicious'
      ? ({ id: addMalware(graph, finding, indicator, analysis), relation: 'uses' } as const)
      : ({ id: finding.observable.id, relation: 'related-to' } as const);
  addAttackPatterns(graph, mitreTrees, user, finding.times);
}
