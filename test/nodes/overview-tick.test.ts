import FakeTimers, { type Clock } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { OverviewTick } from '../../nodes/overview-tick';

describe('The tick for open sidebars', () => {
  let clock: Clock;
  let ticks: number;
  let tick: OverviewTick;
  beforeEach(() => {
    clock = FakeTimers.install({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    ticks = 0;
    tick = new OverviewTick(() => void (ticks += 1));
  });
  afterEach(() => clock.uninstall());

  it('comes never while no sidebar has asked', () => {
    for (let times = 0; times < 10; times++) {
      tick.changed();
      clock.tick(1_000);
    }
    expect(ticks).to.equal(0);
    expect(clock.countTimers()).to.equal(0);
  });

  it('comes once a second, however much changes, and the last change is told', () => {
    tick.asked();
    for (let times = 0; times < 99; times++) {
      tick.changed();
      clock.tick(50);
    }
    expect(ticks).to.equal(5);
    tick.changed();
    clock.tick(1_000);
    expect(ticks).to.equal(6);
    clock.tick(5_000);
    expect(ticks).to.equal(6);
  });

  it('ends 30 s after the last sidebar that was seen has asked', () => {
    tick.asked();
    clock.tick(29_000);
    tick.changed();
    clock.tick(1);
    expect(ticks).to.equal(1);
    clock.tick(1_000);
    tick.changed();
    clock.tick(5_000);
    expect(ticks).to.equal(1);
  });
});
