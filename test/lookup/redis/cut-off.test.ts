import { expect } from 'chai';
import { redisAddress } from '../../../src/lookup/redis/address';
import { RedisBackend } from '../../../src/lookup/redis/redis-backend';
import type { SlidingWindow } from '../../../src/lookup/sliding-window';
import { KeyScheduler } from '../../../src/lookup/key-scheduler';
import { eventually } from '../../../tools/eventually';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import { SchedulerClient, until } from '../../../tools/scheduler-clients';
import { describeWithRedis, RedisServer } from '../../../tools/redis-server';
import { RedisLimiter } from '../../../src/lookup/redis/normal/redis-limiter';
import { LimiterDriver } from '../../support/limiter-driver';
import { RedisLine } from '../../support/redis-line';
import { startVirtualClock, type VirtualClock } from '../../support/virtual-clock';

const LOOSE = { count: 40, windowMs: 400 } as const;
const STRICT = { count: 4, windowMs: 800 } as const;

describeWithRedis('An instance that is cut off from Redis, and one that is not', function () {
  this.timeout(60_000);
  const redis = new RedisServer();
  /** What only the first instance is answered, if Redis isn't to answer it. */
  let odd: string | undefined;
  let line: RedisLine;
  let apiKey: string;
  const users: SchedulerClient[] = [];
  before(async () => {
    await redis.start();
    line = await new RedisLine(() => redis.port, {
      instead: ({ script }) => (script === undefined ? undefined : odd),
    }).listen();
  });
  after(async () => {
    line.close();
    await redis.close();
  });
  beforeEach(() => {
    odd = undefined;
    apiKey = freshKey();
  });
  afterEach(() => Promise.all(users.splice(0).map((user) => user.leave())));

  const join = async (
    url: string,
    limit: SlidingWindow,
  ): Promise<SchedulerClient & { backend: RedisBackend }> => {
    const backend = new RedisBackend(apiKey, redisAddress(url)).retain();
    const user = new SchedulerClient(new KeyScheduler(), backend, { limit });
    users.push(user);
    await until(backend, () => backend.health.isUp);
    return user as SchedulerClient & { backend: RedisBackend };
  };
  /** Both, each of which knows of the other and its limit. */
  const joinBoth = async (
    cutOff: SlidingWindow,
    other: SlidingWindow,
  ): Promise<(SchedulerClient & { backend: RedisBackend })[]> => {
    const both = [await join(line.url, cutOff), await join(redis.url, other)];
    const strictest = (windows: readonly { count: number }[]): number =>
      Math.min(...windows.map(({ count }) => count));
    await eventually(() =>
      both.every(
        ({ backend }) =>
          backend.usage.partition.instances === 2 && strictest(backend.windows) === STRICT.count,
      ),
    );
    return both;
  };

  for (const [whose, cutOff, other] of [
    ['the other', LOOSE, STRICT],
    ['the cut-off', STRICT, LOOSE],
  ] as const)
    it(`start together no more than the limit of ${whose} one allows`, async () => {
      const [one, two] = await joinBoth(cutOff, other);
      if (!one || !two) return;
      const before = [...one.askMany(3), ...two.askMany(3)];
      await Promise.all(before.map(({ done }) => done));
      odd = '+PERHAPS\r\n';
      await until(one.backend, () => one.backend.health.isDown);
      // Enough of the one that is not, so that it continues while the other one starts some by itself.
      const apart = [...one.askMany(4), ...two.askMany(10)];
      await Promise.all(apart.map(({ done }) => done));
      odd = undefined;
      await until(one.backend, () => one.backend.health.isUp);
      const after = [...one.askMany(3), ...two.askMany(3)];
      await Promise.all(after.map(({ done }) => done));
      const times = [...before, ...apart, ...after].flatMap(({ starts }) => starts).sort((a, b) => a - b);
      expect(times).to.have.length(26);
      const spans = times.slice(STRICT.count).map((at, i) => at - (times[i] as number));
      expect(Math.min(...spans)).to.be.at.least(STRICT.windowMs);
    });

  it('share the whole limit again as soon as it is back', async () => {
    const [one, two] = await joinBoth(LOOSE, STRICT);
    if (!one || !two) return;
    odd = '+PERHAPS\r\n';
    await until(one.backend, () => one.backend.health.isDown);
    await eventually(() => two.backend.usage.isPartitioned);
    odd = undefined;
    await eventually(() => !two.backend.usage.isPartitioned);
    await until(one.backend, () => one.backend.health.isUp);
    expect(await one.ask().done).to.equal('answered');
  });
});

describe('An instance that has peers and loses Redis', () => {
  let clock: VirtualClock;
  beforeEach(() => (clock = startVirtualClock()));
  afterEach(() => clock.uninstall());

  /** Of a window that is much shorter than the time after which peers receive it. */
  async function startsWithoutRedis(peers: number, sinceHeartbeatMs: number): Promise<number[]> {
    const driver = new LimiterDriver();
    const now = performance.now();
    driver.limiter = new RedisLimiter(
      {
        health: { isUp: false, isDown: true },
        windows: [{ count: 10, windowMs: 100 }],
        usage: {
          partition: { instances: peers + 1, index: 0, clockOffset: 0 },
          isPartitioned: false,
          lastOnlineHeartbeatAt: now - sinceHeartbeatMs,
          nextId: () => 'id',
        },
        reserve: () => Promise.resolve(undefined),
        commit: () => undefined,
        restamp: () => undefined,
        cancel: () => undefined,
        recordOfflineStart: () => ({ id: 'id', lease: undefined, isOffline: true }),
      },
      driver.dispatches,
    );
    driver.start(3);
    await clock.tickAsync(3_000);
    driver.close();
    return driver.starts.map((at) => at - now);
  }

  it('starts nothing before all of them know, 1.5 s after its last heartbeat', async () => {
    const [first] = await startsWithoutRedis(1, 400);
    // And then a window in which they may have started all of it.
    expect(first).to.be.within(1_100 + 100, 1_100 + 250);
  });

  it('does not wait for that when the heartbeat is long ago, or it has none', async () => {
    expect((await startsWithoutRedis(1, 2_000))[0]).to.be.within(100, 250);
    expect((await startsWithoutRedis(0, 0))[0]).to.be.below(100);
  });
});
