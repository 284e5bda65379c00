import { Agent } from 'undici';
import { VirusTotalService } from '../../src/lookup/service';
import { LEFT_AT, StrictServer } from '../../tools/fake-virustotal/strict-server';
import type { BenchOptions, Row } from '../measure';
import type { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';
import { hashes } from '../values';

/**
 * A minute that takes ten seconds, or three in the short form: the shorter it is, the more the milliseconds count that timers are late and
 * a burst of 200 takes on one core, with its server.
 */
const WINDOW_MS = 10_000;
const SHORT_WINDOW_MS = 3000;
const PER_WINDOW = 200;

/**
 * A long queue against a server that enforces a strict sliding window: how much of the allowance is used, and whether it refuses. It
 * goes by when requests leave, which each tells it: how long a busy machine takes to deliver them is not what is measured.
 */
export async function pacedRows(_vt: StandInProcess, { size }: BenchOptions): Promise<Row[]> {
  const lookups = Math.max(2.5 * PER_WINDOW, 1000 * size);
  const windowMs = size < 1 ? SHORT_WINDOW_MS : WINDOW_MS;
  const server = await new StrictServer(PER_WINDOW, windowMs).listen();
  const agent = new Agent({ connections: 64 });
  let lastLeft = 0;
  const service = new VirusTotalService({
    apiKey: 'f'.repeat(64),
    apiUrl: server.url,
    dispatcher: agent.compose((dispatch) => (options, handler) => {
      lastLeft = performance.now();
      const headers = { ...(options.headers as object), [LEFT_AT]: String(lastLeft) };
      return dispatch({ ...options, headers }, handler);
    }),
    rateLimitMode: 'window',
    rateLimitCount: PER_WINDOW,
    timeScale: windowMs / 60_000,
    dailyQuota: 0,
    monthlyQuota: 0,
  });
  // The first connection is not what is measured.
  await service.lookup({ type: 'file', value: hashes(1, 'warm')[0] ?? '' });
  await new Promise((resolve) => setTimeout(resolve, 1.1 * windowMs));
  const from = performance.now();
  await Promise.all(hashes(lookups, 'paced').map((value) => service.lookup({ type: 'file', value })));
  // Until the last start: what its answer takes is not the pace's.
  const ms = lastLeft - from;
  await service.close();
  await agent.close();
  await server.close();
  const atBest = (Math.ceil(lookups / PER_WINDOW) - 1) * windowMs;
  const row = `paced queue of ${lookups}, ${PER_WINDOW} starts in any ${windowMs / 1000} s`;
  return [
    {
      row,
      against: 'share of the allowed starts used',
      value: (100 * atBest) / ms,
      unit: '%',
      target: 99,
      better: 'higher',
      exact: false,
    },
    {
      row,
      against: 'refused by a strict sliding window',
      value: server.refused,
      unit: 'starts',
      target: 0,
      better: 'lower',
      exact: true,
    },
  ];
}
