import type { Node, NodeAPI, NodeMessage } from 'node-red';
import type { VirusTotalError } from '../src/errors';
import { isCount } from '../src/report/narrow';
import { nodesIn } from '../src/related/trail';
import { deployedService } from './config-node';
import { HandOver } from './hand-over';
import type { Inbox } from './inbox';
import { NodeEvents } from './node-events';
import { onInput, type MessageHandler } from './on-input';
import type { Received } from './received';
import { rejectAllMessages } from './reject-all';
import { RelatedLookup, type RelatedNode } from './related-lookup';
import { RelatedOutput } from './related-output';
import { readRelatedSetup, type RelatedDef, type RelatedSetup } from './related-setup';
import { StatusLine } from './status-line';
import { statusText } from './status-text';

export type { RelatedDef };

/** Sets up a related node that has just been created. */
export function openRelated(RED: NodeAPI, node: Node, def: RelatedDef): void {
  const inbox = HandOver.of(RED).open(node);
  let setup: RelatedSetup;
  try {
    setup = readRelatedSetup(RED, node, def);
  } catch (problem) {
    rejectAllMessages(inbox, problem as VirusTotalError);
    return;
  }
  inbox.service = () => deployedService(RED, setup.server);
  const line = new StatusLine(node);
  const events = new NodeEvents(RED, node, setup.server);
  onInput(
    inbox,
    new RelatedIndicators({ RED, inbox, setup, line, events, output: new RelatedOutput(RED, setup) }),
  );
}

/** Asks for the relations of the indicator of each message. */
class RelatedIndicators implements MessageHandler {
  readonly #node: RelatedNode;

  constructor(node: RelatedNode) {
    this.#node = node;
  }

  receive(received: Received): void | Promise<void> {
    const { inbox, line, setup } = this.#node;
    const msg = received.msg as NodeMessage & { reset?: unknown; depth?: unknown; pivot?: unknown };
    if (msg.reset === true) return resetOf(inbox);
    const depth = isCount(msg.depth) ? msg.depth : 0;
    const lookup = new RelatedLookup(this.#node, received, depth);
    if (depth < setup.maxDepth) return lookup.run();
    // What this node has sent itself has come back: sent once more, it would do so for ever.
    const passed = nodesIn(msg.pivot);
    const isBack = passed.length > 0 ? passed.includes(inbox.node.id) : depth > setup.maxDepth;
    if (!isBack) lookup.passOn();
    line.status({ fill: 'grey', shape: 'ring', text: statusText('maxDepth', { depth }) });
  }

  failed(error: Error): void {
    this.#node.line.failed(error);
  }
}

function resetOf(inbox: Inbox): Promise<void> {
  return inbox.drop('Dropped by msg.reset: the relations had not been looked up yet');
}
