import { expect } from 'chai';
import type { Indicator } from '../../src/ioc/ioc';
import { ReportCache, type CachedReport } from '../../src/lookup/report-cache';
import type { Report } from '../../src/report/report';
import { startVirtualClock, type VirtualClock } from '../support/virtual-clock';

const MD5 = '0cc175b9c0f1b6a831c399e269772661';
const SHA1 = '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8';
const SHA256 = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb';
const MIB = 1024 * 1024;

function domain(value: string): Indicator {
  return { type: 'domain', value };
}

function file(value: string): Indicator {
  return { type: 'file', value };
}

function found(report: Partial<Report>, bytes = 100): CachedReport {
  const whole = { type: 'domain', resource: '', response_code: 1, verbose_msg: '', ...report };
  return { report: whole as Report, body: Buffer.alloc(bytes) };
}

const clean = found({ positives: 0, total: 70 });

describe('The cache of reports', () => {
  let clock: VirtualClock;
  let cache: ReportCache;
  const seconds = (count: number): void => void clock.tick(count * 1000);
  beforeEach(() => {
    clock = startVirtualClock();
    cache = new ReportCache({ size: 3, ttl: 3600, ttlUnknown: 300 });
  });
  afterEach(() => clock.uninstall());

  it('keeps a report for its lifetime and counts hits and misses', () => {
    expect(cache.get(domain('a.example'))).to.equal(undefined);
    cache.set(domain('a.example'), clean);
    seconds(3599);
    expect(cache.get(domain('a.example'))).to.equal(clean);
    seconds(2);
    expect(cache.get(domain('a.example'))).to.equal(undefined);
    expect([cache.hits, cache.misses]).to.deep.equal([1, 2]);
  });

  it('neither empties nor ages when the wall clock is set', () => {
    cache.set(domain('a.example'), clean);
    clock.setSystemTime(Date.now() + 86_400_000);
    expect(cache.get(domain('a.example'))).to.equal(clean);
    clock.setSystemTime(Date.now() - 2 * 86_400_000);
    seconds(3601);
    expect(cache.get(domain('a.example'))).to.equal(undefined);
  });

  for (const [what, indicator, report] of [
    ['an indicator that VirusTotal does not know', domain('a.example'), { response_code: 0 }],
    ['a scan that is still queued', file(SHA256), { type: 'file', response_code: -2 }],
    ['a file without a verdict yet', file(SHA256), { type: 'file', response_code: 1 }],
  ] as const) {
    it(`keeps ${what} for the shorter time`, () => {
      cache.set(indicator, found(report));
      seconds(299);
      expect(cache.get(indicator)).to.not.equal(undefined);
      seconds(2);
      expect(cache.get(indicator)).to.equal(undefined);
    });
  }

  it('keeps a v2 domain for the full time, because it never has positives', () => {
    cache.set(domain('a.example'), found({ response_code: 1 }));
    seconds(3599);
    expect(cache.get(domain('a.example'))).to.not.equal(undefined);
  });

  it('evicts the least recently used report when there are too many', () => {
    for (const name of ['a', 'b', 'c']) cache.set(domain(name), clean);
    cache.get(domain('a'));
    cache.set(domain('d'), clean);
    expect(cache.entries).to.equal(3);
    expect(cache.get(domain('b'))).to.equal(undefined);
    expect(cache.get(domain('a'))).to.equal(clean);
  });

  it('holds at most 64 MiB, however few the reports are', () => {
    cache = new ReportCache({ size: 500, ttl: 3600, ttlUnknown: 300 });
    for (let i = 0; i < 40; i++) cache.set(domain(`d${i}.example`), found({ positives: 0 }, MIB));
    expect(cache.bytes).to.be.within(32 * MIB, 64 * MIB);
    expect(cache.entries).to.be.lessThan(40);
    expect(cache.get(domain('d39.example'))).to.not.equal(undefined);
    expect(cache.get(domain('d0.example'))).to.equal(undefined);
  });

  it('does not store a report that is too large and keeps the others', () => {
    cache.set(domain('a.example'), clean);
    cache.set(domain('huge.example'), found({ positives: 0 }, 30 * MIB));
    expect(cache.get(domain('huge.example'))).to.equal(undefined);
    expect(cache.get(domain('a.example'))).to.equal(clean);
  });

  describe('file reports', () => {
    const report = {
      type: 'file',
      positives: 3,
      md5: MD5,
      sha1: SHA1.toUpperCase(),
      sha256: SHA256,
    } as const;

    for (const [asked, others] of [
      [MD5, [SHA1, SHA256]],
      [SHA256, [MD5, SHA1]],
    ] as const) {
      it(`finds a file report by every hash when it was stored under the one of ${asked.length} digits`, () => {
        cache.set(file(asked), found({ ...report, resource: asked }));
        for (const other of others)
          expect(cache.get(file(other))?.report).to.include({ positives: 3, resource: other });
        expect(cache.get(file(asked))?.report.resource).to.equal(asked);
        expect(cache.entries).to.equal(1);
        expect(cache.hits).to.equal(3);
      });
    }

    it('forgets the other hashes of a file when its report expires', () => {
      cache.set(file(MD5), found(report));
      seconds(3601);
      expect(cache.get(file(SHA256))).to.equal(undefined);
    });

    it('returns the newest report for every hash of the file', () => {
      cache.set(file(MD5), found({ ...report, positives: 1 }));
      cache.set(file(SHA256), found({ ...report, positives: 2 }));
      for (const hash of [MD5, SHA1, SHA256]) expect(cache.get(file(hash))?.report.positives).to.equal(2);
    });

    it('stops answering "unknown" for one hash when the file is known by another', () => {
      cache.set(file(MD5), found({ type: 'file', response_code: 0 }));
      cache.set(file(SHA256), found(report));
      expect(cache.get(file(MD5))?.report.positives).to.equal(3);
    });

    it('does not use a hash in a domain report as an alias', () => {
      cache.set(domain('a.example'), found({ positives: 0, md5: MD5 }));
      expect(cache.get(file(MD5))).to.equal(undefined);
    });
  });

  it('is empty after it was cleared and returns the number of removed reports', () => {
    cache.set(file(MD5), found({ type: 'file', positives: 1, sha256: SHA256 }));
    cache.set(domain('a.example'), clean);
    expect(cache.clear()).to.equal(2);
    expect([cache.entries, cache.bytes]).to.deep.equal([0, 0]);
    expect(cache.get(file(SHA256))).to.equal(undefined);
  });

  it('sets no timer', () => {
    cache.set(domain('a.example'), clean);
    cache.get(domain('a.example'));
    expect(clock.countTimers()).to.equal(0);
  });
});
