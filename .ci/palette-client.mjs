import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer, freePort } from './node-sets.mjs';

/** Node-RED in a process of its own, used through its admin API, as its palette manager does. */
export class PaletteClient {
  /**
   * Starts the Node-RED of `tree` with the user folder `user`; resolves when it answers.
   *
   * @param {{ tree: string, user: string, env: NodeJS.ProcessEnv }} options
   */
  static async start({ tree, user, env }) {
    const port = await freePort();
    const settings = join(user, 'settings.js');
    const text = `{ uiHost: '127.0.0.1', uiPort: ${port}, flowFile: 'flows.json', credentialSecret: 'of the dry run', telemetry: { enabled: false } }`;
    writeFileSync(settings, `module.exports = ${text};\n`);
    const program = join(tree, 'node_modules', 'node-red', 'red.js');
    const child = spawn(process.execPath, [program, '-u', user, '-s', settings], { stdio: 'inherit', env });
    const client = new PaletteClient(child, `http://127.0.0.1:${port}`);
    try {
      await answer(child, port, Date.now() + 300_000);
      return client;
    } catch (error) {
      await client.stop();
      throw error;
    }
  }

  constructor(child, url) {
    this.child = child;
    this.url = url;
  }

  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }

  /** The answer's status and text, whatever they are. */
  async send(method, path, body) {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'Node-RED-API-Version': 'v2',
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, text: await response.text() };
  }

  /** The answer's JSON, if it has any. Throws for a failure. */
  async request(method, path, body) {
    const { status, text } = await this.send(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path} was answered with ${status}: ${text}`);
    return text ? JSON.parse(text) : undefined;
  }
}
