import type { NodeAPI, NodeMessage } from 'node-red';
import { quote, VirusTotalError } from '../src/errors';
import { errorText } from '../src/analysis/messages';

/**
 * @param written properties that the node itself writes: a report there would be lost
 * @throws VirusTotalError `VT_CONFIG` when it is no property of a message, or one of those
 */
export function checkProperty(RED: NodeAPI, property: string, written: readonly string[] = []): void {
  let first: unknown;
  try {
    [first] = RED.util.normalisePropertyExpression(property.replace(/^msg\./, ''));
  } catch (cause) {
    throw new VirusTotalError(
      'VT_CONFIG',
      `Not valid: property is ${quote(property)}, which is no property of a message: ${errorText(cause)}`,
    );
  }
  if (written.includes(String(first)))
    throw new VirusTotalError(
      'VT_CONFIG',
      `Not usable: property is ${quote(property)}, but this node writes msg.${String(first)} itself: choose another property`,
    );
}

/** What is at the property of a message; undefined when a part of the path isn't there. */
export function propertyOf(RED: NodeAPI, msg: NodeMessage, property: string): unknown {
  try {
    return RED.util.getMessageProperty(msg, property);
  } catch {
    return undefined;
  }
}
