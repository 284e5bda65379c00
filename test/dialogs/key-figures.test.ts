import { expect } from 'chai';
import { figuresAsFields } from '../../editor/key-test';
import { check } from '../support/editor-stand-in';

const of = (allowed: number): { used: number; allowed: number } => ({ used: 0, allowed });

describe('The figures of a key as field values', () => {
  it('are those of a free key', () => {
    expect(figuresAsFields({ hourly: of(240), daily: of(500), monthly: of(15_500) })).to.deep.equal({
      dailyQuota: 500,
      monthlyQuota: 15_500,
      rateLimit: true,
      rateLimitMs: 15_000,
      rateLimitCount: 4,
    });
  });

  it('count no day and no month and limit no rate where VirusTotal does not', () => {
    const free = of(1_000_000_000);
    expect(figuresAsFields({ hourly: free, daily: free, monthly: free })).to.deep.equal({
      dailyQuota: 0,
      monthlyQuota: 0,
      rateLimit: false,
    });
  });

  it('use spacing for a key with less than one request per minute', () => {
    const fields = figuresAsFields({ hourly: of(30) });
    expect(fields).to.include({ rateLimitMode: 'spacing', rateLimitMs: 120_000, rateLimitCount: 1 });
  });

  it('leave fields alone about which VirusTotal says nothing', () => {
    expect(figuresAsFields({})).to.deep.equal({});
    expect(figuresAsFields({ daily: of(0), hourly: of(0) })).to.deep.equal({});
  });

  it('are accepted by the fields, however large they are', () => {
    for (const allowed of [1, 59, 60, 61, 240, 999_999_999])
      for (const [name, value] of Object.entries(figuresAsFields({ hourly: of(allowed) })))
        if (typeof value === 'number')
          expect(check('virustotal-config', name, value), `${name} ${value}`).to.equal(true);
  });
});
