import os from 'node:os';
import { mock } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Indicator } from '../../src/ioc/ioc';
import { pack, packSync, unpack, type SnapshotOwner } from '../../src/lookup/cache-snapshot';
import { LazyReport } from '../../src/lookup/lazy-report';
import { ReportCache } from '../../src/lookup/report-cache';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { startVirtualClock, type VirtualClock } from '../support/virtual-clock';

const MD5 = '0cc175b9c0f1b6a831c399e269772661';
const SHA256 = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb';
const OPTIONS = { size: 500, ttl: 3600, ttlUnknown: 300 };
const HOUR_MS = 3_600_000;

describe('A snapshot of the cache', () => {
  let clock: VirtualClock;
  let owner: SnapshotOwner;
  let cache: ReportCache;
  beforeEach(() => {
    clock = startVirtualClock();
    owner = { apiKey: freshKey(), apiVersion: 'v3', settings: 'as they are' };
    cache = new ReportCache(OPTIONS);
  });
  afterEach(() => {
    mock.restoreAll();
    clock.uninstall();
  });

  /** A report as VirusTotal sends it, in the cache. */
  function add(indicator: Indicator, attributes: object = {}): void {
    const body = Buffer.from(JSON.stringify({ data: { id: indicator.value, attributes } }));
    cache.set(indicator, new LazyReport('v3', indicator, body));
  }
  const domain = (value: string): Indicator => ({ type: 'domain', value });
  const rated = { last_analysis_stats: { malicious: 1, harmless: 60 } };

  async function packed(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of pack(cache.dump(), owner)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** The cache of the next process; or why there is none. */
  async function loaded(bytes: Buffer, size = 500): Promise<ReportCache | string> {
    const kept = await unpack(bytes, owner);
    if (typeof kept === 'string') return kept;
    const next = new ReportCache({ ...OPTIONS, size });
    next.load(kept);
    return next;
  }
  const next = async (bytes: Buffer, size?: number): Promise<ReportCache> =>
    (await loaded(bytes, size)) as ReportCache;

  it('restores the reports with their bytes, a file report for every hash', async () => {
    add(domain('a.example'), rated);
    add({ type: 'file', value: SHA256 }, { ...rated, md5: MD5, sha256: SHA256 });
    add({ type: 'url', value: 'http://a.example/?q=1:2\n' }, rated);
    for (const bytes of [await packed(), packSync(cache.dump(), owner)]) {
      const after = await next(bytes);
      expect(after.entries).to.equal(3);
      expect(after.get(domain('a.example'))?.body).to.deep.equal(cache.get(domain('a.example'))?.body);
      expect(after.get({ type: 'file', value: MD5 })?.report).to.include({ positives: 1, resource: MD5 });
      expect(after.get({ type: 'url', value: 'http://a.example/?q=1:2\n' })).to.not.equal(undefined);
    }
  });

  it('restores an empty cache', async () => {
    expect((await next(await packed())).entries).to.equal(0);
  });

  it('restores any bytes and any indicator', async () => {
    const report = fc.record({
      indicator: fc.record({ type: fc.constantFrom('url', 'file'), value: fc.string({ unit: 'binary' }) }),
      body: fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
      remainingMs: fc.integer({ min: HOUR_MS, max: 2 * HOUR_MS }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(report, { maxLength: 20 }), async (given) => {
        const reports = given.map(({ indicator, body, remainingMs }) => {
          return { indicator: indicator, report: { body }, remainingMs };
        });
        const kept = await unpack(packSync({ reports, aliases: [] }, owner), owner);
        if (typeof kept === 'string') throw new Error(kept);
        const read = kept.reports.map(({ indicator, report: { body } }) => ({ indicator, body }));
        expect(read).to.deep.equal(given.map(({ indicator, body }) => ({ indicator, body })));
      }),
      { numRuns: 30 },
    );
  });

  describe('remaining life of a report', () => {
    for (const [what, downMs, isThere] of [
      ['the report is there 1 s before it expires', HOUR_MS - 2000, true],
      ['the report is gone when it has expired', HOUR_MS + 1000, false],
    ] as const)
      it(`counts the time that the process was down: ${what}`, async () => {
        add(domain('a.example'), rated);
        clock.tick(1000);
        const bytes = await packed();
        clock.setSystemTime(Date.now() + downMs);
        expect((await next(bytes)).has(domain('a.example'))).to.equal(isThere);
      });

    it('continues after the restart, for known and unknown indicators', async () => {
      add(domain('a.example'), rated);
      add({ type: 'file', value: SHA256 });
      clock.tick(100_000);
      const bytes = await packed();
      clock.setSystemTime(Date.now() + 100_000);
      const after = await next(bytes);
      clock.tick(HOUR_MS - 201_000);
      expect(after.has(domain('a.example'))).to.equal(true);
      expect(after.has({ type: 'file', value: SHA256 })).to.equal(false);
      clock.tick(2000);
      expect(after.has(domain('a.example'))).to.equal(false);
    });

    it('counts the uptime of the machine when the clock was set back', async () => {
      let upSeconds = 5000;
      mock.method(os, 'uptime', () => upSeconds);
      add(domain('a.example'), rated);
      const bytes = await packed();
      clock.setSystemTime(Date.now() - 10 * HOUR_MS);
      expect((await next(bytes)).has(domain('a.example'))).to.equal(true);
      upSeconds += 3601;
      expect((await next(bytes)).has(domain('a.example')), 'the same run').to.equal(false);
      upSeconds = 3601;
      expect((await next(bytes)).has(domain('a.example')), 'started since').to.equal(false);
    });

    it('is not longer when the clock was set back', async () => {
      add(domain('a.example'), rated);
      const bytes = await packed();
      clock.setSystemTime(Date.now() - 10 * HOUR_MS);
      const after = await next(bytes);
      clock.tick(HOUR_MS + 1);
      expect(after.has(domain('a.example'))).to.equal(false);
    });
  });

  it('keeps the most recently used reports when the next cache is smaller', async () => {
    for (const name of ['a', 'b', 'c', 'd']) add(domain(name), rated);
    cache.get(domain('a'));
    const after = await next(await packed(), 2);
    expect(['a', 'b', 'c', 'd'].filter((name) => after.has(domain(name)))).to.deep.equal(['a', 'd']);
  });

  it('does not replace reports that arrived while it was loading', async () => {
    add(domain('a.example'), { last_analysis_stats: { malicious: 1 } });
    const kept = await unpack(await packed(), owner);
    add(domain('a.example'), { last_analysis_stats: { malicious: 2 } });
    add(domain('b.example'), rated);
    if (typeof kept !== 'string') cache.load(kept);
    expect(cache.get(domain('a.example'))?.report.positives).to.equal(2);
    expect(cache.has(domain('b.example'))).to.equal(true);
  });

  it('is rejected with another key, truncated or changed at any place', async () => {
    add(domain('a.example'), rated);
    const bytes = await packed();
    const right = owner;
    owner = { ...right, apiKey: freshKey() };
    expect(await loaded(bytes)).to.equal('damaged');
    owner = right;
    for (let at = 0; at < bytes.length; at += 7) {
      expect(await loaded(bytes.subarray(0, at)), `cut at ${at}`).to.equal('damaged');
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(await loaded(changed), `changed at ${at}`).to.equal('damaged');
    }
    expect(await loaded(Buffer.concat([bytes, bytes]))).to.equal('damaged');
    expect(await loaded(bytes)).to.be.instanceOf(ReportCache);
  });

  it('is not used with another API version or other settings', async () => {
    add(domain('a.example'), rated);
    const bytes = await packed();
    owner = { ...owner, settings: 'others' };
    expect(await loaded(bytes)).to.equal('other');
    owner = { ...owner, settings: 'as they are', apiVersion: 'v2' };
    expect(await loaded(bytes)).to.equal('other');
  });
});
