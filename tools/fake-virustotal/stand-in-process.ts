import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Counts } from './request-log';

/** The VirusTotal stand-in in a process of its own, so that it doesn't share a core's time with what is measured. */
export class StandInProcess {
  private constructor(
    readonly child: ChildProcess,
    readonly origin: string,
    readonly v2: string,
    readonly v3: string,
    readonly apiKey: string,
  ) {}

  static async start(args: string[] = []): Promise<StandInProcess> {
    const main = join(__dirname, 'main.ts');
    const child = spawn(process.execPath, ['--import=tsx', main, '--with-stdin', ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { origin, v2, v3, apiKey } = JSON.parse(line) as Record<'origin' | 'v2' | 'v3' | 'apiKey', string>;
    return new StandInProcess(child, origin, v2, v3, apiKey);
  }

  /** Requests since it was reset. */
  async counts(): Promise<Counts> {
    const response = await fetch(`${this.origin}/__stand-in/counts`);
    return (await response.json()) as Counts;
  }

  async reset(options: Record<string, unknown> = {}): Promise<void> {
    await fetch(`${this.origin}/__stand-in/reset`, { method: 'POST', body: JSON.stringify(options) });
  }

  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill();
    await exit;
  }
}
