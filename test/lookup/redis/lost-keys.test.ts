import { expect } from 'chai';
import { KeyNames } from '../../../src/lookup/redis/key-names';
import { VirusTotalError } from '../../../src/errors';
import type { RedisBackend } from '../../../src/lookup/redis/redis-backend';
import { eventually } from '../../../tools/eventually';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import { usersOfRedis, type SchedulerClient, type ClientOptions } from '../../../tools/scheduler-clients';
import { describeWithRedis, RedisServer } from '../../../tools/redis-server';

const KEYS = ['state', 'starts', 'instances', 'limits'] as const;
const LOSSES = [...KEYS, 'everything'] as const;

describeWithRedis('A Redis that loses a part of what it knows of a key, or all of it', function () {
  const redis = new RedisServer();
  before(() => redis.start());
  after(() => redis.close());
  const users: SchedulerClient[] = [];
  afterEach(() => Promise.all(users.splice(0).map((user) => user.leave())));

  const join = async (
    count: number,
    wishes: ClientOptions,
  ): Promise<{ all: SchedulerClient[]; names: KeyNames }> => {
    const apiKey = freshKey();
    const all = await usersOfRedis(count, wishes, redis.url, apiKey);
    users.push(...all);
    await eventually(() =>
      all.every(({ backend }) => (backend as RedisBackend).usage.partition.instances === count),
    );
    return { all, names: new KeyNames(apiKey) };
  };
  const lose = (names: KeyNames, what: (typeof LOSSES)[number]): Promise<unknown> =>
    redis.with(async (client) =>
      client.del(...(what === 'everything' ? KEYS : [what]).map((name) => names[name])),
    );

  /** All at once: most of their time they wait. */
  const whatever = (title: string, story: (what: (typeof LOSSES)[number]) => Promise<void>): void => {
    it(`${title}, whatever it is: ${LOSSES.join(', ')}`, () => Promise.all(LOSSES.map(story)));
  };

  whatever('has no more started in a window', async (what) => {
    const windowMs = 2_000;
    const { all, names } = await join(3, { limit: { count: 6, windowMs } });
    const requests = all.flatMap((user) => user.askMany(6));
    for (let i = 0; i < 12; i++) {
      await Promise.race([requests[6 + i]?.done, new Promise((resolve) => setTimeout(resolve, 250))]);
      await lose(names, what);
    }
    await Promise.all(requests.map(({ done }) => done));
    const times = requests.flatMap(({ starts }) => starts).sort((a, b) => a - b);
    expect(times, what).to.have.length(18);
    const spans = times.slice(6).map((at, i) => at - (times[i] as number));
    expect(Math.min(...spans), what).to.be.at.least(windowMs);
  });

  whatever('has no more asked in a day', async (what) => {
    const { all, names } = await join(2, { quota: { daily: 6, monthly: 0 } });
    const ends: string[] = [];
    for (let i = 0; i < 10; i++) {
      for (const user of all) ends.push(await user.ask().done);
      await lose(names, what);
    }
    expect(
      ends.filter((end) => end === 'answered'),
      what,
    ).to.have.length(6);
    expect(
      ends.filter((end) => end === 'VT_QUOTA'),
      what,
    ).to.have.length(14);
    await eventually(
      async () =>
        (await redis.with((client) =>
          client.hget(names.state, `of:${new Date().toISOString().slice(0, 10)}`),
        )) === '6',
    );
  });

  whatever('does not end a pause, or a refused key', async (what) => {
    for (const [code, status] of [
      ['VT_QUOTA', 429],
      ['VT_AUTH', 401],
    ] as const) {
      const { all, names } = await join(2, { timeScale: 1, onQuota: 'wait' });
      const [a, b] = all as [SchedulerClient, SchedulerClient];
      let refusing = true;
      const refused = a.ask(() => {
        if (refusing) throw new VirusTotalError(code, 'no', { status, retryable: status === 429 });
      });
      while (refused.starts.length === 0) await new Promise(setImmediate);
      const isHeld = (): boolean => [a, b].every(({ scheduler }) => scheduler.stats().problem?.code === code);
      await eventually(isHeld);
      refusing = false;
      for (let i = 0; i < 3; i++) {
        await lose(names, what);
        const { instanceId } = (b.backend as RedisBackend).usage;
        const heard = await redis.with((client) => client.zscore(names.instances, instanceId));
        await eventually(
          async () => (await redis.with((client) => client.zscore(names.instances, instanceId))) !== heard,
        );
        expect(isHeld(), what).to.equal(true);
      }
      // Redis knows it again, and so does who joins now.
      await eventually(
        async () => (await redis.with((client) => client.hexists(names.state, 'until'))) === 1,
      );
      // Who sees that the key is taken lifts it for all; a pause stays.
      if (code === 'VT_AUTH') {
        b.scheduler.resetBlock();
        await eventually(() => all.every(({ scheduler }) => scheduler.stats().problem === null));
        expect(await a.ask().done).to.equal('answered');
      }
    }
  });
});
