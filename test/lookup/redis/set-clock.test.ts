import { expect } from 'chai';
import type { RedisBackend } from '../../../src/lookup/redis/redis-backend';
import { COMMANDS } from '../../../src/lookup/redis/commands';
import { KeyNames } from '../../../src/lookup/redis/key-names';
import { eventually } from '../../../tools/eventually';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import { usersOfRedis, type SchedulerClient } from '../../../tools/scheduler-clients';
import { describeWithRedis, RedisServer } from '../../../tools/redis-server';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Where the scripts look at the clock, and what they see there in these tests: the clock and what is under a key. */
const LOOK = "redis.call('TIME')";
const SEEN = `(function()
  local t = redis.call('TIME')
  local micro = t[1] * 1000000 + t[2] + (redis.call('GET', 'clock set by') or 0) * 1000
  return { math.floor(micro / 1000000), micro % 1000000 }
end)()`;

describeWithRedis('A Redis whose clock is set', function () {
  const redis = new RedisServer();
  const scripts = COMMANDS as Record<string, string>;
  const original = { ...scripts };
  let users: SchedulerClient[] = [];
  let setBy = 0;

  /** What Redis does then: the scripts see another time, and every time to live is another one. */
  const setClock = (ms: number): Promise<void> =>
    redis.with(async (client) => {
      const by = ms - setBy;
      setBy = ms;
      const names = await client.keys('virustotal:*');
      const left = await Promise.all(names.map((name) => client.pttl(name)));
      const transaction = client.multi().set('clock set by', ms);
      names.forEach((name, i) => transaction.pexpire(name, (left[i] as number) - by));
      await transaction.exec();
    });

  before(async () => {
    for (const [name, lua] of Object.entries(original)) scripts[name] = lua.replace(LOOK, SEEN);
    expect(Object.values(scripts).filter((lua) => lua.includes(SEEN)).length).to.be.at.least(8);
    await redis.start();
  });
  beforeEach(() => setClock(0));
  afterEach(() => Promise.all(users.splice(0).map((user) => user.leave())));
  after(async () => {
    Object.assign(scripts, original);
    await redis.close();
  });

  for (const [how, ms] of [
    ['an hour forward', HOUR],
    ['an hour back', -HOUR],
    ['40 days forward', 40 * DAY],
    ['three seconds forward', 3_000],
  ] as const) {
    it(`lets no more through in a window, and holds nothing up for longer than one: ${how}`, async () => {
      const windowMs = 1_500;
      const limit = { count: 4, windowMs } as const;
      users = await usersOfRedis(2, { limit, quota: { daily: 100, monthly: 0 } }, redis.url, freshKey());
      const requests = users.flatMap((user) => user.askMany(8));
      await Promise.all(requests.slice(0, 2).map(({ done }) => done));
      await eventually(() => requests.filter(({ starts }) => starts.length > 0).length >= 4);
      await setClock(ms);
      await eventually(() => requests.filter(({ starts }) => starts.length > 0).length >= 8);
      await setClock(0);
      await Promise.all(requests.map(({ done }) => done));
      const times = requests.flatMap(({ starts }) => starts).sort((a, b) => a - b);
      const spans = times.slice(4).map((at, i) => at - (times[i] as number));
      expect(Math.min(...spans)).to.be.at.least(windowMs);
      // Held up by an hour none would have started at all.
      expect(Math.max(...spans)).to.be.below(60_000);
      // Whatever day it is in Redis.
      await eventually(() => users.every(({ scheduler }) => scheduler.stats().quota.day.used === 16));
    });
  }

  it('keeps the lease of an instance that is gone for no longer than two leases', async () => {
    const apiKey = freshKey();
    const [user] = (users = await usersOfRedis(1, {}, redis.url, apiKey));
    const state = user?.backend as RedisBackend;
    const reports = state.reports({ apiVersion: 'v3', apiUrl: '' });
    const domain = { type: 'domain', value: 'a.example.com' } as const;
    const dead = reports.lease(domain, false);
    const decision = await state.reserve(...reservation(state, dead));
    expect(decision?.decisions).to.deep.equal(['start']);
    await setClock(-HOUR);
    const mine = reports.lease(domain, false);
    expect((await state.reserve(...reservation(state, mine)))?.decisions).to.deep.equal(['leased-by-peer']);
    await redis.with(async (client) => {
      const [name = ''] = await client.keys(`${new KeyNames(apiKey).prefix}lease:*`);
      // -1 would be for ever; -2 is over already, on a busy machine.
      expect(await client.pttl(name))
        .to.be.at.most(10_000)
        .and.not.equal(-1);
    });
  });
});

/** As the limits of the key state ask for it. */
function reservation(
  state: RedisBackend,
  lease: ReturnType<ReturnType<RedisBackend['reports']>['lease']>,
): Parameters<RedisBackend['reserve']> {
  return [[{ id: state.usage.nextId(), lease }]];
}
