import type { RedisAddress } from './address';
import { RedisConnection } from './connection';
import { ClockBounds } from './clock-bounds';
import type { KeyName, KeyNames } from './key-names';
import { COMMAND_KEYS, type CommandName } from './commands';
import { READERS, timeOf, type Answer } from './reply';
import { describeRedisError, type RedisProblem } from './redis-problem';
import { UnexpectedReplyError } from './unexpected-reply';

/** What the health of a Redis reports to its owner. */
export interface HealthEvents {
  /** Redis can be asked, or it is time to see whether it is well: answer with `markUp` or a failed `run`. */
  onReady(): void;
  /** Up, down, or neither, has changed. */
  onChange(): void;
  /** Somebody published in the channel. */
  onMessage(message: string): void;
}

/** Interval between two heartbeats, in ms; a heartbeat also shows when Redis is up again. */
export const HEARTBEAT_MS = 800;
/** A connection lost for less, in ms, is not worth the fallback: most are back at once. */
const GRACE_MS = 1_500;

/**
 * Whether Redis is to be relied on. `up`: its last reply is valid. `down`: each instance uses its fallback limiter. For a moment it may be
 * neither: what depends on it waits then.
 */
export class RedisHealth {
  /** The time in Redis. */
  readonly clock = new ClockBounds();
  readonly #names: KeyNames;
  readonly #connection: RedisConnection;
  readonly #events: HealthEvents;
  readonly #heartbeat: NodeJS.Timeout;
  #status: 'waiting' | 'up' | 'down' = 'waiting';
  #problem: RedisProblem | undefined;
  #graceTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(address: RedisAddress, names: KeyNames, events: HealthEvents) {
    this.#events = events;
    this.#names = names;
    this.#connection = new RedisConnection(address, names.reportsChannel, {
      onOpen: () => events.onReady(),
      onLost: (problem) => this.#onLost(problem),
      onMessage: (message) => events.onMessage(message),
    });
    this.#heartbeat = setInterval(() => this.#connection.isOpen && events.onReady(), HEARTBEAT_MS).unref();
    this.#startGraceTimer();
  }

  get isUp(): boolean {
    return this.#status === 'up';
  }

  get isDown(): boolean {
    return this.#status === 'down';
  }

  /** Why it is down. */
  get problem(): RedisProblem | undefined {
    return this.isDown ? this.#problem : undefined;
  }

  /**
   * Runs a command and reads its answer. Never rejects.
   * @param args named, as its file says; the time is added where it is asked for
   * @param keys those that it needs beside its own
   * @param bytes what is no JSON
   * @returns undefined when Redis can't or won't, or answers what can't be meant; the health then says why
   */
  async run<Name extends CommandName>(
    command: Name,
    args: object,
    keys: readonly string[] = [],
    ...bytes: [Buffer?]
  ): Promise<Answer<Name> | undefined> {
    try {
      const sentAt = performance.now();
      const own: readonly KeyName[] = COMMAND_KEYS[command];
      const json = JSON.stringify(own[0] === 'state' ? { ...args, ...this.clock.arguments() } : args);
      const raw = await this.#connection.run(
        command,
        [...own.map((name) => this.#names[name]), ...keys],
        [json, ...bytes],
        command === 'vtReadReport' ? 'bytes' : 'text',
      );
      const answer = READERS[command](raw, command) as Answer<Name>;
      const time = timeOf(answer);
      if (time) this.clock.update(time, sentAt);
      return answer;
    } catch (error) {
      this.onFailure(error);
      return undefined;
    }
  }

  /** For what was thrown while a command ran, or its reply was applied. */
  onFailure(error: unknown): void {
    const problem = describeRedisError(error, this.#connection.host);
    if (problem.code === 'REDIS_BAD_REPLY') this.#connection.reconnect();
    // A command that a closing connection has ended doesn't say why it closed.
    const { code } = Object(error) as { code?: unknown };
    if (problem.code === 'REDIS_DOWN') this.#onLost(code === undefined ? undefined : problem);
    else this.#set('down', problem);
  }

  /** Runs work in the background. A failure becomes a problem, never an unhandled rejection. */
  inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.onFailure(error));
  }

  /** It answers: the fallback ends, unless it stops answering again. */
  onAnswer(): void {
    if (!this.isDown) return;
    this.#set('waiting', this.#problem);
    this.#startGraceTimer();
  }

  markUp(): void {
    if (this.#connection.isOpen) this.#set('up');
  }

  /** Deletes all keys that begin so. Never rejects; what can't be deleted ends by itself. */
  deleteAll(prefix: string): Promise<void> {
    return this.#connection.deleteAll(prefix).catch((error: unknown) => {
      if (error instanceof UnexpectedReplyError) this.onFailure(error);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#heartbeat);
    this.#stopGraceTimer();
    await this.#connection.close();
  }

  #onLost(problem: RedisProblem | undefined): void {
    // Closed is what a connection is that was refused something: the reason stays.
    const why = problem ?? this.#problem ?? describeRedisError({ code: 'ECONNRESET' }, this.#connection.host);
    if (this.#status === 'down') return this.#set('down', why);
    this.#set('waiting', why);
    this.#startGraceTimer();
  }

  #stopGraceTimer(): void {
    clearTimeout(this.#graceTimer);
    this.#graceTimer = undefined;
  }

  #startGraceTimer(): void {
    this.#graceTimer ??= setTimeout(() => {
      this.#graceTimer = undefined;
      if (this.#status !== 'waiting') return;
      this.#set('down', this.#problem ?? this.#connection.timeoutProblem);
    }, GRACE_MS).unref();
  }

  #set(status: 'waiting' | 'up' | 'down', problem?: RedisProblem): void {
    if (this.#closed) return;
    const same = status === this.#status && problem?.text === this.#problem?.text;
    this.#problem = problem;
    this.#status = status;
    if (status === 'up') this.#stopGraceTimer();
    if (same) return;
    try {
      this.#events.onChange();
    } catch {
      // This is called where a connection ends and where a promise is handled: a listener's fault may end neither.
    }
  }
}
