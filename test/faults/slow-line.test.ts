import { expect } from 'chai';
import { Agent, type Dispatcher } from 'undici';
import { KeyRegistry } from '../../src/lookup/key-registry';
import type { HostOptions } from '../../src/lookup/options';
import { VirusTotalService } from '../../src/lookup/service';
import { maxTransitMs } from '../../src/lookup/sliding-window';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { LEFT_AT } from '../../tools/fake-virustotal/strict-server';
import { sideBySide } from '../support/side-by-side';
import { machineTime, VirusTotalBehindSlowLine } from '../support/slow-line';

const MINUTE = 60_000;

/** Between each arrival and the one that comes that number of places later. */
function spans(arrivals: readonly number[], count: number): number[] {
  const sorted = [...arrivals].sort((a, b) => a - b);
  return sorted.slice(count).map((at, i) => at - (sorted[i] as number));
}

/** Each request says when it left. */
const stampRequests: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(
    { ...options, headers: { ...(options.headers as object), [LEFT_AT]: String(machineTime()) } },
    handler,
  );

describe('The arrivals at VirusTotal over a real connection', () => {
  /** The minute is a fifteenth as long, and so is the jitter, but for the last two. */
  const lines = [
    ...[0, 50, 300].map((jitter) => ['window', 8, 4_000, jitter / 15] as const),
    ...[0, 50, 300].map((jitter) => ['spacing', 1, 2_000, (jitter * 2) / 15] as const),
    ['window', 8, 6_000, 300] as const,
    ['spacing', 1, 6_000, 300] as const,
  ];
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

  sideBySide(
    Object.fromEntries(
      lines.map(([mode, count, ms, jitter]) => [
        `are never more than ${count} in any ${ms} ms (${mode}) with ${jitter.toFixed(1)} ms of jitter`,
        async () => {
          const arrivals = await run(mode, count, ms, jitter);
          expect(arrivals.length).to.equal(3 * count);
          expect(Math.min(...spans(arrivals, count))).to.be.at.least(ms);
        },
      ]),
    ),
  );
});
