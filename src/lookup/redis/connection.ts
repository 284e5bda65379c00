import type { Cluster, Redis } from 'ioredis';
import type { RedisAddress } from './address';
import { COMMANDS, type CommandName } from './commands';
import { connect, MAX_RETRY_MS } from './connect';
import { readScan } from './reply';
import { guardTopology, limitBytes } from './ioredis-guards';
import { inBackground } from '../../in-background';
import { checkScript, commandsOf, isRefusal, refusedBy } from './permissions';
import { describeTimeout, describeRedisError, lacking, type RedisProblem } from './redis-problem';

/** What a connection reports to its owner. */
export interface ConnectionEvents {
  /** Connected and logged in. */
  onOpen(): void;
  /** The connection is lost or refused; it is retried automatically. Nothing is known of the reason when it was just closed. */
  onLost(problem: RedisProblem | undefined): void;
  /** Somebody published in the channel. */
  onMessage(message: string): void;
}

type Client = Redis | Cluster;
type Argument = string | number | Buffer | undefined;
type Command = (...args: Argument[]) => Promise<unknown>;

/** A connection whose answers may be out of step is given up for a new one no more often than this, in ms. */
const MIN_RECONNECT_INTERVAL_MS = 5_000;
/** Interval between two checks of a user that lacks permissions, in ms: they may have been granted. */
const RECHECK_MS = 5_000;
/** Name of the script that looks for that. */
const CHECK_SCRIPT = 'vtCheck';
/** Pages of SCAN, of up to a thousand names each, that are read at most: one that goes on without an end isn't meant. */
const MAX_PAGES = 100_000;

/**
 * One connection to Redis, which ioredis keeps up.
 *
 * - Connecting: ioredis tries again by itself, at least every `MAX_RETRY_MS`. The last error is kept, as the reason that `onLost` tells.
 * - Checking: connected and logged in. Each command that the scripts need is tried once (`permissions.ts`), because a script of which a user may
 *   run only a part would stop in the middle. With a permission missing it stays here, and tries again every `RECHECK_MS`.
 * - Open: `onOpen` was called, and `run` sends commands. A closed socket leads back to connecting, with `onLost`.
 *
 * A reply that cannot belong to its command (`REDIS_BAD_REPLY`) shows that replies and commands are out of step: RESP has no ids, so each
 * further reply would be read as that of another command. The connection is then closed and opened again.
 */
export class RedisConnection {
  readonly host: string;
  readonly #sentinel: string | undefined;
  readonly #events: ConnectionEvents;
  #client: Client | undefined;
  #closed = false;
  #reconnectTimer: NodeJS.Timeout | undefined;
  /** What was said while connecting. */
  #lastError: RedisProblem | undefined;
  /** What is needed is there and allowed, as far as Redis says. */
  #checked = false;
  #recheckTimer: NodeJS.Timeout | undefined;
  #reconnectedAt = -Infinity;
  #onAnswer = (): void => undefined;

