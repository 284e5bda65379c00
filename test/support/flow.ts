import { createRequire } from 'node:module';
import type { Node, NodeMessage } from 'node-red';
import helper from 'node-red-node-test-helper';
import configNode from '../../nodes/virustotal-config';
import actionNode from '../../nodes/virustotal';
import analysisNode from '../../nodes/virustotal-report-analysis';
import { STAND_IN_KEY } from './stand-in/stand-in';

const load = createRequire(__filename);
helper.init(load.resolve('node-red'));

/** Nodes of Node-RED itself, by file: the helper brings none along. */
const core = [
  'common/24-complete',
  'common/25-catch',
  'common/25-status',
  'function/10-switch',
  'sequence/17-split',
].map((file) => load(`@node-red/nodes/core/${file}.js`) as never);

export type Message = NodeMessage & Record<string, unknown>;

/** A deployed flow and what came out of it. */
export interface Flow {
  /** What arrived at the end of each output, in order. */
  out: Message[];
  /** What Catch nodes got. */
  caught: Message[];
  statuses: { fill?: string; shape?: string; text?: string }[];
  node: Node;
  config: Node;
  send(msg: Record<string, unknown>): void;
  /** Resolves as soon as the condition holds; looked at whenever a message or status comes out. */
  until(condition: () => boolean): Promise<void>;
}

export interface FlowOptions {
  /** Properties of the config node; false: none is there. */
  config?: Record<string, unknown> | false;
  /** Properties of the action node. */
  node?: Record<string, unknown>;
  apiKey?: string;
  /** Further nodes; wire the action node to them by `node.wires`. */
  more?: (Record<string, unknown> & { id: string; type: string })[];
}

let keys = 0;

/** A key of its own for each test: what a key has used up is remembered by the process. */
export function freshKey(): string {
  return (++keys).toString(16).padStart(6, '0') + STAND_IN_KEY.slice(6);
}

/** Deploys config node, VirusTotal node, a node behind it, a Catch node and a Status node in a real runtime. */
export async function deployFlow(url: string, options: FlowOptions = {}): Promise<Flow> {
  const { config = {}, node = {}, apiKey = STAND_IN_KEY } = options;
  const nodes = [
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
    { id: 's', z: 'tab', x: 1, y: 3, type: 'status', scope: ['n'], wires: [['statuses']] },
    { id: 'statuses', z: 'tab', x: 2, y: 3, type: 'helper' },
  ];
  await helper.load([configNode, actionNode, analysisNode, ...core], [...nodes, ...(options.more ?? [])], {
    vt: { apiKey },
  });
  const flow: Flow = {
    out: [],
    caught: [],
    statuses: [],
    node: helper.getNode('n'),
    config: helper.getNode('vt'),
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
  };
  const lookers = new Set<() => void>();
  const collect = (id: string, keep: (msg: Message) => void): void => {
    helper.getNode(id).on('input', (msg) => {
      keep(msg);
      for (const look of lookers) look();
    });
  };
  collect('out', (msg) => flow.out.push(msg));
  collect('caught', (msg) => flow.caught.push(msg));
  collect('statuses', (msg) => flow.statuses.push(msg['status'] as Flow['statuses'][number]));
  return flow;
}

export async function undeploy(): Promise<void> {
  await helper.unload();
}
