import { expect } from 'chai';
import { fate, lookUp, withVirtualVirusTotal, type Tracked } from '../support/with-virtual-virustotal';
import { VirtualVirusTotal } from '../support/virtual-virustotal';
import {
  DAY,
  domains,
  HOUR,
  KeptCounts,
  knows,
  MINUTE,
  PUBLIC_KEY,
  seeded,
  SimulatedWatch,
} from './simulated-watch';

/** When the verdicts of each domain change, in ms since 1970: never twice within three days. */
function changesOf(names: readonly string[], from: number, random: () => number): Map<string, number[]> {
  const times = new Map<string, number[]>();
  for (const name of names) {
    const own: number[] = [];
    for (let at = from + DAY + random() * 20 * DAY; at < from + 27 * DAY; at += (3 + random() * 15) * DAY)
      own.push(at);
    times.set(name, own);
  }
  return times;
}

describe('A month of watching with a free key', function () {
  this.timeout(120_000);
  const fixture = withVirtualVirusTotal();

  it('reports each change once over restarts, keeps to the quota, and delays no alert', async () => {
    const random = seeded(20260310);
    fixture.vt = new VirtualVirusTotal(fixture.apiKey, { perWindow: 4, daily: 500, monthly: 15_500 });
    const { vt } = fixture;
    const watched = domains(120);
    const begin = Date.now();
    const changes = changesOf(
      watched.map(({ value }) => value),
      begin,
      random,
    );
    knows(vt, (name, time) =>
      (changes.get(name) ?? []).filter((at) => at <= time).length % 2 === 1 ? 12 : 0,
    );
    const watch = new SimulatedWatch(watched, { everyMs: DAY, share: 50 });
    const options = { ...PUBLIC_KEY, quotaStore: new KeptCounts() };
    let service = fixture.service(options);
    watch.start(service);
    const alerts: { asked: Tracked; at: number }[] = [];
    let restartAt = begin + random() * DAY;
    while (Date.now() < begin + 30 * DAY) {
      await fixture.pass(10 * MINUTE + random() * 20 * MINUTE);
      const alert = lookUp(service, `alert-${alerts.length}.example`, { refresh: true });
      alerts.push({ asked: alert, at: performance.now() });
      if (Date.now() < restartAt) continue;
      restartAt = Date.now() + random() * 2 * DAY;
      await fixture.pass(10);
      watch.stop();
      await service.close();
      await fixture.pass(random() * 30 * MINUTE);
      service = fixture.service(options);
      watch.start(service);
      // The limit of the process before it counts for a minute.
      await fixture.pass(MINUTE);
    }
    await fixture.pass(MINUTE);
    watch.stop();

    const expected = [...changes].flatMap(([name, times]) => times.map((at, i) => ({ name, at, i })));
    expect(expected.length).to.be.above(100);
    expect(watch.changes.length).to.equal(expected.length);
    for (const [name, times] of changes) {
      const own = watch.changes.filter(({ indicator }) => indicator.value === name);
      expect(own.length, name).to.equal(times.length);
      own.forEach(({ at, analysis, previous }, i) => {
        expect(analysis.verdict).to.equal(i % 2 === 0 ? 'malicious' : 'trusted');
        expect(previous.verdict).to.equal(i % 2 === 0 ? 'trusted' : 'malicious');
        expect(at - (times[i] as number), name).to.be.within(0, DAY + 2 * HOUR);
      });
    }
    expect(vt.refused).to.deep.equal([]);
    expect(new Set(alerts.map(({ asked }) => fate(asked)))).to.deep.equal(new Set(['report']));
    const waits = alerts.map(({ asked, at }) => (asked.endedAt as number) - at);
    expect(Math.max(...waits)).to.be.below(1000);
    const byDay = new Map<string, number>();
    for (const { at, indicator } of vt.requests) {
      if (!indicator.startsWith('shop-')) continue;
      const day = new Date(performance.timeOrigin + at).toISOString().slice(0, 10);
      byDay.set(day, (byDay.get(day) ?? 0) + 1);
    }
    expect(Math.max(...byDay.values())).to.be.at.most(250);
    // In the end each is looked up about once a day.
    const lastDays = [...byDay.values()].slice(-8, -1);
    expect(Math.max(...lastDays)).to.be.at.most(135);
  });
});

describe('A thousand indicators on a free key', function () {
  this.timeout(120_000);
  const fixture = withVirtualVirusTotal();

  it('are each looked up within the time that a round is said to take', async () => {
    const { vt } = fixture;
    knows(vt, () => 0);
    const watched = domains(1000);
    const watch = new SimulatedWatch(watched, { everyMs: DAY, share: 50 });
    const service = fixture.service(PUBLIC_KEY);
    watch.start(service);
    expect(watch.watcher.state.roundMs).to.equal(4 * DAY);
    await fixture.pass(9 * DAY);
    const times = new Map<string, number[]>();
    for (const { indicator, at } of vt.requests) times.set(indicator, [...(times.get(indicator) ?? []), at]);
    expect(times.size).to.equal(1000);
    const gaps = [...times.values()].flatMap((own) => own.slice(1).map((at, i) => at - (own[i] as number)));
    expect(Math.max(...gaps)).to.be.at.most(1.05 * 4 * DAY);
    expect(vt.requests.length).to.be.within(8.5 * 250, 9.5 * 250);
    watch.stop();
  });

  it('fit into their time as 300 with a key of the premium API, spread over it', async () => {
    const { vt } = fixture;
    knows(vt, () => 0);
    const watch = new SimulatedWatch(domains(300), { everyMs: DAY, share: 50 });
    const service = fixture.service({
      ...{ rateLimit: true, rateLimitMode: 'window', rateLimitCount: 1000 },
      ...{ dailyQuota: 20_000, monthlyQuota: 600_000 },
    });
    watch.start(service);
    expect(watch.watcher.state.roundMs).to.equal(undefined);
    await fixture.pass(6 * DAY);
    const before = vt.requests.length;
    const hours: number[] = [];
    for (let hour = 0; hour < 24; hour++) {
      const from = vt.requests.length;
      await fixture.pass(HOUR);
      hours.push(vt.requests.length - from);
    }
    expect(vt.requests.length - before).to.be.within(290, 310);
    expect(Math.max(...hours)).to.be.below(30);
    expect(Math.min(...hours)).to.be.above(3);
    watch.stop();
  });
});
