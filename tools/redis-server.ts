import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { endWithProcess } from './end-with-process';
import { eventually } from './eventually';
import { freePort } from './free-port';

export interface RedisServerOptions {
  /** Further arguments, as `--requirepass secret`. */
  args?: readonly string[];
  /** Keeps data over a restart. Default false: it comes back empty. */
  persistent?: boolean;
  /** Paths of PEM files: speak TLS, and nothing else. */
  tls?: { key: string; cert: string };
  /** Be a Sentinel, which puts a replica in the master's place soon after its death. */
  sentinelOf?: { name: string; port: number };
}

/** A real redis-server (or valkey-server) on a loopback port of its own. */
export class RedisServer {
  readonly #options: RedisServerOptions;
  readonly #dir = mkdtempSync(join(tmpdir(), 'redis-'));
  readonly #clients = new Set<Redis>();
  #child: ChildProcess | undefined;
  #port = 0;
  #closed = false;

  constructor(options: RedisServerOptions = {}) {
    this.#options = options;
  }

  get #runs(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `${this.#options.tls ? 'rediss' : 'redis'}://127.0.0.1:${this.#port}/0`;
  }

  /** On the same port as before, when it ran before. */
  async start(): Promise<this> {
    if (this.#runs) return this;
    if (this.#closed) throw new Error('This Redis is closed');
    if (this.#port !== 0) {
      await this.#launch();
      return this;
    }
    for (;;) {
      this.#port = await freePort();
      try {
        await this.#launch();
        return this;
      } catch (error) {
        // Somebody else was quicker: the port was free a moment ago.
        if (!/Address already in use/.test(String(error))) throw error;
      }
    }
  }

  async #launch(): Promise<void> {
    const child = endWithProcess(
      spawn(findRedisServer() ?? 'redis-server', this.#arguments(), { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      let log = '';
      child.stdout.on('data', (piece: Buffer) => {
        log += piece.toString();
        if (/Ready to accept connections|\+monitor master/.test(log)) resolve();
      });
      child.once('close', (code) => reject(new Error(`redis-server ended with ${code}:\n${log}`)));
    });
  }

  #arguments(): string[] {
    const { args = [], persistent = false, tls, sentinelOf } = this.#options;
    const common = ['--bind', '127.0.0.1', '--dir', this.#dir, ...args];
    const port = String(this.#port);
    if (sentinelOf) {
      const { name, port: master } = sentinelOf;
      const file = join(this.#dir, 'sentinel.conf');
      const lines = [
        `monitor ${name} 127.0.0.1 ${master} 1`,
        `down-after-milliseconds ${name} 500`,
        `failover-timeout ${name} 2000`,
      ];
      writeFileSync(file, lines.map((line) => `sentinel ${line}\n`).join(''));
      return [file, '--sentinel', '--port', port, ...common];
    }
    const secure = ['--tls-port', port, '--tls-auth-clients', 'no'];
    return [
      ...(tls ? ['--port', '0', ...secure, '--tls-key-file', tls.key, '--tls-cert-file', tls.cert] : []),
      ...(tls ? ['--tls-ca-cert-file', tls.cert] : ['--port', port]),
      ...['--save', '', '--appendonly', persistent ? 'yes' : 'no', '--appendfsync', 'always', ...common],
    ];
  }

  /** Takes connections and answers nothing, as a machine that hangs. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || !this.#runs) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** For good. Ends whoever still waits for it, as a test does that has failed. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const client of this.#clients) client.disconnect();
    await this.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** Resolves when a look into it says so. */
  async until(condition: (client: Redis) => Promise<boolean>, url = this.url): Promise<void> {
    await this.with((client) => eventually(() => condition(client)), url);
  }

  /** Does something over a connection of its own. */
  async with<T>(act: (client: Redis) => Promise<T>, url = this.url): Promise<T> {
    const client = new Redis(url, { lazyConnect: true });
    // A server may be killed under it; what is asked rejects all the same.
    client.on('error', () => undefined);
    this.#clients.add(client);
    try {
      return await act(client);
    } finally {
      this.#clients.delete(client);
      client.disconnect();
    }
  }
}

let found: string | undefined | null = null;

/** The server's program: that of `REDIS_SERVER`, or what PATH has, or Debian's package where it may be installed. */
export function findRedisServer(): string | undefined {
  found ??= find();
  return found;
}

function find(): string | undefined {
  const candidates = [process.env['REDIS_SERVER'], 'redis-server', 'valkey-server'];
  const first = () => candidates.find((name) => name && runs(name, ['--version']));
  const there = first();
  if (there !== undefined || process.getuid?.() !== 0 || !runs('apt-get', ['--version'])) return there;
  process.stderr.write('There is no redis-server: installing the Debian package redis-server\n');
  // The package would start a server of its own; this one is only for the tests.
  const quietly = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    stdio: 'ignore',
  } as const;
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], quietly);
  return first();
}

function runs(program: string, args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/** A suite that needs a Redis: left out by name where there is none, but failed where CI says that there must be one. */
export function describeWithRedis(title: string, suite: (this: Mocha.Suite) => void): void {
  if (findRedisServer() !== undefined) {
    describe(title, suite);
    return;
  }
  const why = 'there is no redis-server here, and none can be installed: name one in REDIS_SERVER';
  if (process.env['CI'] === 'true') {
    describe(title, () => {
      it('has a Redis to run with', () => {
        throw new Error(why);
      });
    });
  } else describe.skip(`${title} (${why})`, suite);
}
