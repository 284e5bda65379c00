import { expect } from 'chai';
import { redisAddress } from '../../../src/lookup/redis/address';
import { KeyNames } from '../../../src/lookup/redis/key-names';
import { RedisBackend } from '../../../src/lookup/redis/redis-backend';
import { eventually } from '../../../tools/eventually';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import { until, usersOfRedis, type SchedulerClient } from '../../../tools/scheduler-clients';
import { describeWithRedis, RedisServer } from '../../../tools/redis-server';

const USED = ['state', 'starts', 'instances', 'limits'] as const;

describeWithRedis('Something else under a key of ours in Redis', () => {
  const redis = new RedisServer();
  before(() => redis.start());
  after(() => redis.close());
  const users: SchedulerClient[] = [];
  afterEach(() => Promise.all(users.splice(0).map((user) => user.leave())));

  it('ends no request, whatever the key, and is forgotten as soon as it is deleted', async () => {
    const limit = { count: 100, windowMs: 1000 } as const;
    await Promise.all(
      USED.map(async (what) => {
        const apiKey = freshKey();
        const name = new KeyNames(apiKey)[what];
        const [user] = await usersOfRedis(1, { limit }, redis.url, apiKey);
        if (!user) return;
        users.push(user);
        const state = user.backend as RedisBackend;
        await redis.with((client) => client.multi().del(name).rpush(name, 'x').exec());
        await until(state, () => state.health.isDown);
        expect(state.problem?.code, what).to.equal('REDIS_WRONG_TYPE');
        expect(await user.ask().done, what).to.equal('answered');
        await redis.with((client) => client.del(name));
        await until(state, () => state.health.isUp);
        expect(await user.ask().done, what).to.equal('answered');
      }),
    );
  });

  it('counts offline starts once, however often reporting them failed', async () => {
    const apiKey = freshKey();
    const { starts, instances, state: stateName } = new KeyNames(apiKey);
    const count = `of:${new Date().toISOString().slice(0, 10)}`;
    const [user] = await usersOfRedis(1, { quota: { daily: 100, monthly: 0 } }, redis.url, apiKey);
    if (!user) return;
    users.push(user);
    const state = user.backend as RedisBackend;
    await user.ask().done;
    await redis.with((client) => client.multi().del(starts).rpush(starts, 'x').exec());
    await until(state, () => state.health.isDown);
    await Promise.all(user.askMany(3).map(({ done }) => done));
    const used = (): Promise<string | null> => redis.with((client) => client.hget(stateName, count));
    // Each heartbeat tells them, and fails after it has registered the instance.
    const heard = (): Promise<string | null> =>
      redis.with((client) => client.zscore(instances, state.usage.instanceId));
    for (let failures = 0; failures < 2; failures++) {
      const before = await heard();
      await eventually(async () => (await heard()) !== before);
    }
    await redis.with((client) => client.del(starts));
    await until(state, () => state.health.isUp);
    expect(await used()).to.equal('4');
    expect(user.scheduler.stats().quota.day.used).to.equal(4);
  });
});

describeWithRedis('A Redis whose scripts were thrown out', () => {
  it('is given them again, without a word to anybody', async () => {
    const redis = await new RedisServer().start();
    const state = new RedisBackend(freshKey(), redisAddress(redis.url)).retain();
    await until(state, () => state.health.isUp);
    await redis.with((client) => client.script('FLUSH'));
    const changes: unknown[] = [];
    state.onChange(() => changes.push(state.problem));
    const reply = await state.reserve([{ id: state.usage.nextId(), lease: undefined }]);
    expect(reply?.decisions).to.deep.equal(['start']);
    expect(changes).to.deep.equal([]);
    await state.close();
    await redis.close();
  });
});
