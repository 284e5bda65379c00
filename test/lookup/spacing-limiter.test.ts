import { expect } from 'chai';
import { createLocalLimiter } from '../../src/lookup/limiter-backend';
import type { Reservation } from '../../src/lookup/dispatch-log';
import type { RateLimiter } from '../../src/lookup/rate-limiter';
import { SpacingLimiter } from '../../src/lookup/spacing-limiter';
import { LimiterDriver } from '../support/limiter-driver';
import { pass, startVirtualClock, type VirtualClock } from '../support/virtual-clock';

const GAP = 15_000;
const HOUR = 3_600_000;

describe('A limiter with spacing between two starts', () => {
  let clock: VirtualClock;
  beforeEach(() => (clock = startVirtualClock()));
  afterEach(() => clock.uninstall());

  let driver: LimiterDriver;
  let limiter: RateLimiter;
  beforeEach(() => {
    driver = new LimiterDriver();
    limiter = createLocalLimiter([{ count: 1, windowMs: GAP }], driver.dispatches);
    driver.limiter = limiter;
    expect(limiter).to.be.instanceOf(SpacingLimiter);
  });

  function gaps(starts: readonly number[]): number[] {
    return starts.slice(1).map((at, i) => at - (starts[i] as number));
  }

  it('lets the first request start at once and each next one no sooner than the spacing', async () => {
    const { starts } = driver.start(20);
    await pass(clock, 20);
    expect(starts.length).to.equal(1);
    await clock.tickAsync(20 * GAP);
    expect(starts.length).to.equal(20);
    expect(Math.min(...gaps(starts))).to.be.at.least(GAP);
  });

  it('uses the whole allowance over a long queue', async () => {
    const { starts } = driver.start(1000);
    await clock.tickAsync(999 * GAP + 2000);
    expect(starts.length).to.equal(1000);
    expect(Math.min(...gaps(starts))).to.be.at.least(GAP);
  });

  it('keeps the spacing from the last start of an earlier process', async () => {
    await clock.tickAsync(60_000);
    driver.dispatches.addEarlier([performance.now() - 5_000]);
    const { starts } = driver.start(1);
    await clock.tickAsync(9_900);
    expect(starts).to.deep.equal([]);
    await clock.tickAsync(300);
    expect(starts.length).to.equal(1);
  });

  it('measures the spacing from the answer of a request that had to connect first', async () => {
    driver.dispatches.maxTransitMs = 450;
    let first: Reservation | undefined;
    driver.start(1, (reservation) => (first = reservation));
    await clock.tickAsync(3_000);
    first?.dispatched();
    await clock.tickAsync(200);
    first?.answered();
    driver.start(1);
    await clock.tickAsync(GAP - 1);
    expect(driver.starts.length).to.equal(1);
    await clock.tickAsync(3);
    expect(driver.starts.length).to.equal(2);
  });

  for (const [what, jump] of [
    ['back by an hour', -HOUR],
    ['on by an hour', HOUR],
    ['back by a second', -1000],
    ['on by a day', 24 * HOUR],
  ] as const) {
    it(`neither stalls nor floods when the wall clock is set ${what}`, async () => {
      const { starts } = driver.start(8);
      await clock.tickAsync(2 * GAP + 7_000);
      clock.setSystemTime(Date.now() + jump);
      await clock.tickAsync(6 * GAP);
      expect(starts.length).to.equal(8);
      expect(Math.min(...gaps(starts))).to.be.at.least(GAP);
      expect(Math.max(...gaps(starts))).to.be.at.most(GAP * 1.01);
    });
  }

  it('lets the next request start at once after the machine slept', async () => {
    const { starts } = driver.start(4);
    await clock.tickAsync(GAP * 1.5);
    clock.jump(8 * HOUR);
    await clock.tickAsync(2 * GAP);
    expect(starts.length).to.equal(4);
    expect(Math.min(...gaps(starts))).to.be.at.least(GAP);
  });

  it('leaves no timer and starts nothing when it is closed while a request waits', async () => {
    const { starts } = driver.start(5);
    await clock.tickAsync(GAP / 2);
    driver.close();
    await clock.tickAsync(0);
    expect(clock.countTimers()).to.equal(0);
    await clock.tickAsync(3 * GAP);
    expect(starts.length).to.equal(1);
  });

  it('leaves no timer when it is closed while a request waits after the clock was set', async () => {
    const { starts } = driver.start(1);
    await clock.tickAsync(5_000);
    clock.setSystemTime(Date.now() - HOUR);
    driver.start(1);
    await clock.tickAsync(1);
    driver.close();
    await clock.tickAsync(0);
    expect(clock.countTimers()).to.equal(0);
    await clock.tickAsync(2 * GAP);
    expect(starts.length).to.equal(1);
  });

  it('gives the time until the next start', async () => {
    expect(limiter.retryAfterMs()).to.equal(0);
    driver.start(1);
    await clock.tickAsync(5_000);
    expect(limiter.retryAfterMs()).to.be.within(10_000, 10_100);
  });
});
