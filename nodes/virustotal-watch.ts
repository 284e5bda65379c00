import type { Node, NodeAPI } from 'node-red';
import { HandOver } from './hand-over';
import type * as WatchNode from './watch-node';
import type { WatchDef } from './watch-setup';

export = function registerWatch(RED: NodeAPI): void {
  HandOver.registered(RED, 'virustotal-watch');

  function Watch(this: Node, def: WatchDef): void {
    RED.nodes.createNode(this, def);
    const { openWatch } = loadWatchNode();
    openWatch(RED, this, def);
  }
  RED.nodes.registerType('virustotal-watch', Watch);
};

/** Loaded with the first such node that is deployed: Node-RED starts with these files whether a flow uses them or not. */
function loadWatchNode(): typeof WatchNode {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('./watch-node') as typeof WatchNode;
}
