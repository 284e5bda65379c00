import { createRequire } from 'node:module';
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import helper from 'node-red-node-test-helper';
import configNode from '../../nodes/virustotal-config';
import actionNode from '../../nodes/virustotal';
import analysisNode from '../../nodes/virustotal-report-analysis';
import stixNode from '../../nodes/virustotal-stix';
import summaryNode from '../../nodes/virustotal-summary';
import submitNode from '../../nodes/virustotal-submit';
import eventsNode from '../../nodes/virustotal-events';
import watchNode from '../../nodes/virustotal-watch';
import relatedNode from '../../nodes/virustotal-related';
import { inEnglish } from './in-english';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';

const load = createRequire(__filename);
helper.init(load.resolve('node-red'));

const runtime = load('@node-red/runtime/lib/nodes') as {
  setFlows(flows: NodeDef[], credentials: unknown, type: DeployType): Promise<unknown>;
  stopFlows(): Promise<unknown>;
  startFlows(): Promise<unknown>;
};
const context = load('@node-red/runtime/lib/nodes/context') as { load(): Promise<void> };
const { events, hooks } = load('@node-red/util') as {
  events: NodeJS.EventEmitter;
  hooks: { add(name: string, hook: (event: ReceiveEvent) => void): void; remove(name: string): void };
};

interface ReceiveEvent {
  msg: unknown;
  destination: { id: string };
}

/** Nodes of Node-RED itself, by file: the helper brings none along. */
const core = [
  'common/24-complete',
  'common/25-catch',
  'common/25-status',
  'common/91-global-config',
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
  /** The node that it stands below. */
  id: string;
}

export interface FlowOptions {
  /** Properties of the config node; false: none is there. */
  config?: Record<string, unknown> | false;
  /** Properties of the action node. */
  node?: Record<string, unknown>;
  apiKey?: string;
  /** Further nodes; wire the action node to them by `node.wires`. */
  more?: NodeDef[];
  /** Further nodes that the Catch node is wired to. */
  catching?: string[];
  /** Credentials of further nodes. */
  credentials?: Record<string, Record<string, string>>;
  /** Named context stores, all in memory; the first is the default. */
  contextStores?: string[];
  /** Changes what the nodes get as `RED`. */
  api?: (RED: NodeAPI) => Partial<NodeAPI>;
}

/** A deployed flow and what came out of it. */
export class Flow {
  /** What arrived at the end of each output, in order. */
  readonly out: Message[] = [];
  /** What Catch nodes got. */
  readonly caught: CaughtMessage[] = [];
  /** What the editor shows below nodes, one after the other. */
  readonly statuses: Status[] = [];
  /** What arrived at the further nodes of type `helper`, by their id. */
  readonly at: Record<string, Message[]> = {};
  readonly #lookers = new Set<() => void>();
  #nodes: NodeDef[];

