import { ODD_REPLIES } from '../support/odd-replies';
import { RedisServer } from '../../tools/redis-server';
import { RedisLine } from '../support/redis-line';
import type { Command } from '../support/scripted-redis';
import { Seeded } from '../../tools/fake-virustotal/seeded';
import type { Kind } from './campaign-plan';
import type { Sharing } from './flows';
import { ToldLimits } from './told-limits';

/** One of this number of answers is malformed. */
const ODD_ONE_OF = 150;
/** What Redis itself says when it can't. */
const ERRORS: Readonly<Record<string, string>> = {
  'an error': '-ERR something is wrong\r\n',
  'that it is loading': '-LOADING Redis is loading the dataset in memory\r\n',
  'that it is out of memory': "-OOM command not allowed when used memory > 'maxmemory'.\r\n",
  'that it only reads': "-READONLY You can't write against a read only replica.\r\n",
  'that it is busy': '-BUSY Redis is busy running a script.\r\n',
};
const ODD = Object.entries({ ...ODD_REPLIES, ...ERRORS });
/** Scripts that answer `OK`: that is no odd answer of theirs. */
const ANSWER_OK = 'the word OK';

/** A real Redis, which every instance reaches over a line of its own. */
export class SharedRedis {
  /** What each instance told it of its limits. */
  readonly limits = new Map<string, ToldLimits>();
  /** How often it gave which odd answer. */
  readonly did: Record<string, number> = {};
  readonly #server = new RedisServer();
  readonly #lines: RedisLine[] = [];
  readonly #chance: Seeded;
  readonly #odd: boolean;
  readonly #instances: number;

  private constructor(kind: Kind, seed: string) {
    this.#odd = kind !== 'instances';
    this.#instances = kind === 'odd-replies' ? 1 : 2;
    this.#chance = new Seeded(`redis ${seed}`);
  }

  /** @returns undefined for campaigns without a Redis */
  static async of(kind: Kind, seed: string): Promise<SharedRedis | undefined> {
    if (kind === 'plain' || kind === 'restarts') return undefined;
    const redis = new SharedRedis(kind, seed);
    await redis.#server.start();
    if (redis.#instances > 1) redis.did['instances with limits of their own'] = redis.#instances;
    return redis;
  }

  /** A line for an instance. */
  async join(instance: string): Promise<Sharing> {
    const limits = this.limits.get(instance) ?? new ToldLimits();
    this.limits.set(instance, limits);
    const line = await new RedisLine(() => this.#server.port, {
      answered: limits.note,
      ...(this.#odd ? { instead: (command) => this.#instead(command) } : {}),
    }).listen();
    this.#lines.push(line);
    return { redisUrl: line.url, instances: this.#instances };
  }

  async close(): Promise<void> {
    for (const line of this.#lines) line.close();
    await this.#server.close();
  }

  #instead({ name, script }: Command): string | undefined {
    if (script === undefined && name !== 'INFO' && name !== 'SCAN') return undefined;
    if (this.#chance.between(1, ODD_ONE_OF) !== 1) return undefined;
    const [what, reply] = this.#chance.pick(ODD);
    if (what === ANSWER_OK) return undefined;
    this.#count(`odd answer of Redis to ${script ?? name}`);
    this.#count(what in ERRORS ? 'error of Redis' : `odd answer of Redis: ${what}`);
    return reply;
  }

  #count(what: string): void {
    this.did[what] = (this.did[what] ?? 0) + 1;
  }
}
