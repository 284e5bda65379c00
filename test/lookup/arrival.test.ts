import { expect } from 'chai';
import { KeyScheduler } from '../../src/lookup/key-scheduler';
import { memoryBackend } from '../../src/lookup/limiter-backend';
import type { SlidingWindow } from '../../src/lookup/sliding-window';
import { SchedulerClient } from '../../tools/scheduler-clients';
import { Seeded } from '../../tools/fake-virustotal/seeded';
import { startVirtualClock, type VirtualClock } from '../support/virtual-clock';

const MINUTE = 60_000;

/** Time between each arrival and the one `count` arrivals later. */
function spans(arrivals: readonly number[], count: number): number[] {
  const sorted = [...arrivals].sort((a, b) => a - b);
  return sorted.slice(count).map((at, i) => at - (sorted[i] as number));
}

/** How much was used of what was allowed from the first arrival on. */
function used(arrivals: readonly number[], count: number, windowMs: number): number {
  const ms = Math.max(...arrivals) - Math.min(...arrivals);
  return (arrivals.length - count) / ((ms / windowMs) * count);
}

describe('What arrives at VirusTotal', () => {
  describe('over hours', () => {
    let clock: VirtualClock;
    beforeEach(() => (clock = startVirtualClock()));
    afterEach(() => clock.uninstall());

    const limits: [string, SlidingWindow, number, number][] = [
      ['4 in any minute', { count: 4, windowMs: MINUTE }, 4, MINUTE],
      ['one each 15 seconds', { count: 1, windowMs: 15_000 }, 1, 15_000],
    ];
    for (const [name, limit, count, windowMs] of limits)
      for (const jitter of [0, 50, 300])
        for (const work of [0, 3_000])
          it(`keeps to ${name} at the server and uses 97 % of it, with ${jitter} ms of jitter and ${work} ms of work per request`, async () => {
            const chance = new Seeded(`arrival ${name} ${jitter}`);
            const user = new SchedulerClient(new KeyScheduler(), memoryBackend, { limit });
            const arrivals: number[] = [];
            const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
            user.askMany(400, async () => {
              await wait(chance.next() * jitter);
              arrivals.push(performance.now());
              await wait(chance.next() * (jitter + work));
            });
            // One more: the virtual clock stops for no immediate, which the last request of all still waits for.
            user.ask();
            await clock.tickAsync(110 * MINUTE);
            await user.leave();
            expect(arrivals.length).to.equal(400);
            expect(Math.min(...spans(arrivals, count))).to.be.at.least(windowMs);
            expect(used(arrivals, count, windowMs)).to.be.at.least(0.97);
          });

    it('keeps to the limit at the server when a lost packet is sent again', async () => {
      const limit = { count: 1, windowMs: 15_000 } as const;
      const user = new SchedulerClient(new KeyScheduler(), memoryBackend, { limit });
      const arrivals: number[] = [];
      user.askMany(100, async () => {
        // Each third: 200 ms and a round trip until it is sent again.
        await new Promise((resolve) => setTimeout(resolve, arrivals.length % 3 === 0 ? 340 : 40));
        arrivals.push(performance.now());
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      });
      await clock.tickAsync(30 * MINUTE);
      await user.leave();
      expect(Math.min(...spans(arrivals, 1))).to.be.at.least(15_000);
    });
  });
});
