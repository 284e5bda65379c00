import type { Node, NodeAPI } from 'node-red';
import type { VirusTotalError } from '../src/errors';
import { deployedService, serviceOf } from './config-node';
import { HandOver } from './hand-over';
import { NodeEvents } from './node-events';
import { onInput } from './on-input';
import { rejectAllMessages } from './reject-all';
import { resumeLeft } from './resume-left';
import { SubmitController } from './submit-controller';
import { readSetup, type SubmitDef, type SubmitSetup } from './submit-setup';
import { SubmitState } from './submit-state';

/** Sets up a submit node that has just been created. */
export function openSubmit(RED: NodeAPI, node: Node, def: SubmitDef): void {
  const inbox = HandOver.of(RED).open(node);
  const state = SubmitState.open(inbox, RED.settings);
  const events = new NodeEvents(RED, node, def.server);
  const deploy = (setup: SubmitSetup | undefined): void =>
    state.deploy({ node, setup, events, service: () => serviceOf(RED, def.server) });
  let setup: SubmitSetup;
  try {
    setup = readSetup(RED, node, def);
  } catch (problem) {
    deploy(undefined);
    rejectAllMessages(inbox, problem as VirusTotalError);
    return;
  }
  deploy(setup);
  inbox.service = () => deployedService(RED, def.server);
  onInput(inbox, new SubmitController(state, setup));
  resumeLeft(state);
}
