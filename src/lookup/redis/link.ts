import type { Cluster, Redis } from 'ioredis';
import type { RedisAddress } from './address';
import { connect, LONGEST_RETRY_MS } from './connect';
import { silenceOf, troubleOf, type Trouble } from './trouble';

export interface LinkEvents {
  /** Connected and logged in. */
  open(): void;
  /** The connection is lost or can't be had; it is tried again by itself. Nothing is known of the reason when it was just closed. */
  lost(trouble: Trouble | undefined): void;
  /** Somebody published in the channel. */
  heard(word: string): void;
}

export type Argument = string | number | Buffer;

type Client = Redis | Cluster;
type Command = (...args: Argument[]) => Promise<unknown>;

/** One connection to Redis, which ioredis keeps up. */
export class RedisLink<Name extends string> {
  readonly host: string;
  readonly #sentinel: string | undefined;
  readonly #events: LinkEvents;
  #client: Client | undefined;
  #closed = false;
  #again: NodeJS.Timeout | undefined;
  /** What was said while connecting. */
  #refusal: Trouble | undefined;

  constructor(address: RedisAddress, scripts: Record<Name, string>, channel: string, events: LinkEvents) {
    const [first] = address.hosts;
    this.host = first ? `${first.host}:${first.port}` : '';
    this.#sentinel = address.sentinel;
    this.#events = events;
    this.#open(address, scripts, channel).catch((error: unknown) => events.lost(troubleOf(error, this.host)));
  }

  /** Can be asked now. */
  get open(): boolean {
    return this.#client?.status === 'ready' && this.#refusal?.code !== 'REDIS_NO_DATABASE';
  }

  /** What is said of it as long as it says nothing itself. */
  get silence(): Trouble {
    return silenceOf(this.#sentinel, this.host);
  }

  /** Runs a script. @throws what ioredis throws, for `troubleOf` */
  run(
    script: Name,
    keys: readonly string[],
    args: readonly Argument[],
    reply: 'text' | 'bytes',
  ): Promise<unknown> {
    const client = this.#client;
    if (!client || !this.open) return Promise.reject(Object.assign(new Error(), { code: 'ECONNRESET' }));
    const commands = client as unknown as Record<string, Command>;
    const command = commands[reply === 'text' ? script : `${script}Buffer`] as Command;
    return command.call(client, keys.length, ...keys, ...args);
  }

  /** Deletes all keys that begin so. */
  async deleteAll(prefix: string): Promise<void> {
    const client = this.#client;
    if (!client || !this.open) return;
    const nodes = 'nodes' in client ? client.nodes('master') : [client];
    for (const node of nodes) {
      const scan = node.scanStream({ match: `${prefix}*`, count: 1000 }) as AsyncIterable<string[]>;
      for await (const keys of scan) if (keys.length > 0) await client.unlink(...keys);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    const client = this.#client;
    if (!client) return;
    // What was said before is to arrive; a Redis that doesn't listen keeps nobody from closing for longer than a command may take.
    if (this.open) await client.quit().catch(() => undefined);
    client.disconnect();
  }

  async #open(address: RedisAddress, scripts: Record<Name, string>, channel: string): Promise<void> {
    const client = await connect(address);
    if (this.#closed) return client.disconnect();
    this.#client = client;
    for (const [name, lua] of Object.entries<string>(scripts)) client.defineCommand(name, { lua });
    client.on('connect', () => (this.#refusal = undefined));
    client.on('error', (error: unknown) => (this.#refusal = troubleOf(error, this.host)));
    client.on('ready', () => this.#ready(channel));
    client.on('close', () => {
      if (!this.#closed) this.#events.lost(this.#refusal);
    });
    // ioredis gives up for good when it is disturbed at the wrong moment, as when a Sentinel's answer comes too late.
    client.on('end', () => {
      if (!this.#closed)
        this.#again = setTimeout(() => {
          client.connect().catch(() => undefined);
        }, LONGEST_RETRY_MS);
    });
    client.on('message', (_channel: string, word: string) => this.#events.heard(word));
    if (client.status === 'ready') this.#ready(channel);
  }

  #ready(channel: string): void {
    // ioredis says that the database isn't there, and goes on with database 0.
    if (this.#refusal?.code === 'REDIS_NO_DATABASE') return this.#events.lost(this.#refusal);
    // On RESP2 a connection that listens can do nothing else. Hearing of reports is only the faster way to them.
    const { condition } = this.#client as unknown as { condition?: { protocol?: number } };
    if (condition?.protocol !== 2) this.#client?.subscribe(channel).catch(() => undefined);
    this.#events.open();
  }
}
