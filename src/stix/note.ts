import type { AssessedReport } from './assessed-report';
import { noteText } from './describe';
import type { StixGraph } from './graph';
import { labels } from './labels';
import { permalinkReference } from './references';

/** What VirusTotal says of an observable, for people: also where there is nothing to detect. */
export function addNote(graph: StixGraph, assessed: AssessedReport): void {
  const { report, assessment, observable, times } = assessed;
  graph.object('note', [observable.id], times, {
    abstract: `VirusTotal: ${assessment.verdict}`,
    content: noteText(assessed),
    object_refs: [observable.id],
    ...labels(report),
    ...permalinkReference(report),
  });
}
