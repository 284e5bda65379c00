import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Held, IncidentsCommand, Measured, QueueCommand, Queued, RunCommand } from './command';

export const PACKAGE_ROOT = join(__dirname, '..', '..');

/** A Node-RED with the flows of a file, ready to be driven. */
export class RuntimeProcess {
  private constructor(
    readonly child: ChildProcess,
    readonly userDir: string,
    /** Of its admin API; 0 where it has none. */
    readonly port: number,
  ) {}

  /**
   * @param flows nodes as in a flow file; with each credentials node its id and secret are written beside it
   * @param admin whether it has an admin API
   * @param packageRoot folder of the built package that it loads
   */
  static async start(
    flows: Record<string, unknown>[],
    credentials: Record<string, Record<string, string>> = {},
    execArgv: string[] = [],
    admin = false,
    packageRoot = PACKAGE_ROOT,
  ): Promise<RuntimeProcess> {
    const userDir = mkdtempSync(join(tmpdir(), 'bench-'));
    const link = join(userDir, 'node_modules', '@nr-threat-intel', 'node-red-virustotal');
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(packageRoot, link);
    writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flows));
    writeFileSync(join(userDir, 'flows_cred.json'), JSON.stringify(credentials));
    const child = fork(join(__dirname, 'runtime.ts'), [userDir, 'flows.json', ...(admin ? ['admin'] : [])], {
      execArgv: ['--import=tsx', '--expose-gc', ...execArgv],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const port = (await RuntimeProcess.#answer(child)) as number;
    return new RuntimeProcess(child, userDir, port);
  }

  async run(command: RunCommand): Promise<Measured> {
    return (await this.#ask({ run: command })) as Measured;
  }

  async queue(command: QueueCommand): Promise<Queued> {
    return (await this.#ask({ queue: command })) as Queued;
  }

  async openIncidents(command: IncidentsCommand): Promise<Held> {
    return (await this.#ask({ incidents: command })) as Held;
  }

  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.disconnect();
    await exit;
    rmSync(this.userDir, { recursive: true, force: true });
  }

  #ask(command: object): Promise<unknown> {
    this.child.send(command);
    return RuntimeProcess.#answer(this.child);
  }

  static #answer(child: ChildProcess): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('the runtime process ended'));
      child.once('exit', ended);
      child.once('message', (answer: { result?: unknown; error?: string }) => {
        child.off('exit', ended);
        if (answer.error) reject(new Error(answer.error));
        else resolve(answer.result);
      });
    });
  }
}
