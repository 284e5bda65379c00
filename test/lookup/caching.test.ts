import { expect } from 'chai';
import type { IocType } from '../../src/ioc/ioc';
import { LazyReport } from '../../src/lookup/lazy-report';
import { ReportCache } from '../../src/lookup/report-cache';
import type { Report } from '../../src/report/report';
import { domain, fate, lookUp, withVirtualVirusTotal } from '../support/with-virtual-virustotal';

const SECOND = 1000;
const SHA256 = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb';

describe('A service with a cache', () => {
  const fixture = withVirtualVirusTotal();

  it('serves a repeated lookup from the cache and marks the report as cached', async () => {
    const service = fixture.service();
    const first = lookUp(service, 'a.example');
    await fixture.pass(1);
    const second = lookUp(service, 'a.example');
    await fixture.pass(0);
    expect([first.found?.cached, second.found?.cached]).to.deep.equal([false, true]);
    expect(second.found?.report).to.deep.equal(first.found?.report);
    expect(fixture.vt.requests.length).to.equal(1);
    expect(service.stats().cache).to.include({ entries: 1, hits: 1, misses: 1 });
    expect(service.stats().cache.bytes).to.be.greaterThan(0);
  });

  it('gives every caller a report of its own, so that changes to one are not seen in another', async () => {
    const service = fixture.service();
    const reports: (Report | undefined)[] = [];
    for (let lookup = 0; lookup < 4; lookup++) {
      const asked = lookUp(service, 'a.example');
      await fixture.pass(1);
      const report = asked.found?.report;
      reports.push(structuredClone(report));
      Object.assign(report ?? {}, { positives: -1, scans: undefined });
      for (const list of Object.values(report ?? {})) if (Array.isArray(list)) list.length = 0;
    }
    const [first, ...others] = reports;
    expect(first?.positives).to.be.greaterThan(0);
    for (const other of others) expect(other).to.deep.equal(first);
    expect(fixture.vt.requests.length).to.equal(1);
  });

  it('serves a cached report at once while the key is waiting, paused, used up or refused', async () => {
    const { vt } = fixture;
    const service = fixture.service({ rateLimit: true, dailyQuota: 2 });
    lookUp(service, 'a.example');
    await fixture.pass(SECOND);
    vt.trouble = () => ({ status: 401 });
    lookUp(service, 'b.example');
    expect(service.peek(domain('a.example'))?.cached).to.equal(true);
    await fixture.pass(20 * SECOND);
    expect(service.stats().problem).to.not.equal(null);
    expect(service.peek(domain('a.example'))?.cached).to.equal(true);
  });

  const spellings: [IocType, string[]][] = [
    ['file', [SHA256, SHA256.toUpperCase(), ` ${SHA256}\n`]],
    ['domain', ['example.com', 'EXAMPLE.com', 'example[.]com', 'example.com.']],
    [
      'url',
      ['http://example.com/', 'HTTP://Example.COM', 'hxxp://example[.]com', 'http://example.com:80/#top'],
    ],
    ['ip', ['2001:4860:4860::8888', '2001:4860:4860:0:0:0:0:8888', '2001:4860:4860:0000::8888']],
  ];
  for (const [type, same] of spellings) {
    it(`finds one entry by any spelling of a ${type}`, async () => {
      const service = fixture.service();
      for (const value of same) {
        const report = service.lookup({ type, value });
        await fixture.pass(1);
        await report;
      }
      expect(fixture.vt.requests.length).to.equal(1);
      expect(service.stats().cache).to.include({ entries: 1, hits: same.length - 1 });
    });
  }

  it('finds a cached file report by each of its hashes', async () => {
    const service = fixture.service();
    const asked = service.lookup({ type: 'file', value: SHA256 });
    await fixture.pass(1);
    const { md5, sha1 } = await asked;
    for (const value of [md5, sha1].map(String))
      expect(await service.lookup({ type: 'file', value })).to.include({ resource: value, sha256: SHA256 });
    expect(fixture.vt.requests.length).to.equal(1);
  });

  it('asks VirusTotal again for a message with refresh and caches the new report', async () => {
    const service = fixture.service();
    lookUp(service, 'a.example');
    await fixture.pass(1);
    fixture.vt.catalog.set({ 'a.example': 33 });
    const fresh = lookUp(service, 'a.example', { refresh: true });
    await fixture.pass(1);
    expect(fresh.found).to.include({ cached: false });
    expect(service.peek(domain('a.example'))?.report.positives).to.equal(33);
  });

  it('caches an unknown indicator for the shorter time', async () => {
    fixture.vt.catalog.set({ 'a.example': 'unknown' });
    const service = fixture.service({ cacheTtl: 1000, cacheTtlUnknown: 10 });
    for (const wait of [9, 2]) {
      lookUp(service, 'a.example');
      await fixture.pass(wait * SECOND);
    }
    lookUp(service, 'a.example');
    await fixture.pass(1);
    expect(fixture.vt.requests.length).to.equal(2);
  });

  it('caches nothing when the cache is switched off', async () => {
    const service = fixture.service({ cache: false });
    for (let i = 0; i < 2; i++) {
      lookUp(service, 'a.example');
      await fixture.pass(1);
    }
    expect(fixture.vt.requests.length).to.equal(2);
    expect(service.stats().cache).to.deep.equal({ entries: 0, bytes: 0, hits: 0, misses: 0 });
  });

  it('uses a cache passed in by the caller and leaves it intact on close', async () => {
    const reports = new ReportCache({ size: 5, ttl: 3600, ttlUnknown: 300 });
    const first = fixture.service({ reports });
    lookUp(first, 'a.example');
    await fixture.pass(1);
    await first.close();
    expect(fixture.service({ reports }).peek(domain('a.example'))?.cached).to.equal(true);
    expect(fixture.vt.requests.length).to.equal(1);
  });

  it('clears the cache on demand and returns the number of removed reports', async () => {
    const service = fixture.service();
    for (const name of ['a.example', 'b.example']) lookUp(service, name);
    await fixture.pass(1);
    expect(service.clearCache()).to.equal(2);
    const asked = lookUp(service, 'a.example');
    await fixture.pass(1);
    expect(asked.found?.cached).to.equal(false);
  });

  it('clears MITRE ATT&CK trees with the reports, and asks for them again then only', async () => {
    const service = fixture.service();
    const hash = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb';
    const trees = async (): Promise<number> => {
      const asked = service.behaviorMitreTrees(hash);
      await fixture.pass(1);
      expect(await asked).to.be.an('object');
      return fixture.vt.requests.length;
    };
    expect([await trees(), await trees()]).to.deep.equal([1, 1]);
    service.clearCache();
    expect(await trees()).to.equal(2);
  });

  it('makes lookups wait until the reports from before a restart are loaded', async () => {
    const reports = new ReportCache({ size: 10, ttl: 3600, ttlUnknown: 300 });
    let loaded = (): void => undefined;
    reports.loading = new Promise<void>((resolve) => (loaded = resolve)).then(() => {
      const indicator = domain('a.example');
      const body = Buffer.from(JSON.stringify({ data: { id: 'a.example', attributes: {} } }));
      const report = new LazyReport('v3', indicator, body);
      reports.load({ reports: [{ indicator, report, remainingMs: 60 * SECOND }], aliases: [] });
      reports.loading = undefined;
    });
    const service = fixture.service({ reports });
    const [known, other] = [lookUp(service, 'a.example'), lookUp(service, 'b.example')];
    await fixture.pass(SECOND);
    expect([fate(known), fate(other)]).to.deep.equal(['waiting', 'waiting']);
    loaded();
    await fixture.pass(1);
    expect([known.found?.cached, other.found?.cached]).to.deep.equal([true, false]);
    expect(fixture.vt.asked).to.deep.equal(['b.example']);
  });

  it('returns copies, so that a flow cannot change a cached report', async () => {
    const service = fixture.service();
    const asked = service.lookup(domain('a.example.com'));
    await fixture.pass(1);
    const report = await asked;
    const { positives } = report;
    Object.assign(report, { positives: 999 });
    expect((await service.lookup(domain('a.example.com'))).positives).to.equal(positives);
  });

  for (const [what, indicator] of [
    ['what is private', { type: 'ip', value: '10.0.0.1' }],
    ['what is no indicator', { type: 'ip', value: 'example.com' }],
  ] as const) {
    it(`never asks for ${what}`, async () => {
      const service = fixture.service();
      const error = await service.lookup(indicator).catch((thrown: { code: string }) => thrown);
      expect(error).to.include({ code: 'VT_INVALID_IOC' });
      expect(fixture.vt.requests.length).to.equal(0);
    });
  }

  it('never looks up what the allow list names', async () => {
    const service = fixture.service({ allowList: 'example.com' });
    const error = await service
      .lookup(domain('www.example.com'))
      .catch((thrown: { message: string }) => thrown.message);
    expect(error).to.match(/^Not sent: www\.example\.com/);
    expect(fixture.vt.requests.length).to.equal(0);
    expect(fate(lookUp(service, 'a.example'))).to.equal('waiting');
  });
});
