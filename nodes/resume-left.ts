import type { NodeMessage } from 'node-red';
import { inBackground } from '../src/in-background';
import type { VirusTotalService } from '../src/lookup/service';
import { resumeSubmission } from '../src/submit/submission';
import { followStages } from './follow-stages';
import { asError } from './lookups';
import type { JournalEntry } from './submit-journal';
import { putFailure, putResult, type SubmitMetadata } from './submit-message';
import type { SubmitSetup } from './submit-setup';
import type { SubmitState } from './submit-state';

/** For a person who wonders about the message. */
const TEXT =
  'Node-RED was restarted while VirusTotal analyzed this. The message that submitted it is lost; this is a new one, with the report and the ' +
  '_msgid of that message';

/** Goes on with the submissions that a process before this one has left: their reports come in new messages. */
export function resumeLeft(state: SubmitState): void {
  state.whenRunning(() => inBackground(resumeAll(state)));
}

async function resumeAll(state: SubmitState): Promise<void> {
  for (const [id, entry] of await state.journal.takeLeft()) {
    const { setup, service, node } = state.deployed;
    if (!setup || state.inbox.isClosed) {
      state.journal.leave(id);
      continue;
    }
    try {
      inBackground(resume(state, service(), { id, entry, setup }));
    } catch (problem) {
      // The next deploy may bring a config that can be used.
      state.journal.leave(id);
      node.warn(
        `Not resumed: the analysis of ${entry.pending.target.value} from before the restart: ${asError(problem).message}`,
      );
    }
  }
}

interface Left {
  readonly id: string;
  readonly entry: JournalEntry;
  readonly setup: SubmitSetup;
}

async function resume(state: SubmitState, service: VirusTotalService, left: Left): Promise<void> {
  const { entry, setup, id } = left;
  const { pending, msgid } = entry;
  const metadata = metadataOf(left);
  const msg = { ...(msgid === undefined ? {} : { _msgid: msgid }) } as NodeMessage;
  const wait = state.newWait();
  const submission = resumeSubmission(service, pending, {
    ...setup.scan,
    wait: true,
    signal: wait.signal,
    owner: state.inbox,
    batch: wait,
  });
  const end = followStages(state, submission, { wait, msgid, entryId: id });
  try {
    const result = await submission.result;
    putResult(msg, metadata, { result: { ...result, submitted: true }, output: setup.output });
    if (result.report) state.status.reported(result.report);
    state.whenRunning(() => state.deployed.node.send(msg));
  } catch (thrown) {
    const error = asError(thrown);
    state.status.failed(error);
    const goesOn = putFailure(msg, metadata, { error, setup });
    state.whenRunning(() => {
      const { node } = state.deployed;
      if (goesOn) node.send(msg);
      else node.error(error, msg);
    });
  } finally {
    end();
    state.endWait(wait);
  }
}

function metadataOf({ entry, setup }: Left): SubmitMetadata {
  const { target, analysisId } = entry.pending;
  return {
    action: setup.action,
    type: target.type,
    resource: target.value,
    submitted: true,
    ...(analysisId === undefined ? {} : { analysisId }),
    cached: false,
    afterRestart: true,
    text: TEXT,
  };
}
