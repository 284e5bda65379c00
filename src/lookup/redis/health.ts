import type { RedisAddress } from './address';
import { RedisLink, type Argument } from './link';
import { ClockBounds } from './clock-bounds';
import type { KeyNames } from './key-names';
import { answersBytes, needsTime, READERS, timeIn, type Answer } from './reply';
import type { ScriptName } from './scripts';
import { troubleOf, type Trouble } from './trouble';
import { UnexpectedReplyError } from './unexpected-reply';

export interface HealthEvents {
  /** Redis can be asked, or it is time to see whether it is well: to be answered by `isWell` or a failed `ask`. */
  greet(): void;
  /** Up, down, or neither, has changed. */
  changed(): void;
  /** Somebody published in the channel. */
  heard(word: string): void;
}

/** Redis is greeted once in that time, in ms; so it shows, too, when it is well again. */
export const BEAT_MS = 800;
/** A connection lost for less, in ms, is not worth going alone for: most are back at once. */
const GRACE_MS = 1_500;

/**
 * Whether Redis is to be relied on. `up`: what it last said stands. `down`: each instance goes its own way. For a moment it may be
 * neither: what depends on it waits then.
 */
export class RedisHealth {
  /** The time in Redis. */
  readonly clock = new ClockBounds();
  readonly #clockName: string;
  readonly #link: RedisLink<ScriptName>;
  readonly #events: HealthEvents;
  readonly #beat: NodeJS.Timeout;
  #status: 'waiting' | 'up' | 'down' = 'waiting';
  #trouble: Trouble | undefined;
  #grace: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    address: RedisAddress,
    scripts: Record<ScriptName, string>,
    { news, clock }: Pick<KeyNames, 'news' | 'clock'>,
    events: HealthEvents,
  ) {
    this.#events = events;
    this.#clockName = clock;
    this.#link = new RedisLink(address, scripts, news, {
      open: () => events.greet(),
      lost: (trouble) => this.#lost(trouble),
      heard: (word) => events.heard(word),
    });
    this.#beat = setInterval(() => this.#link.open && events.greet(), BEAT_MS).unref();
    this.#beGraceful();
  }

  get up(): boolean {
    return this.#status === 'up';
  }

  get down(): boolean {
    return this.#status === 'down';
  }

  /** Why it is down. */
  get trouble(): Trouble | undefined {
    return this.down ? this.#trouble : undefined;
  }

  /**
   * Runs a script and reads its answer. Never rejects.
   * @returns undefined when Redis can't or won't, or answers what can't be meant; the health then says why
   */
  async ask<Name extends ScriptName>(
    script: Name,
    keys: readonly string[],
    args: readonly Argument[],
  ): Promise<Answer<Name> | undefined> {
    try {
      const sent = performance.now();
      const timed = needsTime(script);
      const raw = await this.#link.run(
        script,
        timed ? [...keys, this.#clockName] : keys,
        timed ? [...args, ...this.clock.arguments()] : args,
        answersBytes(script) ? 'bytes' : 'text',
      );
      const answer = READERS[script](raw, script) as Answer<Name>;
      const now = timeIn(answer);
      if (now !== undefined) this.clock.heard(now, sent);
      return answer;
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }

  /** What was thrown while Redis was asked, or its answer heeded. */
  failed(error: unknown): void {
    const trouble = troubleOf(error, this.#link.host);
    if (trouble.code === 'REDIS_BAD_REPLY') this.#link.renew();
    // A command that a closing connection has ended doesn't say why it closed.
    const { code } = Object(error) as { code?: unknown };
    if (trouble.code === 'REDIS_DOWN') this.#lost(code === undefined ? undefined : trouble);
    else this.#set('down', trouble);
  }

  /** Runs work in the background. A failure becomes a trouble, never an unhandled rejection. */
  inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.failed(error));
  }

  /** It answers: nobody is to go alone any longer, unless it falls silent again. */
  answers(): void {
    if (!this.down) return;
    this.#set('waiting', this.#trouble);
    this.#beGraceful();
  }

  isWell(): void {
    if (this.#link.open) this.#set('up');
  }

  /** Deletes all keys that begin so. Never rejects; what can't be deleted ends by itself. */
  deleteAll(prefix: string): Promise<void> {
    return this.#link.deleteAll(prefix).catch((error: unknown) => {
      if (error instanceof UnexpectedReplyError) this.failed(error);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#beat);
    this.#endGrace();
    await this.#link.close();
  }

  #lost(trouble: Trouble | undefined): void {
    // Closed is what a connection is that was refused something: the reason stays.
    const why = trouble ?? this.#trouble ?? troubleOf({ code: 'ECONNRESET' }, this.#link.host);
    if (this.#status === 'down') return this.#set('down', why);
    this.#set('waiting', why);
    this.#beGraceful();
  }

  #endGrace(): void {
    clearTimeout(this.#grace);
    this.#grace = undefined;
  }

  #beGraceful(): void {
    this.#grace ??= setTimeout(() => {
      this.#grace = undefined;
      if (this.#status !== 'waiting') return;
      this.#set('down', this.#trouble ?? this.#link.silence);
    }, GRACE_MS).unref();
  }

  #set(status: 'waiting' | 'up' | 'down', trouble?: Trouble): void {
    if (this.#closed) return;
    const same = status === this.#status && trouble?.text === this.#trouble?.text;
    this.#trouble = trouble;
    this.#status = status;
    if (status === 'up') this.#endGrace();
    if (same) return;
    try {
      this.#events.changed();
    } catch {
      // This is called where a connection ends and where a promise is handled: a listener's fault may end neither.
    }
  }
}
