import { analyzeReport } from '../../src/analysis/analyze';
import { reportFromV3 } from '../../src/report/from-v3';
import type { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';
import { functionNode, lane, TAB } from '../flows';
import { interleaved, type BenchOptions, type Row } from '../measure';
import { RESULTS } from '../runtime/incident-messages';
import { RuntimeProcess } from '../runtime/runtime-process';
import { hashes } from '../values';

/** The join node puts payloads together, so the verdict has to be one. */
const VERDICT = 'msg.payload = msg.analysis;\nreturn msg;';

/** A line for each verdict, worst first; nothing cleaned and nothing cut. */
const LINES = `
const order = ['malicious', 'error', 'no-match', 'trusted', 'missing'];
const verdicts = msg.payload.sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
msg.incident = { verdict: verdicts[0].verdict, analyses: verdicts };
msg.payload = verdicts
  .map((v) => [v.verdict, v.positives + '/' + v.total, v.resource, v.engines.map((e) => e.name).join(', '), v.permalink].join(' '))
  .join('\\n');
return msg;`;

/** A thousand incidents of ten indicators through the summary node, against a join node between two function nodes. */
export async function incidentRows(vt: StandInProcess, { rounds, size }: BenchOptions): Promise<Row[]> {
  const judged = JSON.stringify(
    await Promise.all(hashes(RESULTS, 'incidents').map((hash) => verdictOn(hash, vt))),
  );
  const runtime = await RuntimeProcess.start([
    TAB,
    ...lane('ours', 'ours', [
      { id: 'ours', type: 'virustotal-summary', format: 'text', timeout: 0, wires: [['ours-out']] },
    ]),
    ...lane('hand', 'verdict', [
      functionNode('verdict', VERDICT, [['join']]),
      { id: 'join', type: 'join', mode: 'auto', wires: [['lines']] },
      functionNode('lines', LINES, [['hand-out']]),
    ]),
  ]);
  const count = Math.ceil(1_000 * size);
  const common = { count, inFlight: 10, inForOne: RESULTS, workload: { kind: 'incident', judged } as const };
  const { ours, hand } = await interleaved(rounds, {
    ours: async () => ({ ...(await runtime.run({ ...common, entry: 'ours-in', sink: 'ours-out' })) }),
    hand: async () => ({ ...(await runtime.run({ ...common, entry: 'hand-in', sink: 'hand-out' })) }),
  });
  // The summary node holds 1,000; the one more that ends the measurement has a place too.
  const open = { count: count - 1, judged };
  const oursHeld = await runtime.openIncidents({ ...open, entry: 'ours-in', sink: 'ours-out' });
  const handHeld = await runtime.openIncidents({ ...open, entry: 'hand-in', sink: 'hand-out' });
  await runtime.stop();
  const perSecond = (ms: number): number => Math.round((count / ms) * 1000);
  const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(1);
  return [
    {
      row: `incidents: ${count.toLocaleString('en')} of ten indicators`,
      against: 'function, join and function with a line for each, incidents per second',
      value: hand.ms / ours.ms,
      unit: 'times',
      target: 1,
      better: 'higher',
      exact: false,
      note: `${perSecond(ours.ms)}/s; by hand ${perSecond(hand.ms)}/s`,
    },
    {
      row: `incidents: ${count.toLocaleString('en')} open`,
      against: 'heap of the join node for nine of ten results',
      value: oursHeld.heapPerGroup / handHeld.heapPerGroup,
      unit: 'times',
      target: 1.5,
      better: 'lower',
      exact: false,
      note: `${kilobytes(oursHeld.heapPerGroup)} kB each; by hand ${kilobytes(handHeld.heapPerGroup)} kB`,
    },
  ];
}

/** A message as Report Analysis sends it. */
async function verdictOn(hash: string, vt: StandInProcess): Promise<Record<string, unknown>> {
  const response = await fetch(`${vt.v3}files/${hash}`, { headers: { 'x-apikey': vt.apiKey } });
  const payload = reportFromV3({ type: 'file', value: hash }, await response.json());
  return { payload, analysis: analyzeReport(payload) };
}
