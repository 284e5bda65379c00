import type { SubmitStage } from '../src/submit/stage';
import type { Submission } from '../src/submit/submission';
import type { SubmitState } from './submit-state';

/** The message of a submission. */
interface Message {
  /** Stands for it in the status. */
  readonly wait: AbortController;
  readonly msgid?: string | undefined;
  /** Of its entry in the journal, where it has one. */
  readonly entryId?: string;
}

/**
 * Shows the stages of a submission in the status, and keeps it in the journal from the moment when it may have left.
 * @returns what is to be called when its message has ended
 */
export function followStages(state: SubmitState, submission: Submission, message: Message): () => void {
  const { journal, status } = state;
  const { wait, msgid } = message;
  const id = message.entryId ?? journal.newId();
  let written = '';
  const follow = (stage: SubmitStage): void => {
    status.stage(wait, stage);
    const pending = submission.pending();
    const key = pending && `${pending.analysisId ?? ''} ${pending.since}`;
    // Each percent of an upload is a stage, too.
    if (!pending || key === written) return;
    written = key ?? '';
    journal.write(id, { pending, ...(msgid === undefined ? {} : { msgid }) });
  };
  submission.onStage = follow;
  follow(submission.stage);
  // If Node-RED ends before the flows run again, the message is lost: the entry stays, and the next process goes on with it.
  return () => state.whenRunning(() => journal.delete(id));
}
