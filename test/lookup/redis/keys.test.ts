import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Redis } from 'ioredis';
import type { IocType } from '../../../src/ioc/ioc';
import { withInstances } from '../../support/instances';
import { describeWithRedis } from '../../../tools/redis-server';

/** All that a key holds, as text; what is compressed in plain. */
async function valueOf(client: Redis, name: string): Promise<string> {
  switch (await client.type(name)) {
    case 'zset':
      return (await client.zrange(name, '0', '-1')).join(' ');
    case 'hash':
      return JSON.stringify(await client.hgetall(name));
    default: {
      const value = (await client.getBuffer(name)) ?? Buffer.alloc(0);
      const zipped = value.indexOf(Buffer.from([0x1f, 0x8b]));
      return value.toString('latin1') + (zipped < 0 ? '' : gunzipSync(value.subarray(zipped)).toString());
    }
  }
}

describeWithRedis("A key's data in Redis", () => {
  const fixture = withInstances();
  const domain = (value: string) => ({ type: 'domain' as IocType, value });

  /** Everything that is ever written: lookups, counts, a pause, starts alone, a request under way. */
  async function useAll(): Promise<void> {
    const [a, b] = await fixture.joined(2, { rateLimit: true, rateLimitMs: 1, dailyQuota: 500 });
    fixture.vt.script({
      'paused.example.com': [{ status: 429 }],
      'forever.example.com': [{ delayMs: 'forever' }],
    });
    for (const name of ['a.example.com', 'paused.example.com']) await a?.get(domain(name));
    void b?.get(domain('forever.example.com')).catch(() => undefined);
    await fixture.redis.until(async (client) => (await client.keys('*:lease:*')).length > 0);
  }

  it('stands below the shortened hash of the API key and the version of its form, each with an end', async () => {
    // Of the tests before.
    await fixture.redis.with((client) => client.flushall());
    await useAll();
    const hash = createHash('sha256').update(fixture.apiKey).digest('hex').slice(0, 32);
    await fixture.redis.with(async (client) => {
      const names = await client.keys('*');
      expect(names.length).to.be.at.least(6);
      for (const name of names) {
        expect(name.startsWith(`virustotal:{${hash}}:v2:`), name).to.equal(true);
        // -1 is a key that never expires; a short lease may have expired (-2) since the keys were listed.
        expect(await client.pttl(name), name).not.to.equal(-1);
      }
    });
  });

  it('never holds the API key, and no command does', async () => {
    const commands: string[] = [];
    const key = Buffer.from(fixture.apiKey);
    const forms = [fixture.apiKey, key.toString('base64').slice(0, -4), key.toString('hex')];
    await fixture.redis.with(async (client) => {
      const monitor = await client.monitor();
      monitor.on('monitor', (_time: string, args: string[]) => commands.push(args.join(' ')));
      await useAll();
      for (const name of await client.keys('*')) commands.push(`${name} ${await valueOf(client, name)}`);
      monitor.disconnect();
    });
    expect(commands.length).to.be.at.least(20);
    for (const form of forms)
      expect(commands.filter((command) => command.toLowerCase().includes(form.toLowerCase()))).to.deep.equal(
        [],
      );
  });

  it('is not that of another API key', async () => {
    const [a] = await fixture.joined(1);
    await a?.get(domain('a.example.com'));
    const other = fixture.join({ apiKey: 'f'.repeat(64) });
    const refused = await other.get(domain('a.example.com')).catch(({ code }: { code: string }) => code);
    expect(refused).to.equal('VT_AUTH');
    expect((await a?.get(domain('b.example.com')))?.report.response_code).to.be.within(0, 1);
  });

  it('holds up no start when the clock of Redis is set back', async () => {
    const [a] = await fixture.joined(1, { rateLimit: true, rateLimitMs: 50, timeScale: 0.001 });
    await fixture.redis.with(async (client) => {
      const hour = Date.now() + 3_600_000;
      await client.zadd(fixture.names.starts, hour, 'before');
      await client.zadd(fixture.names.instances, hour, 'gone');
    });
    await a?.get(domain('a.example.com'));
    await fixture.redis.until(async (client) => (await client.zcard(fixture.names.instances)) === 1);
  });
});
