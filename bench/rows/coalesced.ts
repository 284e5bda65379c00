import { configNode, httpRequestNode, lane, TAB } from '../flows';
import type { BenchOptions, Row } from '../measure';
import { RuntimeProcess } from '../runtime/runtime-process';
import type { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';
import { hashes } from '../values';

const MESSAGES = 1000;

/** The same indicator in 1,000 messages at once: how often VirusTotal is asked. */
export async function coalescedRows(vt: StandInProcess, _options: BenchOptions): Promise<Row[]> {
  const values = hashes(1, 'coalesced');
  const urls = values.map((hash) => `${vt.origin}/vtapi/v2/file/report?apikey=${vt.apiKey}&resource=${hash}`);
  const runtime = await RuntimeProcess.start(
    [
      TAB,
      configNode('vt', { apiUrl: vt.v3 }),
      ...lane('ours', 'ours', [
        { id: 'ours', type: 'virustotal', server: 'vt', action: 'file', wires: [['ours-out']] },
      ]),
      ...lane('http', 'http', [httpRequestNode('http', [['http-out']])]),
    ],
    { vt: { apiKey: vt.apiKey } },
  );
  const asked: Record<string, number> = {};
  for (const name of ['ours', 'http']) {
    await vt.reset();
    const workload = { kind: 'lookup', values, urls } as const;
    await runtime.run({
      entry: `${name}-in`,
      sink: `${name}-out`,
      count: MESSAGES,
      inFlight: MESSAGES,
      workload,
    });
    asked[name] = (await vt.counts()).accepted;
  }
  await runtime.stop();
  return [
    {
      row: `the same IoC ${MESSAGES} times at once`,
      against: `http request node: ${asked['http']} requests`,
      value: asked['ours'] ?? NaN,
      unit: 'requests',
      target: 1,
      better: 'lower',
      exact: true,
    },
  ];
}
