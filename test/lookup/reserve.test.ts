import { expect } from 'chai';
import { QuotaCount } from '../../src/lookup/quota-count';
import { fate, lookUp, withVirtualVirusTotal, type Tracked } from '../support/with-virtual-virustotal';

const SECOND = 1000;
const HOUR = 3_600_000;

const names = (count: number, prefix: string): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}.example`);

/** How many of the lookups have come to each fate. */
function fates(asked: readonly Tracked[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of asked) counts[fate(each)] = (counts[fate(each)] ?? 0) + 1;
  return counts;
}

describe("The reserve of the day's quota", () => {
  const fixture = withVirtualVirusTotal();
  beforeEach(() => (fixture.vt.brief = true));

  it('refuses the 401st of 500 lookups at priority 9, and lets priority 5 use all 500', async () => {
    const service = fixture.service({ dailyQuota: 500 });
    const low = names(401, 'low').map((name) => lookUp(service, name, { priority: 9 }));
    await fixture.pass(SECOND);
    expect(fates(low)).to.deep.equal({ report: 400, VT_QUOTA: 1 });
    expect(low[400]?.error).to.include({ code: 'VT_QUOTA', reason: 'reserve', retryable: true });
    expect(low[400]?.error?.message).to.match(
      /^Only the reserve is left: the last 100 of the day's 500 lookups are reserved for more urgent messages.* 00:00 UTC/,
    );
    expect(service.stats()).to.deep.include({ problem: null, reserve: { lookups: 100, waitMs: null } });
    const urgent = names(101, 'urgent').map((name) => lookUp(service, name));
    await fixture.pass(SECOND);
    expect(fates(urgent)).to.deep.equal({ report: 100, VT_QUOTA: 1 });
    expect(urgent[100]?.error).to.include({ reason: 'day' });
    expect(fixture.vt.requests.length).to.equal(500);
  });

  it('is for priority 0 to 5 and for none from 6 on', async () => {
    const service = fixture.service({ dailyQuota: 20, reserve: 50 });
    names(10, 'd').forEach((name) => lookUp(service, name));
    await fixture.pass(SECOND);
    const asked = [0, 5, 6, 9].map((priority) => lookUp(service, `p${priority}.example`, { priority }));
    await fixture.pass(SECOND);
    expect(asked.map(fate)).to.deep.equal(['report', 'report', 'VT_QUOTA', 'VT_QUOTA']);
  });

  it('counts what urgent lookups have used before', async () => {
    const service = fixture.service({ dailyQuota: 10 });
    names(6, 'urgent').forEach((name) => lookUp(service, name));
    await fixture.pass(SECOND);
    const low = names(3, 'low').map((name) => lookUp(service, name, { priority: 7 }));
    await fixture.pass(SECOND);
    expect(fates(low)).to.deep.equal({ report: 2, VT_QUOTA: 1 });
  });

  for (const [what, options] of Object.entries({
    'there is none': { dailyQuota: 5, reserve: 0 },
    'the quota is so small that its part is less than one lookup': { dailyQuota: 4, reserve: 24 },
  }))
    it(`lets priority 9 use the whole day when ${what}`, async () => {
      const service = fixture.service(options);
      const low = names(6, 'low').map((name) => lookUp(service, name, { priority: 9 }));
      await fixture.pass(SECOND);
      expect(fates(low)).to.deep.equal({ report: options.dailyQuota, VT_QUOTA: 6 - options.dailyQuota });
      expect(service.stats()).to.not.have.property('reserve');
    });

  it('has no effect when the day is not counted', async () => {
    const service = fixture.service({ dailyQuota: 0, monthlyQuota: 30, reserve: 99 });
    const low = names(31, 'low').map((name) => lookUp(service, name, { priority: 9 }));
    await fixture.pass(SECOND);
    expect(fates(low)).to.deep.equal({ report: 30, VT_QUOTA: 1 });
    expect(low[30]?.error).to.include({ reason: 'month' });
  });

  it('lets priority 9 wait for the next day with onQuota "wait", while urgent lookups go on', async () => {
    const service = fixture.service({ dailyQuota: 10, onQuota: 'wait' });
    const low = names(12, 'low').map((name) => lookUp(service, name, { priority: 9 }));
    await fixture.pass(SECOND);
    expect(fates(low)).to.deep.equal({ report: 8, waiting: 4 });
    expect(service.stats().reserve?.waitMs).to.be.within(1, 24 * HOUR);
    const urgent = lookUp(service, 'urgent.example');
    await fixture.pass(SECOND);
    expect(fate(urgent)).to.equal('report');
    await fixture.pass(24 * HOUR);
    expect(fates(low)).to.deep.equal({ report: 12 });
    expect(fixture.vt.asked.slice(9)).to.deep.equal(names(12, 'low').slice(8));
  });

  it('starts an urgent lookup as soon as it comes, whatever waits before it', async () => {
    const service = fixture.service({
      ...{ rateLimit: true, rateLimitMode: 'spacing', rateLimitMs: 15_000 },
      ...{ dailyQuota: 4, reserve: 50, onQuota: 'wait' },
    });
    names(50, 'low').forEach((name) => lookUp(service, name, { priority: 6 }));
    await fixture.pass(HOUR);
    const from = performance.now();
    const urgent = lookUp(service, 'urgent.example', { priority: 5 });
    await fixture.pass(SECOND);
    expect(fate(urgent)).to.equal('report');
    expect((urgent.endedAt ?? Infinity) - from).to.be.below(SECOND);
  });

  it('lets an urgent lookup take along the one that waits for the same report', async () => {
    const service = fixture.service({ dailyQuota: 4, reserve: 50, onQuota: 'wait' });
    const low = names(4, 'low').map((name) => lookUp(service, name, { priority: 9 }));
    await fixture.pass(SECOND);
    expect(low.map(fate)).to.deep.equal(['report', 'report', 'waiting', 'waiting']);
    const urgent = lookUp(service, 'low3.example', { priority: 3 });
    await fixture.pass(SECOND);
    expect(fate(urgent)).to.equal('report');
    expect(low.map(fate)).to.deep.equal(['report', 'report', 'waiting', 'report']);
    expect(fixture.vt.asked.filter((name) => name === 'low3.example').length).to.equal(1);
  });

  it('does not let a lookup that VirusTotal refused for a minute stand before urgent ones', async () => {
    const { vt } = fixture;
    vt.trouble = ({ number }) => (number === 2 ? { status: 429 } : undefined);
    const service = fixture.service({ dailyQuota: 4, reserve: 50, onQuota: 'wait' });
    const low = names(2, 'low').map((name) => lookUp(service, name, { priority: 9 }));
    await fixture.pass(SECOND);
    const urgent = lookUp(service, 'urgent.example');
    await fixture.pass(2 * 60 * SECOND);
    expect(low.map(fate)).to.deep.equal(['report', 'waiting']);
    expect(fate(urgent)).to.equal('report');
  });

  it('follows a deploy that lowers it', async () => {
    const first = fixture.service({ dailyQuota: 10, reserve: 50 });
    names(5, 'a').forEach((name) => lookUp(first, name, { priority: 9 }));
    await fixture.pass(SECOND);
    await first.close();
    const second = fixture.service({ dailyQuota: 10, reserve: 20 });
    const low = names(4, 'b').map((name) => lookUp(second, name, { priority: 9 }));
    await fixture.pass(SECOND);
    expect(fates(low)).to.deep.equal({ report: 3, VT_QUOTA: 1 });
  });

  it('is the highest of all configs with the same key', async () => {
    const [one, other] = [
      fixture.service({ dailyQuota: 10, reserve: 0 }),
      fixture.service({ dailyQuota: 10, reserve: 60 }),
    ];
    const low = names(5, 'low').map((name, i) => lookUp(i % 2 ? one : other, name, { priority: 9 }));
    await fixture.pass(SECOND);
    expect(fates(low)).to.deep.equal({ report: 4, VT_QUOTA: 1 });
  });

  it("is the part of VirusTotal's allowance when that is lower, and frees what VirusTotal did not count", () => {
    const count = new QuotaCount();
    count.limits = { daily: 500, monthly: 0 };
    count.reservePercent = 20;
    expect(count.reserved).to.equal(100);
    for (let i = 0; i < 400; i++) count.add();
    expect(count.unreservedExhausted()).to.include({ period: 'day', allowed: 500, reserved: 100 });
    count.reconcile({ daily: { used: 150, allowed: 200 } });
    expect(count.reserved).to.equal(40);
    expect(count.unreservedExhausted()).to.equal(undefined);
    for (let i = 0; i < 10; i++) count.add();
    expect(count.unreservedExhausted()).to.include({ allowed: 200, reserved: 40 });
    expect(count.exhausted()).to.equal(undefined);
  });

  it('is divided with the rest of the quota among instances that count apart', () => {
    const count = new QuotaCount();
    count.limits = { daily: 100, monthly: 0 };
    count.reservePercent = 20;
    count.divide(4);
    for (let i = 0; i < 20; i++) count.add();
    expect(count.unreservedExhausted()).to.include({ instances: 4, reserved: 20 });
    expect(count.exhausted()).to.equal(undefined);
    for (let i = 0; i < 5; i++) count.add();
    expect(count.exhausted()).to.include({ instances: 4 });
  });
});
