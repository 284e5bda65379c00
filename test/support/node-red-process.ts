import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import WebSocket from 'ws';
import { endWithProcess } from '../../tools/end-with-process';
import { freePort } from '../../tools/free-port';

const PACKAGE_ROOT = join(__dirname, '..', '..');
const PACKAGE_NAME = '@nr-threat-intel/node-red-virustotal';

type NodeDef = Record<string, unknown> & { id: string; type: string };

/** What a debug node shows. */
export interface DebugMessage {
  id: string;
  /** Name of the debug node. */
  name?: string;
  /** As the editor gets it: objects are JSON text, cut where they are long. */
  msg: string;
  format: string;
}

/** What the editor shows below a node. */
export interface NodeStatus {
  id: string;
  text: string;
}

export interface ProcessOptions {
  /** User folder to start from again; default: a new one, thrown away at the end. */
  userDir?: string;
  /** Settings as JavaScript source of an object's inner part, as `contextStorage: {…}`. */
  settings?: string;
  env?: NodeJS.ProcessEnv;
  /** Start with `--safe`: the flows are there and don't run until a deploy. */
  safeMode?: boolean;
}

/**
 * A Node-RED of its own process with this package as it was built, as a user runs it. `NODE_BINARY` and `NODE_RED_JS` (its
 * red.js) choose another Node and Node-RED than those of this checkout.
 */
export class NodeRedProcess {
  log = '';
  readonly debugs: DebugMessage[] = [];
  /** All that has been shown below nodes, in order. */
  readonly statuses: NodeStatus[] = [];
  readonly #lookers = new Set<() => void>();
  #socket: WebSocket | undefined;

  private constructor(
    readonly child: ChildProcess,
    readonly url: string,
    readonly userDir: string,
    readonly ownsUserDir: boolean,
  ) {
    const read = (chunk: Buffer): void => {
      this.log += chunk.toString();
      this.#look();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('exit', () => this.#look());
  }

  /** How often it has started flows. */
  get flowStarts(): number {
    return this.log.split('Started ').length - 1;
  }

  static async start(options: ProcessOptions = {}): Promise<NodeRedProcess> {
    for (;;) {
      const nodeRed = await NodeRedProcess.#launch(options);
      try {
        // In either order: flows may start before the server listens.
        await nodeRed.until(
          () => /Server now running/.test(nodeRed.log) && /Started flows|in safe mode/.test(nodeRed.log),
        );
        await nodeRed.#listen();
        return nodeRed;
      } catch (error) {
        // Somebody else was quicker: the port was free a moment ago.
        if (!/port in use/.test(nodeRed.log)) throw error;
      }
    }
  }

  static async #launch(options: ProcessOptions): Promise<NodeRedProcess> {
    const userDir = options.userDir ?? mkdtempSync(join(tmpdir(), 'node-red-'));
    const port = await freePort();
    const link = join(userDir, 'node_modules', PACKAGE_NAME);
    rmSync(link, { force: true });
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(PACKAGE_ROOT, link);
    writeFileSync(
      join(userDir, 'settings.js'),
      `module.exports = { uiHost: '127.0.0.1', uiPort: ${port}, flowFile: 'flows.json', credentialSecret: 'test',
        telemetry: { enabled: false, updateNotification: false }, logging: { console: { level: 'info' } },
        // Loading the larger code editor takes longer than most tests, and none looks at it.
        editorTheme: { tours: false, codeEditor: { lib: 'ace' }, projects: { enabled: false } }, ${options.settings ?? ''} };`,
    );
    const red = process.env['NODE_RED_JS'] ?? createRequire(__filename).resolve('node-red/red.js');
    const child = endWithProcess(
      spawn(
        process.env['NODE_BINARY'] ?? process.execPath,
        [red, '-u', userDir, ...(options.safeMode ? ['--safe'] : [])],
        {
          env: { ...process.env, ...options.env },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      ),
    );
    return new NodeRedProcess(child, `http://127.0.0.1:${port}`, userDir, options.userDir === undefined);
  }

  /** Replaces all flows; resolves once they are started. Credentials by node id. */
  async deploy(nodes: NodeDef[], credentials: Record<string, Record<string, string>> = {}): Promise<void> {
    const flows = nodes.map((node) =>
      credentials[node.id] ? { ...node, credentials: credentials[node.id] } : node,
    );
    const started = this.log.split('Started flows').length;
    await this.request('/flows', {
      method: 'POST',
      headers: { 'Node-RED-API-Version': 'v2', 'content-type': 'application/json' },
      body: JSON.stringify({ flows }),
    });
    await this.until(() => this.log.split('Started flows').length > started);
  }

  /** Presses an inject node's button. */
  async inject(id: string): Promise<void> {
    await this.request(`/inject/${id}`, { method: 'POST' });
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(this.url + path, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  /** Resolves as soon as the condition holds; looked at whenever something is logged or debugged. Fails if the process ends. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const ended = this.child.exitCode !== null || this.child.signalCode !== null;
        if (!condition() && !ended) return;
        this.#lookers.delete(look);
        if (condition()) resolve();
        else reject(new Error(`Node-RED ended with ${this.child.exitCode}:\n${this.log.slice(-4000)}`));
      };
      this.#lookers.add(look);
      look();
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#socket?.terminate();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill(signal);
      await exit;
    }
    if (this.ownsUserDir) rmSync(this.userDir, { recursive: true, force: true });
  }

  /** What the editor hears: for the debug sidebar, and below the nodes. */
  async #listen(): Promise<void> {
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/comms`);
    await once(socket, 'open');
    socket.on('message', (data: Buffer) => {
      const events = [JSON.parse(data.toString()) as unknown].flat() as {
        topic?: string;
        data?: DebugMessage & { text?: string };
      }[];
      for (const { topic = '', data } of events) {
        if (topic === 'debug' && data) this.debugs.push(data);
        const [, id] = /^status\/(.+)$/.exec(topic) ?? [];
        if (id && data?.text !== undefined) this.statuses.push({ id, text: data.text });
      }
      this.#look();
    });
    for (const subscribe of ['debug', 'status/#']) socket.send(JSON.stringify({ subscribe }));
    this.#socket = socket;
  }

  #look(): void {
    for (const look of this.#lookers) look();
  }
}
