import type { NodeAPI } from 'node-red';
import type { ConfigNode } from './config-node';

type Def = Record<string, unknown> & { id: string; type: string };

/** A config node that runs. */
export interface DeployedConfig {
  id: string;
  name: string;
  /** As it stands in the flow file, which has no credentials. */
  def: Readonly<Record<string, unknown>>;
  node: ConfigNode;
  /** A node that uses it; undefined where none does. */
  user: string | undefined;
}

/** A node of this package with a config node. */
export interface DeployedNode {
  id: string;
  name: string;
  type: string;
  /** Why it has no config; undefined where it has one, or needs none. */
  lacks: 'none-chosen' | 'not-there' | undefined;
}

/** These work without a config node. */
const OPTIONAL = ['virustotal-events', 'virustotal-stix'];

/** What is deployed of this package. */
export function deployedParts(RED: NodeAPI): { configs: DeployedConfig[]; nodes: DeployedNode[] } {
  const defs: Def[] = [];
  /** Tabs and nodes that are switched off, and subflows, which run as copies only. */
  const still = new Set<string>();
  RED.nodes.eachNode((each) => {
    const def = each as unknown as Def;
    const { id, type, d, disabled } = def;
    if (d === true || (type === 'tab' && disabled === true) || type === 'subflow') still.add(id);
    if (type.startsWith('virustotal')) defs.push(def);
  });
  const users = new Map<unknown, string>();
  const nodes = defs.filter(({ id, z, server, type }) => {
    if (server === undefined || type === 'virustotal-config' || still.has(id) || still.has(String(z)))
      return false;
    if (!users.has(server)) users.set(server, id);
    return true;
  });
  const present = new Set(
    defs.flatMap(({ id, type }) => (type === 'virustotal-config' && !still.has(id) ? id : [])),
  );
  return {
    configs: defs.flatMap((def): DeployedConfig[] => {
      // The types say it is never null; it is, for a config node that is disabled or of a subflow.
      const node = present.has(def.id) ? (RED.nodes.getNode(def.id) as ConfigNode | null) : null;
      return node ? [{ id: def.id, name: nameOf(def), def, node, user: users.get(def.id) }] : [];
    }),
    nodes: nodes.map((def) => ({
      ...{ id: def.id, name: nameOf(def), type: def.type },
      lacks: lackOf(def, present),
    })),
  };
}

function lackOf({ server, type }: Def, present: ReadonlySet<string>): DeployedNode['lacks'] {
  if (server === '' || typeof server !== 'string') return OPTIONAL.includes(type) ? undefined : 'none-chosen';
  // A variable says which one; the node itself says whether that is there.
  return present.has(server) || server.startsWith('${') ? undefined : 'not-there';
}

function nameOf({ name }: Def): string {
  return typeof name === 'string' ? name : '';
}
