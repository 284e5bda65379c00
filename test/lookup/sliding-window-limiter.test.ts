import { expect } from 'chai';
import { SlidingWindowLimiter } from '../../src/lookup/rate-limiter';
import type { Reservation } from '../../src/lookup/dispatch-log';
import { maxTransitMs, withoutImplied, type SlidingWindow } from '../../src/lookup/sliding-window';
import { LimiterDriver } from '../support/limiter-driver';
import { startVirtualClock, UPTIME_MS, type VirtualClock } from '../support/virtual-clock';

const MINUTE = 60_000;
const FOUR_A_MINUTE = { count: 4, windowMs: MINUTE };
const ONE_A_MINUTE = { count: 1, windowMs: MINUTE };

describe('A limiter of sliding windows', () => {
  let clock: VirtualClock;
  beforeEach(() => (clock = startVirtualClock()));
  afterEach(() => clock.uninstall());

  let driver: LimiterDriver;
  beforeEach(() => (driver = new LimiterDriver()));

  function limit(...windows: SlidingWindow[]): SlidingWindowLimiter {
    driver.dispatches.maxTransitMs = maxTransitMs(windows);
    const limiter = new SlidingWindowLimiter(windows, driver.dispatches);
    driver.limiter = limiter;
    return limiter;
  }

  /** One request that has started, whatever becomes of it. */
  async function started(): Promise<Reservation> {
    let reservation: Reservation | undefined;
    driver.start(1, (own) => (reservation = own));
    await clock.tickAsync(0);
    if (!reservation) throw new Error('The limiter lets none start');
    return reservation;
  }

  it('lets the first four requests of an idle key start at once and the fifth when the first is a minute old', async () => {
    limit(FOUR_A_MINUTE);
    const { starts } = driver.start(5);
    await clock.tickAsync(0);
    expect(starts).to.deep.equal(new Array(4).fill(UPTIME_MS));
    await clock.tickAsync(MINUTE - 1);
    expect(starts.length).to.equal(4);
    await clock.tickAsync(1);
    expect(starts.length).to.equal(5);
  });

  it('never allows a fifth start within any sixty seconds', async () => {
    const limiter = limit(FOUR_A_MINUTE);
    // A fixed window would have let four through at 59 s and four more at 61 s.
    for (const until of [59_000, 61_000, 70_000, 122_000, 130_000, 200_000]) {
      await clock.tickAsync(until + UPTIME_MS - performance.now());
      for (let i = 0; i < 4 && limiter.retryAfterMs() === 0; i++) {
        driver.start(1);
        await clock.tickAsync(0);
      }
    }
    const { starts } = driver;
    expect(starts.length).to.be.greaterThan(8);
    starts.slice(4).forEach((at, i) => expect(at - (starts[i] as number)).to.be.at.least(MINUTE));
  });

  it('uses the whole allowance over a long queue', async () => {
    limit(FOUR_A_MINUTE);
    const { starts } = driver.start(1000);
    await clock.tickAsync(249 * MINUTE);
    expect(starts.length).to.equal(1000);
  });

  it('keeps to several windows at once', async () => {
    const windows = [FOUR_A_MINUTE, { count: 1, windowMs: 5_000 }, { count: 6, windowMs: 3 * MINUTE }];
    limit(...windows);
    const { starts } = driver.start(60);
    await clock.tickAsync(60 * MINUTE);
    expect(starts.length).to.equal(60);
    for (const { count, windowMs } of windows)
      starts.slice(count).forEach((at, i) => expect(at - (starts[i] as number)).to.be.at.least(windowMs));
  });

  it('does not count a request that was canceled before it started', async () => {
    const limiter = limit(ONE_A_MINUTE);
    const reservation = await started();
    expect(limiter.retryAfterMs()).to.be.at.least(MINUTE);
    reservation.cancel();
    expect(limiter.retryAfterMs()).to.equal(0);
    driver.start(1);
    await clock.tickAsync(0);
    expect(limiter.retryAfterMs()).to.equal(MINUTE);
  });

  it('counts a request from its answer', async () => {
    const limiter = limit(ONE_A_MINUTE);
    const request = await started();
    await clock.tickAsync(3_000);
    request.dispatched();
    await clock.tickAsync(500);
    request.answered();
    expect(limiter.retryAfterMs()).to.equal(MINUTE);
  });

  it('waits for an answer no longer than a request may be in transit', async () => {
    const limiter = limit(ONE_A_MINUTE);
    const request = await started();
    request.dispatched();
    await clock.tickAsync(20_000);
    request.answered();
    expect(limiter.retryAfterMs()).to.equal(MINUTE - 20_000 + 1_800);
  });

  it('treats a request that ended without an answer as still in transit', async () => {
    const limiter = limit(ONE_A_MINUTE);
    const request = await started();
    request.dispatched();
    await clock.tickAsync(100);
    request.ended();
    expect(limiter.retryAfterMs()).to.equal(MINUTE - 100 + 1_800);
  });

  it('counts a request that was never dispatched from its start', async () => {
    const limiter = limit(ONE_A_MINUTE);
    const request = await started();
    await clock.tickAsync(10_000);
    request.ended();
    expect(limiter.retryAfterMs()).to.equal(MINUTE - 10_000);
  });

  it('reserves the place of each request while it connects', async () => {
    limit({ count: 2, windowMs: MINUTE });
    const [first] = [await started(), await started()];
    driver.start(1);
    await clock.tickAsync(3 * MINUTE);
    first.dispatched();
    first.answered();
    await clock.tickAsync(MINUTE - 1);
    expect(driver.starts.length).to.equal(2);
    await clock.tickAsync(1);
    expect(driver.starts.length).to.equal(3);
  });

  it('lets the next request start sooner when an answer shows that the previous one has arrived', async () => {
    limit(ONE_A_MINUTE);
    const request = await started();
    request.dispatched();
    driver.start(1);
    await clock.tickAsync(100);
    request.answered();
    await clock.tickAsync(MINUTE);
    expect(driver.starts.length).to.equal(2);
  });

  it('includes the requests of an earlier process', () => {
    driver.dispatches.addEarlier([30_000, 20_000, 10_000].map((ago) => performance.now() - ago));
    expect(limit(FOUR_A_MINUTE).retryAfterMs()).to.equal(0);
    expect(limit({ count: 3, windowMs: MINUTE }).retryAfterMs()).to.equal(30_000);
    expect(limit(ONE_A_MINUTE).retryAfterMs()).to.equal(50_000);
  });

  it('neither floods nor stalls when the wall clock is set', async () => {
    limit(FOUR_A_MINUTE);
    const { starts } = driver.start(24);
    for (const hours of [-1, 5, -30, 1]) {
      await clock.tickAsync(30_000);
      clock.setSystemTime(Date.now() + hours * 3_600_000);
    }
    await clock.tickAsync(6 * MINUTE);
    expect(starts.length).to.equal(24);
    starts.slice(4).forEach((at, i) => expect(at - (starts[i] as number)).to.be.at.least(MINUTE));
  });
});

