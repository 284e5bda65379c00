import type { Node, NodeAPI } from 'node-red';
import type * as EventsNode from './events-node';
import type { EventsDef } from './events-node';
import { HandOver } from './hand-over';

export = function registerEvents(RED: NodeAPI): void {
  HandOver.registered(RED, 'virustotal-events');

  function Events(this: Node, def: EventsDef): void {
    RED.nodes.createNode(this, def);
    const { openEvents } = loadEventsNode();
    openEvents(RED, this, def);
  }
  RED.nodes.registerType('virustotal-events', Events);
};

/** Loaded with the first such node that is deployed: Node-RED starts with these files whether a flow uses them or not. */
function loadEventsNode(): typeof EventsNode {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('./events-node') as typeof EventsNode;
}
