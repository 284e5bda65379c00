import { expect } from 'chai';
import { VirusTotalError } from '../../src/errors';
import { resolveOptions, type HostOptions } from '../../src/lookup/options';
import { VirusTotalService } from '../../src/lookup/service';

const apiKey = 'a1b2c3d4'.repeat(8);

describe('The options of a service', () => {
  const refusal = (options: Record<string, unknown>): string => {
    try {
      resolveOptions({ apiKey, ...options });
    } catch (error) {
      expect(error).to.be.instanceOf(VirusTotalError).and.include({ code: 'VT_CONFIG' });
      return (error as Error).message;
    }
    throw new Error('not refused');
  };

  it('has the defaults of a public key', () => {
    expect(resolveOptions({ apiKey })).to.deep.equal({
      apiKey,
      apiVersion: 'v3',
      rateLimit: true,
      rateLimitMode: 'spacing',
      rateLimitMs: 15_000,
      rateLimitCount: 4,
      dailyQuota: 500,
      monthlyQuota: 15_500,
      reserve: 20,
      onQuota: 'fail',
      cache: true,
      cacheSize: 500,
      cacheTtl: 3600,
      cacheTtlUnknown: 300,
      timeout: 30_000,
      maxQueue: 10_000,
      skipPrivate: true,
      allowList: '',
      fileRoots: '',
      timeScale: 1,
      store: 'memory',
      instances: 1,
      keepCache: true,
      metrics: false,
    });
  });

  it('treats undefined as not given', () => {
    const said = { apiKey, cacheSize: undefined } as unknown as HostOptions;
    expect(resolveOptions(said).cacheSize).to.equal(500);
  });

  for (const [name, value, words] of [
    ['cacheSize', 0, '0 (number); it takes a whole number from 1 to 500'],
    ['cacheSize', 501, '501'],
    ['rateLimitMs', -1, '-1'],
    ['rateLimitCount', 1.5, '1.5'],
    ['timeout', NaN, 'NaN'],
    ['maxQueue', '10', '"10"'],
    ['dailyQuota', Infinity, 'Infinity'],
    ['apiVersion', 'v4', '"v4"; it takes v3 or v2'],
    ['rateLimitMode', '', '""'],
    ['onQuota', 'panic', '"panic"; it takes fail or wait'],
    ['timeScale', 0, '0'],
  ] as const) {
    it(`rejects ${name} ${String(value)} with an explanation`, () => {
      expect(refusal({ [name]: value }))
        .to.contain(name)
        .and.contain(words);
    });
  }

  it('rejects a missing key, a key from an unset variable and an unreadable list', () => {
    const create = (options: Partial<HostOptions>) => () => new VirusTotalService({ apiKey, ...options });
    expect(create({ apiKey: '' })).to.throw(VirusTotalError, /No API key/);
    expect(create({ apiKey: '${NOT_SET}' })).to.throw(VirusTotalError, /NOT_SET/);
    expect(create({ allowList: 'not a domain' })).to.throw(VirusTotalError, /not a domain/);
  });
});