  constructor(address: RedisAddress, channel: string, events: ConnectionEvents) {
    const [first] = address.hosts;
    this.host = first ? `${first.host}:${first.port}` : '';
    this.#sentinel = address.sentinel;
    this.#events = events;
    this.#open(address, channel).catch((error: unknown) =>
      events.onLost(describeRedisError(error, this.host)),
    );
  }

  /** Can be asked now. */
  get isOpen(): boolean {
    return this.#client?.status === 'ready' && this.#checked;
  }

  /** What is said of it as long as it says nothing itself. */
  get timeoutProblem(): RedisProblem {
    return describeTimeout(this.#sentinel, this.host);
  }

  /** Runs a command. @throws what ioredis throws, for `describeRedisError` */
  async run(
    name: CommandName,
    keys: readonly string[],
    args: readonly Argument[],
    reply: 'text' | 'bytes',
  ): Promise<unknown> {
    const client = this.#client;
    if (!client || !this.isOpen) throw Object.assign(new Error(), { code: 'ECONNRESET' });
    const commands = client as unknown as Record<string, Command>;
    const command = commands[reply === 'text' ? name : `${name}Buffer`] as Command;
    const answer = await command.call(client, keys.length, ...keys, ...args);
    this.#onAnswer();
    return answer;
  }

  /** Reconnects: after one answer too many, each further answer belongs to another command. */
  reconnect(): void {
    const client = this.#client;
    if (!client || 'nodes' in client || performance.now() - this.#reconnectedAt < MIN_RECONNECT_INTERVAL_MS)
      return;
    this.#reconnectedAt = performance.now();
    client.disconnect(true);
  }

  /** Deletes all keys that begin so. @throws what ioredis throws, and `UnexpectedReplyError` */
  async deleteAll(prefix: string): Promise<void> {
    const client = this.#client;
    if (!client || !this.isOpen) return;
    const nodes = 'nodes' in client ? client.nodes('master') : [client];
    for (const node of nodes) {
      let from = '0';
      for (let page = 0; page < MAX_PAGES; page++) {
        const found = readScan(await node.scan(from, 'MATCH', `${prefix}*`, 'COUNT', 1000));
        const names = found.names.filter((name) => name.startsWith(prefix));
        if (names.length > 0) await client.unlink(...names);
        from = found.cursor;
        if (from === '0') break;
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#reconnectTimer);
    clearTimeout(this.#recheckTimer);
    const client = this.#client;
    if (!client) return;
    // Flush pending commands. `commandTimeout` bounds the wait if Redis does not answer.
    if (this.isOpen) await client.quit().catch(() => undefined);
    client.disconnect();
  }

  async #open(address: RedisAddress, channel: string): Promise<void> {
    const client = await connect(address, () => this.#lastError?.code === 'REDIS_BAD_REPLY');
    if (this.#closed) return client.disconnect();
    this.#client = client;
    for (const [name, lua] of Object.entries(COMMANDS)) client.defineCommand(name, { lua });
    client.defineCommand(CHECK_SCRIPT, { lua: checkScript(commandsOf(COMMANDS)) });
    guardTopology(client);
    if (!('nodes' in client)) this.#onAnswer = limitBytes(client);
    client.on('connect', () => {
      this.#lastError = undefined;
      this.#checked = false;
    });
    client.on('error', (error: unknown) => {
      this.#lastError = describeRedisError(error, this.host);
      if (this.#lastError.code === 'REDIS_BAD_REPLY') this.reconnect();
    });
    client.on('ready', () => this.#onReady(channel));
    client.on('close', () => {
      this.#checked = false;
      clearTimeout(this.#recheckTimer);
      if (!this.#closed) this.#events.onLost(this.#lastError);
    });
    // ioredis gives up for good when it is disturbed at the wrong moment, as when a Sentinel's answer comes too late.
    client.on('end', () => {
      if (!this.#closed)
        this.#reconnectTimer = setTimeout(() => {
          client.connect().catch(() => undefined);
        }, MAX_RETRY_MS);
    });
    client.on('message', (_channel: unknown, message: unknown) => {
      if (typeof message === 'string') this.#events.onMessage(message);
    });
    if (client.status === 'ready') this.#onReady(channel);
  }

  #onReady(channel: string): void {
    // ioredis says that the database isn't there, and goes on with database 0.
    const code = this.#lastError?.code;
    if (code === 'REDIS_NO_DATABASE' || code === 'REDIS_AUTH') return this.#events.onLost(this.#lastError);
    this.#check(channel);
  }

  #check(channel: string): void {
    const client = this.#client;
    if (!client) return;
    // A user that may do only half of it would leave half-done scripts behind: that is found out, and all of it, before anything is asked.
    inBackground(
      refusals(client, channel).then((missing) => {
        if (this.#closed || client.status !== 'ready') return;
        this.#lastError = missing.length > 0 ? lacking(missing) : undefined;
        this.#checked = missing.length === 0;
        if (this.#checked) return this.#events.onOpen();
        this.#events.onLost(this.#lastError);
        this.#recheckTimer = setTimeout(() => this.#check(channel), RECHECK_MS).unref();
      }),
    );
  }
}

/** What the ACL refuses; nothing where Redis can't say so now. Never rejects. */
async function refusals(client: Client, channel: string): Promise<string[]> {
  const [text, nothing] = [`${channel}:check`, `${channel}:none`];
  const commands = client as unknown as Record<string, Command>;
  const node = 'nodes' in client ? client.nodes('master')[0] : client;
  const { condition } = client as unknown as { condition?: { protocol?: number } };
  const asked = await Promise.all([
    answerOf(commands[CHECK_SCRIPT]?.call(client, 2, text, nothing, channel)),
    answerOf(client.eval('return 1', 1, nothing)),
    answerOf(client.evalsha('0'.repeat(40), 1, nothing)),
    answerOf(client.unlink(nothing)),
    answerOf(node?.scan('0', 'MATCH', `${channel}*`, 'COUNT', 1)),
    // On RESP2 a connection that listens can do nothing else. Hearing of reports is only the faster way to them.
    answerOf(condition?.protocol === 2 ? undefined : client.subscribe(channel)),
  ]);
  const [tried, ...others] = asked;
  const inScripts = Array.isArray(tried?.answer) ? (tried.answer as unknown[]).filter(isRefusal) : [];
  const outside = [tried, ...others].map((each) => refusedBy(each?.error));
  return [...inScripts, ...outside.filter((name) => name !== undefined)];
}

async function answerOf(asked: Promise<unknown> | undefined): Promise<{ answer?: unknown; error?: unknown }> {
  try {
    return { answer: await asked };
  } catch (error) {
    return { error };
  }
}
