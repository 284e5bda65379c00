import { VirusTotalError } from './errors';
import type { Indicator } from './ioc/ioc';
import { VirusTotalService as LookupService } from './lookup/service';
import {
  commentOn as commentBy,
  voteOn as voteBy,
  type ActResult,
  type VoteVerdict,
} from './submit/community';
import type { ActOptions, SubmitOptions } from './submit/options';
import type { PendingAnalysis } from './submit/result';
import { resumeSubmission as resume, startSubmission as start, type Submission } from './submit/submission';
import type { SubmitTarget } from './submit/target';
import type { VirusTotalService } from './virustotal-service';

/**
 * Submits something to VirusTotal, or has it scanned again, and waits for the report. What is submitted in public can be read and downloaded by others.
 * It is sent once at most: when its answer is lost, the report is asked for instead.
 *
 * @returns the submission; whatever goes wrong rejects its `result`
 * @throws VirusTotalError `VT_CONFIG` for a service that is none of this package
 */
export function startSubmission(
  service: VirusTotalService,
  target: SubmitTarget,
  options: SubmitOptions = {},
): Submission {
  return start(ownService(service), target, options);
}

/**
 * Goes on with a submission from before a restart, and sends nothing again.
 *
 * @returns the submission; whatever goes wrong rejects its `result`
 * @throws VirusTotalError `VT_CONFIG` for a service that is none of this package
 */
export function resumeSubmission(
  service: VirusTotalService,
  pending: PendingAnalysis,
  options: SubmitOptions = {},
): Submission {
  return resume(ownService(service), pending, options);
}

/**
 * Writes a comment, in public and under the name of the key's user; words with # become tags.
 *
 * @throws VirusTotalError as a rejection; `VT_INVALID_IOC` for an indicator that may not be sent or an empty text, `VT_CONFIG` with API v2
 */
export async function commentOn(
  service: VirusTotalService,
  indicator: Indicator,
  text: string,
  options: ActOptions = {},
): Promise<ActResult> {
  return commentBy(ownService(service), indicator, text, options);
}

/**
 * Votes, in public and under the name of the key's user.
 *
 * @throws VirusTotalError as a rejection; `VT_INVALID_IOC` for an indicator that may not be sent or another verdict, `VT_CONFIG` with API v2
 */
export async function voteOn(
  service: VirusTotalService,
  indicator: Indicator,
  verdict: VoteVerdict,
  options: ActOptions = {},
): Promise<ActResult> {
  return voteBy(ownService(service), indicator, verdict, options);
}

function ownService(service: VirusTotalService): LookupService {
  if (service instanceof LookupService) return service;
  throw new VirusTotalError(
    'VT_CONFIG',
    'Service not valid: submissions take a VirusTotalService of this package',
  );
}
