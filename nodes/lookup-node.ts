import type { Node, NodeAPI } from 'node-red';
import type { VirusTotalError } from '../src/errors';
import { HandOver } from './hand-over';
import { LookupController, type LookupDef } from './lookup-controller';
import { onInput } from './on-input';
import { rejectAllMessages } from './reject-all';

export type { LookupDef };

/** Sets up a VirusTotal node that has just been created. */
export function openLookup(RED: NodeAPI, node: Node, def: LookupDef): void {
  const inbox = HandOver.of(RED).open(node);
  let controller: LookupController;
  try {
    controller = new LookupController(RED, inbox, def);
  } catch (problem) {
    rejectAllMessages(inbox, problem as VirusTotalError);
    return;
  }
  onInput(inbox, controller);
  node.on('close', () => controller.close());
}
