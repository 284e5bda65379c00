import type { NodeMessage } from 'node-red';
import type { VirusTotalError } from '../src/errors';
import type { LookupMetadata } from './lookup-metadata';
import type { ReportOutput } from './report-output';

/** How a VirusTotal node puts what it has found into the messages that go out. */
export interface Outgoing {
  readonly output: ReportOutput;
  /** The message property that the indicators come from; undefined when they come from another source. */
  readonly sourceProperty: string | undefined;
  /** Puts `msg.virustotal` into a message that is about to go out. */
  addMetadata(msg: NodeMessage, metadata: LookupMetadata): NodeMessage;
  /** Whether a failure goes on as a report, and not to a Catch node. */
  sendsErrorReports(error: VirusTotalError): boolean;
  /** Where an indicator stood, seen from the message or context. */
  pathOf(path: string): string;
}
