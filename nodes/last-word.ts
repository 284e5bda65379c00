import type { Node, NodeAPI, NodeMessage } from 'node-red';
import type { Receipt } from './receipt';
import type { Route } from './received';

/** Node-RED's flow that a node belongs to; it knows the Catch nodes. */
interface Placed {
  _flow?: unknown;
}

/**
 * For a message whose node is gone: whatever it comes to ends with the error where that node's errors would have ended, in a Catch node
 * or the log. If its whole flow is gone, the error is lost.
 */
export function lastWord(RED: NodeAPI, node: Node, error: Error): (receipt: Receipt) => Route {
  const report = moveIntoFlow(RED, node)
    ? (problem: Error, msg: NodeMessage): void => node.error(problem, msg)
    : (): void => undefined;
  return ({ msg }) => ({
    send: (out) => {
      for (const each of [out].flat()) if (each) report(error, each);
    },
    error: report,
    done: (problem) => {
      if (problem) report(problem, msg);
    },
  });
}

/** A deploy creates the flows again: a node that was closed before it belongs to a flow whose Catch nodes are closed too. */
function moveIntoFlow(RED: NodeAPI, node: Node): boolean {
  // Within a subflow the instance itself stands for the flow.
  let neighbor = node.z ? (RED.nodes.getNode(node.z) as Placed | null) : null;
  RED.nodes.eachNode(({ id, z }) => {
    if (!neighbor?._flow && z === node.z) neighbor = RED.nodes.getNode(id);
  });
  if (!neighbor?._flow) return false;
  Object.assign(node, { _flow: neighbor._flow });
  return true;
}
