import type { NodeAPI, NodeMessage } from 'node-red';
import { VirusTotalError } from '../src/api/errors';
import { errorText } from '../src/analysis/wording';

/** @throws VirusTotalError `VT_CONFIG` when it is no property of a message */
export function checkProperty(RED: NodeAPI, property: string): void {
  try {
    RED.util.normalisePropertyExpression(property);
  } catch (cause) {
    throw new VirusTotalError(
      'VT_CONFIG',
      `property is "${property}", which is no property of a message: ${errorText(cause)}`,
    );
  }
}

/** What is at the property of a message; undefined when a part of the path isn't there. */
export function propertyOf(RED: NodeAPI, msg: NodeMessage, property: string): unknown {
  try {
    return RED.util.getMessageProperty(msg, property);
  } catch {
    return undefined;
  }
}
