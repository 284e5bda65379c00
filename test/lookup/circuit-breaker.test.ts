import { expect } from 'chai';
import { VirusTotalError } from '../../src/errors';
import { CircuitBreaker } from '../../src/lookup/circuit-breaker';
import { QuotaCount } from '../../src/lookup/quota-count';
import { startVirtualClock, type VirtualClock } from '../support/virtual-clock';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const quota = new VirusTotalError('VT_QUOTA', 'Quota exceeded', { status: 429, retryable: true });
const refused = new VirusTotalError('VT_AUTH', 'Wrong key', { status: 401 });

describe('The circuit breaker of a key', () => {
  let clock: VirtualClock;
  let count: QuotaCount;
  let breaker: CircuitBreaker;
  const kind = (): string | undefined => breaker.current()?.kind;
  beforeEach(() => {
    clock = startVirtualClock('2026-03-10T09:00:00Z');
    count = new QuotaCount();
    breaker = new CircuitBreaker(count, () => 1);
  });
  afterEach(() => clock.uninstall());

  describe('after VirusTotal reported "quota"', () => {
    it('pauses the key for the given time', () => {
      expect(breaker.pause(MINUTE, quota)).to.equal(true);
      expect(breaker.current()).to.deep.equal({ kind: 'rate-limited', error: quota, remainingMs: MINUTE });
      clock.tick(MINUTE - 1);
      expect(kind()).to.equal('rate-limited');
      clock.tick(1);
      expect(kind()).to.equal(undefined);
    });

    it('starts one pause for all requests that were in flight together', () => {
      breaker.pause(MINUTE, quota);
      clock.tick(200);
      expect(breaker.pause(MINUTE, quota)).to.equal(false);
      expect(breaker.current()?.remainingMs).to.equal(MINUTE - 200);
    });

    it('starts a new pause when VirusTotal reports "quota" again after the first one, even if nothing read the state meanwhile', () => {
      breaker.pause(MINUTE, quota);
      clock.tick(2 * MINUTE);
      expect(breaker.pause(MINUTE, quota)).to.equal(true);
      expect(breaker.current()?.remainingMs).to.equal(MINUTE);
    });

    it('lets one request probe after a pause until VirusTotal accepts it', () => {
      expect(breaker.halfOpen).to.equal(false);
      breaker.pause(MINUTE, quota);
      clock.tick(MINUTE);
      breaker.current();
      expect(breaker.halfOpen).to.equal(true);
      breaker.onSuccess();
      expect(breaker.halfOpen).to.equal(false);
    });

    it('marks the key as used up after three pauses in a row and probes it again after an hour', () => {
      for (let i = 0; i < 3; i++) {
        breaker.pause(MINUTE, quota);
        expect(kind()).to.equal('rate-limited');
        clock.tick(MINUTE);
      }
      breaker.pause(MINUTE, quota);
      const held = breaker.current();
      expect(held?.kind).to.equal('quota-exhausted');
      expect(held?.remainingMs).to.equal(HOUR);
      expect(held?.error).to.include({ code: 'VT_QUOTA', status: 429, retryable: true });
      expect(held?.error.message).to.match(/4 times/);
      clock.tick(HOUR);
      expect(kind()).to.equal(undefined);
      expect(breaker.halfOpen).to.equal(true);
    });

    it('counts pauses from zero once VirusTotal has accepted a request', () => {
      for (let i = 0; i < 10; i++) {
        breaker.pause(MINUTE, quota);
        expect(kind()).to.equal('rate-limited');
        clock.tick(MINUTE);
        if (i % 3 === 2) breaker.onSuccess();
      }
    });

    it('ends a pause at the turn of the day if that is sooner', () => {
      clock.setSystemTime(Date.parse('2026-03-10T23:50:00Z'));
      for (let i = 0; i < 4; i++) {
        breaker.pause(1000, quota);
        clock.tick(1000);
      }
      expect(kind()).to.equal('quota-exhausted');
      clock.tick(10 * MINUTE);
      expect(kind()).to.equal(undefined);
    });

    it('marks the key as used up instead of paused when VirusTotal says to come back in hours', () => {
      breaker.pause(3 * HOUR, quota);
      expect(breaker.current()).to.deep.equal({
        kind: 'quota-exhausted',
        error: quota,
        remainingMs: 3 * HOUR,
      });
    });

    it('neither shortens nor prolongs a pause when the wall clock is set', () => {
      breaker.pause(MINUTE, quota);
      clock.setSystemTime(Date.now() + 5 * HOUR);
      expect(breaker.current()?.remainingMs).to.equal(MINUTE);
      clock.setSystemTime(Date.now() - 10 * HOUR);
      clock.tick(MINUTE);
      expect(kind()).to.equal(undefined);
    });
  });

  describe('after VirusTotal has refused the key', () => {
    beforeEach(() => breaker.rejectKey(refused));

    it('keeps a refused key blocked for five minutes', () => {
      clock.tick(5 * MINUTE - 1);
      expect(breaker.current()).to.include({ kind: 'unauthorized', error: refused });
      clock.tick(1);
      expect(kind()).to.equal(undefined);
      expect(breaker.halfOpen).to.equal(true);
    });

    it('unblocks a refused key on a deploy and when a test of the key succeeds', () => {
      breaker.resetUnauthorized();
      expect(kind()).to.equal(undefined);
      breaker.rejectKey(refused);
      breaker.reset();
      expect(kind()).to.equal(undefined);
    });

    it('keeps a refused key blocked when a request that was in flight reports "quota"', () => {
      expect(breaker.pause(MINUTE, quota)).to.equal(false);
      expect(kind()).to.equal('unauthorized');
    });
  });

  it('keeps a pause through a deploy and a test of the key, because the last minute is still full', () => {
    breaker.pause(MINUTE, quota);
    breaker.resetUnauthorized();
    breaker.reset();
    expect(kind()).to.equal('rate-limited');
  });

  it('unblocks a used-up key when a test of the key succeeds', () => {
    breaker.pause(3 * HOUR, quota);
    breaker.resetUnauthorized();
    expect(kind()).to.equal('quota-exhausted');
    breaker.reset();
    expect(kind()).to.equal(undefined);
  });

  it('marks the key as used up by the local count before VirusTotal refuses and says until when', () => {
    count.limits = { daily: 2, monthly: 0 };
    count.add();
    expect(kind()).to.equal(undefined);
    count.add();
    const held = breaker.current();
    expect(held).to.include({ kind: 'quota-exhausted', remainingMs: 15 * HOUR });
    expect(held?.error.message).to.match(/^Day's quota used up: the quota of 2 .* 00:00 UTC, in 15 h 0 min/);
    expect(held?.error).to.include({ code: 'VT_QUOTA', retryable: true });
  });

  it('gives the rest of a month in days', () => {
    count.limits = { daily: 0, monthly: 1 };
    count.add();
    expect(breaker.current()?.error.message).to.match(
      /^Month's quota used up: the quota of 1 .* on the 1st, in 22 days/,
    );
  });

  it('accepts a time scale for its own waits', () => {
    breaker = new CircuitBreaker(count, () => 0.001);
    breaker.rejectKey(refused);
    expect(breaker.current()?.remainingMs).to.equal(300);
  });
});
