import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { endWithProcess } from '../end-with-process';

/** What the server has seen. */
export interface StrictLog {
  /** When the requests left that it took, in order, in ms. */
  accepted: number[];
  asked: string[];
  refused: number;
}

/**
 * A strict server in a process of its own, which those who ask don't keep from answering. Who asks is to be started with
 * `STAMPING`, so that the server knows when a request left.
 */
export class StrictServerProcess {
  private constructor(
    readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(perWindow: number, windowMs: number): Promise<StrictServerProcess> {
    const main = join(__dirname, 'strict-server-main.ts');
    const child = endWithProcess(
      fork(main, [String(perWindow), String(windowMs)], { execArgv: ['--import=tsx'] }),
    );
    const [{ url }] = (await once(child, 'message')) as [{ url: string }];
    return new StrictServerProcess(child, url);
  }

  /** Resolves as soon as it has received this number of requests. */
  async log(taken = 0): Promise<StrictLog> {
    this.child.send(taken);
    const [log] = (await once(this.child, 'message')) as [StrictLog];
    return log;
  }

  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.disconnect();
    await exit;
  }
}

/** The environment of a process whose requests say when they left. */
export const STAMPING = { NODE_OPTIONS: `--require ${join(__dirname, 'stamp-requests.cjs')}` };
