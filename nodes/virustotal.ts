import type { Node, NodeAPI } from 'node-red';
import type { VirusTotalError } from '../src/errors';
import { HandOver } from './hand-over';
import { LookupController, type LookupDef } from './lookup-controller';
import { onInput } from './on-input';
import { rejectAllMessages } from './reject-all';

export = function registerVirusTotal(RED: NodeAPI): void {
  HandOver.registered(RED, 'virustotal');

  function VirusTotal(this: Node, def: LookupDef): void {
    RED.nodes.createNode(this, def);
    const inbox = HandOver.of(RED).open(this);
    let controller: LookupController;
    try {
      controller = new LookupController(RED, this, def, inbox);
    } catch (problem) {
      rejectAllMessages(this, inbox, problem as VirusTotalError);
      return;
    }
    onInput(this, inbox, (received) => controller.receive(received));
    this.on('close', () => controller.close());
  }
  RED.nodes.registerType('virustotal', VirusTotal);
};
