import FakeTimers from '@sinonjs/fake-timers';
import { expect } from 'chai';
import fc from 'fast-check';
import { ClockBounds } from '../../../src/lookup/redis/clock-bounds';
import { COMMANDS } from '../../../src/lookup/redis/commands';
import { describeWithRedis, RedisServer } from '../../../tools/redis-server';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 15, 12);

/** The heartbeat, with Redis's clock as this test sets it, in ms. */
const HEARTBEAT = COMMANDS.vtHeartbeat.replaceAll(
  "redis.call('TIME')",
  "(function(t) return { math.floor(t / 1000), t % 1000 * 1000 } end)(tonumber(redis.call('GET', 'redis-clock')))",
);

/** What happens after a number of ms: an instance calls, and its reply is that long on its way; or Redis's clock is set. */
type Step = { afterMs: number } & ({ caller: number; replyMs: number } | { setByMs: number });

describeWithRedis('The time that instances share in Redis', () => {
  const redis = new RedisServer();
  const clock = FakeTimers.createClock(START);
  const real = performance.now.bind(performance);

  before(() => redis.start());
  after(() => redis.close());
  beforeEach(() => {
    performance.now = () => clock.now - START;
  });
  afterEach(() => {
    performance.now = real;
  });

  /** Each time that a reply told, and how much time had really passed by then, in ms. */
  async function told(steps: readonly Step[]): Promise<{ passedMs: number; toldMs: number }[]> {
    return redis.with(async (client) => {
      await client.flushall();
      const callers = [0, 1, 2].map(() => new ClockBounds());
      const replies: { passedMs: number; toldMs: number }[] = [];
      let setByMs = 0;
      const call = async (bounds: ClockBounds, replyMs: number, instance: string): Promise<void> => {
        await client.set('redis-clock', clock.now + setByMs);
        const args = {
          ...{
            instance,
            instanceTtlMs: 30_000,
            windowMs: 1_500,
            transitMs: 0,
            ...{ peers: [], limits: [], droppedLimits: [], leases: [] },
            ...bounds.arguments(),
          },
          ...{ offlineStarts: 0, offlineStartsReported: 0 },
        };
        const sentAt = performance.now();
        const reply = await client.eval(
          HEARTBEAT,
          6,
          'state',
          'starts',
          'instances',
          'limits',
          'limit-holders',
          'offline',
          JSON.stringify(args),
        );
        const { now, corrections } = JSON.parse(String(reply)) as { now: string; corrections: number };
        replies.push({ passedMs: performance.now(), toldMs: Number(now) - START });
        clock.tick(replyMs);
        bounds.update({ now: Number(now), corrections }, sentAt);
      };
      for (const [i, bounds] of callers.entries()) await call(bounds, 0, `instance ${i}`);
      for (const step of steps) {
        clock.tick(step.afterMs);
        if ('setByMs' in step) setByMs = step.setByMs;
        else await call(callers[step.caller] as ClockBounds, step.replyMs, `instance ${step.caller}`);
      }
      return replies;
    });
  }

  /** The most by which the time between two replies was longer than what had passed, in ms. */
  function gainOf(replies: readonly { passedMs: number; toldMs: number }[]): number {
    let [least, gain] = [Infinity, 0];
    for (const { passedMs, toldMs } of replies) {
      least = Math.min(least, toldMs - passedMs);
      gain = Math.max(gain, toldMs - passedMs - least);
    }
    return gain;
  }

  it('does not make up for what a clock that was set back and forward cost it, so that no start is too old', async () => {
    const replies = await told([
      { afterMs: 100, caller: 0, replyMs: 3 },
      { afterMs: 0, setByMs: -HOUR },
      { afterMs: 100, caller: 0, replyMs: 0 },
      { afterMs: 100, setByMs: 0 },
      { afterMs: 100, caller: 1, replyMs: 0 },
      { afterMs: 100, caller: 1, replyMs: 0 },
    ]);
    expect(gainOf(replies)).to.be.below(0.01);
    const [before, last] = replies.slice(-2).map(({ toldMs }) => toldMs);
    expect((last as number) - (before as number)).to.be.closeTo(100, 0.01);
  });

  it('never goes faster than time, however often its clock is set and whoever calls', async () => {
    const afterMs = fc.integer({ min: 0, max: 700 });
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 3, arbitrary: fc.record({ afterMs, caller: fc.nat(2), replyMs: fc.nat(40) }) },
      { weight: 1, arbitrary: fc.record({ afterMs, setByMs: fc.constantFrom(0, HOUR, -HOUR, 30 * HOUR) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        expect(gainOf(await told(steps))).to.be.below(0.01);
      }),
      { numRuns: 150, seed: 20261129 },
    );
  });
});
