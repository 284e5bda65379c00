import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithProcess } from '../../tools/end-with-process';

export interface Ended {
  code: number | null;
  out: string[];
  errors: string;
}

/** `npm start` as a user runs it, but with a Node-RED folder of its own. */
export class StartProcess {
  readonly #child: ChildProcess;
  readonly #userDir = mkdtempSync(join(tmpdir(), 'start-'));
  readonly #exited: Promise<number | null>;
  #out = '';
  #errors = '';
  #seen: () => void = () => undefined;

  constructor(args: readonly string[], env: Record<string, string>) {
    const script = join(__dirname, '..', '..', 'scripts', 'start.mjs');
    const { VIRUSTOTAL_API_KEY: _key, VIRUSTOTAL_API_URL: _url, ...outer } = process.env;
    this.#child = endWithProcess(
      spawn(process.execPath, [script, '--user-dir', this.#userDir, ...args], {
        env: { ...outer, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#out += text;
      this.#seen();
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    this.#exited = once(this.#child, 'close').then(([code]) => {
      this.#seen();
      rmSync(this.#userDir, { recursive: true, force: true });
      return code as number | null;
    });
  }

  /** The first line of the output that matches. */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const line = this.#out.split('\n').find((text) => pattern.test(text));
      if (line !== undefined) return line;
      if (this.#child.exitCode !== null)
        throw new Error(`no line ${String(pattern)} in:\n${this.#out}${this.#errors}`);
      await new Promise<void>((resolve) => (this.#seen = resolve));
    }
  }

  pressCtrlC(): void {
    this.#child.kill('SIGINT');
  }

  async end(): Promise<Ended> {
    const code = await this.#exited;
    return { code, out: this.#out.split('\n'), errors: this.#errors };
  }

  /** For after a test that failed. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
