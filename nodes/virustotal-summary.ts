import type { Node, NodeAPI } from 'node-red';
import { HandOver } from './hand-over';
import type * as SummaryNode from './summary-node';
import type { SummaryDef } from './summary-setup';

export = function registerSummary(RED: NodeAPI): void {
  HandOver.registered(RED, 'virustotal-summary');

  function Summary(this: Node, def: SummaryDef): void {
    RED.nodes.createNode(this, def);
    const { openSummary } = loadSummaryNode();
    openSummary(RED, this, def);
  }
  RED.nodes.registerType('virustotal-summary', Summary);
};

/** Loaded with the first such node that is deployed: Node-RED starts with these files whether a flow uses them or not. */
function loadSummaryNode(): typeof SummaryNode {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('./summary-node') as typeof SummaryNode;
}
