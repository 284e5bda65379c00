import type { Node, NodeAPI } from 'node-red';
import { LookupController, type LookupDef } from './lookup-controller';
import { onInput } from './on-input';

export = function registerVirusTotal(RED: NodeAPI): void {
  function VirusTotal(this: Node, def: LookupDef): void {
    RED.nodes.createNode(this, def);
    const controller = new LookupController(RED, this, def);
    onInput({ on: this.on.bind(this), status: () => undefined }, (msg, send) =>
      controller.receive(msg, send),
    );
    this.on('close', (done: () => void) => {
      controller.close().then(done, done);
    });
  }
  RED.nodes.registerType('virustotal', VirusTotal);
};
