import { expect } from 'chai';
import { KeyScheduler } from '../../../src/lookup/key-scheduler';
import { KeyRegistry } from '../../../src/lookup/key-registry';
import { memoryBackend } from '../../../src/lookup/limiter-backend';
import { KeyNames } from '../../../src/lookup/redis/key-names';
import type { RedisBackend } from '../../../src/lookup/redis/redis-backend';
import { eventually } from '../../../tools/eventually';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import {
  SchedulerClient,
  until,
  usersOfRedis,
  type Request,
  type ClientOptions,
} from '../../../tools/scheduler-clients';
import { describeWithRedis, RedisServer } from '../../../tools/redis-server';

describeWithRedis('What a process knows of its own use of a key', () => {
  const redis = new RedisServer();
  before(() => redis.start());
  after(() => redis.close());
  let apiKey = '';
  let users: SchedulerClient[] = [];
  beforeEach(() => {
    apiKey = freshKey();
  });
  afterEach(() => Promise.all(users.splice(0).map((user) => user.leave())));

  const keyRegistry = new KeyRegistry();
  const stateOf = (user: SchedulerClient): RedisBackend => user.backend as RedisBackend;
  const deploy = (scheduler: KeyScheduler, wishes: ClientOptions): SchedulerClient => {
    const state = keyRegistry.backend({ apiKey, store: 'redis', redisUrl: redis.url });
    const user = new SchedulerClient(scheduler, state, wishes);
    users.push(user);
    return user;
  };
  const join = async (wishes: ClientOptions): Promise<SchedulerClient> => {
    const [user] = await usersOfRedis(1, wishes, redis.url, apiKey);
    users.push(user as SchedulerClient);
    return user as SchedulerClient;
  };
  const startOf = ({ starts }: Request): number => starts[0] as number;

  it('outlives a redeploy: one while Redis is away does not take the whole limit', async () => {
    const limit = { count: 1, windowMs: 800 } as const;
    const scheduler = new KeyScheduler();
    await join({ limit });
    const before = deploy(scheduler, { limit });
    await eventually(() => stateOf(before).usage.partition.instances === 2);
    const { starts } = new KeyNames(apiKey);
    await redis.with((client) => client.multi().del(starts).rpush(starts, 'something else').exec());
    users = users.filter((user) => user !== before);
    await before.leave();
    const after = deploy(scheduler, { limit });
    await until(stateOf(after), () => stateOf(after).health.isDown);
    const requests = after.askMany(3);
    await Promise.all(requests.map(({ done }) => done));
    const gaps = requests.slice(1).map((each, i) => startOf(each) - startOf(requests[i] as Request));
    // Twice the spacing; on a busy machine a start may be late, and the next one on time.
    expect(Math.min(...gaps)).to.be.at.least(1.2 * limit.windowMs);
  });

  it('is told to the others when the store of a key changes from memory to Redis', async () => {
    const limit = { count: 3, windowMs: 1000 } as const;
    const other = await join({ limit });
    const scheduler = new KeyScheduler();
    const inMemory = new SchedulerClient(scheduler, memoryBackend, { limit });
    const first = inMemory.askMany(3);
    await Promise.all(first.map(({ done }) => done));
    const inRedis = deploy(scheduler, { limit });
    await until(stateOf(inRedis), () => stateOf(inRedis).health.isUp);
    const request = other.ask();
    await request.done;
    expect(startOf(request) - startOf(first[0] as Request)).to.be.at.least(limit.windowMs);
  });
});
