import { expect } from 'chai';
import { KeyScheduler } from '../../../src/lookup/key-scheduler';
import { Keyring } from '../../../src/lookup/keyring';
import { memoryState } from '../../../src/lookup/memory-state';
import { KeyNames } from '../../../src/lookup/redis/key-names';
import type { RedisKeyState } from '../../../src/lookup/redis/redis-key-state';
import { eventually } from '../../../tools/eventually';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import { KeyUser, until, usersOfRedis, type Request, type Wishes } from '../../../tools/key-users';
import { describeWithRedis, RedisServer } from '../../../tools/redis-server';

describeWithRedis('What a process knows of its own use of a key', () => {
  const redis = new RedisServer();
  before(() => redis.start());
  after(() => redis.close());
  let apiKey = '';
  let users: KeyUser[] = [];
  beforeEach(() => {
    apiKey = freshKey();
  });
  afterEach(() => Promise.all(users.splice(0).map((user) => user.leave())));

  const keyring = new Keyring();
  const stateOf = (user: KeyUser): RedisKeyState => user.state as RedisKeyState;
  const deploy = (scheduler: KeyScheduler, wishes: Wishes): KeyUser => {
    const state = keyring.state({ apiKey, store: 'redis', redisUrl: redis.url });
    const user = new KeyUser(scheduler, state, wishes);
    users.push(user);
    return user;
  };
  const join = async (wishes: Wishes): Promise<KeyUser> => {
    const [user] = await usersOfRedis(1, wishes, redis.url, apiKey);
    users.push(user as KeyUser);
    return user as KeyUser;
  };
  const startOf = ({ starts }: Request): number => starts[0] as number;

  it('outlives a redeploy: one while Redis can not be used does not take the whole limit', async () => {
    const limit = { mode: 'spacing', ms: 200 } as const;
    const scheduler = new KeyScheduler();
    await join({ limit });
    const before = deploy(scheduler, { limit });
    await eventually(() => stateOf(before).share.instances === 2);
    const { hold } = new KeyNames(apiKey);
    await redis.with((client) => client.rpush(hold, 'something else'));
    users = users.filter((user) => user !== before);
    await before.leave();
    const after = deploy(scheduler, { limit });
    await until(stateOf(after), () => stateOf(after).health.down);
    const requests = after.askMany(3);
    await Promise.all(requests.map(({ done }) => done));
    const gaps = requests.slice(1).map((each, i) => startOf(each) - startOf(requests[i] as Request));
    expect(Math.min(...gaps)).to.be.at.least(1.4 * limit.ms);
  });

  it('is told to the others when the store of a key changes from memory to Redis', async () => {
    const limit = { mode: 'window', count: 3, windowMs: 1000 } as const;
    const other = await join({ limit });
    const scheduler = new KeyScheduler();
    const inMemory = new KeyUser(scheduler, memoryState, { limit });
    const first = inMemory.askMany(3);
    await Promise.all(first.map(({ done }) => done));
    const inRedis = deploy(scheduler, { limit });
    await until(stateOf(inRedis), () => stateOf(inRedis).health.up);
    const request = other.ask();
    await request.done;
    expect(startOf(request) - startOf(first[0] as Request)).to.be.at.least(limit.windowMs);
  });
});
