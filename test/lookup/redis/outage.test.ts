import { expect } from 'chai';
import type { RedisBackend } from '../../../src/lookup/redis/redis-backend';
import { eventually } from '../../../tools/eventually';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import {
  until,
  usersOfRedis,
  type SchedulerClient,
  type Request,
  type ClientOptions,
} from '../../../tools/scheduler-clients';
import { sideBySide } from '../../support/side-by-side';
import { describeWithRedis, RedisServer } from '../../../tools/redis-server';

const USERS = 3;
const COUNT = 9;
const WINDOW_MS = 900;
const SPACING_MS = 600;

/** Instances of one key with a Redis of their own. */
class Together {
  readonly redis = new RedisServer();
  users: SchedulerClient[] = [];

  async start(limit: NonNullable<ClientOptions['limit']>): Promise<void> {
    await this.redis.start();
    this.users = await usersOfRedis(USERS, { limit }, this.redis.url, freshKey());
    // Each has seen the others.
    await eventually(() => this.#states.every(({ usage }) => usage.partition.instances === USERS));
  }

  /** Number of requests of each. */
  ask(count: number): Request[][] {
    return this.users.map((user) => user.askMany(count));
  }

  async all(condition: (state: RedisBackend) => boolean): Promise<void> {
    await Promise.all(this.#states.map((state) => until(state, () => condition(state))));
  }

  async close(): Promise<void> {
    this.redis.resume();
    await Promise.all(this.users.map((user) => user.leave()));
    await this.redis.close();
  }

  get #states(): RedisBackend[] {
    return this.users.map(({ backend }) => backend as RedisBackend);
  }
}

const startsOf = (requests: Request[]): number[] =>
  requests.flatMap(({ starts }) => starts).sort((a, b) => a - b);
/** Time between each start and the one `count` starts later. */
const spans = (times: number[], apart: number): number[] =>
  times.slice(apart).map((time, i) => time - (times[i] as number));

async function goThroughLoss(
  together: Together,
  lose: () => Promise<unknown> | void,
  regain: () => Promise<unknown> | void,
): Promise<void> {
  await together.start({ count: COUNT, windowMs: WINDOW_MS });
  const requests = together.ask(14).flat();
  await Promise.all(requests.slice(0, 5).map(({ done }) => done));
  await lose();
  await together.all(({ health }) => health.isDown);
  await regain();
  await together.all(({ health }) => health.isUp);
  expect(new Set(await Promise.all(requests.map(({ done }) => done)))).to.deep.equal(new Set(['answered']));
  const times = startsOf(requests);
  expect(times).to.have.length(14 * USERS);
  expect(Math.min(...spans(times, COUNT))).to.be.at.least(WINDOW_MS);
}

async function goThroughAbsence(together: Together): Promise<void> {
  await together.start({ count: 1, windowMs: SPACING_MS });
  await together.redis.kill();
  await together.all(({ health }) => health.isDown);
  const requests = together.ask(4);
  await Promise.all(requests.flat().map(({ done }) => done));
  for (const own of requests.map(startsOf))
    // A timer may be late on a busy machine, and the next one on time. Each that went at the whole pace would be at one spacing.
    expect(Math.min(...spans(own, 1))).to.be.at.least(1.2 * SPACING_MS);
  const times = startsOf(requests.flat());
  const ms = (times.at(-1) as number) - (times[0] as number);
  // This number of each at the whole limit would be through in four.
  expect(ms).to.be.at.least((times.length - 4) * SPACING_MS);
}

describeWithRedis('Instances that keep to one limit, and lose Redis', () => {
  const together = async (scenario: (all: Together) => Promise<void>): Promise<void> => {
    const all = new Together();
    try {
      await scenario(all);
    } finally {
      await all.close();
    }
  };

  sideBySide({
    'start no more than the limit in any window when Redis hangs and continues': () =>
      together((all) =>
        goThroughLoss(
          all,
          () => all.redis.pause(),
          () => all.redis.resume(),
        ),
      ),
    'start no more than the limit in any window when Redis is killed and returns empty': () =>
      together((all) =>
        goThroughLoss(
          all,
          () => all.redis.kill(),
          () => all.redis.start(),
        ),
      ),
    'start at one spacing between them all while Redis is away': () => together(goThroughAbsence),
  });
});
