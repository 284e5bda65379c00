import { KeyNames } from '../../src/lookup/redis/key-names';
import type { RedisServer } from '../../tools/redis-server';

/** What a Redis did for its clients. */
export interface CommandStats {
  /** Scripts run; each is one round trip of a client. */
  scripts: number;
  /** Microseconds that it took for them. */
  us: number;
}

export function commandStats(redis: RedisServer): Promise<CommandStats> {
  return redis.with(async (client) => {
    const stats = { scripts: 0, us: 0 };
    const lines = (await client.info('commandstats')).matchAll(
      /^cmdstat_eval(?:sha)?:calls=(\d+),usec=(\d+)/gm,
    );
    for (const [, calls, us] of lines) {
      stats.scripts += Number(calls);
      stats.us += Number(us);
    }
    return stats;
  });
}

/** What it did meanwhile. */
export async function statsOf(redis: RedisServer, act: () => Promise<void>): Promise<CommandStats> {
  const before = await commandStats(redis);
  await act();
  const after = await commandStats(redis);
  return { scripts: after.scripts - before.scripts, us: after.us - before.us };
}

/** A Redis that has just started lets nothing start for a window (docs/redis.md); one that has run for long does. */
export async function endQuietWindow(redis: RedisServer, apiKey: string): Promise<void> {
  await redis.with((client) => client.hdel(new KeyNames(apiKey).state, 'quiet', 'quietFrom'));
}
