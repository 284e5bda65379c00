import type { Node, NodeAPI } from 'node-red';
import { HandOver } from './hand-over';
import type * as StixNode from './stix-node';
import type { StixDef } from './stix-node';

export = function registerStix(RED: NodeAPI): void {
  HandOver.registered(RED, 'virustotal-stix');

  function Stix(this: Node, def: StixDef): void {
    RED.nodes.createNode(this, def);
    const { openStix } = loadStixNode();
    openStix(RED, this, def);
  }
  RED.nodes.registerType('virustotal-stix', Stix);
};

/** Loaded with the first such node that is deployed: Node-RED starts with these files whether a flow uses them or not. */
function loadStixNode(): typeof StixNode {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('./stix-node') as typeof StixNode;
}
