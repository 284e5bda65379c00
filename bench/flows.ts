/** Nodes for the benchmarked flows: a lane is a link-in node, what is measured, and a sink. */
type NodeDef = Record<string, unknown> & { id: string; type: string };

export const TAB: NodeDef = { id: 'tab', type: 'tab', label: 'bench' };

let y = 0;

/** Places a node on the canvas; without a place Node-RED would take it for a config node. */
function placed(node: NodeDef): NodeDef {
  return { z: 'tab', x: 100, y: (y += 40), ...node };
}

/** A lane `name`: messages go in at `${name}-in` and come out at `${name}-out`. `first` is where they go first. */
export function lane(name: string, first: string, nodes: NodeDef[]): NodeDef[] {
  return [
    placed({ id: `${name}-in`, type: 'link in', name, links: [], wires: [[first]] }),
    ...nodes.map(placed),
    placed({ id: `${name}-out`, type: 'bench-sink' }),
  ];
}

export function configNode(id: string, properties: Record<string, unknown>): NodeDef {
  return {
    id,
    type: 'virustotal-config',
    rateLimit: false,
    dailyQuota: 0,
    monthlyQuota: 0,
    maxQueue: 1_000_000,
    ...properties,
  };
}

export function functionNode(id: string, func: string, wires: string[][]): NodeDef {
  return {
    id,
    type: 'function',
    func,
    outputs: wires.length,
    timeout: 0,
    noerr: 0,
    initialize: '',
    finalize: '',
    libs: [],
    wires,
  };
}

export function httpRequestNode(id: string, wires: string[][]): NodeDef {
  return {
    id,
    type: 'http request',
    method: 'GET',
    ret: 'obj',
    paytoqs: 'ignore',
    url: '',
    tls: '',
    persist: true,
    proxy: '',
    authType: '',
    senderr: false,
    headers: [],
    wires,
  };
}
