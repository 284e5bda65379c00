import { expect } from 'chai';
import { Seeded } from '../../tools/fake-virustotal/seeded';
import type { VirtualClock } from '../support/virtual-clock';
import { VirtualVirusTotal } from '../support/virtual-virustotal';
import { fate, lookUp, withVirtualVirusTotal, type Tracked } from '../support/with-virtual-virustotal';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const SEED = process.env['FAULTS_SEED'] ?? '1';

const LIMITS = {
  '4 in any minute': { rateLimit: true, rateLimitMode: 'window' },
  'one each 15 seconds': { rateLimit: true, rateLimitMode: 'spacing' },
} as const;

const set = (clock: VirtualClock, ms: number): void => clock.setSystemTime(Date.now() + ms);

/** What can happen to a clock. A monotonic clock goes on in some machines while they sleep, and stands still in others. */
const JUMPS: Record<string, (clock: VirtualClock) => void> = {
  'a sleep of eight hours, through which the monotonic clock goes on': (clock) => clock.jump(8 * HOUR),
  'a sleep of eight hours, in which the monotonic clock stands still': (clock) => set(clock, 8 * HOUR),
  'NTP setting the clock back by an hour': (clock) => set(clock, -HOUR),
  'NTP setting the clock on by an hour': (clock) => set(clock, HOUR),
  'NTP setting the clock back by a second': (clock) => set(clock, -SECOND),
  'a clock that had been a year ahead': (clock) => set(clock, -365 * 24 * HOUR),
};

