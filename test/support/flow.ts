import { createRequire } from 'node:module';
import type { Node, NodeAPI, NodeInitializer, NodeMessage } from 'node-red';
import helper from 'node-red-node-test-helper';
import configNode from '../../nodes/virustotal-config';
import actionNode from '../../nodes/virustotal';
import analysisNode from '../../nodes/virustotal-report-analysis';
import { catalogue } from './node-files';
import { STAND_IN_KEY } from './stand-in/stand-in';

const load = createRequire(__filename);
helper.init(load.resolve('node-red'));

const runtime = load('@node-red/runtime/lib/nodes') as {
  setFlows(flows: NodeDef[], credentials: unknown, type: DeployType): Promise<unknown>;
};
const context = load('@node-red/runtime/lib/nodes/context') as { load(): Promise<void> };
const { events } = load('@node-red/util') as { events: NodeJS.EventEmitter };

/** Nodes of Node-RED itself, by file: the helper brings none along. */
const core = [
  'common/24-complete',
  'common/25-catch',
  'common/25-status',
  'function/10-switch',
  'network/05-tls',
  'network/06-httpproxy',
  'sequence/17-split',
].map((file) => load(`@node-red/nodes/core/${file}.js`) as never);

export type Message = NodeMessage & Record<string, unknown>;
export type NodeDef = Record<string, unknown> & { id: string; type: string };
/** What the editor's Deploy button offers: all, modified flows, modified nodes. */
export type DeployType = 'full' | 'flows' | 'nodes';

export interface CaughtMessage extends Message {
  error: { message: string; code: string; source: { id: string } };
}

export interface Status {
  fill?: string;
  shape?: string;
  text?: string;
  source: { id: string };
}

/** A deployed flow and what came out of it. */
export interface Flow {
  /** What arrived at the end of each output, in order. */
  out: Message[];
  /** What Catch nodes got. */
  caught: CaughtMessage[];
  /** What stood below nodes, one after the other. */
  statuses: Status[];
  /** What arrived at the further nodes of type `helper`, by their id. */
  at: Record<string, Message[]>;
  node: Node;
  config: Node;
  nodeAt(id: string): Node;
  /** A node as it stands in the flow file. */
  defOf(id: string): NodeDef;
  send(msg: Record<string, unknown>): void;
  /** Resolves as soon as the condition holds; looked at whenever a message or status comes out. */
  until(condition: () => boolean): Promise<void>;
  /** Waits until that many messages have ended, in an output or in an error. */
  ended(count: number): Promise<void>;
  /** The text below a node now. */
  statusText(id?: string): string | undefined;
  /** Deploys the flow with some nodes as given here (null: removed), as the editor does. */
  redeploy(changes: Record<string, Record<string, unknown> | null>, type?: DeployType): Promise<void>;
}

export interface FlowOptions {
  /** Properties of the config node; false: none is there. */
  config?: Record<string, unknown> | false;
  /** Properties of the action node. */
  node?: Record<string, unknown>;
  apiKey?: string;
  /** Further nodes; wire the action node to them by `node.wires`. */
  more?: NodeDef[];
  /** Credentials of further nodes. */
  credentials?: Record<string, Record<string, string>>;
  /** Named context stores, all in memory; the first is the default. */
  contextStores?: string[];
  /** Changes what the nodes get as `RED`. */
  api?: (RED: NodeAPI) => Partial<NodeAPI>;
}

