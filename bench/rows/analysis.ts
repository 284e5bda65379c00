import { reportFromV3 } from '../../src/report/from-v3';
import { functionNode, lane, TAB } from '../flows';
import { interleaved, type BenchOptions, type Row } from '../measure';
import { RuntimeProcess } from '../runtime/runtime-process';
import type { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';
import { hashes } from '../values';

/** What people write by hand: thresholds, and the names of the engines for the ticket. */
const BY_HAND = `
const report = msg.payload;
if (!report || report.response_code === undefined) msg.verdict = 'missing';
else if (report.response_code < 0) msg.verdict = 'error';
else if (report.response_code === 0 || report.positives === undefined) msg.verdict = 'no-match';
else if (report.positives >= 5) msg.verdict = 'malicious';
else if (report.positives < 1) msg.verdict = 'trusted';
else msg.verdict = 'no-match';
msg.engines = Object.keys(report.scans || {}).filter((name) => report.scans[name].detected);
return msg;`;

export function switchNode(
  id: string,
  property: string,
  to: string,
): Record<string, unknown> & { id: string; type: string } {
  const verdicts = ['malicious', 'trusted', 'no-match', 'missing', 'error'];
  return {
    id,
    type: 'switch',
    property,
    propertyType: 'msg',
    rules: verdicts.map((v) => ({ t: 'eq', v, vt: 'str' })),
    checkall: 'false',
    repair: false,
    outputs: verdicts.length,
    wires: verdicts.map(() => [to]),
  };
}

/** Judging a v3 file report, against a function node with the thresholds by hand and a switch node. */
export async function analysisRows(vt: StandInProcess, { rounds, size }: BenchOptions): Promise<Row[]> {
  const [hash = ''] = hashes(1, 'analysis');
  const response = await fetch(`${vt.v3}files/${hash}`, { headers: { 'x-apikey': vt.apiKey } });
  const report = JSON.stringify(reportFromV3({ type: 'file', value: hash }, await response.json()));
  const outputs = Array.from({ length: 5 }, () => ['ours-out']);
  const runtime = await RuntimeProcess.start([
    TAB,
    ...lane('ours', 'ours', [{ id: 'ours', type: 'virustotal-report-analysis', wires: outputs }]),
    ...lane('hand', 'fn', [functionNode('fn', BY_HAND, [['sw']]), switchNode('sw', 'verdict', 'hand-out')]),
  ]);
  const common = {
    count: Math.ceil(20_000 * size),
    inFlight: 50,
    workload: { kind: 'report', report } as const,
  };
  const { ours, hand } = await interleaved(rounds, {
    ours: async () => ({ ...(await runtime.run({ ...common, entry: 'ours-in', sink: 'ours-out' })) }),
    hand: async () => ({ ...(await runtime.run({ ...common, entry: 'hand-in', sink: 'hand-out' })) }),
  });
  await runtime.stop();
  return [
    {
      row: 'analysis of a v3 file report',
      against: 'function with thresholds by hand and a switch node, messages per second',
      value: hand.ms / ours.ms,
      unit: 'times',
      target: 1,
      better: 'higher',
      exact: false,
      note: `${Math.round((common.count / ours.ms) * 1000)}/s; by hand ${Math.round((common.count / hand.ms) * 1000)}/s`,
    },
  ];
}
