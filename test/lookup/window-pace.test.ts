import { expect } from 'chai';
import { WindowPace } from '../../src/lookup/window-pace';
import { startVirtualClock, UPTIME_MS, type VirtualClock } from '../support/virtual-clock';

const MINUTE = 60_000;

describe('The pace of at most so many starts a minute', () => {
  let clock: VirtualClock;
  beforeEach(() => (clock = startVirtualClock()));
  afterEach(() => clock.uninstall());

  /** Starts as soon as the pace lets it, again and again; the times are noted. */
  function startAll(pace: WindowPace, count: number): number[] {
    const starts: number[] = [];
    const go = (): boolean => {
      starts.push(performance.now());
      if (starts.length < count) queueMicrotask(() => pace.next(go));
      return true;
    };
    pace.next(go);
    return starts;
  }

  it('lets the first four of an idle key go at once, and the fifth when the first is a minute old', async () => {
    const starts = startAll(new WindowPace(4, MINUTE), 5);
    await clock.tickAsync(0);
    expect(starts).to.deep.equal(new Array(4).fill(UPTIME_MS));
    await clock.tickAsync(MINUTE);
    expect(starts.length).to.equal(4);
    await clock.tickAsync(MINUTE / 100);
    expect(starts.length).to.equal(5);
  });

  it('never lets a fifth into any sixty seconds, wherever they begin', async () => {
    const pace = new WindowPace(4, MINUTE);
    const starts: number[] = [];
    const note = (): boolean => starts.push(performance.now()) > 0;
    // A fixed window would have let four through at 59 s and four more at 61 s.
    for (const until of [59_000, 61_000, 70_000, 122_000, 130_000, 200_000]) {
      await clock.tickAsync(until + UPTIME_MS - performance.now());
      for (let i = 0; i < 4 && pace.waitMs() === 0; i++) pace.next(note);
    }
    expect(starts.length).to.be.greaterThan(8);
    starts.forEach((at, i) => {
      const fifth = starts[i + 4];
      if (fifth !== undefined) expect(fifth - at).to.be.at.least(MINUTE);
    });
  });

  it('uses at least 99 % of what a long queue may have', async () => {
    const starts = startAll(new WindowPace(4, MINUTE), 1000);
    await clock.tickAsync(249 * MINUTE * 1.01);
    expect(starts.length).to.equal(1000);
    starts.slice(4).forEach((at, i) => expect(at - (starts[i] as number)).to.be.at.least(MINUTE));
  });

  it('does not count a start that did not happen', async () => {
    const pace = new WindowPace(1, MINUTE);
    pace.next(() => false);
    expect(pace.waitMs()).to.equal(0);
    pace.next(() => true);
    expect(pace.waitMs()).to.be.at.least(MINUTE);
    await clock.tickAsync(0);
  });

  it('counts a start from when it left, where it had to connect first', async () => {
    const pace = new WindowPace(2, MINUTE);
    const leave: (() => void)[] = [];
    const connecting = (left?: () => void): boolean => leave.push(left as () => void) > 0;
    for (let i = 0; i < 2; i++) pace.next(connecting);
    await clock.tickAsync(3_000);
    leave.forEach((left) => left());
    expect(pace.waitMs()).to.be.within(MINUTE, MINUTE * 1.01);
    await clock.tickAsync(MINUTE * 1.01);
    for (let i = 0; i < 2; i++) pace.next(() => true);
    // Its place is another's by now: it can't prolong what that one has begun.
    leave[0]?.();
    await clock.tickAsync(30_000);
    expect(pace.waitMs()).to.be.below(31_000);
  });

  it('remembers the starts that it is told of', () => {
    const earlier = [30_000, 20_000, 10_000].map((ago) => performance.now() - ago);
    expect(new WindowPace(4, MINUTE, earlier).waitMs()).to.equal(0);
    expect(new WindowPace(3, MINUTE, earlier).waitMs()).to.be.within(30_000, 30_300);
    expect(new WindowPace(1, MINUTE, earlier).waitMs()).to.be.within(50_000, 50_300);
  });

  it('neither floods nor stalls when the wall clock is set', async () => {
    const starts = startAll(new WindowPace(4, MINUTE), 24);
    for (const hours of [-1, 5, -30, 1]) {
      await clock.tickAsync(30_000);
      clock.setSystemTime(Date.now() + hours * 3_600_000);
    }
    await clock.tickAsync(6 * MINUTE);
    expect(starts.length).to.equal(24);
    starts.slice(4).forEach((at, i) => expect(at - (starts[i] as number)).to.be.at.least(MINUTE));
  });

  it('leaves no timer when it is closed while somebody waits', async () => {
    const pace = new WindowPace(1, MINUTE);
    let starts = 0;
    const note = (): boolean => ++starts > 0;
    pace.next(note);
    pace.next(note);
    pace.close();
    expect(clock.countTimers()).to.equal(0);
    await clock.tickAsync(2 * MINUTE);
    expect(starts).to.equal(1);
  });
});