describe('A queue that waits through', () => {
  const fixture = withVirtualVirusTotal();
  const pass = (ms: number): Promise<void> => fixture.pass(ms);

  /** A VirusTotal that enforces a strict minute. */
  function strict(): VirtualVirusTotal {
    const vt = new VirtualVirusTotal(fixture.apiKey, { perWindow: 4 });
    vt.brief = true;
    return vt;
  }

  /** One that doesn't say what it has counted, so that the own count is all there is. */
  function silent(): VirtualVirusTotal {
    const vt = strict();
    vt.trouble = ({ number }) => (number === 0 ? { status: 403 } : undefined);
    return vt;
  }

  for (const [what, jump] of Object.entries(JUMPS)) {
    describe(what, () => {
      for (const [name, limit] of Object.entries(LIMITS)) {
        it(`neither floods nor stalls with ${name}`, async () => {
          const dispatcher = strict();
          const service = fixture.service({ ...limit, dispatcher, dailyQuota: 0, monthlyQuota: 0 });
          for (let i = 0; i < 100; i++) lookUp(service, `d${i}.example`);
          await pass(5.5 * MINUTE);
          const before = dispatcher.requests.length;
          jump(fixture.clock);
          await pass(5 * MINUTE);
          expect(dispatcher.requests.length - before).to.be.within(19, 24);
          expect(dispatcher.refused).to.deep.equal([]);
        });
      }

      it('ends a pause after a minute at the latest and a retry after its delay', async () => {
        const dispatcher = strict();
        dispatcher.trouble = ({ number }) => (number === 1 ? { status: 429 } : undefined);
        const paused = lookUp(fixture.service({ dispatcher }), 'a.example');
        await pass(10 * SECOND);
        jump(fixture.clock);
        await pass(51 * SECOND);
        expect(fate(paused)).to.equal('report');
        dispatcher.trouble = ({ number }) => (number === 3 ? { status: 503 } : undefined);
        const again = lookUp(fixture.service({ dispatcher }), 'b.example');
        await pass(1);
        jump(fixture.clock);
        await pass(3 * SECOND);
        expect(fate(again)).to.equal('report');
      });

      it('keeps a refused key blocked for five minutes and no longer', async () => {
        const dispatcher = strict();
        const service = fixture.service({ dispatcher });
        dispatcher.trouble = ({ number }) => (number === 1 ? { status: 401 } : undefined);
        const refused = lookUp(service, 'a.example');
        await pass(SECOND);
        jump(fixture.clock);
        await pass(5 * MINUTE);
        const later = lookUp(service, 'b.example');
        await pass(SECOND);
        expect([refused, later].map(fate)).to.deep.equal(['VT_AUTH', 'report']);
      });

      it('ends a request without an answer after its timeout', async () => {
        const dispatcher = strict();
        dispatcher.trouble = () => ({ delayMs: Infinity });
        const asked = lookUp(fixture.service({ dispatcher, timeout: 30_000, timeScale: 0.001 }), 'a.example');
        await pass(10 * SECOND);
        jump(fixture.clock);
        await pass(81 * SECOND);
        expect(fate(asked)).to.equal('VT_TIMEOUT');
        expect(dispatcher.requests.length).to.equal(3);
      });
    });
  }

  describe('midnight UTC and the end of a month', () => {
    const quotas = { dailyQuota: 10, monthlyQuota: 15_500, onQuota: 'wait' } as const;

    it('starts a new day once although the clock is set back over midnight and reaches it again', async () => {
      fixture.clock.setSystemTime(Date.parse('2026-03-31T23:50:00Z'));
      const dispatcher = silent();
      const service = fixture.service({ ...LIMITS['4 in any minute'], ...quotas, dispatcher });
      for (let i = 0; i < 60; i++) lookUp(service, `d${i}.example`);
      await pass(9 * MINUTE);
      expect(dispatcher.requests.length).to.equal(10);
      await pass(10 * MINUTE);
      expect(dispatcher.requests.length).to.equal(20);
      set(fixture.clock, -HOUR);
      await pass(2 * HOUR);
      expect(dispatcher.requests.length).to.equal(20);
      expect(service.stats().quota.day.used).to.equal(10);
      await pass(23 * HOUR);
      expect(dispatcher.requests.length).to.equal(30);
    });

    it('starts a new month once in the same way', async () => {
      fixture.clock.setSystemTime(Date.parse('2026-12-31T23:50:00Z'));
      const dispatcher = silent();
      const month = { dailyQuota: 0, monthlyQuota: 8, onQuota: 'wait' } as const;
      const service = fixture.service({ ...LIMITS['one each 15 seconds'], ...month, dispatcher });
      for (let i = 0; i < 60; i++) lookUp(service, `d${i}.example`);
      await pass(9 * MINUTE);
      expect(dispatcher.requests.length).to.equal(8);
      await pass(10 * MINUTE);
      expect(dispatcher.requests.length).to.equal(16);
      set(fixture.clock, -HOUR);
      await pass(2 * HOUR);
      fixture.clock.jump(25 * 24 * HOUR);
      await pass(HOUR);
      expect(dispatcher.requests.length).to.equal(16);
      fixture.clock.jump(6 * 24 * HOUR);
      await pass(HOUR);
      expect(dispatcher.requests.length).to.equal(24);
    });
  });

  it("A day that has turned locally but not at VirusTotal costs two requests at most and follows VirusTotal's day", async () => {
    const quotaOfTen = { dailyQuota: 10, onQuota: 'wait' } as const;
    const dispatcher = new VirtualVirusTotal(fixture.apiKey, { daily: 10 });
    dispatcher.brief = true;
    const service = fixture.service({ ...LIMITS['one each 15 seconds'], ...quotaOfTen, dispatcher });
    for (let i = 0; i < 60; i++) lookUp(service, `d${i}.example`);
    await pass(10 * MINUTE);
    expect(dispatcher.requests.length).to.equal(10);
    set(fixture.clock, 24 * HOUR);
    await pass(14 * HOUR);
    expect(dispatcher.refused.length).to.be.at.most(2);
    // 00:00 UTC by VirusTotal's clock: it started at 09:00.
    await pass(70 * MINUTE);
    expect(dispatcher.requests.length - dispatcher.refused.length).to.equal(20);
  });

  for (let script = 1; script <= 10; script++) {
    const seed = `${SEED}-${script}`;
    it(`A week with any clock changes keeps the limit and the days and does not stall (FAULTS_SEED=${seed})`, async () => {
      const chance = new Seeded(`clock ${seed}`);
      const dispatcher = silent();
      const perDay = new Map<string, number>();
      dispatcher.trouble = ({ number }) => {
        const day = new Date().toISOString().slice(0, 10);
        if (number === 0) return { status: 403 };
        perDay.set(day, (perDay.get(day) ?? 0) + 1);
        return undefined;
      };
      const limit = chance.pick(Object.values(LIMITS));
      const quotas = { dailyQuota: 50, monthlyQuota: 0, onQuota: 'wait' } as const;
      const service = fixture.service({ ...limit, ...quotas, dispatcher, cache: false });
      const asked: Tracked[] = [];
      for (let i = 0; i < 2000; i++) asked.push(lookUp(service, `d${i}.example`));
      for (let day = 0; day < 7; day++) {
        await pass(chance.between(1, 40) * MINUTE);
        const ms = chance.between(-70 * MINUTE, 10 * HOUR);
        if (ms > 0 && chance.between(0, 1) === 1) fixture.clock.jump(ms);
        else set(fixture.clock, ms);
        fixture.clock.jump(chance.between(0, 14) * HOUR);
      }
      expect(dispatcher.refused).to.deep.equal([]);
      expect(Math.max(...perDay.values())).to.be.at.most(50);
      expect(asked.filter(({ error }) => error)).to.deep.equal([]);
      const before = dispatcher.requests.length;
      await pass(25 * HOUR);
      expect(dispatcher.requests.length - before).to.be.at.least(50);
    });
  }
});
