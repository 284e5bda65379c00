import type { Node, NodeAPI } from 'node-red';
import { HandOver } from './hand-over';
import type * as LookupNode from './lookup-node';
import type { LookupDef } from './lookup-node';

export = function registerVirusTotal(RED: NodeAPI): void {
  HandOver.registered(RED, 'virustotal');

  function VirusTotal(this: Node, def: LookupDef): void {
    RED.nodes.createNode(this, def);
    const { openLookup } = loadLookupNode();
    openLookup(RED, this, def);
  }
  RED.nodes.registerType('virustotal', VirusTotal);
};

/** Loaded with the first such node that is deployed: Node-RED starts with these files whether a flow uses them or not. */
function loadLookupNode(): typeof LookupNode {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('./lookup-node') as typeof LookupNode;
}
