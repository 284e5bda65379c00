import { createHash } from 'node:crypto';

/** A node as a flow file has it. */
type NodeDef = Record<string, unknown>;

/** What of a node with a name can be seen on the canvas. */
const DRAWN = ['type', 'name', 'x', 'y', 'wires', 'd', 'l', 'icon'];

/**
 * A hash of what a picture of the flow shows: kinds, names, positions and wires of its nodes. A node without a name has a label that its
 * type makes of its other properties, so all of them count there; texts of help do not.
 */
export function flowDigest(nodes: readonly NodeDef[]): string {
  const drawn = nodes
    .filter(({ x, y }) => typeof x === 'number' && typeof y === 'number')
    .map((node) =>
      Object.entries(node).filter(([key]) => (node['name'] ? DRAWN.includes(key) : key !== 'info')),
    );
  return createHash('sha256').update(JSON.stringify(drawn)).digest('hex').slice(0, 16);
}
