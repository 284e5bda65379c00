import { expect } from 'chai';
import type { QuotaStore, StoredCounts } from '../../src/lookup/quota-count';
import { VirtualVirusTotal } from '../support/virtual-virustotal';
import { fate, lookUp, withVirtualVirusTotal, type Tracked } from '../support/with-virtual-virustotal';

const SECOND = 1000;
const HOUR = 3_600_000;

/** Context that outlives the process, as a file would. */
class Kept implements QuotaStore {
  saved: StoredCounts | undefined;

  constructor(
    counts?: StoredCounts,
    readonly delayMs = 0,
  ) {
    this.saved = counts;
  }

  load(): Promise<StoredCounts | undefined> {
    return Promise.resolve(this.saved);
  }

  save(counts: StoredCounts): void {
    this.saved = counts;
  }
}

describe('The daily and monthly quota', () => {
  const fixture = withVirtualVirusTotal();
  const fates = (asked: Tracked[]): string[] => asked.map(fate);
  const names = (count: number, prefix = 'd'): string[] =>
    Array.from({ length: count }, (_, i) => `${prefix}${i}.example`);
  const at = (time: string): void => fixture.clock.setSystemTime(Date.parse(time));

  it('stops the queue before VirusTotal refuses and says when the quota resets', async () => {
    const { vt } = fixture;
    const service = fixture.service({ dailyQuota: 3 });
    const asked = names(5).map((name) => lookUp(service, name));
    await fixture.pass(SECOND);
    expect(fates(asked)).to.deep.equal([...new Array<string>(3).fill('report'), 'VT_QUOTA', 'VT_QUOTA']);
    expect(vt.requests.length).to.equal(3);
    expect(asked[4]?.error?.message).to.match(/quota of 3 .* 00:00 UTC/);
    expect(service.stats().quota.day).to.deep.equal({ used: 3, allowed: 3 });
    expect(service.stats().problem?.code).to.equal('VT_QUOTA');
  });

  it('keeps messages in order until the daily quota resets when onQuota is "wait"', async () => {
    const { vt } = fixture;
    const service = fixture.service({ dailyQuota: 2, onQuota: 'wait' });
    const asked = names(5).map((name) => lookUp(service, name));
    await fixture.pass(SECOND);
    expect(fates(asked).filter((each) => each === 'waiting').length).to.equal(3);
    await fixture.pass(15 * HOUR);
    expect(fates(asked)).to.deep.equal([...new Array<string>(4).fill('report'), 'waiting']);
    await fixture.pass(24 * HOUR);
    expect(vt.asked).to.deep.equal(names(5));
  });

  it('waits for the reset of the monthly quota too', async () => {
    const service = fixture.service({ monthlyQuota: 1, onQuota: 'wait' });
    const asked = names(2).map((name) => lookUp(service, name));
    await fixture.pass(SECOND);
    at('2026-03-31T23:59:00Z');
    await fixture.pass(50 * SECOND);
    expect(fates(asked)).to.deep.equal(['report', 'waiting']);
    await fixture.pass(70 * SECOND);
    expect(fates(asked)).to.deep.equal(['report', 'report']);
  });

  it('serves cached reports when the daily quota is used up', async () => {
    const service = fixture.service({ dailyQuota: 1 });
    lookUp(service, 'a.example');
    await fixture.pass(1);
    const [cached, refreshed] = [
      lookUp(service, 'a.example'),
      lookUp(service, 'a.example', { refresh: true }),
    ];
    await fixture.pass(1);
    expect(fates([cached, refreshed])).to.deep.equal(['report', 'VT_QUOTA']);
  });

  it('counts failed requests as VirusTotal does', async () => {
    fixture.vt.trouble = ({ number }) => (number > 0 ? { status: 503 } : undefined);
    const service = fixture.service({ dailyQuota: 2 });
    const asked = lookUp(service, 'a.example');
    await fixture.pass(20 * SECOND);
    expect(fixture.vt.requests.length).to.equal(2);
    expect(fate(asked)).to.equal('VT_QUOTA');
  });

  it('does not count a quota of 0', async () => {
    const { vt } = fixture;
    vt.brief = true;
    const service = fixture.service({ dailyQuota: 0, monthlyQuota: 0 });
    for (const name of names(1000)) lookUp(service, name);
    await fixture.pass(SECOND);
    expect(vt.requests.length).to.equal(1000);
    expect(vt.quotaQuestions.length).to.equal(0);
  });

  it('keeps the counts over a redeploy', async () => {
    const first = fixture.service({ dailyQuota: 2 });
    for (const name of names(2)) lookUp(first, name);
    await fixture.pass(1);
    await first.close();
    const service = fixture.service({ dailyQuota: 2, cache: false });
    const asked = lookUp(service, 'a.example');
    await fixture.pass(1);
    expect(fate(asked)).to.equal('VT_QUOTA');
    expect(fixture.vt.requests.length).to.equal(2);
  });

  it('releases waiting messages when a deploy raises the quota', async () => {
    const waiting = fixture.service({ dailyQuota: 1, onQuota: 'wait' });
    const asked = names(2).map((name) => lookUp(waiting, name));
    await fixture.pass(1);
    expect(fates(asked)).to.deep.equal(['report', 'waiting']);
    const second = fixture.service({ dailyQuota: 1 });
    await waiting.close();
    const more = fixture.service({ dailyQuota: 5, onQuota: 'wait' });
    const later = lookUp(more, 'later.example');
    await fixture.pass(1);
    expect(fate(later)).to.equal('waiting');
    await second.close();
    // The wish of one who leaves others behind holds a minute longer.
    await fixture.pass(60_000);
    expect(fate(later)).to.equal('report');
  });

  describe('in a store that survives the process', () => {
    const today = { day: '2026-03-10', month: '2026-03' };

    it('continues from the stored count and starts no request before it is read', async () => {
      const store = new Kept({ ...today, dayUsed: 499, monthUsed: 499 });
      const vt = new VirtualVirusTotal(fixture.apiKey, { daily: 500 });
      for (let i = 0; i < 499; i++) vt.quota.take(1);
      const service = fixture.service({ quotaStore: store, dispatcher: vt });
      const asked = names(3).map((name) => lookUp(service, name));
      expect(vt.requests.length).to.equal(0);
      await fixture.pass(SECOND);
      expect(fates(asked)).to.deep.equal(['report', 'VT_QUOTA', 'VT_QUOTA']);
      expect(store.saved).to.deep.equal({ ...today, dayUsed: 500, monthUsed: 500 });
    });

    it('stores the count with every request', async () => {
      const store = new Kept();
      const service = fixture.service({ quotaStore: store });
      for (let used = 1; used <= 3; used++) {
        lookUp(service, `d${used}.example`);
        await fixture.pass(1);
        expect(store.saved).to.include({ dayUsed: used, monthUsed: used });
      }
    });

    for (const [limit, unsaved] of [
      [{ rateLimit: true, rateLimitMs: 15_000 }, 3],
      [{ rateLimit: true, rateLimitMode: 'window', rateLimitCount: 4 }, 4],
      [{ rateLimit: true, rateLimitMode: 'window', rateLimitCount: 1000, dailyQuota: 10 }, 9],
      // As many as in as long a time just now, and one more.
      [{ rateLimit: false }, 2],
    ] as const) {
      it(`stores with ${JSON.stringify(limit)} how many requests may start before the next write, in case the process is killed`, async () => {
        const store = new Kept(undefined, 31_000);
        const service = fixture.service({ quotaStore: store, ...limit });
        lookUp(service, 'a.example');
        await fixture.pass(100);
        expect(store.saved).to.deep.equal({ ...today, dayUsed: 1, monthUsed: 1, unsaved });
      });
    }

    it('stores that nothing is missing after an orderly end', async () => {
      const store = new Kept(undefined, 31_000);
      const service = fixture.service({ quotaStore: store, rateLimit: true });
      lookUp(service, 'a.example');
      await fixture.pass(100);
      await service.close();
      expect(store.saved).to.deep.equal({ ...today, dayUsed: 1, monthUsed: 1 });
    });

    it('stores the margin before the first request starts', async () => {
      const store = new Kept({ ...today, dayUsed: 7, monthUsed: 7 }, 31_000);
      fixture.service({ quotaStore: store, rateLimit: true });
      await fixture.pass(100);
      expect(store.saved).to.deep.equal({ ...today, dayUsed: 7, monthUsed: 7, unsaved: 3 });
    });

    it("counts possibly missing requests until VirusTotal's own figures arrive", async () => {
      const vt = new VirtualVirusTotal(fixture.apiKey, { daily: 500 });
      for (let i = 0; i < 8; i++) vt.quota.take(1);
      const store = new Kept({ ...today, dayUsed: 7, monthUsed: 7, unsaved: 3 }, 31_000);
      const service = fixture.service({ quotaStore: store, rateLimit: true, dispatcher: vt });
      await fixture.pass(100);
      expect(service.stats().quota.day.used).to.equal(10);
      lookUp(service, 'a.example');
      await fixture.pass(100);
      expect(service.stats().quota.day.used).to.equal(9);
      expect(store.saved).to.include({ dayUsed: 9, unsaved: 3 });
    });

    it('works without a store that fails', async () => {
      const failing = { load: () => Promise.reject(new Error('disk')), save: () => undefined };
      const asked = lookUp(fixture.service({ quotaStore: failing }), 'a.example');
      await fixture.pass(1);
      expect(fate(asked)).to.equal('report');
    });

    it('works without a store that does not answer within some seconds', async () => {
      const silent = { load: () => new Promise<undefined>(() => undefined), save: () => undefined };
      const asked = lookUp(fixture.service({ quotaStore: silent }), 'a.example');
      await fixture.pass(SECOND);
      expect(fate(asked)).to.equal('waiting');
      await fixture.pass(5 * SECOND);
      expect(fate(asked)).to.equal('report');
    });
  });

  describe("corrected by VirusTotal's own figures", () => {
    it("asks once for VirusTotal's figures after the first request, without using the quota", async () => {
      const vt = new VirtualVirusTotal(fixture.apiKey, { daily: 500, monthly: 15_500 });
      for (let i = 0; i < 42; i++) vt.quota.take(1);
      const service = fixture.service({ dispatcher: vt });
      for (const name of names(5)) {
        lookUp(service, name);
        await fixture.pass(1);
      }
      expect(vt.quotaQuestions.length).to.equal(1);
      expect(service.stats().quota.day).to.deep.equal({ used: 47, allowed: 500 });
      expect(service.stats().quota.month).to.deep.equal({ used: 47, allowed: 15_500 });
    });

    it("stops at once when VirusTotal's figures say that the daily quota is used up", async () => {
      const vt = new VirtualVirusTotal(fixture.apiKey);
      vt.trouble = ({ number }) =>
        number === 0
          ? { json: { data: { api_requests_daily: { user: { used: 500, allowed: 500 } } } } }
          : undefined;
      const service = fixture.service({ dispatcher: vt, rateLimit: true });
      const asked = names(3).map((name) => lookUp(service, name));
      await fixture.pass(SECOND);
      expect(fates(asked)).to.deep.equal(['report', 'VT_QUOTA', 'VT_QUOTA']);
    });

    for (const [what, trouble] of [
      ['403', { status: 403 }],
      ['nothing that can be read', { json: [] }],
      ['a network error', { network: 'ECONNRESET' }],
      ['401', { status: 401 }],
    ] as const) {
      it(`uses the local count when the answer about the quota is ${what}`, async () => {
        const { vt } = fixture;
        vt.trouble = ({ number }) => (number === 0 ? trouble : undefined);
        const service = fixture.service({ dailyQuota: 3 });
        const asked = names(3).map((name) => lookUp(service, name));
        await fixture.pass(SECOND);
        expect(fates(asked)).to.deep.equal(new Array(3).fill('report'));
        expect(service.stats().quota.day).to.deep.equal({ used: 3, allowed: 3 });
      });
    }

    for (const [what, trouble] of [
      ['they say the same', undefined],
      ['they are not to be had', { network: 'ECONNRESET' }],
      ['the key may not know them', { status: 403 }],
    ] as const) {
      it(`asks for VirusTotal's figures every five minutes while the local count is used up, without using the quota, when ${what}`, async () => {
        const vt = new VirtualVirusTotal(fixture.apiKey);
        vt.trouble = ({ number }) => (number === 0 ? trouble : undefined);
        const waiting = fixture.service({ dispatcher: vt, dailyQuota: 2, onQuota: 'wait' });
        const asked = names(4).map((name) => lookUp(waiting, name));
        await fixture.pass(14 * HOUR);
        expect(fates(asked)).to.deep.equal(['report', 'report', 'waiting', 'waiting']);
        expect(vt.requests.length).to.equal(2);
        // Those after the first requests, and twelve an hour.
        expect(vt.quotaQuestions.length).to.be.within(14 * 12 - 14, 14 * 12 + 3);
        await fixture.pass(HOUR);
        expect(vt.requests.length).to.equal(4);
      });
    }

    it('shows the figures that a test of the key brings', async () => {
      const vt = new VirtualVirusTotal(fixture.apiKey, { daily: 500 });
      for (let i = 0; i < 7; i++) vt.quota.take(1);
      const service = fixture.service({ dispatcher: vt });
      const figures = await service.verifyKey();
      expect(figures?.daily).to.deep.equal({ used: 7, allowed: 500 });
      expect(service.stats().quota.day.used).to.equal(7);
      expect(vt.requests.length).to.equal(0);
    });
  });

  describe('when the clock is set', () => {
    it('neither floods nor stalls when the clock is set back an hour, the machine sleeps and the day turns', async () => {
      const { vt, clock } = fixture;
      vt.brief = true;
      at('2026-03-10T23:30:00Z');
      const service = fixture.service({ dailyQuota: 100, rateLimit: true, onQuota: 'wait' });
      const asked = names(400).map((name) => lookUp(service, name));
      const used = (): number => vt.requests.length;
      await fixture.pass(20 * 60 * SECOND);
      expect(used()).to.be.within(79, 81);
      clock.setSystemTime(Date.now() - HOUR);
      await fixture.pass(20 * 60 * SECOND);
      // 22:50 to 23:10 again: the day's hundred are gone, and nothing more goes until it turns.
      expect(used()).to.equal(100);
      await fixture.pass(60 * 60 * SECOND);
      expect(used()).to.be.within(130, 145);
      clock.jump(3 * HOUR);
      await fixture.pass(10 * 60 * SECOND);
      expect(used()).to.be.within(170, 186);
      await fixture.pass(HOUR);
      expect(used()).to.equal(200);
      clock.jump(24 * HOUR);
      await fixture.pass(HOUR);
      expect(used()).to.equal(300);
      expect(asked.filter(({ error }) => error)).to.deep.equal([]);
      vt.starts
        .slice(1)
        .forEach((start, i) => expect(start - (vt.starts[i] as number)).to.be.at.least(15_000));
    });

    it('resets within a minute when the clock is set past midnight while messages wait', async () => {
      const service = fixture.service({ dailyQuota: 1, onQuota: 'wait' });
      const asked = names(2).map((name) => lookUp(service, name));
      await fixture.pass(SECOND);
      at('2026-03-11T06:00:00Z');
      await fixture.pass(61 * SECOND);
      expect(fates(asked)).to.deep.equal(['report', 'report']);
    });
  });
});
