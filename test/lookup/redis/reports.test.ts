import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { IocType } from '../../../src/ioc/ioc';
import { shortHash } from '../../../src/lookup/redis/normal/redis-reports';
import { ReportSeal } from '../../../src/lookup/redis/normal/report-seal';
import { encodeBody } from '../../../src/lookup/redis/normal/stored-report';
import type { VirusTotalService } from '../../../src/lookup/service';
import { eventually } from '../../../tools/eventually';
import { withInstances } from '../../support/instances';
import { hashesOf } from '../../../tools/fake-virustotal/file-details';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import { describeWithRedis } from '../../../tools/redis-server';

const HOUR_MS = 3_600_000;

describeWithRedis('Reports that instances share through Redis', () => {
  const fixture = withInstances();
  const domain = (value: string) => ({ type: 'domain' as IocType, value });
  /** Names of what is kept of reports. */
  const kept = (): Promise<string[]> =>
    fixture.redis.with((client) => client.keys(`${fixture.names.prefix}report:*`));
  /** Resolves with those names once there are this many. */
  const keptMany = async (count: number): Promise<string[]> => {
    await eventually(async () => (await kept()).length === count);
    return kept();
  };
  const pair = async (second = {}): Promise<[VirusTotalService, VirusTotalService]> => {
    const a = fixture.join();
    const b = fixture.join(second);
    await fixture.known(2);
    return [a, b];
  };

  it('come from another instance and are marked as cached', async () => {
    const [a, b] = await pair();
    fixture.vt.know('bad.example.com', 7);
    const there = await a.get(domain('bad.example.com'));
    const here = await b.get(domain('bad.example.com'));
    expect(here.report).to.deep.equal(there.report);
    expect(here.body).to.deep.equal(there.body);
    expect([there.cached, here.cached]).to.deep.equal([false, true]);
    expect(fixture.asked()).to.deep.equal(['bad.example.com']);
    expect(b.peek(domain('bad.example.com'))).to.include({ cached: true });
  });

  it("are VirusTotal's JSON, compressed, for as long as the cache keeps a report", async () => {
    const [a] = await pair();
    const { body } = await a.get(domain('bad.example.com'));
    const [name = ''] = await keptMany(1);
    await fixture.redis.with(async (client) => {
      const stored = (await client.getBuffer(name)) as Buffer;
      expect(gunzipSync(stored.subarray(49))).to.deep.equal(body);
      expect(stored.length).to.be.below(body.length / 2);
      expect(await client.pttl(name)).to.be.within(HOUR_MS - 60_000, HOUR_MS);
    });
  });

  it('are kept for a shorter time when VirusTotal does not know, or has not yet looked', async () => {
    const [a] = await pair({ cacheTtlUnknown: 300 });
    fixture.vt.know('unknown.example.com', 'unknown');
    await a.get(domain('unknown.example.com'));
    const [name = ''] = await keptMany(1);
    expect(await fixture.redis.with((client) => client.pttl(name))).to.be.within(240_000, 300_000);
  });

  it('are requested again when they are older than an instance wants them', async () => {
    const [a, b] = await pair({ cacheTtl: 600 });
    await a.get(domain('a.example.com'));
    const [name = ''] = await keptMany(1);
    await fixture.redis.with((client) => client.pexpire(name, HOUR_MS - 601_000));
    expect((await b.get(domain('a.example.com'))).cached).to.equal(false);
    expect(fixture.asked()).to.have.length(2);
  });

  it('are found by each hash of a file', async () => {
    const [a, b] = await pair();
    const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    fixture.vt.know(sha256, 3);
    const { md5 } = (await a.get({ type: 'file', value: sha256 })).report as { md5?: string };
    await keptMany(3);
    const { report, cached } = await b.get({ type: 'file', value: md5 ?? '' });
    expect(report).to.include({ resource: md5, sha256, positives: 3 });
    expect(cached).to.equal(true);
    expect(fixture.asked()).to.deep.equal([sha256]);
  });

  it('are found by another hash of the file when a waiting lookup of another instance gets its turn', async () => {
    // One start in 1.5 s for both: the second lookup waits while the first one is answered.
    const spaced = { rateLimit: true, rateLimitMode: 'spacing' as const, rateLimitMs: 1500 };
    const services = [fixture.join(spaced), fixture.join(spaced)] as const;
    await fixture.known(2);
    const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const { md5 } = hashesOf(sha256);
    fixture.vt.know(sha256, 3);
    const [there, here] = await Promise.all([
      services[0].get({ type: 'file', value: sha256 }),
      services[1].get({ type: 'file', value: md5 }),
    ]);
    expect([there.report, here.report].map(({ sha256: strongest }) => strongest)).to.deep.equal([
      sha256,
      sha256,
    ]);
    expect([there.cached, here.cached].sort()).to.deep.equal([false, true]);
    expect(fixture.asked()).to.have.length(1);
  });

  it('are requested again by a lookup with refresh, and are fresh for all then', async () => {
    const [a, b] = await pair();
    fixture.vt.know('a.example.com', 1);
    await a.get(domain('a.example.com'));
    fixture.vt.know('a.example.com', 9);
    const [name = ''] = await keptMany(1);
    const before = await fixture.redis.with((client) => client.get(name));
    expect((await b.get(domain('a.example.com'), { refresh: true })).report.positives).to.equal(9);
    await fixture.redis.until(async (client) => (await client.get(name)) !== before);
    const c = fixture.join();
    await fixture.known(3);
    expect((await c.get(domain('a.example.com'))).report.positives).to.equal(9);
    expect(fixture.asked()).to.have.length(2);
  });

  it('are requested again when the stored one is not readable, and replace it', async () => {
    const [a, b] = await pair();
    await a.get(domain('a.example.com'));
    const [name = ''] = await keptMany(1);
    const large = 'c'.repeat(9 * 1024 * 1024);
    for (const spoil of ['', 'c', `c${'x'.repeat(60)}no gzip`, '@elsewhere', `@${name}`, large]) {
      await fixture.redis.with((client) => client.set(name, spoil));
      const found = await b.get(domain('a.example.com'), {});
      expect(found.report, spoil.slice(0, 20)).to.include({ resource: 'a.example.com' });
      await fixture.redis.until(async (client) => (await client.get(name)) !== spoil);
      b.clearCache();
      await keptMany(0);
    }
    await fixture.redis.with((client) => client.lpush(name, 'x'));
    await b.get(domain('a.example.com'));
    await fixture.redis.until(async (client) => (await client.type(name)) === 'string');
    expect(b.stats().sharingProblem).to.equal(null);
  });

  describe('that somebody else writes', () => {
    /** What `b` gets when somebody has changed what Redis keeps of `a.example.com`. */
    async function afterWriting(
      change: (stored: Buffer, name: string, instance: VirusTotalService) => Promise<Buffer> | Buffer,
    ): Promise<{ positives: number | undefined; cached: boolean; name: string; stored: Buffer }> {
      const [a, b] = await pair();
      fixture.vt.know('a.example.com', 9);
      await a.get(domain('a.example.com'));
      const [name = ''] = await keptMany(1);
      const stored = (await fixture.redis.with((client) => client.getBuffer(name))) as Buffer;
      const changed = await change(stored, name, a);
      await fixture.redis.with((client) => client.set(name, changed, 'PX', HOUR_MS));
      const { report, cached } = await b.get(domain('a.example.com'));
      return { positives: report.positives, cached, name, stored: changed };
    }
    const clean = {
      data: { type: 'domain', attributes: { last_analysis_stats: { malicious: 0, harmless: 9 } } },
    };
    const times = { keptForMs: HOUR_MS, storedAt: Date.now() };

    it('are believed when nothing was changed', async () => {
      expect(await afterWriting((stored) => stored)).to.include({ positives: 9, cached: true });
    });

    it('are requested again with another body below the same seal, and overwritten', async () => {
      const { positives, cached, name, stored } = await afterWriting((before) =>
        Buffer.concat([before.subarray(0, 49), gzipSync(JSON.stringify(clean))]),
      );
      expect({ positives, cached }).to.deep.equal({ positives: 9, cached: false });
      await fixture.redis.until(async (client) => !(await client.getBuffer(name))?.equals(stored));
    });

    it('are requested again when they are sealed with another key', async () => {
      const seal = new ReportSeal(freshKey());
      const outcome = await afterWriting((_before, name) =>
        encodeBody(seal, name, Buffer.from(JSON.stringify(clean)), times),
      );
      expect(outcome).to.include({ positives: 9, cached: false });
    });

    it('are requested again when they were copied from the name of another indicator', async () => {
      fixture.vt.know('clean.example.com', 'clean');
      const outcome = await afterWriting(async (_before, name, instance) => {
        await instance.get(domain('clean.example.com'));
        const other = (await keptMany(2)).find((each) => each !== name) ?? '';
        return (await fixture.redis.with((client) => client.getBuffer(other))) as Buffer;
      });
      expect(outcome).to.include({ positives: 9, cached: false });
    });

    it('are requested again when they are old ones that were given a new time to live', async () => {
      const seal = new ReportSeal(fixture.apiKey);
      const old = { keptForMs: HOUR_MS, storedAt: Date.now() - 2 * HOUR_MS };
      const outcome = await afterWriting((_before, name) =>
        encodeBody(seal, name, Buffer.from(JSON.stringify(clean)), old),
      );
      expect(outcome).to.include({ positives: 9, cached: false });
    });

    it('are requested again when they are nested too deep, although the seal is right', async () => {
      const seal = new ReportSeal(fixture.apiKey);
      const deep = `{"data":{"type":"domain","attributes":{"last_dns_records":${'['.repeat(5_000)}${']'.repeat(5_000)}}}}`;
      const outcome = await afterWriting((_before, name) => encodeBody(seal, name, Buffer.from(deep), times));
      expect(outcome).to.include({ positives: 9, cached: false });
    });

    it('do not lead from one file to another', async () => {
      const [a, b] = await pair();
      const [bad, good] = ['a'.repeat(64), 'b'.repeat(64)];
      fixture.vt.know(bad, 9);
      fixture.vt.know(good, 'clean');
      await a.get({ type: 'file', value: good });
      const names = await keptMany(3);
      const types = await fixture.redis.with((client) => Promise.all(names.map((name) => client.get(name))));
      const real = names[types.findIndex((stored) => !stored?.startsWith('@'))] as string;
      const origin = real.slice(0, real.lastIndexOf(':') + 1);
      const forged = origin + shortHash(`file:${bad}`);
      await fixture.redis.with((client) => client.set(forged, `@${real}`, 'PX', HOUR_MS));
      const { report, cached } = await b.get({ type: 'file', value: bad });
      expect(report).to.include({ resource: bad, positives: 9 });
      expect(cached).to.equal(false);
    });
  });

  it('are not those of another API', async () => {
    const [a, b] = await pair({ apiVersion: 'v2', apiUrl: fixture.vt.url('v2') });
    await a.get(domain('a.example.com'));
    await keptMany(1);
    expect((await b.get(domain('a.example.com'))).cached).to.equal(false);
    await keptMany(2);
  });

  it('are gone for all when one instance empties its cache', async () => {
    const [a, b] = await pair();
    for (const name of ['a.example.com', 'b.example.com']) await a.get(domain(name));
    await keptMany(2);
    expect(a.clearCache()).to.equal(2);
    await keptMany(0);
    expect((await b.get(domain('a.example.com'))).cached).to.equal(false);
  });
});
