import type { Node, NodeAPI } from 'node-red';
import type { VirusTotalError } from '../src/api/errors';
import { LookupController, type LookupDef } from './lookup-controller';
import { onInput } from './on-input';
import { refuseAll } from './refuse-all';
import { inBackground } from '../src/lookup/in-background';

export = function registerVirusTotal(RED: NodeAPI): void {
  function VirusTotal(this: Node, def: LookupDef): void {
    RED.nodes.createNode(this, def);
    let controller: LookupController;
    try {
      controller = new LookupController(RED, this, def);
    } catch (problem) {
      refuseAll(this, problem as VirusTotalError);
      return;
    }
    onInput(this, (received) => controller.receive(received));
    this.on('close', (done: () => void) => {
      inBackground(controller.close().then(done, done));
    });
  }
  RED.nodes.registerType('virustotal', VirusTotal);
};
