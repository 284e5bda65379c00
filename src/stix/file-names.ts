import { isStrings, type JsonObject } from '../report/narrow';
import type { AssessedReport } from './assessed-report';
import type { StixGraph } from './graph';
import { addFile, cryptographicHashes, similarityHashes } from './observables';

/** The names that a file was seen under, the telling one first. v2 has them with a private key only. */
export function fileNames({ meaningful_name, names, submission_names }: JsonObject): string[] {
  const listed = isStrings(names) ? names : isStrings(submission_names) ? submission_names : [];
  const all = typeof meaningful_name === 'string' ? [meaningful_name, ...listed] : listed;
  return [...new Set(all)].filter((name) => name !== '' && name.length <= 1000);
}

/** A file has one name in STIX; under each other name it is a file of its own, with the same hashes. */
export function addFileNames(graph: StixGraph, finding: AssessedReport, asked: string, most: number): void {
  const { report, observable, times } = finding;
  const hashes = { ...cryptographicHashes(report, asked), ...similarityHashes(report) };
  for (const name of fileNames(report).slice(1, 1 + most)) {
    const other = addFile(graph, hashes, name, report.size);
    graph.relate(other, 'duplicate-of', observable.id, times, 'Seen under this name too');
  }
}
