import type { NodeMessage } from 'node-red';
import type { VirusTotalError } from '../src/errors';
import type { IocType } from '../src/ioc/ioc';
import type { SubmitResult } from '../src/submit/result';
import type { SubmitAction, SubmitSetup } from './submit-setup';

/** `msg.virustotal`: what was submitted, and what came of it. */
export interface SubmitMetadata {
  action: SubmitAction;
  type?: IocType;
  resource?: string;
  /** Something was sent for this message. */
  submitted: boolean;
  /** VirusTotal's id of the analysis. */
  analysisId?: string;
  /** Seconds from the answer to the submission to the report. */
  waited?: number;
  /** The report came from the cache. */
  cached: boolean;
  /** Who had wrapped the link, as `safelinks`. */
  wrapper?: string;
  /** The file's name. */
  name?: string;
  /** The comment or vote was there before. */
  already?: boolean;
  /** VirusTotal's id of the comment or vote. */
  id?: string;
  /** The message is a new one: Node-RED was restarted while the analysis was under way. */
  afterRestart?: true;
  /** What that means, for a person. */
  text?: string;
}

/** The message goes on with what a submission came to. */
export function putResult(
  msg: NodeMessage,
  metadata: SubmitMetadata,
  { result, output }: { result: SubmitResult; output: SubmitSetup['output'] },
): void {
  const { report, analysisId, submitted, cached, waitedMs } = result;
  Object.assign(metadata, { submitted, cached, waited: Math.round(waitedMs / 1000) });
  if (analysisId !== undefined) metadata.analysisId = analysisId;
  Object.assign(msg, { virustotal: metadata });
  output.put(msg, report ?? { analysisId });
}

/** Puts what a failure tells into the message. @returns whether the message goes on as a report that says so */
export function putFailure(
  msg: NodeMessage,
  metadata: SubmitMetadata,
  { error, setup }: { error: VirusTotalError; setup: Pick<SubmitSetup, 'output' | 'reportsErrors'> },
): boolean {
  const { analysisId } = error;
  if (analysisId !== undefined) Object.assign(metadata, { analysisId, submitted: true });
  Object.assign(msg, { virustotal: metadata });
  // A node that is closed or reset passes on nothing.
  if (!setup.reportsErrors || error.code === 'VT_CLOSED' || setup.output.placementError(msg)) return false;
  setup.output.put(msg, failureReport(metadata, error));
  return true;
}

function failureReport({ type, resource }: SubmitMetadata, error: VirusTotalError): object {
  const { code, message, analysisId } = error;
  return {
    type: type ?? '',
    resource: resource ?? '',
    response_code: code === 'VT_TIMEOUT' && analysisId !== undefined ? -2 : -1,
    verbose_msg: message,
    ...(analysisId === undefined ? {} : { analysisId }),
    error: { code, message },
  };
}
