import type { Node, NodeAPI } from 'node-red';
import { HandOver } from './hand-over';
import type * as SubmitNode from './submit-node';
import type { SubmitDef } from './submit-setup';

export = function registerSubmit(RED: NodeAPI): void {
  HandOver.registered(RED, 'virustotal-submit');

  function Submit(this: Node, def: SubmitDef): void {
    RED.nodes.createNode(this, def);
    const { openSubmit } = loadSubmitNode();
    openSubmit(RED, this, def);
  }
  RED.nodes.registerType('virustotal-submit', Submit, { credentials: { password: { type: 'password' } } });
};

/** Loaded with the first such node that is deployed: Node-RED starts with these files whether a flow uses them or not. */
function loadSubmitNode(): typeof SubmitNode {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('./submit-node') as typeof SubmitNode;
}
