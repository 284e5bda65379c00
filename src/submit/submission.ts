import { VirusTotalError } from '../errors';
import type { Indicator } from '../ioc/ioc';
import type { VirusTotalService } from '../lookup/service';
import { checkedOptions } from './checked-options';
import { resultOfAnalysis } from './analysis-result';
import { checkFile } from './guard';
import type { SubmitOptions } from './options';
import { recover } from './recovery';
import { resultOf, type PendingAnalysis, type SubmitResult } from './result';
import { needV3, sendableTarget } from './sendable-target';
import { Sending } from './sending';
import type { SubmitStage } from './stage';
import { lost, withPending } from './submission-errors';
import { SubmissionState } from './submission-state';
import { indicatorOf, type SubmitTarget } from './target';

/** A submission that has been started, or taken up again. */
export interface Submission {
  /** Rejects with VirusTotalError. It may be left unhandled. */
  readonly result: Promise<SubmitResult>;
  /** How far it is. */
  readonly stage: SubmitStage;
  /** Gets each change; may be replaced. Must not throw. */
  onStage: ((stage: SubmitStage) => void) | undefined;
  /** What is to be kept for a restart; undefined before anything may have left and after the end, unless that was `VT_CLOSED`. */
  pending(): PendingAnalysis | undefined;
}

/** Submits something. Never throws: whatever is wrong rejects `result`. */
export function startSubmission(
  service: VirusTotalService,
  target: SubmitTarget,
  options: SubmitOptions = {},
): Submission {
  return new OneSubmission(service, options, (submission) => submission.submit(target));
}

/** Goes on with a submission from before a restart, and sends nothing again. Never throws: whatever is wrong rejects `result`. */
export function resumeSubmission(
  service: VirusTotalService,
  pending: PendingAnalysis,
  options: SubmitOptions = {},
): Submission {
  return new OneSubmission(service, { ...options, private: pending.private }, (submission) =>
    submission.resume(pending),
  );
}

/** What a wait gets at least after a restart, in ms. */
const LEAST_WAIT_MS = 60_000;

/**
 * One message's submission. It is `looking-up` until it is known whether something is to be sent; then `waiting` for its turn in the key's queue, and
 * `uploading` from the moment when it may arrive. With the id of its analysis it is `queued`, then `scanning`, and `done` with the report. An answer that
 * was lost leads to `recovering`: the report is asked for, and nothing is sent again. From every one of them an error, the signal and the end of the service
 * lead to `done`. What is the same for several messages, sending and polling, is in `Submissions`; each of them has states of its own.
 */
class OneSubmission implements Submission {
  readonly result: Promise<SubmitResult>;
  readonly #state: SubmissionState;

  constructor(
    service: VirusTotalService,
    options: SubmitOptions,
    run: (submission: OneSubmission) => Promise<SubmitResult>,
  ) {
    const state = new SubmissionState(service, options);
    this.#state = state;
    this.result = Promise.resolve()
      .then(() => {
        state.options = checkedOptions(options);
        return run(this);
      })
      .then(
        (result) => {
          state.pending = undefined;
          return result;
        },
        (thrown: unknown) => {
          const error = withPending(thrown, state.pending);
          if (!(error instanceof VirusTotalError && error.code === 'VT_CLOSED')) state.pending = undefined;
          throw error;
        },
      )
      .finally(() => state.tell({ stage: 'done' }));
    this.result.catch(() => undefined);
  }

  get stage(): SubmitStage {
    return this.#state.stage;
  }

  get onStage(): ((stage: SubmitStage) => void) | undefined {
    return this.#state.onStage;
  }

  set onStage(listener: ((stage: SubmitStage) => void) | undefined) {
    this.#state.onStage = listener;
  }

  pending(): PendingAnalysis | undefined {
    return this.#state.pending && { ...this.#state.pending, target: { ...this.#state.pending.target } };
  }

  async submit(given: SubmitTarget): Promise<SubmitResult> {
    needV3(this.#state.service);
    if (given.kind === 'file') checkFile(given);
    const { service, privacy } = this.#state;
    const target = sendableTarget(service, given, privacy);
    const indicator = indicatorOf(target);
    const sending = new Sending(this.#state);
    const sent = (await sending.join(target)) ?? (await sending.decide(target, indicator));
    if (sent === 'unknown') return { report: unknown(indicator), ...NOTHING_SENT };
    if ('found' in sent) return resultOf(sent.found, { submitted: sent.submitted, waitedMs: 0 });
    return resultOfAnalysis(this.#state, indicator, sent.open);
  }

  async resume(pending: PendingAnalysis): Promise<SubmitResult> {
    needV3(this.#state.service);
    const { analysisId, since } = pending;
    const indicator = { type: pending.target.type, value: pending.target.value };
    this.#state.pending = pending;
    const sinceMs = Math.max(0, Date.now() - since);
    if (analysisId === undefined) {
      const found = await recover(this.#state, indicator, pending.scannedBefore);
      if (found === undefined) throw lost(indicator);
      return resultOf(found, { submitted: true, waitedMs: sinceMs });
    }
    this.#state.tell({ stage: 'queued', analysisId });
    const { scannedBefore } = pending;
    const open = { analysisId, sentAt: performance.now() - sinceMs, scannedBefore };
    const { timeoutMs } = this.#state.options;
    return resultOfAnalysis(
      this.#state,
      indicator,
      open,
      Math.max(Math.min(LEAST_WAIT_MS, timeoutMs), timeoutMs - sinceMs),
    );
  }
}

const NOTHING_SENT = { submitted: false, cached: false, waitedMs: 0 };

function unknown({ type, value }: Indicator): NonNullable<SubmitResult['report']> {
  return { type, resource: value, response_code: 0, verbose_msg: 'Not found in dataset' };
}
