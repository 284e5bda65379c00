import { expect } from 'chai';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { VirtualVirusTotal } from '../support/virtual-virustotal';
import { fate, lookUp, withVirtualVirusTotal } from '../support/with-virtual-virustotal';

const SECOND = 1000;
const MINUTE = 60_000;

describe('Several configs', () => {
  const fixture = withVirtualVirusTotal();
  const gaps = (starts: readonly number[]): number[] =>
    starts.slice(1).map((at, i) => at - (starts[i] as number));

  describe('with one key', () => {
    it('keep to one rate limit together', async () => {
      const { vt } = fixture;
      const services = [fixture.service({ rateLimit: true }), fixture.service({ rateLimit: true })];
      for (let i = 0; i < 6; i++) lookUp(services[i % 2]!, `d${i}.example`);
      await fixture.pass(80 * SECOND);
      expect(vt.starts.length).to.equal(6);
      expect(Math.min(...gaps(vt.starts))).to.be.at.least(15 * SECOND);
    });

    it('keep to the strictest limit, and to a removed limit until its window has passed', async () => {
      const { vt } = fixture;
      const slow = fixture.service({ rateLimit: true, rateLimitMs: 30_000 });
      const fast = fixture.service({ rateLimit: true, rateLimitMs: 1_000 });
      for (let i = 0; i < 60; i++) lookUp(fast, `d${i}.example`);
      await fixture.pass(61 * SECOND);
      expect(vt.starts.length).to.equal(3);
      await slow.close();
      await fixture.pass(30 * SECOND);
      expect(vt.starts.length).to.equal(4);
      await fixture.pass(21 * SECOND);
      expect(vt.starts.length).to.be.within(22, 25);
      expect(Math.min(...gaps(vt.starts))).to.be.at.least(1_000);
    });

    it('keep to the stricter limit while a deploy removes and re-adds its config', async () => {
      const { vt } = fixture;
      const options = { rateLimit: true, rateLimitMode: 'window', dailyQuota: 0, monthlyQuota: 0 } as const;
      const loose = fixture.service({ ...options, rateLimitCount: 150 });
      const strict = fixture.service({ ...options, rateLimitCount: 100 });
      for (let i = 0; i < 300; i++) lookUp(loose, `d${i}.example`);
      await fixture.pass(SECOND);
      await strict.close();
      await fixture.pass(SECOND);
      fixture.service({ ...options, rateLimitCount: 100 });
      await fixture.pass(3 * MINUTE);
      expect(vt.starts.length).to.equal(300);
      vt.starts.slice(100).forEach((at, i) => expect(at - (vt.starts[i] as number)).to.be.at.least(MINUTE));
    });

    it('keep to the limit while a full deploy removes and re-adds all configs', async () => {
      const { vt } = fixture;
      const strict = { rateLimit: true, rateLimitMode: 'window', rateLimitCount: 4 } as const;
      const loose = { rateLimit: true, rateLimitMs: 100 };
      let services = [fixture.service(strict), fixture.service(loose)];
      for (let deploys = 0; deploys < 5; deploys++) {
        services.forEach((service, i) => lookUp(service, `${deploys}-${i}.example`));
        await fixture.pass(SECOND);
        await Promise.all(services.map((service) => service.close()));
        // The looser one is back first.
        services = [fixture.service(loose)];
        for (let i = 0; i < 9; i++) lookUp(services[0]!, `${deploys}-alone-${i}.example`);
        await fixture.pass(SECOND);
        services.push(fixture.service(strict));
      }
      await fixture.pass(SECOND);
      expect(vt.starts.length).to.equal(4);
    });

    it('keep to the limit of a removed config for its own window and no longer', async () => {
      const { vt } = fixture;
      const counted = { dailyQuota: 0, monthlyQuota: 0, rateLimit: true } as const;
      const window = { ...counted, rateLimitMode: 'window' } as const;
      await fixture.service({ ...window, rateLimitCount: 4 }).close();
      const service = fixture.service({ ...window, rateLimitCount: 20 });
      for (let i = 0; i < 30; i++) lookUp(service, `d${i}.example`);
      await fixture.pass(59 * SECOND);
      expect(vt.starts.length).to.equal(4);
      await fixture.pass(1.5 * SECOND);
      expect(vt.starts.length).to.equal(8);
      await fixture.pass(2 * SECOND);
      expect(vt.starts.length).to.equal(24);
    });

    it('send no bursts when one of them forbids bursts', async () => {
      const { vt } = fixture;
      const window = fixture.service({ rateLimit: true, rateLimitMode: 'window' });
      fixture.service({ rateLimit: true, rateLimitMode: 'spacing' });
      for (let i = 0; i < 4; i++) lookUp(window, `d${i}.example`);
      await fixture.pass(MINUTE);
      expect(vt.starts.length).to.equal(4);
      expect(Math.min(...gaps(vt.starts))).to.be.at.least(15 * SECOND);
    });

    const spacing = (rateLimitMs: number) => ({ rateLimitMode: 'spacing', rateLimitMs }) as const;
    const window = (rateLimitCount: number) => ({ rateLimitMode: 'window', rateLimitCount }) as const;
    for (const [one, other, aMinute] of [
      [spacing(15_000), window(4), 4],
      [spacing(14_000), window(4), 4],
      [spacing(20_000), window(4), 3],
      [spacing(1_000), window(4), 4],
      [spacing(100), window(7), 7],
      [spacing(45_000), window(1), 1],
      [window(4), window(2), 2],
      [spacing(9_000), spacing(10_000), 6],
    ] as const) {
      for (const limits of [
        [one, other],
        [other, one],
      ] as const) {
        it(`keep ${limits.map((limit) => JSON.stringify(limit)).join(' and ')} and use what both allow`, async () => {
          const { vt } = fixture;
          vt.brief = true;
          const options = { rateLimit: true, dailyQuota: 0, monthlyQuota: 0 };
          const services = limits.map((limit) => fixture.service({ ...options, ...limit }));
          for (let i = 0; i < 200; i++) lookUp(services[i % 2]!, `d${i}.example`);
          await fixture.pass(20 * MINUTE);
          for (const limit of limits) {
            const [count, ms] =
              limit.rateLimitMode === 'spacing' ? [1, limit.rateLimitMs] : [limit.rateLimitCount, MINUTE];
            vt.starts
              .slice(count)
              .forEach((at, i) => expect(at - (vt.starts[i] as number)).to.be.at.least(ms));
          }
          expect(vt.starts.length).to.be.at.least(Math.floor(20 * aMinute * 0.99));
        });
      }
    }

    it('count their lookups together', async () => {
      const [first, second] = [fixture.service({ dailyQuota: 3 }), fixture.service({ dailyQuota: 2 })];
      const asked = [first, second, first].map((service, i) => lookUp(service, `d${i}.example`));
      await fixture.pass(1);
      expect(asked.map(fate)).to.deep.equal(['report', 'report', 'VT_QUOTA']);
      expect(second.stats().quota.day).to.deep.equal({ used: 2, allowed: 2 });
    });

    it('continue when one of them is closed', async () => {
      const { vt } = fixture;
      const [first, second] = [fixture.service({ rateLimit: true }), fixture.service({ rateLimit: true })];
      const gone = ['a', 'b'].map((name) => lookUp(first, `${name}.example`));
      const stays = ['c', 'd'].map((name) => lookUp(second, `${name}.example`));
      await fixture.pass(100);
      await first.close();
      await fixture.pass(20 * SECOND);
      expect(gone.map(fate)).to.deep.equal(['report', 'VT_CLOSED']);
      await fixture.pass(20 * SECOND);
      expect(stays.map(fate)).to.deep.equal(['report', 'report']);
      expect(vt.asked).to.deep.equal(['a', 'c', 'd'].map((name) => `${name}.example`));
    });
  });

  it('with different keys do not delay each other', async () => {
    const apiKey = freshKey();
    const dispatcher = new VirtualVirusTotal(apiKey);
    fixture.vt.trouble = () => ({ status: 401 });
    const [ill, well] = [fixture.service(), fixture.service({ apiKey, dispatcher })];
    const asked = [ill, well].map((service) => lookUp(service, 'a.example'));
    await fixture.pass(1);
    expect(asked.map(fate)).to.deep.equal(['VT_AUTH', 'report']);
  });

  describe('that replace one another', () => {
    for (const [from, to] of [
      [{ rateLimitMode: 'spacing' }, { rateLimitMode: 'window' }],
      [{ rateLimitMode: 'window' }, { rateLimitMode: 'window' }],
      [{ rateLimit: false }, { rateLimitMode: 'window' }],
    ] as const) {
      it(`allow no extra request on a redeploy from ${JSON.stringify(from)} to ${JSON.stringify(to)}`, async () => {
        const { vt } = fixture;
        const options = { rateLimit: true, cache: false };
        const first = fixture.service({ ...options, ...from });
        for (let i = 0; i < 4; i++) lookUp(first, `d${i}.example`);
        await fixture.pass(50 * SECOND);
        await first.close();
        const second = fixture.service({ ...options, ...to });
        for (let i = 4; i < 9; i++) lookUp(second, `d${i}.example`);
        await fixture.pass(5 * MINUTE);
        expect(vt.starts.length).to.equal(9);
        vt.starts.slice(4).forEach((at, i) => expect(at - (vt.starts[i] as number)).to.be.at.least(MINUTE));
      });
    }

    it('keep the window of an earlier burst and the new spacing', async () => {
      const { vt } = fixture;
      const first = fixture.service({ rateLimit: true, rateLimitMode: 'window' });
      for (let i = 0; i < 4; i++) lookUp(first, `d${i}.example`);
      await fixture.pass(5 * SECOND);
      await first.close();
      lookUp(fixture.service({ rateLimit: true }), 'a.example');
      await fixture.pass(9 * SECOND);
      expect(vt.starts.length).to.equal(4);
      await fixture.pass(MINUTE - 13 * SECOND);
      expect(vt.starts.length).to.equal(5);
    });

    it('apply a new limit at once to requests that are already waiting', async () => {
      const { vt } = fixture;
      const slow = { rateLimit: true, rateLimitMs: 100_000 };
      const waiting = fixture.service({ rateLimit: true, rateLimitMs: 1000 });
      const strict = fixture.service(slow);
      lookUp(waiting, 'a.example');
      await fixture.pass(100);
      const next = lookUp(waiting, 'b.example');
      await fixture.pass(10 * SECOND);
      expect(fate(next)).to.equal('waiting');
      await strict.close();
      await fixture.pass(89 * SECOND);
      expect(fate(next)).to.equal('waiting');
      await fixture.pass(SECOND);
      expect(fate(next)).to.equal('report');
      expect(vt.starts.length).to.equal(2);
      await fixture.pass(20 * SECOND);
      lookUp(waiting, 'c.example');
      await fixture.pass(SECOND);
      expect(vt.starts.length).to.equal(3);
      const later = lookUp(waiting, 'd.example');
      fixture.service(slow);
      await fixture.pass(98 * SECOND);
      expect(fate(later)).to.equal('waiting');
      await fixture.pass(3 * SECOND);
      expect(fate(later)).to.equal('report');
    });
  });
});
