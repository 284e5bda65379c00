import { expect } from 'chai';
import { KeyNames } from '../../../src/lookup/redis/key-names';
import { eventually } from '../../../tools/eventually';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import {
  usersOfRedis,
  type SchedulerClient,
  type Request,
  type ClientOptions,
} from '../../../tools/scheduler-clients';
import { describeWithRedis, RedisServer } from '../../../tools/redis-server';
import { DispatchLog } from '../../../src/lookup/dispatch-log';
import type { BackendClient } from '../../../src/lookup/limiter-backend';
import { redisAddress } from '../../../src/lookup/redis/address';
import { RedisBackend } from '../../../src/lookup/redis/redis-backend';
import { ScriptedRedis } from '../../support/scripted-redis';

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

describe('An instance that is told something while a heartbeat is under way', () => {
  const client: BackendClient = {
    allowances: () => ({ daily: 0, monthly: 0 }),
    counts: () => ({ day: '', dayUsed: 0, month: '', monthUsed: 0 }),
    ...{ setCounts: () => undefined, divideQuota: () => undefined, changed: () => undefined },
    ...{ block: () => undefined, setBlock: () => undefined },
  };
  const redis = new ScriptedRedis();
  let backend: RedisBackend;
  before(() => redis.start());
  beforeEach(() => (backend = new RedisBackend(freshKey(), redisAddress(redis.url)).retain()));
  after(() => redis.close());

  /** Calls when a heartbeat has arrived in Redis, and its answer is under way. Resolves with what the call returns. */
  const duringHeartbeat = <T>(act: () => T | Promise<T>, isFirst = false): Promise<T> =>
    new Promise((resolve) => {
      redis.replies = ({ script }) => {
        if (script !== 'vtHeartbeat' || backend.health.isUp === isFirst) return undefined;
        redis.replies = () => undefined;
        redis.commands.length = 0;
        resolve(act());
        return undefined;
      };
    });
  const setLimit = (count: number, dispatches = new DispatchLog()): void =>
    backend.createRateLimiter([{ count, windowMs: 1_000 }], dispatches, client).close();
  interface Heartbeat {
    limits: [string][];
    droppedLimits: [string][];
    starts?: unknown[];
  }
  const nextHeartbeat = async (): Promise<Partial<Heartbeat>> => {
    await eventually(() => redis.commands.some(({ script }) => script === 'vtHeartbeat'));
    const told = redis.commands.find(({ script }) => script === 'vtHeartbeat');
    return JSON.parse(told?.args[0] ?? '{}') as Partial<Heartbeat>;
  };

  it('tells its new limit in the next one, and the one that it no longer keeps to', async () => {
    setLimit(4);
    await duringHeartbeat(() => setLimit(5));
    const { limits, droppedLimits } = await nextHeartbeat();
    expect(limits?.map(([limit]) => limit)).to.deep.equal(['5:1000:75']);
    expect(droppedLimits?.map(([limit]) => limit)).to.deep.equal(['4:1000:75']);
    await backend.close();
  });

  it('tells the starts in the next one that it did not know of before', async () => {
    const dispatches = new DispatchLog();
    dispatches.addEarlier([performance.now()]);
    await duringHeartbeat(() => setLimit(4, dispatches), true);
    expect((await nextHeartbeat()).starts).to.have.length(1);
    await backend.close();
  });

  it('registers no more when it is closed then', async () => {
    await duringHeartbeat(() => {
      setLimit(4);
      return backend.close();
    });
    const scripts = redis.commands.flatMap(({ script }) => script ?? []);
    expect(scripts.at(-1)).to.equal('vtDeregister');
  });
});