  constructor(nodes: NodeDef[]) {
    this.#nodes = nodes;
    events.on('node-status', this.#keepStatus);
    this.#expectMessages();
    // Not at the nodes: what a new one gets before a deploy is over would be missed.
    hooks.add('onReceive.flow', ({ msg, destination: { id } }) => {
      const messages = id === 'out' ? this.out : id === 'caught' ? this.caught : this.at[id];
      if (!messages) return;
      messages.push(msg as never);
      this.#look();
    });
  }

  /** The action node. */
  get node(): Node {
    return helper.getNode('n');
  }

  nodeAt(id: string): Node {
    return helper.getNode(id);
  }

  /** A node as it stands in the flow file. */
  defOf(id: string): NodeDef {
    return this.#nodes.find((node) => node.id === id) as NodeDef;
  }

  /** The text below a node now. */
  statusText(id = 'n'): string | undefined {
    return this.statuses.findLast((status) => status.id === id)?.text;
  }

  /** Sends a message to the action node. */
  send(msg: Record<string, unknown>): void {
    this.node.receive(msg);
  }

  /** Resolves as soon as the condition holds; looked at whenever a message or status comes out. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#lookers.delete(look);
        resolve();
      };
      this.#lookers.add(look);
      look();
    });
  }

  /** Waits until that many messages have ended, in an output or in an error. */
  ended(count: number): Promise<void> {
    return this.until(() => this.out.length + this.caught.length >= count);
  }

  /** Deploys the flow with some nodes as given here (null: removed), as the editor does. */
  async redeploy(
    changes: Record<string, Record<string, unknown> | null>,
    type: DeployType = 'nodes',
  ): Promise<void> {
    const before = new Set(this.#nodes.map(({ id }) => id));
    this.#nodes = this.#nodes
      .filter(({ id }) => changes[id] !== null)
      .map((def) => ({ ...def, ...changes[def.id] }));
    for (const [id, change] of Object.entries(changes))
      if (change && !before.has(id)) this.#nodes.push({ id, ...change } as NodeDef);
    this.#expectMessages();
    const started = new Promise<void>((resolve) => events.once('flows:started', () => resolve()));
    await runtime.setFlows(this.#nodes, null, type);
    await started;
  }

  /** As the editor's menu does. */
  async stop(): Promise<void> {
    await runtime.stopFlows();
  }

  async start(): Promise<void> {
    await runtime.startFlows();
  }

  /** Calls it when Node-RED begins to take nodes away for the next deploy. */
  onceStopping(listener: () => void): void {
    events.once('flows:stopping', listener);
  }

  close(): void {
    events.off('node-status', this.#keepStatus);
    hooks.remove('onReceive.flow');
  }

  readonly #keepStatus = ({ id, status }: { id: string; status?: object }): void => {
    this.statuses.push({ ...status, id });
    this.#look();
  };

  #expectMessages(): void {
    for (const { id, type } of this.#nodes)
      if (type === 'helper' && id !== 'out' && id !== 'caught') this.at[id] ??= [];
  }

  #look(): void {
    for (const look of this.#lookers) look();
  }
}

let deployed: Flow | undefined;

/**
 * Deploys, in a real runtime, a config node `vt`, a VirusTotal node `n`, a node `out` behind it, and a Catch node with `caught`
 * behind it. VirusTotal's own waits take a thousandth of their time.
 */
export async function deployFlow(url: string, options: FlowOptions = {}): Promise<Flow> {
  const { config = {}, node = {}, apiKey = STAND_IN_KEY, more = [], catching = [], api } = options;
  const vt = { id: 'vt', type: 'virustotal-config', apiUrl: url, rateLimit: false, timeScale: 0.001 };
  const nodes: NodeDef[] = [
    { id: 'tab', type: 'tab', label: 'test' },
    ...(config === false ? [] : [{ ...vt, ...config }]),
    { id: 'n', z: 'tab', type: 'virustotal', server: 'vt', wires: [['out']], ...node },
    { id: 'out', z: 'tab', type: 'helper' },
    { id: 'c', z: 'tab', type: 'catch', scope: null, wires: [['caught', ...catching]] },
    { id: 'caught', z: 'tab', type: 'helper' },
    ...more,
  ];
  const modules = [
    async () => context.load(),
    inEnglish(configNode, 'virustotal-config', api),
    inEnglish(actionNode, 'virustotal', api),
    inEnglish(analysisNode, 'virustotal-report-analysis', api),
    inEnglish(stixNode, 'virustotal-stix', api),
    inEnglish(summaryNode, 'virustotal-summary', api),
    inEnglish(submitNode, 'virustotal-submit', api),
    inEnglish(eventsNode, 'virustotal-events', api),
    inEnglish(watchNode, 'virustotal-watch', api),
    inEnglish(relatedNode, 'virustotal-related', api),
    ...core,
  ];
  helper.settings(options.contextStores ? { contextStorage: memoryStores(options.contextStores) } : {});
  const flow = new Flow(nodes);
  deployed = flow;
  await helper.load(modules, nodes, { vt: { apiKey }, ...options.credentials });
  return flow;
}

export async function undeploy(): Promise<void> {
  deployed?.close();
  await helper.unload();
}

/** Everything that was logged since the flow was deployed, as one text. */
export function logged(): string {
  return helper
    .log()
    .args.map(([entry]: { msg?: unknown }[]) => {
      const { msg } = Object(entry) as { msg?: unknown };
      const text = msg instanceof Error ? `${msg.stack}` : String(msg);
      return `${text}\n${JSON.stringify(entry)}`;
    })
    .join('\n');
}

function memoryStores([first = 'default', ...others]: string[]): Record<string, string | { module: string }> {
  const module = 'memory';
  const named = Object.fromEntries(others.map((name) => [name, { module }]));
  return { default: first, [first]: { module }, ...named };
}
