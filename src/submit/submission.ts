import { VirusTotalError } from '../errors';
import type { VirusTotalService } from '../lookup/service';
import type { SubmitOptions } from './options';
import type { PendingAnalysis, SubmitResult } from './result';
import type { SubmitStage } from './stage';
import type { SubmitTarget } from './target';

/** A submission that has been started, or taken up again. */
export interface Submission {
  /** Rejects with VirusTotalError. It may be left unhandled. */
  readonly result: Promise<SubmitResult>;
  /** How far it is. */
  readonly stage: SubmitStage;
  /** Gets each change; may be replaced. Must not throw. */
  onStage: ((stage: SubmitStage) => void) | undefined;
  /** What is to be kept for a restart; undefined before anything may have left and after the end. */
  pending(): PendingAnalysis | undefined;
}

/** Submits something. Never throws: whatever is wrong rejects `result`. */
export function startSubmission(
  _service: VirusTotalService,
  _target: SubmitTarget,
  options: SubmitOptions = {},
): Submission {
  return failed(options);
}

/** Goes on with a submission from before a restart, and sends nothing again. Never throws: whatever is wrong rejects `result`. */
export function resumeSubmission(
  _service: VirusTotalService,
  _pending: PendingAnalysis,
  options: SubmitOptions = {},
): Submission {
  return failed(options);
}

function failed({ onStage }: SubmitOptions): Submission {
  const result = Promise.reject(new VirusTotalError('VT_CONFIG', 'Not available: submissions'));
  result.catch(() => undefined);
  return { result, stage: { stage: 'done' }, onStage, pending: () => undefined };
}
