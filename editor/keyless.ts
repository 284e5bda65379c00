import type { EditorNode } from './red';

const TYPE = 'virustotal-config';

/** Ids of the instances without an API key; what has one is known to Node-RED, not to the editor. */
const keyless = new Set<string>();

export function isKeyless(id: string): boolean {
  return keyless.has(id);
}

export function noteKey(id: string, hasKey: boolean): void {
  if (hasKey) keyless.delete(id);
  else keyless.add(id);
}

/** From now on it is known of every instance whether it has a key. */
export function lookForKeys(): void {
  RED.events.on('nodes:add', (node) => {
    if (node.type === TYPE) lookForKey(node);
  });
}

function lookForKey(node: EditorNode): void {
  const given = node.credentials;
  if (given) {
    noteKey(node.id, Boolean(given['apiKey'] || given['has_apiKey']));
    return;
  }
  $.getJSON(`credentials/${TYPE}/${node.id}`, (known: { has_apiKey?: boolean }) => {
    if (node.credentials) return;
    noteKey(node.id, known.has_apiKey === true);
    // The sidebar of config nodes may be open.
    if (RED.nodes.node(node.id)) RED.events.emit('nodes:change', node);
  });
}
