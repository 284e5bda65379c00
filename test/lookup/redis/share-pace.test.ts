import { expect } from 'chai';
import type { Pace, PaceLimit } from '../../../src/lookup/pace';
import { createSharePace } from '../../../src/lookup/redis/share-pace';
import { startVirtualClock, type VirtualClock } from '../../support/virtual-clock';

const MINUTE = 60_000;

describe('The pace of instances that can not ask each other', () => {
  let clock: VirtualClock;
  beforeEach(() => (clock = startVirtualClock()));
  afterEach(() => clock.uninstall());

  /** Each instance's starts, as many as it may, in that time. */
  async function run(
    limit: PaceLimit,
    instances: number,
    ms: number,
    known: { inWindow?: number; starts?: number[][] } = {},
  ): Promise<number[][]> {
    const { inWindow = 0, starts = [] } = known;
    const paces = Array.from({ length: instances }, (_, place) =>
      createSharePace(limit, { instances, place, clockOffset: 12_345, inWindow }, starts[place] ?? []),
    );
    const all = paces.map((): number[] => []);
    const ask = (pace: Pace, own: number[]): void =>
      pace.next(() => {
        own.push(performance.now());
        queueMicrotask(() => ask(pace, own));
        return true;
      });
    paces.forEach((pace, place) => ask(pace, all[place] as number[]));
    await clock.tickAsync(ms);
    for (const pace of paces) pace.close();
    return all;
  }

  const together = (all: number[][]): number[] => all.flat().sort((a, b) => a - b);
  const spans = (times: number[], apart: number): number[] =>
    times.slice(apart).map((time, i) => time - (times[i] as number));

  it('is the spacing times the number of instances, and they take turns', async () => {
    const all = await run({ mode: 'spacing', ms: 15_000 }, 3, 30 * MINUTE);
    for (const own of all) expect(Math.min(...spans(own, 1))).to.be.at.least(45_000);
    expect(Math.min(...spans(together(all), 1))).to.be.at.least(15_000);
    expect(together(all).length).to.be.at.least(0.98 * 30 * 4);
  });

  it('is an equal part of the limit a minute', async () => {
    const all = await run({ mode: 'window', count: 10, windowMs: MINUTE }, 3, 10 * MINUTE);
    expect(Math.min(...spans(together(all), 10))).to.be.at.least(MINUTE);
    expect(all.map((own) => own.length)).to.deep.equal([30, 30, 30]);
  });

  it('is a turn in as many minutes as it takes when there are more instances than starts', async () => {
    const all = await run({ mode: 'window', count: 4, windowMs: MINUTE }, 10, 30 * MINUTE);
    expect(Math.min(...spans(together(all), 4))).to.be.at.least(MINUTE);
    expect(together(all).length).to.be.at.least(0.95 * 30 * 4);
    for (const own of all) expect(own.length).to.be.within(11, 12);
  });

  it('leaves to the window that is under way what others may have started in it', async () => {
    const now = performance.now();
    // Nine of ten are used, six of them by others: nobody knows by whom.
    const starts = [[now - 3, now - 2, now - 1], [], []];
    const all = await run({ mode: 'window', count: 10, windowMs: MINUTE }, 3, 2.5 * MINUTE, {
      inWindow: 9,
      starts,
    });
    const times = together(all).filter((at) => at < now + MINUTE);
    expect(times.length).to.be.at.most(1);
    expect(together(all).length).to.be.at.least(9);
  });

  it('is the whole limit of who is alone, and none where there is none', async () => {
    expect((await run({ mode: 'window', count: 4, windowMs: MINUTE }, 1, 10 * MINUTE))[0]).to.have.length(40);
    const unlimited = createSharePace(
      { mode: 'none' },
      { instances: 3, place: 0, clockOffset: 0, inWindow: 0 },
      [],
    );
    expect(unlimited.waitMs()).to.equal(0);
  });
});
