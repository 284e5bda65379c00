import { expect } from 'chai';
import { KeyNames } from '../../../src/lookup/redis/key-names';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import {
  usersOfRedis,
  type SchedulerClient,
  type Request,
  type ClientOptions,
} from '../../../tools/scheduler-clients';
import { describeWithRedis, RedisServer } from '../../../tools/redis-server';

const LOOSE = { count: 20, windowMs: 400 } as const;
const STRICT = { count: 4, windowMs: 1_500 } as const;
const SPACED = { count: 1, windowMs: 250 } as const;

describeWithRedis('Instances with one key and different limits', () => {
  const redis = new RedisServer();
  before(() => redis.start());
  after(() => redis.close());
  let apiKey = '';
  let users: SchedulerClient[] = [];
  beforeEach(() => (apiKey = freshKey()));
  afterEach(() => Promise.all(users.splice(0).map((user) => user.leave())));

  /** Resolves when Redis knows this number of limits. */
  const known = (limits: number): Promise<void> =>
    redis.until(async (client) => (await client.zcard(new KeyNames(apiKey).limits)) === limits);
  const join = async (limit: ClientOptions['limit']): Promise<SchedulerClient> => {
    const [user] = await usersOfRedis(1, { limit }, redis.url, apiKey);
    users.push(user as SchedulerClient);
    return user as SchedulerClient;
  };
  const leave = async (user: SchedulerClient): Promise<void> => {
    users = users.filter((each) => each !== user);
    await user.leave();
  };
  const startsOf = (requests: Request[]): number[] =>
    requests.flatMap(({ starts }) => starts).sort((a, b) => a - b);
  /** The shortest time in which one request more than this number started. */
  const shortest = (times: number[], count: number): number =>
    Math.min(...times.slice(count).map((time, i) => time - (times[i] as number)));

  it('all keep to each of them', async () => {
    const all = [await join(LOOSE), await join(STRICT), await join(SPACED), await join(undefined)];
    await known(3);
    const requests = all.flatMap((user) => user.askMany(3));
    await Promise.all(requests.map(({ done }) => done));
    const times = startsOf(requests);
    expect(times).to.have.length(12);
    expect(shortest(times, STRICT.count)).to.be.at.least(STRICT.windowMs);
    expect(shortest(times, 1)).to.be.at.least(SPACED.windowMs);
  });

  it('keep to that of one that left until its window is over, and no longer', async () => {
    const [loose, strict] = [await join(LOOSE), await join(STRICT)];
    await known(2);
    const left = performance.now();
    await leave(strict);
    const requests = loose.askMany(16);
    await Promise.all(requests.map(({ done }) => done));
    const times = startsOf(requests);
    const under = times.filter((at) => at < left + STRICT.windowMs);
    expect(shortest(under, STRICT.count)).to.be.at.least(STRICT.windowMs);
    // What waited for the end of that window starts together.
    expect(shortest(times, STRICT.count)).to.be.below(STRICT.windowMs);
  });

  it('keep to that of one that left as long as another one has it', async () => {
    const [loose, strict] = [await join(LOOSE), await join(STRICT)];
    await join(STRICT);
    await known(2);
    await leave(strict);
    const requests = loose.askMany(9);
    await Promise.all(requests.map(({ done }) => done));
    expect(shortest(startsOf(requests), STRICT.count)).to.be.at.least(STRICT.windowMs);
  });

  it('keep to it also when the last of them left, and another one comes', async () => {
    const strict = await join(STRICT);
    await known(1);
    const left = performance.now();
    await leave(strict);
    const loose = await join(LOOSE);
    const requests = loose.askMany(6);
    await Promise.all(requests.map(({ done }) => done));
    expect(startsOf(requests)[STRICT.count]).to.be.at.least(left + STRICT.windowMs);
  });

  it('do not count what an answer shows to have arrived as still on its way', async () => {
    const user = await join(SPACED);
    // A busy machine is late with many of them, so the quickest of the attempts counts.
    for (let quickest = Infinity; quickest > SPACED.windowMs * 1.2;) {
      const requests = user.askMany(12);
      await Promise.all(requests.map(({ done }) => done));
      quickest = shortest(startsOf(requests), 1);
    }
  });
});
