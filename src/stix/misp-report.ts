import type { StixGraph } from './graph';
import type { Subject } from './subject';
import { CONSTANT_CREATED, reportTimes } from './times';

/** MISP makes an event of a report, with its name as the event's; without one the event is named after the importer. */
export function addMispReport(graph: StixGraph, subjects: readonly Subject[], day: number): void {
  const refs = graph.ids();
  if (refs.length === 0) return;
  const newest = subjects
    .map(({ report }) => reportTimes(report, day).modified)
    .reduce((latest, time) => (time > latest ? time : latest));
  const values = subjects.map(({ value }) => value);
  const times = { created: CONSTANT_CREATED, modified: newest };
  graph.object('report', [...values].sort(), times, {
    name: values.length === 1 ? `VirusTotal: ${values[0]}` : `VirusTotal: ${values.length} indicators`,
    published: newest,
    object_refs: refs,
  });
}
