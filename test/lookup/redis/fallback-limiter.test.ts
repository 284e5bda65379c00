import { expect } from 'chai';
import { DispatchLog } from '../../../src/lookup/dispatch-log';
import { createFallbackLimiter } from '../../../src/lookup/redis/outage/fallback-limiter';
import type { SlidingWindow } from '../../../src/lookup/sliding-window';
import { LimiterDriver } from '../../support/limiter-driver';
import { startVirtualClock, type VirtualClock } from '../../support/virtual-clock';

const MINUTE = 60_000;

describe("The fallback limiter of an instance that can't reach Redis", () => {
  let clock: VirtualClock;
  beforeEach(() => (clock = startVirtualClock()));
  afterEach(() => clock.uninstall());

  /** Each instance's starts, as many as it may, in that time. */
  async function run(
    limit: SlidingWindow | SlidingWindow[],
    instances: number,
    ms: number,
    known: { starts?: number[][]; met?: boolean } = {},
  ): Promise<number[][]> {
    const { starts = [], met = true } = known;
    const drivers = Array.from({ length: instances }, (_, index) => {
      const driver = new LimiterDriver();
      driver.dispatches.addEarlier(starts[index] ?? []);
      driver.limiter = createFallbackLimiter(
        [limit].flat(),
        { instances, index: met ? index : undefined, clockOffset: 12_345 },
        driver.dispatches,
      );
      return driver.start(100_000);
    });
    await clock.tickAsync(ms);
    for (const driver of drivers) driver.close();
    return drivers.map((driver) => driver.starts);
  }

  const together = (all: number[][]): number[] => all.flat().sort((a, b) => a - b);
  const spans = (times: number[], apart: number): number[] =>
    times.slice(apart).map((time, i) => time - (times[i] as number));

  it('is the spacing times the number of instances, and they take turns', async () => {
    const all = await run({ count: 1, windowMs: 15_000 }, 3, 30 * MINUTE);
    for (const own of all) expect(Math.min(...spans(own, 1))).to.be.at.least(45_000);
    expect(Math.min(...spans(together(all), 1))).to.be.at.least(15_000);
    expect(together(all).length).to.be.at.least(0.96 * 30 * 4);
  });

  it('is an equal part of the limit a minute', async () => {
    const all = await run({ count: 10, windowMs: MINUTE }, 3, 11 * MINUTE - 1);
    // In the first minute the whole limit may have been used just before.
    expect(Math.min(...spans(together(all), 10))).to.be.at.least(MINUTE);
    expect(all.map((own) => own.length)).to.deep.equal([30, 30, 30]);
  });

  it('is a turn in as many minutes as it takes when there are more instances than starts', async () => {
    const all = await run({ count: 4, windowMs: MINUTE }, 10, 30 * MINUTE);
    expect(Math.min(...spans(together(all), 4))).to.be.at.least(MINUTE);
    expect(together(all).length).to.be.at.least(0.95 * 30 * 4);
    for (const own of all) expect(own.length).to.be.within(11, 12);
  });

  it('leaves to the window that is under way what others may have started in it', async () => {
    const now = performance.now();
    // It is unknown whether the others have used the other seven.
    const starts = [[now - 3, now - 2, now - 1], [], []];
    const all = await run({ count: 10, windowMs: MINUTE }, 3, 2.5 * MINUTE, { starts });
    const times = together(all);
    expect(times.filter((at) => at < now - 3 + MINUTE)).to.deep.equal([]);
    expect(times.length).to.be.at.least(9);
  });

  it('keeps to each of several limits', async () => {
    const limits = [
      { count: 10, windowMs: MINUTE },
      { count: 4, windowMs: 10_000 },
    ];
    const all = together(await run(limits, 2, 11 * MINUTE));
    for (const { count, windowMs } of limits) expect(Math.min(...spans(all, count))).to.be.at.least(windowMs);
    expect(all.length).to.be.at.least(100);
  });

  describe('and have not seen each other since they started', () => {
    const most = (times: number[], ms: number): number =>
      Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + ms).length));

    for (const [count, instances] of [
      [4, 3],
      [4, 2],
      [4, 4],
      [10, 3],
      [100, 7],
    ] as const)
      it(`is never more than ${count} in any minute of ${instances} together, by a window or a spacing`, async () => {
        const window = { count, windowMs: MINUTE };
        const each = Math.floor(count / instances);
        const all = await run(window, instances, 5 * MINUTE, { met: false });
        expect(most(together(all), MINUTE)).to.equal(each * instances);
        const spaced = await run({ count: 1, windowMs: MINUTE / count }, instances, 5 * MINUTE, {
          met: false,
        });
        expect(most(together(spaced), MINUTE)).to.equal(each * instances);
      });

    it('begins a window later: those that have met may have used all of it just now', async () => {
      for (const [limit, instances] of [
        [{ count: 4, windowMs: MINUTE }, 2],
        [{ count: 4, windowMs: MINUTE }, 10],
        [{ count: 1, windowMs: 15_000 }, 3],
      ] as const) {
        const now = performance.now();
        const all = await run(limit, instances, 10 * MINUTE, { met: false });
        const [first] = together(all);
        expect((first as number) - now).to.be.within(limit.windowMs, limit.windowMs * 2 * instances);
      }
    });

    it('is the limit on average when they are more than it has starts, each at its own times', async () => {
      for (const limit of [
        { count: 4, windowMs: MINUTE },
        { count: 1, windowMs: 15_000 },
      ] as const) {
        const all = await run(limit, 10, 50 * MINUTE, { met: false });
        for (const own of all) expect(Math.min(...spans(own, 1))).to.be.at.least(2.5 * MINUTE);
        expect(together(all).length).to.be.within(0.9 * 200, 200);
        expect(new Set(all.map(([first]) => first)).size).to.be.at.least(9);
      }
    });
  });

  it('gives a single instance the whole limit, and no limit where there is none', async () => {
    expect((await run({ count: 4, windowMs: MINUTE }, 1, 10 * MINUTE - 1))[0]).to.have.length(40);
    const partition = { instances: 3, index: 0, clockOffset: 0 };
    expect(createFallbackLimiter([], partition, new DispatchLog()).retryAfterMs()).to.equal(0);
  });
});
