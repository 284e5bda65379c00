import { expect } from 'chai';
import { createRateLimiter } from '../../src/lookup/create-rate-limiter';
import { DispatchLog, type Dispatch } from '../../src/lookup/dispatch-log';
import { SpacingLimiter } from '../../src/lookup/spacing-limiter';
import { pass, startVirtualClock, type VirtualClock } from '../support/virtual-clock';

const GAP = 15_000;
const HOUR = 3_600_000;

describe('The pace of a gap between two starts', () => {
  let clock: VirtualClock;
  beforeEach(() => (clock = startVirtualClock()));
  afterEach(() => clock.uninstall());

  let requests: DispatchLog;
  beforeEach(() => (requests = new DispatchLog()));
  const spaced = (): SpacingLimiter => {
    const pace = createRateLimiter([{ count: 1, windowMs: GAP }], requests);
    expect(pace).to.be.instanceOf(SpacingLimiter);
    return pace as SpacingLimiter;
  };
  const note = (): true => {
    requests.markAnswered(requests.add());
    return true;
  };

  function startAll(pace: SpacingLimiter, count: number): number[] {
    const starts: number[] = [];
    const go = (): boolean => {
      starts.push(performance.now());
      note();
      if (starts.length < count) queueMicrotask(() => pace.schedule(go));
      return true;
    };
    pace.schedule(go);
    return starts;
  }

  function gaps(starts: readonly number[]): number[] {
    return starts.slice(1).map((at, i) => at - (starts[i] as number));
  }

  it('starts the first at once and each next one a gap later, never sooner', async () => {
    const starts = startAll(spaced(), 20);
    await pass(clock, 20);
    expect(starts.length).to.equal(1);
    await clock.tickAsync(20 * GAP);
    expect(starts.length).to.equal(20);
    expect(Math.min(...gaps(starts))).to.be.at.least(GAP);
  });

  it('uses all that a long queue may have', async () => {
    const starts = startAll(spaced(), 1000);
    await clock.tickAsync(999 * GAP + 1000);
    expect(starts.length).to.equal(1000);
    expect(Math.min(...gaps(starts))).to.be.at.least(GAP);
  });

  it('keeps the gap to the last start of the pace before it', async () => {
    await clock.tickAsync(60_000);
    requests.addEarlier([performance.now() - 5_000]);
    const starts = startAll(spaced(), 1);
    await clock.tickAsync(9_900);
    expect(starts).to.deep.equal([]);
    await clock.tickAsync(300);
    expect(starts.length).to.equal(1);
  });

  it('does not count a start that did not happen', async () => {
    const pace = spaced();
    let went = 0;
    pace.schedule(() => false);
    await pass(clock, 20);
    pace.schedule(() => ++went > 0);
    await pass(clock, 20);
    expect(went).to.equal(1);
  });

  it('counts a start from its answer, where it had to connect first', async () => {
    const pace = spaced();
    requests.maxTransitMs = 450;
    let first: Dispatch | undefined;
    pace.schedule(() => Boolean((first = requests.add())));
    await clock.tickAsync(3_000);
    requests.markDispatched(first as Dispatch);
    await clock.tickAsync(200);
    requests.markAnswered(first as Dispatch);
    let went = 0;
    pace.schedule(() => ++went > 0);
    await clock.tickAsync(GAP - 1);
    expect(went).to.equal(0);
    await clock.tickAsync(2);
    expect(went).to.equal(1);
  });

  for (const [what, jump] of [
    ['back by an hour', -HOUR],
    ['on by an hour', HOUR],
    ['back by a second', -1000],
    ['on by a day', 24 * HOUR],
  ] as const) {
    it(`neither stalls nor floods when the wall clock is set ${what}`, async () => {
      const starts = startAll(spaced(), 8);
      await clock.tickAsync(2 * GAP + 7_000);
      clock.setSystemTime(Date.now() + jump);
      await clock.tickAsync(6 * GAP);
      expect(starts.length).to.equal(8);
      expect(Math.min(...gaps(starts))).to.be.at.least(GAP);
      expect(Math.max(...gaps(starts))).to.be.at.most(GAP * 1.01);
    });
  }

  it('goes on at once after the machine has slept', async () => {
    const starts = startAll(spaced(), 4);
    await clock.tickAsync(GAP * 1.5);
    clock.jump(8 * HOUR);
    await clock.tickAsync(2 * GAP);
    expect(starts.length).to.equal(4);
    expect(Math.min(...gaps(starts))).to.be.at.least(GAP);
  });

  it('leaves no timer when it is closed while somebody waits, and starts nothing more', async () => {
    const pace = spaced();
    const starts = startAll(pace, 5);
    await clock.tickAsync(GAP / 2);
    pace.close();
    await clock.tickAsync(0);
    expect(clock.countTimers()).to.equal(0);
    await clock.tickAsync(3 * GAP);
    expect(starts.length).to.equal(1);
  });

  it('leaves no timer when it is closed while it waits out the rest after the clock was set', async () => {
    const pace = spaced();
    const starts = startAll(pace, 1);
    await clock.tickAsync(5_000);
    clock.setSystemTime(Date.now() - HOUR);
    pace.schedule(() => starts.push(performance.now()) > 0);
    await clock.tickAsync(1);
    pace.close();
    await clock.tickAsync(0);
    expect(clock.countTimers()).to.equal(0);
    await clock.tickAsync(2 * GAP);
    expect(starts.length).to.equal(1);
  });

  it('says how long it is until the next start', async () => {
    const pace = spaced();
    expect(pace.retryAfterMs()).to.equal(0);
    pace.schedule(note);
    await clock.tickAsync(5_000);
    expect(pace.retryAfterMs()).to.be.within(10_000, 10_100);
  });
});
