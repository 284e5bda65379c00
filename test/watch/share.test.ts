import { expect } from 'chai';
import { Privileges } from '../../tools/fake-virustotal/privileges';
import { fate, lookUp, withVirtualVirusTotal, type Tracked } from '../support/with-virtual-virustotal';
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

describe('The share of the day that a watch may use', function () {
  // A simulated week on a busy machine.
  this.timeout(120_000);
  const fixture = withVirtualVirusTotal();
  let watch: SimulatedWatch;
  afterEach(() => watch.watcher.stop());

  /** Requests of a kind on each UTC day that has passed as a whole. */
  function perDay(isCounted: (indicator: string) => boolean): number[] {
    const byDay = new Map<number, number>();
    for (const { at, indicator } of fixture.vt.requests) {
      const day = Math.floor((performance.timeOrigin + at) / DAY);
      byDay.set(day, (byDay.get(day) ?? 0) + (isCounted(indicator) ? 1 : 0));
    }
    return [...byDay.values()];
  }
  const ofWatch = (indicator: string): boolean => indicator.startsWith('shop-');

  for (const share of [10, 50, 80])
    it(`is ${share} % of the requests per day, used and not exceeded`, async () => {
      knows(fixture.vt, () => 0);
      watch = new SimulatedWatch(domains(2000), { everyMs: DAY, share });
      watch.start(fixture.service(PUBLIC_KEY));
      await fixture.pass(2.5 * DAY);
      const days = perDay(ofWatch);
      expect(Math.max(...days)).to.equal(5 * share);
      expect(watch.watcher.state).to.include({ budget: 5 * share });
    });

  it('ends before the reserve, also when ordinary lookups have used most of the day', async () => {
    knows(fixture.vt, () => 0);
    watch = new SimulatedWatch(domains(2000), { everyMs: DAY, share: 100 });
    const service = fixture.service({ ...PUBLIC_KEY, reserve: 20 });
    watch.start(service);
    expect(watch.watcher.state.budget).to.equal(400);
    const ordinary: Tracked[] = [];
    for (let hour = 0; hour < 3 * 24; hour++) {
      // 8 an hour: 192 a day.
      for (let i = 0; i < 8; i++) {
        ordinary.push(lookUp(service, `ordinary-${ordinary.length}.example`, { refresh: true }));
        await fixture.pass(HOUR / 8);
      }
    }
    expect(new Set(ordinary.map(fate))).to.deep.equal(new Set(['report']));
    const all = perDay(() => true);
    expect(Math.max(...all)).to.be.at.most(500);
    const watched = perDay(ofWatch);
    // The watch stops at 400 of the day; what comes after it is ordinary.
    expect(Math.max(...watched)).to.be.at.most(400);
    expect(fixture.vt.refused).to.deep.equal([]);
  });

  it('holds list, IoC stream and rescans together, over restarts, and each notification is given once', async () => {
    const { vt } = fixture;
    const random = seeded(20260411);
    vt.state.privileges = new Privileges(['gti']);
    vt.brief = true;
    const options = { ...PUBLIC_KEY, quotaStore: new KeptCounts() };
    watch = new SimulatedWatch(
      domains(120).map(({ type, value }) => ({ type, value: value.replace('.example', '.net') })),
      { everyMs: DAY, share: 50, rescanAfterMs: 30 * DAY, filter: '*' },
    );
    let service = fixture.service(options);
    watch.start(service);
    await fixture.pass(HOUR);
    const begin = Date.now();
    let count = 0;
    let restartAt = begin;
    while (Date.now() < begin + 2 * DAY) {
      await fixture.pass(random() * 60 * MINUTE);
      for (let burst = random() < 0.02 ? 300 : random() * 3; burst > 0; burst--)
        vt.state.stream.add({ kind: 'domain', indicator: `hunted-${count++}.net` });
      if (Date.now() < restartAt) continue;
      restartAt = Date.now() + random() * DAY;
      watch.stop();
      await service.close();
      await fixture.pass(random() * 3 * HOUR);
      service = fixture.service(options);
      watch.start(service);
      await fixture.pass(MINUTE);
    }
    await fixture.pass(DAY);
    const given = watch.notifications.map(({ indicator }) => indicator.value);
    expect(count).to.be.above(300);
    expect(new Set(given).size).to.equal(given.length);
    expect(given).to.have.length(count);
    const dates = watch.notifications.map(({ date }) => date as number);
    expect(dates).to.deep.equal([...dates].sort((a, b) => a - b));
    expect(Math.max(...perDay(() => true))).to.be.at.most(250);
    expect(vt.refused).to.deep.equal([]);
  });
});
