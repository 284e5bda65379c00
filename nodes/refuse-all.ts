import type { Node } from 'node-red';
import type { VirusTotalError } from '../src/api/errors';
import { onInput } from './on-input';

/** A node that is set up wrongly still answers every message, so that the flow's Catch nodes hear of it. */
export function refuseAll(node: Node, problem: VirusTotalError): void {
  node.error(problem.message);
  node.status({ fill: 'red', shape: 'ring', text: problem.code });
  onInput(node, () => {
    throw problem;
  });
}
