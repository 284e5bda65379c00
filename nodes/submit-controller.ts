import { asError } from './lookups';
import { VirusTotalError } from '../src/errors';
import type { VirusTotalService } from '../src/lookup/service';
import { commentOn, voteOn, type ActResult, type VoteVerdict } from '../src/submit/community';
import type { ActOptions } from '../src/submit/options';
import { startSubmission } from '../src/submit/submission';
import { followStages } from './follow-stages';
import type { MessageHandler } from './on-input';
import type { Received } from './received';
import { priorityOf } from './report-lookup';
import { putFailure, putResult, type SubmitMetadata } from './submit-message';
import { planOf, type SubmitPlan } from './submit-plan';
import type { SubmitSetup } from './submit-setup';
import { noConsent, type SubmitState } from './submit-state';
import { sendable, subjectOf } from './submit-subject';

/** A message that a submit node works on. */
interface Work {
  readonly received: Received;
  readonly metadata: SubmitMetadata;
  /** Ends its wait; stands for it in the status and in the service. */
  readonly wait: AbortController;
}

/** A submit node that is deployed: submits what each message is about, once the consent box is ticked. */
export class SubmitController implements MessageHandler {
  readonly #state: SubmitState;
  readonly #setup: SubmitSetup;

  constructor(state: SubmitState, setup: SubmitSetup) {
    this.#state = state;
    this.#setup = setup;
    this.#showProblems();
  }

  /** Rejects with what ends the message. */
  receive(received: Received): void | Promise<void> {
    if ((received.msg as { reset?: unknown }).reset === true)
      return this.#state.drop('Dropped by msg.reset: the analysis had not ended yet');
    return this.#work(received);
  }

  async #work(received: Received): Promise<void> {
    const { action, output } = this.#setup;
    const wait = this.#state.newWait();
    const metadata: SubmitMetadata = { action, submitted: false, cached: false };
    const work = { received, metadata, wait };
    try {
      if (!this.#setup.consent) throw noConsent();
      // Looked at before anything is sent: the report would have no place.
      const placementError = output.placementError(received.msg);
      if (placementError) throw placementError;
      if (action === 'comment' || action === 'vote') await this.#act(work, action);
      else await this.#submit(work);
    } catch (thrown) {
      this.#failed(work, asError(thrown));
    } finally {
      this.#state.endWait(wait);
    }
  }

  async #submit(work: Work): Promise<void> {
    const { received, metadata } = work;
    const { msg } = received;
    const plan = await this.#plan(work);
    if (!plan) return;
    const { indicator, wrapper, name } = plan;
    Object.assign(metadata, { type: indicator.type, resource: indicator.value });
    if (wrapper !== undefined) metadata.wrapper = wrapper;
    if (name !== undefined) metadata.name = name;
    const { status, deployed } = this.#state;
    const submission = startSubmission(deployed.service(), plan.target, {
      ...this.#setup.scan,
      ...plan.when,
      ...this.#options(work, indicator),
    });
    const end = followStages(this.#state, submission, { wait: work.wait, msgid: msg._msgid });
    try {
      const result = await submission.result;
      if (plan.hasNoBytes && result.report?.response_code === 0) throw noBytes(indicator.value);
      putResult(msg, metadata, { result, output: this.#setup.output });
      if (result.report) status.reported(result.report);
      else status.did('submitted');
      received.send(msg);
    } finally {
      end();
    }
  }

  /** Hashing takes a while, and a deploy may come meanwhile. @returns undefined when no node goes on with the message */
  async #plan({ received, wait }: Work): Promise<SubmitPlan | undefined> {
    const { msg } = received;
    const value: unknown = await this.#setup.source(msg);
    for (;;) {
      await received.whenRunning();
      if (received.ended) return undefined;
      wait.signal.throwIfAborted();
      const { filter } = this.#state.deployed.service();
      const plan = await planOf(this.#setup, filter, { msg, value });
      await received.whenRunning();
      if (received.ended) return undefined;
      wait.signal.throwIfAborted();
      // If a deploy has changed what may be sent, it is asked again.
      if (this.#state.deployed.service().filter === filter) return plan;
    }
  }

  async #act(work: Work, action: 'comment' | 'vote'): Promise<void> {
    const { received, metadata } = work;
    const { msg } = received;
    const { comment, verdict, source, sourceName } = this.#setup;
    const value: unknown = await source(msg);
    const words: unknown = await (action === 'comment' ? comment : verdict)(msg);
    const subject = await subjectOf(value, sourceName);
    await received.whenRunning();
    if (received.ended) return;
    const service = this.#state.deployed.service();
    const { indicator } = sendable(service.filter, subject);
    Object.assign(metadata, { type: indicator.type, resource: indicator.value });
    const options = this.#options(work, indicator);
    const act = actOf(action, words);
    const result = await this.#state.acts.once(action, indicator, {
      act: (leaves) => act(service, indicator, { ...options, onLeave: leaves }),
      counts: (error) => error instanceof VirusTotalError && error.mayHaveArrived === true,
    });
    const { already = true, id } = result ?? {};
    Object.assign(metadata, { submitted: !already, already, ...(id === undefined ? {} : { id }) });
    Object.assign(msg, { virustotal: metadata });
    this.#state.status.did(action === 'comment' ? 'commented' : 'voted');
    received.send(msg);
  }

