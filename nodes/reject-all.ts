import type { VirusTotalError } from '../src/errors';
import type { Inbox } from './inbox';
import { onInput } from './on-input';
import { StatusLine } from './status-line';

/** A node with wrong settings still fails every message, so that the flow's Catch nodes receive it. */
export function rejectAllMessages(inbox: Inbox, problem: VirusTotalError): void {
  const { node } = inbox;
  const line = new StatusLine(node);
  node.error(problem.message);
  line.failed(problem);
  onInput(inbox, {
    receive: () => {
      throw problem;
    },
    failed: (error) => line.failed(error),
  });
}
