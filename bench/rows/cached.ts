import { configNode, functionNode, lane, TAB } from '../flows';
import { interleaved, type BenchOptions, type Row } from '../measure';
import { RuntimeProcess } from '../runtime/runtime-process';
import type { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';
import { hashes } from '../values';

/**
 * 500 reports in the cache, against a function node that does nothing; and with metrics and events of every kind on, against the same without.
 */
export async function cachedRows(vt: StandInProcess, { rounds, size }: BenchOptions): Promise<Row[]> {
  const workload = { kind: 'lookup', values: hashes(500) } as const;
  const runtime = await RuntimeProcess.start(
    [
      TAB,
      configNode('vt', { apiUrl: vt.v3 }),
      ...lane('ours', 'ours', [
        { id: 'ours', type: 'virustotal', server: 'vt', action: 'file', wires: [['ours-out']] },
      ]),
      configNode('observed', { apiUrl: vt.v3, metrics: true }),
      ...lane('observed', 'told', [
        { id: 'told', type: 'virustotal', server: 'observed', action: 'file', wires: [['observed-out']] },
      ]),
      { id: 'events', type: 'virustotal-events', server: 'observed', wires: [['audit']] },
      functionNode('audit', 'return null;', [[]]),
      ...lane('fn', 'fn', [functionNode('fn', 'return msg;', [['fn-out']])]),
    ],
    { vt: { apiKey: vt.apiKey }, observed: { apiKey: vt.apiKey } },
  );
  for (const name of ['ours', 'observed'])
    await runtime.run({ entry: `${name}-in`, sink: `${name}-out`, count: 500, inFlight: 50, workload });
  const common = { count: Math.ceil(20_000 * size), inFlight: 50, workload };
  const { ours, observed, fn } = await interleaved(rounds, {
    ours: async () => ({ ...(await runtime.run({ ...common, entry: 'ours-in', sink: 'ours-out' })) }),
    observed: async () => ({
      ...(await runtime.run({ ...common, entry: 'observed-in', sink: 'observed-out' })),
    }),
    fn: async () => ({ ...(await runtime.run({ ...common, entry: 'fn-in', sink: 'fn-out' })) }),
  });
  await runtime.stop();
  return [
    {
      row: 'cached lookup, 500 v3 file reports of 45 kB',
      against: 'function node that returns msg, messages per second',
      value: fn.ms / ours.ms,
      unit: 'times',
      target: 0.5,
      better: 'higher',
      exact: false,
      note: `${Math.round((common.count / ours.ms) * 1000)}/s; function ${Math.round((common.count / fn.ms) * 1000)}/s`,
    },
    {
      row: 'cached lookup with events and metrics on',
      against: 'the same without them, messages per second',
      value: ours.ms / observed.ms,
      unit: 'times',
      target: 0.9,
      better: 'higher',
      exact: false,
      note: `${Math.round((common.count / observed.ms) * 1000)}/s`,
    },
  ];
}
