import { expect } from 'chai';
import { retryAfterMs } from '../../src/api/retry-after';

const NOW = Date.UTC(2026, 2, 1, 12, 0, 0);

describe('Retry-After', () => {
  for (const [header, ms] of [
    ['0', 1_000],
    ['17', 17_000],
    [' 60 ', 60_000],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sunday, 01-Mar-26 12:02:00 GMT', 120_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', undefined],
    ['86401', 86_400_000],
    ['Tue, 01 Mar 2044 12:00:00 GMT', 86_400_000],
    ['99999999999999999999', 86_400_000],
    ['', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    [undefined, undefined],
    [['17', '60'], 17_000],
    [[], undefined],
  ] as const) {
    it(`${JSON.stringify(header)} ${ms === undefined ? 'is ignored' : `means ${ms} ms`}`, () => {
      expect(retryAfterMs(header, NOW)).to.equal(ms);
    });
  }
});