describe('A set of sliding windows', () => {
  it('keeps only the windows that no other one implies', () => {
    const loose = { count: 20, windowMs: 8_000 };
    const spaced = { count: 1, windowMs: 15_000 };
    expect(withoutImplied([spaced, FOUR_A_MINUTE, loose, spaced])).to.deep.equal([spaced, FOUR_A_MINUTE]);
    expect(withoutImplied([])).to.deep.equal([]);
  });

  it('chooses a transit time that costs little of the allowance and covers a lost packet', () => {
    expect(maxTransitMs([{ count: 1, windowMs: 15_000 }])).to.equal(450);
    expect(maxTransitMs([FOUR_A_MINUTE])).to.equal(1_800);
    expect(maxTransitMs([FOUR_A_MINUTE, { count: 1, windowMs: 15_000 }])).to.equal(450);
    expect(maxTransitMs([FOUR_A_MINUTE, { count: 1, windowMs: 100 }])).to.equal(1_800);
    expect(maxTransitMs([{ count: 8, windowMs: 6_000 }])).to.equal(450);
    expect(maxTransitMs([{ count: 1, windowMs: 100 }])).to.equal(7.5);
    expect(maxTransitMs([{ count: 1, windowMs: 86_400_000 }])).to.equal(5_000);
    expect(maxTransitMs([])).to.equal(0);
  });
});
