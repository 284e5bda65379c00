import type { Node, NodeAPI } from 'node-red';
import { HandOver } from './hand-over';
import type * as RelatedNode from './related-node';
import type { RelatedDef } from './related-node';

export = function registerRelated(RED: NodeAPI): void {
  HandOver.registered(RED, 'virustotal-related');

  function Related(this: Node, def: RelatedDef): void {
    RED.nodes.createNode(this, def);
    const { openRelated } = loadRelatedNode();
    openRelated(RED, this, def);
  }
  RED.nodes.registerType('virustotal-related', Related);
};

/** Loaded with the first such node that is deployed: Node-RED starts with these files whether a flow uses them or not. */
function loadRelatedNode(): typeof RelatedNode {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('./related-node') as typeof RelatedNode;
}
