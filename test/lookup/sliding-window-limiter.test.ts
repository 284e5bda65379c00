import { expect } from 'chai';
import { DispatchLog, type Dispatch } from '../../src/lookup/dispatch-log';
import { maxTransitMs, withoutImplied, type SlidingWindow } from '../../src/lookup/sliding-window';
import { SlidingWindowLimiter } from '../../src/lookup/sliding-window-limiter';
import { startVirtualClock, UPTIME_MS, type VirtualClock } from '../support/virtual-clock';

const MINUTE = 60_000;
const FOUR_A_MINUTE = { count: 4, windowMs: MINUTE };
const ONE_A_MINUTE = { count: 1, windowMs: MINUTE };

describe('The pace of sliding windows', () => {
  let clock: VirtualClock;
  let requests: DispatchLog;
  beforeEach(() => {
    clock = startVirtualClock();
    requests = new DispatchLog();
  });
  afterEach(() => clock.uninstall());

  function paceOf(...windows: SlidingWindow[]): SlidingWindowLimiter {
    requests.maxTransitMs = maxTransitMs(windows);
    return new SlidingWindowLimiter(windows, requests);
  }

  const answeredAtOnce = (): true => {
    requests.markAnswered(requests.add());
    return true;
  };

  /** Starts as soon as the pace lets it, again and again; the times are noted. */
  function startAll(pace: SlidingWindowLimiter, count: number): number[] {
    const starts: number[] = [];
    const go = (): boolean => {
      starts.push(performance.now());
      if (starts.length < count) queueMicrotask(() => pace.schedule(go));
      return answeredAtOnce();
    };
    pace.schedule(go);
    return starts;
  }

  /** One request that has started, whatever becomes of it. */
  function begun(pace: SlidingWindowLimiter): Dispatch {
    let request: Dispatch | undefined;
    pace.schedule(() => Boolean((request = requests.add())));
    if (!request) throw new Error('The pace lets none start');
    return request;
  }

  it('lets the first four of an idle key go at once, and the fifth when the first is a minute old', async () => {
    const starts = startAll(paceOf(FOUR_A_MINUTE), 5);
    await clock.tickAsync(0);
    expect(starts).to.deep.equal(new Array(4).fill(UPTIME_MS));
    await clock.tickAsync(MINUTE - 1);
    expect(starts.length).to.equal(4);
    await clock.tickAsync(1);
    expect(starts.length).to.equal(5);
  });

  it('never lets a fifth into any sixty seconds, wherever they begin', async () => {
    const pace = paceOf(FOUR_A_MINUTE);
    const starts: number[] = [];
    const note = (): boolean => starts.push(performance.now()) > 0 && answeredAtOnce();
    // A fixed window would have let four through at 59 s and four more at 61 s.
    for (const until of [59_000, 61_000, 70_000, 122_000, 130_000, 200_000]) {
      await clock.tickAsync(until + UPTIME_MS - performance.now());
      for (let i = 0; i < 4 && pace.retryAfterMs() === 0; i++) pace.schedule(note);
    }
    expect(starts.length).to.be.greaterThan(8);
    starts.slice(4).forEach((at, i) => expect(at - (starts[i] as number)).to.be.at.least(MINUTE));
  });

  it('uses all that a long queue may have', async () => {
    const starts = startAll(paceOf(FOUR_A_MINUTE), 1000);
    await clock.tickAsync(249 * MINUTE);
    expect(starts.length).to.equal(1000);
  });

  it('keeps to all windows at once', async () => {
    const windows = [FOUR_A_MINUTE, { count: 1, windowMs: 5_000 }, { count: 6, windowMs: 3 * MINUTE }];
    const starts = startAll(paceOf(...windows), 60);
    await clock.tickAsync(60 * MINUTE);
    expect(starts.length).to.equal(60);
    for (const { count, windowMs } of windows)
      starts.slice(count).forEach((at, i) => expect(at - (starts[i] as number)).to.be.at.least(windowMs));
  });

  it('does not count a start that did not happen', () => {
    const pace = paceOf(ONE_A_MINUTE);
    pace.schedule(() => false);
    expect(pace.retryAfterMs()).to.equal(0);
    pace.schedule(answeredAtOnce);
    expect(pace.retryAfterMs()).to.equal(MINUTE);
  });

  it('counts a request from its answer', async () => {
    const pace = paceOf(ONE_A_MINUTE);
    const request = begun(pace);
    await clock.tickAsync(3_000);
    requests.markDispatched(request);
    await clock.tickAsync(500);
    requests.markAnswered(request);
    expect(pace.retryAfterMs()).to.equal(MINUTE);
  });

  it('does not wait longer for an answer than a request may be on its way', async () => {
    const pace = paceOf(ONE_A_MINUTE);
    const request = begun(pace);
    requests.markDispatched(request);
    await clock.tickAsync(20_000);
    requests.markAnswered(request);
    expect(pace.retryAfterMs()).to.equal(MINUTE - 20_000 + 1_800);
  });

  it('takes a request that ends without an answer to be on its way still', async () => {
    const pace = paceOf(ONE_A_MINUTE);
    const request = begun(pace);
    requests.markDispatched(request);
    await clock.tickAsync(100);
    requests.markEnded(request);
    expect(pace.retryAfterMs()).to.equal(MINUTE - 100 + 1_800);
  });

  it('counts one that never left from its start', async () => {
    const pace = paceOf(ONE_A_MINUTE);
    const request = begun(pace);
    await clock.tickAsync(10_000);
    requests.markEnded(request);
    expect(pace.retryAfterMs()).to.equal(MINUTE - 10_000);
  });

  it('keeps the place of each while it waits for its connection', async () => {
    const pace = paceOf({ count: 2, windowMs: MINUTE });
    const [first] = [begun(pace), begun(pace)];
    let third = 0;
    pace.schedule(() => ++third > 0);
    await clock.tickAsync(3 * MINUTE);
    requests.markDispatched(first);
    requests.markAnswered(first);
    await clock.tickAsync(MINUTE - 1);
    expect(third).to.equal(0);
    await clock.tickAsync(1);
    expect(third).to.equal(1);
  });

  it('goes on sooner when an answer shows that a request has arrived', async () => {
    const pace = paceOf(ONE_A_MINUTE);
    const request = begun(pace);
    requests.markDispatched(request);
    let second = 0;
    pace.schedule(() => ++second > 0);
    await clock.tickAsync(100);
    requests.markAnswered(request);
    await clock.tickAsync(MINUTE);
    expect(second).to.equal(1);
  });

  it('remembers the requests that it is told of', () => {
    requests.addEarlier([30_000, 20_000, 10_000].map((ago) => performance.now() - ago));
    expect(paceOf(FOUR_A_MINUTE).retryAfterMs()).to.equal(0);
    expect(paceOf({ count: 3, windowMs: MINUTE }).retryAfterMs()).to.equal(30_000);
    expect(paceOf(ONE_A_MINUTE).retryAfterMs()).to.equal(50_000);
  });

  it('neither floods nor stalls when the wall clock is set', async () => {
    const starts = startAll(paceOf(FOUR_A_MINUTE), 24);
    for (const hours of [-1, 5, -30, 1]) {
      await clock.tickAsync(30_000);
      clock.setSystemTime(Date.now() + hours * 3_600_000);
    }
    await clock.tickAsync(6 * MINUTE);
    expect(starts.length).to.equal(24);
    starts.slice(4).forEach((at, i) => expect(at - (starts[i] as number)).to.be.at.least(MINUTE));
  });

  it('leaves no timer when it is closed while somebody waits', async () => {
    const pace = paceOf(ONE_A_MINUTE);
    const starts = startAll(pace, 2);
    await clock.tickAsync(1);
    pace.close();
    expect(clock.countTimers()).to.equal(0);
    requests.markAnswered(requests.add());
    await clock.tickAsync(2 * MINUTE);
    expect(starts.length).to.equal(1);
  });
});

describe('A set of sliding windows', () => {
  it('is what none of the others implies', () => {
    const loose = { count: 20, windowMs: 8_000 };
    const spaced = { count: 1, windowMs: 15_000 };
    expect(withoutImplied([spaced, FOUR_A_MINUTE, loose, spaced])).to.deep.equal([spaced, FOUR_A_MINUTE]);
    expect(withoutImplied([])).to.deep.equal([]);
  });

  it('gives a request so long to arrive that it costs little of the allowance, and covers a lost packet', () => {
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
