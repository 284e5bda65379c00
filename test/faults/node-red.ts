import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { addArrivedNode } from './arrived-node';
import { contextStoreIn } from './context-store';

type NodeDef = Record<string, unknown> & { id: string; type: string };
export type DeployType = 'full' | 'flows' | 'nodes';

interface SendEvent {
  msg: Record<string, unknown>;
  source: { id: string };
}

interface ReceiveEvent {
  msg: Record<string, unknown>;
  destination: { id: string };
}

/** A deployed node, as far as it is used here. */
export interface DeployedNode {
  receive(msg: Record<string, unknown>): void;
  /** Of a config node. */
  service?: { stats(): { waiting: number; quota: { day: { used: number } } } };
}

interface Runtime {
  init(server: unknown, settings: Record<string, unknown>): void;
  start(): Promise<void>;
  events: NodeJS.EventEmitter;
  hooks: { add(name: string, hook: (event: never) => void): void };
  nodes: { getNode(id: string): DeployedNode | null };
  runtime: {
    flows: { setFlows(options: object): Promise<unknown>; setState(options: object): Promise<unknown> };
  };
  stop(): Promise<void>;
}

/**
 * The real Node-RED in this process, without its editor and its admin routes, with the package as it was built. What nodes send and
 * get is seen by Node-RED's own hooks, also while a deploy takes the nodes behind away; what has arrived behind them all is told
 * to a function by nodes of type `arrived`.
 */
export class EmbeddedNodeRed {
  readonly #runtime: Runtime;

  /** @param log what it has said, line by line */
  private constructor(
    runtime: Runtime,
    readonly log: readonly string[],
  ) {
    this.#runtime = runtime;
  }

  /**
   * @param userDir has the package in its node_modules
   * @param globals in the global context
   */
  static async start(userDir: string, globals: Record<string, unknown> = {}): Promise<EmbeddedNodeRed> {
    addArrivedNode(userDir);
    const runtime = createRequire(__filename)('node-red') as Runtime;
    const log: string[] = [];
    const note = ({ msg }: { msg: unknown }): void => {
      if (typeof msg === 'string') log.push(msg);
    };
    runtime.init(createServer(), {
      userDir,
      flowFile: 'flows.json',
      credentialSecret: false,
      httpAdminRoot: false,
      httpNodeRoot: false,
      disableEditor: true,
      functionTimeout: 0,
      functionGlobalContext: globals,
      // Node-RED waits for nodes that close 15 s at most; a busy machine may take longer to end 100,000 messages.
      nodeCloseTimeout: 120_000,
      telemetry: { enabled: false, updateNotification: false },
      runtimeState: { enabled: true, ui: false },
      contextStorage: {
        default: { module: contextStoreIn(join(userDir, 'context.json')), config: { cache: false } },
      },
      // Set here it is not kept: a process may end before Node-RED has written that flows were started again.
      runtimeFlowState: 'start',
      logging: { console: { level: 'fatal' }, test: { level: 'info', handler: () => note } },
    });
    const started = new Promise<void>((resolve) => runtime.events.once('flows:started', () => resolve()));
    await runtime.start();
    await started;
    return new EmbeddedNodeRed(runtime, log);
  }

  /** @returns undefined while a deploy has stopped it */
  node(id: string): DeployedNode | undefined {
    return this.#runtime.nodes.getNode(id) ?? undefined;
  }

  /** Deploys as the editor's button does; resolves once the flows have started. */
  async deploy(flows: NodeDef[], deploymentType: DeployType = 'full'): Promise<void> {
    const started = new Promise<void>((resolve) =>
      this.#runtime.events.once('flows:started', () => resolve()),
    );
    await this.#runtime.runtime.flows.setFlows({ flows: { flows: structuredClone(flows) }, deploymentType });
    await started;
  }

  /** Stops the flows and starts them again, as the editor's menu does. */
  async stopAndStart(): Promise<void> {
    const { flows } = this.#runtime.runtime;
    // Whatever becomes of the stop: flows that stay stopped would let every later deploy wait for ever.
    await flows.setState({ state: 'stop' }).finally(() => flows.setState({ state: 'start' }));
  }

  /** Ends it, as SIGTERM does. */
  end(): Promise<void> {
    return this.#runtime.stop();
  }

  onSend(listener: (from: string, msg: Record<string, unknown>) => void): void {
    this.#runtime.hooks.add('onSend.test', (events: SendEvent[]) => {
      for (const { source, msg } of events) listener(source.id, msg);
    });
  }

  /** Calls back for what is sent while a deploy has begun to stop the flows and has not yet started them: no node may be there to receive it. */
  onLateSend(listener: (from: string, msg: Record<string, unknown>) => void): void {
    let running = true;
    // Before all other listeners, which send then.
    this.#runtime.events.prependListener('flows:stopping', () => (running = false));
    this.#runtime.events.prependListener('flows:started', () => (running = true));
    this.onSend((from, msg) => {
      if (!running) listener(from, msg);
    });
  }

  onReceive(listener: (to: string, msg: Record<string, unknown>) => void): void {
    this.#runtime.hooks.add('onReceive.test', ({ destination, msg }: ReceiveEvent) =>
      listener(destination.id, msg),
    );
  }
}
