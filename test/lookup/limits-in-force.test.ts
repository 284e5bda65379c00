import { expect } from 'chai';
import fc from 'fast-check';
import type { SlidingWindow } from '../../src/lookup/sliding-window';
import { KeyScheduler } from '../../src/lookup/key-scheduler';
import { memoryBackend } from '../../src/lookup/limiter-backend';
import { SchedulerClient } from '../../tools/scheduler-clients';
import { startVirtualClock, type VirtualClock } from '../support/virtual-clock';

/** A limit of a config that was deployed from one time to another, on the monotonic clock. */
interface Deployed {
  limit: SlidingWindow | undefined;
  from: number;
  until: number;
}

/** A request, on the monotonic clock. */
interface Sent {
  start: number;
  arrival: number;
}

/** What arrived beyond a limit that was in force in its window. */
function overLimit(requests: readonly Sent[], deployed: readonly Deployed[]): string[] {
  const over: string[] = [];
  const sent = [...requests].sort((a, b) => a.arrival - b.arrival);
  for (const { limit, from, until } of deployed) {
    if (!limit) continue;
    const { count, windowMs: ms } = limit;
    for (let last = count; last < sent.length; last++) {
      const group = sent.slice(last - count, last + 1);
      const [begin, end] = [group[0] as Sent, group.at(-1) as Sent];
      // What was started before the limit came may have been too much for it already.
      const started = Math.max(...group.map(({ start }) => start));
      if (end.arrival - begin.arrival < ms && started > from && begin.start < until)
        over.push(`${JSON.stringify(limit)}, in force ${from}..${until}: ${JSON.stringify(group)}`);
    }
  }
  return over;
}

describe('Limits that come and go with deploys', () => {
  let clock: VirtualClock;
  beforeEach(() => (clock = startVirtualClock()));
  afterEach(() => clock.uninstall());

  /** Long enough to be kept although each request is on its way for up to 300 ms. */
  const limits: fc.Arbitrary<SlidingWindow | undefined> = fc.oneof(
    fc.constant(undefined),
    fc.record({ count: fc.constant(1), windowMs: fc.integer({ min: 4_000, max: 30_000 }) }),
    fc.record({
      count: fc.integer({ min: 1, max: 12 }),
      windowMs: fc.integer({ min: 4_000, max: 60_000 }),
    }),
  );
  /** What happens next: a config is deployed, one of those that are is deployed away or all of them are, or time passes. */
  const steps = fc.array(
    fc.oneof(
      fc.record({ what: fc.constant('deploy' as const), limit: limits }),
      fc.record({ what: fc.constant('remove' as const), which: fc.nat(9) }),
      fc.constant({ what: 'remove all' as const }),
      fc.record({ what: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 30_000 }) }),
    ),
    { minLength: 3, maxLength: 25 },
  );
  const ways = fc.infiniteStream(fc.integer({ min: 0, max: 300 }));

  it('keeps every limit in force until its own window has passed after a deploy removed it', async () => {
    await fc.assert(
      fc.asyncProperty(steps, ways, async (happens, way) => {
        const scheduler = new KeyScheduler();
        const deployed: Deployed[] = [];
        const users: { user: SchedulerClient; record: Deployed }[] = [];
        const sent: Sent[] = [];
        const nextWay = (): number => Number(way.next().value);
        // Each arrives some time after it has left, is counted, and its answer takes its time too.
        const ask = (user: SchedulerClient): void => {
          const request = user.ask(async () => {
            await new Promise((resolve) => setTimeout(resolve, nextWay()));
            sent.push({ start: request.starts[0] as number, arrival: performance.now() });
            await new Promise((resolve) => setTimeout(resolve, nextWay()));
          });
        };
        const remove = async (which: number): Promise<void> => {
          const [gone] = users.splice(which, 1);
          if (!gone) return;
          gone.record.until = performance.now();
          await gone.user.leave();
        };
        for (const step of happens) {
          if (step.what === 'deploy') {
            const record = { limit: step.limit, from: performance.now(), until: Infinity };
            deployed.push(record);
            users.push({
              user: new SchedulerClient(scheduler, memoryBackend, { limit: step.limit }),
              record,
            });
          } else if (step.what === 'remove') await remove(step.which % Math.max(1, users.length));
          else if (step.what === 'remove all') while (users.length > 0) await remove(0);
          else await clock.tickAsync(step.ms);
          // More than any limit lets through always wait.
          if (users[0]) for (let i = 0; i < 15; i++) ask(users[0].user);
        }
        await clock.tickAsync(1_000);
        while (users.length > 0) await remove(0);
        scheduler.dropAbandoned();
        expect(overLimit(sent, deployed)).to.deep.equal([]);
      }),
      { numRuns: 150, seed: Number(process.env['FAULTS_SEED'] ?? 1) },
    );
  });
});
