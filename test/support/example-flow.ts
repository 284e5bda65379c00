import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../..', 'examples');

export type NodeDef = Record<string, unknown> & { id: string; type: string; name?: string };

/** The nodes of an example, as the file has them. */
export function readExample(file: string): NodeDef[] {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as NodeDef[];
}

/**
 * An example as a user has it after the import: as it is, but for the address of VirusTotal, which is that of a stand-in, the
 * rate limit, and what `change` changes.
 */
export function importedExample(
  file: string,
  addressOf: (api: 'v2' | 'v3') => string,
  change: (node: NodeDef) => Partial<NodeDef> = () => ({}),
): NodeDef[] {
  // Node-RED imports no global-config that only names packages.
  const imported = readExample(file).filter(({ type }) => type !== 'global-config');
  return imported.map((node) => ({
    ...node,
    ...(node.type === 'virustotal-config'
      ? {
          apiUrl: addressOf(node['apiVersion'] as 'v2' | 'v3'),
          rateLimit: false,
          cache: false,
          timeScale: 0.001,
        }
      : {}),
    ...change(node),
  }));
}

/** The API key for each config node of a flow. */
export function keysFor(nodes: readonly NodeDef[], apiKey: string): Record<string, { apiKey: string }> {
  const configs = nodes.filter(({ type }) => type === 'virustotal-config');
  return Object.fromEntries(configs.map(({ id }) => [id, { apiKey }]));
}
