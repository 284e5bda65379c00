import { expect } from 'chai';
import { redisAddress } from '../../../src/lookup/redis/address';
import { KeyNames } from '../../../src/lookup/redis/key-names';
import { RedisKeyState } from '../../../src/lookup/redis/redis-key-state';
import { eventually } from '../../../tools/eventually';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import { until, usersOfRedis, type KeyUser } from '../../../tools/key-users';
import { describeWithRedis, RedisServer } from '../../../tools/redis-server';

const USED = ['epoch', 'starts', 'count', 'hold', 'called', 'instances'] as const;

describeWithRedis('Something else under a key of ours in Redis', () => {
  const redis = new RedisServer();
  before(() => redis.start());
  after(() => redis.close());
  const users: KeyUser[] = [];
  afterEach(() => Promise.all(users.splice(0).map((user) => user.leave())));

  it('ends no request, whatever the key, and is forgotten as soon as it is deleted', async () => {
    const limit = { mode: 'window', count: 100, windowMs: 1000 } as const;
    await Promise.all(
      USED.map(async (what) => {
        const apiKey = freshKey();
        const name = new KeyNames(apiKey)[what];
        const [user] = await usersOfRedis(1, { limit }, redis.url, apiKey);
        if (!user) return;
        users.push(user);
        const state = user.state as RedisKeyState;
        await redis.with((client) => client.multi().del(name).rpush(name, 'x').exec());
        await until(state, () => state.health.down);
        expect(state.problem?.code, what).to.equal('REDIS_WRONG_TYPE');
        expect(await user.ask().done, what).to.equal('answered');
        await redis.with((client) => client.del(name));
        await until(state, () => state.health.up);
        expect(await user.ask().done, what).to.equal('answered');
      }),
    );
  });

  it('has what was done alone counted once, however often it was told in vain', async () => {
    const apiKey = freshKey();
    const { hold, count, instances } = new KeyNames(apiKey);
    const [user] = await usersOfRedis(1, { quota: { daily: 100, monthly: 0 } }, redis.url, apiKey);
    if (!user) return;
    users.push(user);
    const state = user.state as RedisKeyState;
    await user.ask().done;
    await redis.with((client) => client.rpush(hold, 'x'));
    await until(state, () => state.health.down);
    await Promise.all(user.askMany(3).map(({ done }) => done));
    const used = (): Promise<string | null> => redis.with((client) => client.hget(count, 'dayUsed'));
    // The count is told before the hold is read, so each greeting tells it and fails.
    await eventually(async () => (await used()) !== '1');
    const heard = (): Promise<string | null> =>
      redis.with((client) => client.zscore(instances, state.own.me));
    const before = await heard();
    await eventually(async () => (await heard()) !== before);
    await redis.with((client) => client.del(hold));
    await until(state, () => state.health.up);
    expect(await used()).to.equal('4');
    expect(user.scheduler.state().quota.day.used).to.equal(4);
  });
});

describeWithRedis('A Redis whose scripts were thrown out', () => {
  it('is given them again, without a word to anybody', async () => {
    const redis = await new RedisServer().start();
    const state = new RedisKeyState(freshKey(), redisAddress(redis.url)).use();
    await until(state, () => state.health.up);
    await redis.with((client) => client.script('FLUSH'));
    const changes: unknown[] = [];
    state.onChange(() => changes.push(state.problem));
    const reply = await state.book([{ ticket: state.own.name(), claim: undefined }]);
    expect(reply?.rest).to.deep.equal(['go']);
    expect(changes).to.deep.equal([]);
    await state.close();
    await redis.close();
  });
});
