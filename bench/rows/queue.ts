import { configNode, lane, TAB } from '../flows';
import type { BenchOptions, Row } from '../measure';
import { RuntimeProcess } from '../runtime/runtime-process';
import type { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';

/** 100,000 messages that wait for a public key. */
export async function queueRows(vt: StandInProcess, { size }: BenchOptions): Promise<Row[]> {
  const count = Math.ceil(100_000 * size);
  const runtime = await RuntimeProcess.start(
    [
      TAB,
      configNode('vt', { apiUrl: vt.v3, rateLimit: true }),
      ...lane('ours', 'ours', [
        { id: 'ours', type: 'virustotal', server: 'vt', action: 'file', wires: [['ours-out']] },
      ]),
    ],
    { vt: { apiKey: vt.apiKey } },
  );
  const { heapPerMessage, delayP99Ms } = await runtime.queue({ entry: 'ours-in', config: 'vt', count });
  await runtime.stop();
  const row = `queue of ${count.toLocaleString('en')}`;
  return [
    {
      row,
      against: 'heap per waiting message',
      value: heapPerMessage / 1024,
      unit: 'kB',
      target: 4,
      better: 'lower',
      exact: false,
    },
    {
      row,
      against: 'event loop delay while they are queued, p99',
      value: delayP99Ms,
      unit: 'ms',
      target: 50,
      better: 'lower',
      exact: false,
    },
  ];
}
