import { usersInMemory, usersOfRedis, type SchedulerClient } from '../../tools/scheduler-clients';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import type { RedisServer } from '../../tools/redis-server';
import { median } from '../measure';
import { endQuietWindow, statsOf } from './command-stats';
import type { Figure } from './figure';

const LIMIT = { count: 1_000_000, windowMs: 60_000 } as const;

/** What it costs to decide whether a request may start: here, and shared with other instances. */
export async function decisionFigures(redis: RedisServer, rounds: number, size: number): Promise<Figure[]> {
  const [here] = (await usersInMemory(1, { limit: LIMIT })) as [SchedulerClient];
  const apiKey = freshKey();
  const [shared] = (await usersOfRedis(1, { limit: LIMIT }, redis.url, apiKey)) as [SchedulerClient];
  await endQuietWindow(redis, apiKey);
  const count = Math.ceil(4000 * size);
  const ways: [string, SchedulerClient, (user: SchedulerClient) => Promise<void>][] = [
    ['decision in memory, many at once', here, (user) => atOnce(user, count)],
    ['decision in Redis, many at once', shared, (user) => atOnce(user, count)],
    ['decision in memory, one after the other', here, (user) => oneByOne(user, count)],
    ['decision in Redis, one after the other', shared, (user) => oneByOne(user, count)],
  ];
  const times = ways.map((): number[] => []);
  const trips = ways.map((): number[] => []);
  const busy = ways.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, [, user, go]] of ways.entries()) {
      const from = performance.now();
      let ms = 0;
      const { scripts, us } = await statsOf(redis, async () => {
        await go(user);
        ms = performance.now() - from;
      });
      // The first warms up.
      if (round === 0) continue;
      times[i]?.push((ms * 1000) / count);
      trips[i]?.push(scripts / count);
      busy[i]?.push(us / count);
    }
  }
  await here.leave();
  await shared.leave();
  return ways.map(([row], i) => {
    const perRequest = `${median(trips[i] ?? []).toFixed(2)} round trips, ${median(busy[i] ?? []).toFixed(1)} µs of Redis`;
    return {
      row,
      value: median(times[i] ?? []),
      unit: 'µs',
      ...(row.includes('Redis') ? { note: `${perRequest}; with what is said after the answer` } : {}),
    };
  });
}

async function atOnce(user: SchedulerClient, count: number): Promise<void> {
  await Promise.all(user.askMany(count).map(({ done }) => done));
}

async function oneByOne(user: SchedulerClient, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await user.ask().done;
}
