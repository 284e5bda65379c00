import type { Redis } from 'ioredis';
import { KeyRegistry } from '../../src/lookup/key-registry';
import { KeyNames } from '../../src/lookup/redis/key-names';
import { VirusTotalService } from '../../src/lookup/service';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { RedisServer } from '../../tools/redis-server';
import { startStandIn } from '../../tools/fake-virustotal/stand-in';
import { endQuietWindow, statsOf } from './command-stats';
import type { Figure } from './figure';

const INSTANCES = 100;

/** What Redis bears for a fleet: each lookup, each report that is kept, and each instance that is just there. */
export async function redisLoadFigures(size: number): Promise<Figure[]> {
  const redis = await new RedisServer().start();
  const apiKey = freshKey();
  const vt = await startStandIn({ apiKey });
  const { prefix, instances } = new KeyNames(apiKey);
  const join = (): VirusTotalService =>
    new VirusTotalService({
      ...{
        apiKey,
        apiUrl: vt.url('v3'),
        store: 'redis',
        redisUrl: redis.url,
        keyRegistry: new KeyRegistry(),
      },
      ...{ rateLimitMode: 'window', rateLimitCount: 1_000_000, dailyQuota: 0, monthlyQuota: 0 },
    });
  const fleet = Array.from({ length: INSTANCES }, join);
  await redis.until(async (client) => (await client.zcard(instances)) === INSTANCES);
  await endQuietWindow(redis, apiKey);

  const idleMs = 5000 * size;
  const idle = await statsOf(redis, () => new Promise((resolve) => setTimeout(resolve, idleMs)));
  const [first, second] = fleet as [VirusTotalService, VirusTotalService];
  const count = Math.ceil(1000 * size);
  const domains = Array.from({ length: count }, (_, i) => ({
    type: 'domain' as const,
    value: `d${i}.example.com`,
  }));
  const from = performance.now();
  const asked = await statsOf(redis, async () => {
    for (const domain of domains) await first.get(domain);
    await redis.until(async (client) => (await reports(client, prefix)).length === count);
  });
  const share = (performance.now() - from) / idleMs;
  const had = await statsOf(redis, async () => {
    for (const domain of domains) await second.get(domain);
  });
  const file = await bytesOf(redis, prefix, async () => {
    for (let i = 0; i < 50; i++) await first.get({ type: 'file', value: i.toString(16).padStart(64, 'a') });
  });
  const domain = await redis.with(async (client) =>
    memory(client, (await reports(client, prefix)).slice(0, 100)),
  );
  await Promise.all(fleet.map((service) => service.close()));
  await vt.close();
  await redis.close();

  const beats = (idle.scripts / idleMs) * 1000;
  return [
    {
      row: `${INSTANCES} idle instances`,
      value: (idle.us / idleMs / 1000) * 100,
      unit: '% of Redis',
      note: `${Math.round(beats)} commands/s, ${(idle.us / idle.scripts).toFixed(0)} µs each`,
    },
    {
      row: `lookup at VirusTotal, ${INSTANCES} instances there`,
      value: (asked.us - idle.us * share) / count,
      unit: 'µs of Redis',
      note: `${((asked.scripts - idle.scripts * share) / count).toFixed(2)} commands; its report is announced to all`,
    },
    {
      row: 'lookup whose report another instance had',
      value: had.us / had.scripts,
      unit: 'µs of Redis',
      note: 'one command',
    },
    { row: 'report of a domain in Redis', value: domain, unit: 'bytes', note: 'made up, 6 kB of JSON' },
    {
      row: 'report of a file in Redis',
      value: file,
      unit: 'bytes',
      note: 'made up, 45 kB of JSON, with its other hashes',
    },
  ];
}

async function reports(client: Redis, prefix: string): Promise<string[]> {
  return client.keys(`${prefix}report:*`);
}

async function memory(client: Redis, names: string[]): Promise<number> {
  const sizes = await Promise.all(names.map((name) => client.memory('USAGE', name)));
  return sizes.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0) / names.length;
}

/** By how much each of 50 new reports, with all that belongs to it, fills the memory. */
async function bytesOf(redis: RedisServer, prefix: string, act: () => Promise<void>): Promise<number> {
  const before = new Set(await redis.with((client) => reports(client, prefix)));
  await act();
  return redis.with(async (client) => {
    const added = (await reports(client, prefix)).filter((name) => !before.has(name));
    const bodies = await Promise.all(added.map((name) => client.strlen(name)));
    return ((await memory(client, added)) * added.length) / bodies.filter((length) => length > 200).length;
  });
}
