import { VirusTotalService } from '../../src/lookup/service';
import type { BenchOptions, Row } from '../measure';
import { StandInProcess } from '../stand-in-process';
import { hashes } from '../values';

const PER_WINDOW = 100;
const WINDOW_MS = 1000;

/** A long queue against a server that enforces a strict sliding window: how much of the allowance is used, and whether it refuses. */
export async function pacedRows(_vt: StandInProcess, { size }: BenchOptions): Promise<Row[]> {
  const lookups = Math.max(300, 1000 * size);
  const strict = await StandInProcess.start([
    '--per-window',
    String(PER_WINDOW),
    '--window-ms',
    String(WINDOW_MS),
  ]);
  const service = new VirusTotalService({
    apiKey: strict.apiKey,
    apiUrl: strict.v3,
    rateLimitMode: 'window',
    rateLimitCount: PER_WINDOW,
    timeScale: WINDOW_MS / 60_000,
    dailyQuota: 0,
    monthlyQuota: 0,
  });
  // The first connection is not what is measured.
  await service.lookup({ type: 'file', value: hashes(1, 'warm')[0] ?? '' });
  await new Promise((resolve) => setTimeout(resolve, 1.1 * WINDOW_MS));
  const from = performance.now();
  await Promise.all(hashes(lookups, 'paced').map((value) => service.lookup({ type: 'file', value })));
  const ms = performance.now() - from;
  const { refused } = await strict.counts();
  await service.close();
  await strict.stop();
  const atBest = (Math.ceil(lookups / PER_WINDOW) - 1) * WINDOW_MS;
  const row = `paced queue of ${lookups}, ${PER_WINDOW} starts in any ${WINDOW_MS / 1000} s`;
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
      value: refused,
      unit: 'starts',
      target: 0,
      better: 'lower',
      exact: true,
    },
  ];
}
