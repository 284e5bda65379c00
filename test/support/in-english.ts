import type { NodeAPI, NodeInitializer } from 'node-red';
import { catalogue } from './node-files';

/**
 * Registers a node with its English texts, as a person reads them: node-red-node-test-helper's own `RED._` gives back the key.
 * @param api changes what else the node gets as `RED`
 */
export function inEnglish(
  register: (RED: NodeAPI) => void,
  type: string,
  api?: (RED: NodeAPI) => Partial<NodeAPI>,
): NodeInitializer {
  const texts = catalogue(type, 'en-US');
  const translate = (key: string, values: Record<string, string | number> = {}): string =>
    (texts.get(key) ?? key).replace(/__(\w+?)__/g, (blank, name: string) => String(values[name] ?? blank));
  return (RED) => {
    register(Object.assign(Object.create(RED) as NodeAPI, { _: translate }, api?.(RED)));
  };
}
