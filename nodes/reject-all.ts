import type { Node } from 'node-red';
import type { VirusTotalError } from '../src/errors';
import type { Inbox } from './inbox';
import { onInput } from './on-input';
import { StatusLine } from './status-line';
import { failureText } from './status-text';

/** A node that is set up wrongly still answers every message, so that the flow's Catch nodes hear of it. */
export function rejectAllMessages(node: Node, inbox: Inbox, problem: VirusTotalError): void {
  const line = new StatusLine(node);
  node.error(problem.message);
  line.status({ fill: 'red', shape: 'ring', text: failureText(problem) });
  onInput(
    node,
    inbox,
    () => {
      throw problem;
    },
    line,
  );
}
