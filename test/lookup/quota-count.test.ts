import { expect } from 'chai';
import { QuotaCount } from '../../src/lookup/quota-count';
import { startVirtualClock, type VirtualClock } from '../support/virtual-clock';

describe('The count of lookups', () => {
  let clock: VirtualClock;
  const at = (time: string): void => clock.setSystemTime(Date.parse(time));
  beforeEach(() => (clock = startVirtualClock('2026-03-10T09:00:00Z')));
  afterEach(() => clock.uninstall());

  function countWith(daily: number, monthly: number, used = 0): QuotaCount {
    const count = new QuotaCount();
    count.limits = { daily, monthly };
    for (let i = 0; i < used; i++) count.add();
    return count;
  }

  it('stops at the daily allowance until 00:00 UTC', () => {
    const count = countWith(3, 0, 2);
    expect(count.exhausted()).to.equal(undefined);
    count.add();
    expect(count.exhausted()).to.deep.equal({
      period: 'day',
      allowed: 3,
      until: Date.parse('2026-03-11T00:00:00Z'),
    });
    at('2026-03-10T23:59:59.999Z');
    expect(count.exhausted()).to.not.equal(undefined);
    at('2026-03-11T00:00:00Z');
    expect(count.exhausted()).to.equal(undefined);
    expect(count.counts).to.include({ day: '2026-03-11', dayUsed: 0, monthUsed: 3 });
  });

  it('stops at the monthly allowance until 00:00 UTC on the 1st', () => {
    const count = countWith(0, 2, 2);
    expect(count.exhausted()).to.deep.equal({
      period: 'month',
      allowed: 2,
      until: Date.parse('2026-04-01T00:00:00Z'),
    });
    at('2026-03-31T23:59:59Z');
    expect(count.exhausted()?.period).to.equal('month');
    at('2026-04-01T00:00:00Z');
    expect(count.exhausted()).to.equal(undefined);
    expect(count.counts).to.include({ dayUsed: 0, month: '2026-04', monthUsed: 0 });
  });

  it('resets the month at the turn of the year', () => {
    at('2026-12-31T23:59:59Z');
    const count = countWith(0, 1, 1);
    expect(count.exhausted()?.until).to.equal(Date.parse('2027-01-01T00:00:00Z'));
    at('2027-01-01T00:00:00Z');
    expect(count.exhausted()).to.equal(undefined);
  });

  it('names the month when day and month are used up, because that wait is longer', () => {
    expect(countWith(1, 1, 1).exhausted()?.period).to.equal('month');
  });

  it('ignores an allowance of 0', () => {
    const count = countWith(0, 0, 10_000);
    expect(count.exhausted()).to.equal(undefined);
    expect(count.isCounting).to.equal(false);
  });

  describe('when the clock is set', () => {
    it('keeps the count when the clock is set back an hour over midnight, because those lookups were made', () => {
      at('2026-03-10T23:50:00Z');
      const count = countWith(5, 0, 3);
      at('2026-03-11T00:10:00Z');
      count.add();
      at('2026-03-10T23:10:00Z');
      count.add();
      expect(count.counts).to.include({ day: '2026-03-11', dayUsed: 2, monthUsed: 5 });
      at('2026-03-11T00:20:00Z');
      expect(count.counts.dayUsed).to.equal(2);
    });

    it("returns the day's count to zero when a clock that was days ahead is corrected", () => {
      at('2026-05-20T12:00:00Z');
      const count = countWith(5, 0, 5);
      at('2026-03-10T12:00:00Z');
      expect(count.counts).to.include({ day: '2026-03-10', month: '2026-03', dayUsed: 5 });
      at('2026-03-11T00:00:00Z');
      expect(count.exhausted()).to.equal(undefined);
    });

    it('starts the new day after the machine slept over midnight', () => {
      const count = countWith(5, 0, 5);
      clock.jump(20 * 3_600_000);
      expect(count.exhausted()).to.equal(undefined);
      expect(count.counts.day).to.equal('2026-03-11');
    });
  });

  describe('starting from a stored count', () => {
    const stored = { day: '2026-03-10', dayUsed: 7, month: '2026-03', monthUsed: 70 };

    it('continues from the stored count, never below what was counted since', () => {
      const count = countWith(10, 100, 1);
      count.restore(stored);
      expect(count.counts).to.deep.equal(stored);
      for (let i = 0; i < 3; i++) count.add();
      count.restore(stored);
      expect(count.counts).to.include({ dayUsed: 10, monthUsed: 73 });
      expect(count.exhausted()?.period).to.equal('day');
    });

    it('keeps only the monthly count on a new day, and neither count in a new month', () => {
      at('2026-03-12T09:00:00Z');
      const count = countWith(10, 100);
      count.restore(stored);
      expect(count.counts).to.include({ dayUsed: 0, monthUsed: 70 });
      at('2026-04-02T09:00:00Z');
      const next = countWith(10, 100);
      next.restore(stored);
      expect(next.counts).to.include({ dayUsed: 0, monthUsed: 0 });
    });

    it('keeps the count of the day from which the clock was set back', () => {
      at('2026-03-10T00:10:00Z');
      at('2026-03-09T23:10:00Z');
      const count = countWith(7, 0);
      count.restore(stored);
      expect(count.exhausted()?.period).to.equal('day');
    });

    it('ignores a count that was stored while the clock was far ahead', () => {
      const count = countWith(10, 100);
      count.restore({ day: '2027-01-01', dayUsed: 10, month: '2027-01', monthUsed: 100 });
      expect(count.exhausted()).to.equal(undefined);
    });
  });

  describe('starting from the count of a killed process', () => {
    const stored = { day: '2026-03-31', dayUsed: 40, month: '2026-03', monthUsed: 700, unsaved: 3 };

    it('assumes the highest count that the killed process can have reached', () => {
      at('2026-03-31T12:00:00Z');
      const count = new QuotaCount();
      count.restore(stored);
      expect(count.counts).to.include({ dayUsed: 43, monthUsed: 703 });
      count.restore(stored);
      expect(count.counts).to.include({ dayUsed: 43, monthUsed: 703 });
    });

    it("assigns the possibly missing lookups of yesterday's count to today", () => {
      at('2026-04-01T00:00:20Z');
      const count = new QuotaCount();
      count.restore(stored);
      expect(count.counts).to.include({ dayUsed: 3, monthUsed: 3 });
    });

    it('adds no missing lookups to a count of a later day', () => {
      at('2026-04-02T00:00:20Z');
      const count = new QuotaCount();
      count.restore(stored);
      expect(count.counts).to.include({ dayUsed: 0, monthUsed: 0 });
    });
  });

  describe("corrected by VirusTotal's own figures", () => {
    it('counts lookups that other tools made with the key', () => {
      const count = countWith(500, 15_500, 10);
      count.reconcile({ daily: { used: 400, allowed: 500 }, monthly: { used: 9_000, allowed: 15_500 } });
      expect(count.counts).to.include({ dayUsed: 400, monthUsed: 9_000 });
    });

    it('gives back lookups that VirusTotal has not counted', () => {
      const count = countWith(500, 15_500, 30);
      count.reconcile({ daily: { used: 20, allowed: 500 } });
      expect(count.counts).to.include({ dayUsed: 20, monthUsed: 30 });
    });

    it("keeps the local count while requests are in flight that VirusTotal's figures may not include", () => {
      const count = countWith(500, 15_500, 30);
      count.reconcile({ daily: { used: 28, allowed: 500 } }, 4);
      expect(count.counts.dayUsed).to.equal(30);
      count.reconcile({ daily: { used: 20, allowed: 500 } }, 4);
      expect(count.counts.dayUsed).to.equal(24);
    });

    it('adopts a lower allowance from VirusTotal but not a higher one', () => {
      const count = countWith(500, 15_500, 1);
      count.reconcile({ daily: { used: 1, allowed: 1 } });
      expect(count.exhausted()).to.include({ period: 'day', allowed: 1 });
      count.reconcile({ daily: { used: 1, allowed: 20_000 } });
      expect(count.allowances.daily).to.equal(500);
    });

    it('ignores an allowance of 0 from VirusTotal', () => {
      const count = countWith(500, 0);
      count.reconcile({ daily: { used: 0, allowed: 0 } });
      expect(count.exhausted()).to.equal(undefined);
    });
  });
});