/** Deploys config node, VirusTotal node, a node behind it, a Catch node and a Status node in a real runtime. */
export async function deployFlow(url: string, options: FlowOptions = {}): Promise<Flow> {
  const { config = {}, node = {}, apiKey = STAND_IN_KEY, more = [], api } = options;
  let nodes: NodeDef[] = [
    { id: 'tab', type: 'tab', label: 'test' },
    ...(config === false
      ? []
      : [
          { id: 'vt', type: 'virustotal-config', apiUrl: url, rateLimit: false, timeScale: 0.001, ...config },
        ]),
    { id: 'n', z: 'tab', x: 1, y: 1, type: 'virustotal', server: 'vt', wires: [['out']], ...node },
    { id: 'out', z: 'tab', x: 2, y: 1, type: 'helper' },
    { id: 'c', z: 'tab', x: 1, y: 2, type: 'catch', scope: null, wires: [['caught']] },
    { id: 'caught', z: 'tab', x: 2, y: 2, type: 'helper' },
    { id: 's', z: 'tab', x: 1, y: 3, type: 'status', scope: null, wires: [['statuses']] },
    { id: 'statuses', z: 'tab', x: 2, y: 3, type: 'helper' },
    ...more,
  ];
  helper.settings(options.contextStores ? { contextStorage: memoryStores(options.contextStores) } : {});
  await helper.load(
    [
      async () => context.load(),
      asInEditor(configNode, 'virustotal-config', api),
      asInEditor(actionNode, 'virustotal', api),
      asInEditor(analysisNode, 'virustotal-report-analysis', api),
      ...core,
    ],
    nodes,
    { vt: { apiKey }, ...options.credentials },
  );

  const lookers = new Set<() => void>();
  const flow: Flow = {
    out: [],
    caught: [],
    statuses: [],
    at: {},
    get node() {
      return helper.getNode('n');
    },
    defOf: (id) => nodes.find((node) => node.id === id) as NodeDef,
    nodeAt: (id) => helper.getNode(id),
    get config() {
      return helper.getNode('vt');
    },
    send: (msg) => helper.getNode('n').receive(msg),
    until: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition()) return;
          lookers.delete(look);
          resolve();
        };
        lookers.add(look);
        look();
      }),
    ended: (count) => flow.until(() => flow.out.length + flow.caught.length >= count),
    statusText: (id = 'n') => flow.statuses.findLast(({ source }) => source.id === id)?.text,
    redeploy: async (changes, type = 'nodes') => {
      nodes = nodes
        .filter(({ id }) => changes[id] !== null)
        .map((def) => ({ ...def, ...changes[def.id] }))
        .concat(added(changes, nodes));
      const started = new Promise<void>((resolve) => events.once('flows:started', () => resolve()));
      await runtime.setFlows(nodes, null, type);
      await started;
      record();
    },
  };
  const recorded = new WeakSet<Node>();
  const collect = (id: string, keep: (msg: Message) => void): void => {
    const node = helper.getNode(id) as Node | null;
    if (!node || recorded.has(node)) return;
    recorded.add(node);
    node.on('input', (msg) => {
      keep(msg);
      for (const look of lookers) look();
    });
  };
  const record = (): void => {
    collect('out', (msg) => flow.out.push(msg));
    collect('caught', (msg) => flow.caught.push(msg as CaughtMessage));
    collect('statuses', (msg) => flow.statuses.push(msg['status'] as Status));
    for (const { id, type } of more)
      if (type === 'helper') {
        const arrived = (flow.at[id] ??= []);
        collect(id, (msg) => arrived.push(msg));
      }
  };
  record();
  return flow;
}

export async function undeploy(): Promise<void> {
  await helper.unload();
}

/** Everything that was logged since the flow was deployed, as one text. */
export function logged(): string {
  return helper
    .log()
    .args.map(([entry]: { msg?: unknown }[]) => {
      const { msg } = Object(entry) as { msg?: unknown };
      return msg instanceof Error ? `${msg.stack}\n${JSON.stringify(msg)}` : JSON.stringify(entry);
    })
    .join('\n');
}

/** The helper's own `RED._` gives keys; this one gives the texts that a person reads. */
function asInEditor(
  register: (RED: NodeAPI) => void,
  type: string,
  api: FlowOptions['api'],
): NodeInitializer {
  const texts = catalogue(type, 'en-US');
  const translate = (key: string, values: Record<string, string | number> = {}): string =>
    (texts.get(key) ?? key).replace(/__(\w+?)__/g, (blank, name: string) => String(values[name] ?? blank));
  return (RED) => {
    register(Object.assign(Object.create(RED) as NodeAPI, { _: translate }, api?.(RED)));
  };
}

function memoryStores([first = 'default', ...others]: string[]): Record<string, string | { module: string }> {
  const module = 'memory';
  return {
    default: first,
    [first]: { module },
    ...Object.fromEntries(others.map((name) => [name, { module }])),
  };
}

function added(changes: Record<string, Record<string, unknown> | null>, nodes: NodeDef[]): NodeDef[] {
  return Object.entries(changes)
    .filter(([id, change]) => change !== null && !nodes.some((node) => node.id === id))
    .map(([id, change]) => ({ id, ...change }) as NodeDef);
}
