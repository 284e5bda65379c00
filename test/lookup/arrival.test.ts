import { expect } from 'chai';
import { Agent, type Dispatcher } from 'undici';
import { KeyRegistry } from '../../src/lookup/key-registry';
import { KeyScheduler } from '../../src/lookup/key-scheduler';
import { memoryBackend } from '../../src/lookup/limiter-backend';
import type { HostOptions } from '../../src/lookup/options';
import { VirusTotalService } from '../../src/lookup/service';
import { maxTransitMs, type RateLimit } from '../../src/lookup/sliding-window';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { LEFT_AT } from '../../tools/fake-virustotal/strict-server';
import { SchedulerClient } from '../../tools/scheduler-clients';
import { machineTime, VirusTotalBehindSlowLine } from '../support/slow-line';
import { Seeded } from '../../tools/fake-virustotal/seeded';
import { startVirtualClock, type VirtualClock } from '../support/virtual-clock';

const MINUTE = 60_000;

/** Between each arrival and the one that comes so many later. */
function spans(arrivals: readonly number[], count: number): number[] {
  const sorted = [...arrivals].sort((a, b) => a - b);
  return sorted.slice(count).map((at, i) => at - (sorted[i] as number));
}

/** How much was used of what was allowed from the first arrival on. */
function used(arrivals: readonly number[], count: number, windowMs: number): number {
  const ms = Math.max(...arrivals) - Math.min(...arrivals);
  return (arrivals.length - count) / ((ms / windowMs) * count);
}

/** Each request says when it left. */
const stampRequests: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(
    { ...options, headers: { ...(options.headers as object), [LEFT_AT]: String(machineTime()) } },
    handler,
  );

describe('What arrives at VirusTotal', () => {
  describe('over hours', () => {
    let clock: VirtualClock;
    beforeEach(() => (clock = startVirtualClock()));
    afterEach(() => clock.uninstall());

    const limits: [string, RateLimit, number, number][] = [
      ['4 in any minute', { mode: 'window', count: 4, windowMs: MINUTE }, 4, MINUTE],
      ['one each 15 seconds', { mode: 'spacing', ms: 15_000 }, 1, 15_000],
    ];
    for (const [name, limit, count, windowMs] of limits)
      for (const jitter of [0, 50, 300])
        for (const work of [0, 3_000])
          it(`is never more than ${name}, and 97 % of it, with ${jitter} ms of jitter and ${work} ms of work on each`, async () => {
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

    it('is never more when a lost packet is sent again', async () => {
      const limit = { mode: 'spacing', ms: 15_000 } as const;
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

  describe('over a real line', () => {
    /** All at once: most of their time they wait. The minute is a fifteenth as long, and so is the jitter, but for the last two. */
    const lines = [
      ...[0, 50, 300].map((jitter) => ['window', 8, 4_000, jitter / 15] as const),
      ...[0, 50, 300].map((jitter) => ['spacing', 1, 2_000, (jitter * 2) / 15] as const),
      ['window', 8, 6_000, 300] as const,
      ['spacing', 1, 6_000, 300] as const,
    ];
    const runs: Promise<number[]>[] = [];
    before(() => {
      for (const [mode, count, ms, jitter] of lines) runs.push(run(mode, count, ms, jitter));
      for (const each of runs) each.catch(() => undefined);
    });

    async function run(
      mode: 'window' | 'spacing',
      count: number,
      ms: number,
      jitter: number,
    ): Promise<number[]> {
      const vt = await new VirusTotalBehindSlowLine(jitter, maxTransitMs([{ count, windowMs: ms }])).listen();
      const agent = new Agent();
      const options: Partial<HostOptions> =
        mode === 'window'
          ? { rateLimitCount: count, timeScale: ms / MINUTE }
          : { rateLimitMs: ms, timeScale: ms / MINUTE };
      const service = new VirusTotalService({
        ...{
          apiKey: freshKey(),
          apiUrl: vt.url,
          rateLimitMode: mode,
          cache: false,
          keyRegistry: new KeyRegistry(),
        },
        ...{ dailyQuota: 0, monthlyQuota: 0, dispatcher: agent.compose(stampRequests) },
        ...options,
      });
      const asked = Array.from({ length: 3 * count }, (_, i) =>
        service.lookup({ type: 'domain', value: `d${i}.example.com` }),
      );
      try {
        await Promise.all(asked);
      } finally {
        await service.close();
        await agent.destroy();
        vt.close();
      }
      return vt.arrivals;
    }

    lines.forEach(([mode, count, ms, jitter], i) =>
      it(`is never more than ${count} in any ${ms} ms (${mode}), with ${jitter.toFixed(1)} ms of jitter`, async () => {
        const arrivals = await (runs[i] as Promise<number[]>);
        expect(arrivals.length).to.equal(3 * count);
        expect(Math.min(...spans(arrivals, count))).to.be.at.least(ms);
      }),
    );
  });
});