  #options({ received, wait }: Work, indicator: Parameters<SubmitState['beforeSend']>[1]): ActOptions {
    const { msg } = received;
    return {
      priority: priorityOf((msg as { priority?: unknown }).priority),
      signal: wait.signal,
      owner: this.#state.inbox,
      batch: wait,
      beforeSend: () => this.#state.beforeSend(this.#setup.action, indicator),
    };
  }

  /** The message goes on as a report that says so. @throws VirusTotalError where it goes to a Catch node */
  #failed({ received, metadata }: Work, error: VirusTotalError): void {
    const { msg } = received;
    const { status, deployed } = this.#state;
    status.failed(error);
    deployed.events.failed(error, metadata);
    if (!putFailure(msg, metadata, { error, setup: this.#setup })) throw error;
    received.send(msg);
  }

  #showProblems(): void {
    const { status, deployed } = this.#state;
    if (!this.#setup.consent) return status.failed(noConsent());
    try {
      deployed.service();
    } catch (problem) {
      status.failed(asError(problem));
    }
  }
}

type Act = (
  service: VirusTotalService,
  indicator: Parameters<typeof voteOn>[1],
  options: ActOptions,
) => Promise<ActResult>;

/** @throws VirusTotalError `VT_INVALID_IOC` for words that are neither a comment nor a verdict */
function actOf(action: 'comment' | 'vote', words: unknown): Act {
  const text = typeof words === 'string' ? words.trim() : '';
  if (action === 'comment') {
    if (text === '')
      throw new VirusTotalError('VT_INVALID_IOC', 'No comment: the text of the comment is empty or missing');
    return (service, indicator, options) => commentOn(service, indicator, text, options);
  }
  const verdict = text.toLowerCase();
  if (verdict !== 'malicious' && verdict !== 'harmless')
    throw new VirusTotalError(
      'VT_INVALID_IOC',
      `Not a vote: the verdict is ${text === '' ? 'empty or missing' : JSON.stringify(text)}; it must be malicious or harmless`,
    );
  return (service, indicator, options) => voteOn(service, indicator, verdict satisfies VoteVerdict, options);
}

function noBytes(hash: string): VirusTotalError {
  return new VirusTotalError(
    'VT_INVALID_IOC',
    `File not in the message: VirusTotal does not know ${hash}, and no bytes in the message have this hash. Keep the Buffer or msg.attachments in the message, or choose where the bytes are (bytes in msg.)`,
  );
}
