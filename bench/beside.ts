// npm run bench:beside -- FOLDER: this package and another build of it, in turn. See README.md.
import { resolve } from 'node:path';
import { reportFromV3 } from '../src/report/from-v3';
import { StandInProcess } from '../tools/fake-virustotal/stand-in-process';
import { configNode, lane, TAB } from './flows';
import { mailWithIndicators } from './mail';
import { interleaved } from './measure';
import { knownHashes } from './rows/lookup';
import type { RunCommand } from './runtime/command';
import { PACKAGE_ROOT, RuntimeProcess } from './runtime/runtime-process';
import { hashes } from './values';

const ROUNDS = 15;

/** V8 decides by chance in each process how long a message's objects are kept, which is more than what two builds differ by. */
const V8 = ['--no-allocation-site-pretenuring'];

type Case = Omit<RunCommand, 'entry' | 'sink'> & { name: string; lane: string };

const outputs = (to: string): string[][] => Array.from({ length: 5 }, () => [to]);

/** The flows that every version since 0.1.0 can run. */
function flowsFor(vt: StandInProcess): Parameters<typeof RuntimeProcess.start>[0] {
  const lookup = (id: string, server: string, action: string, to: string): Parameters<typeof lane>[2][0] => ({
    ...{ id, type: 'virustotal', server, action, wires: [[to]] },
  });
  const analysis = (id: string, to: string): Parameters<typeof lane>[2][0] => ({
    ...{ id, type: 'virustotal-report-analysis', wires: outputs(to) },
  });
  return [
    TAB,
    configNode('config-v2', { apiVersion: 'v2', apiUrl: vt.v2 }),
    configNode('config-v3', { apiVersion: 'v3', apiUrl: vt.v3 }),
    ...lane('v2', 'v2-lookup', [lookup('v2-lookup', 'config-v2', 'file', 'v2-out')]),
    ...lane('v3', 'v3-lookup', [lookup('v3-lookup', 'config-v3', 'file', 'v3-out')]),
    ...lane('search', 'search', [lookup('search', 'config-v3', 'search', 'search-out')]),
    ...lane('triage', 'all', [
      lookup('all', 'config-v3', 'search', 'judge'),
      analysis('judge', 'triage-out'),
    ]),
    ...lane('analysis', 'analysis', [analysis('analysis', 'analysis-out')]),
  ];
}

async function casesFor(vt: StandInProcess): Promise<Case[]> {
  const [hash = ''] = hashes(1, 'analysis');
  const response = await fetch(`${vt.v3}files/${hash}`, { headers: { 'x-apikey': vt.apiKey } });
  const report = JSON.stringify(reportFromV3({ type: 'file', value: hash }, await response.json()));
  const mail = { kind: 'text', text: mailWithIndicators(20_000, 12) } as const;
  const lookup = async (
    api: 'v2' | 'v3',
    refresh: boolean,
  ): Promise<Pick<RunCommand, 'inFlight' | 'workload'>> => ({
    inFlight: 50,
    workload: { kind: 'lookup', values: await knownHashes(vt, api, 200), refresh },
  });
  return [
    { name: 'lookup, nothing cached, v2', lane: 'v2', count: 1500, ...(await lookup('v2', true)) },
    { name: 'lookup, nothing cached, v3', lane: 'v3', count: 800, ...(await lookup('v3', true)) },
    { name: 'lookup, cached, v3', lane: 'v3', count: 6000, ...(await lookup('v3', false)) },
    { name: 'analysis', lane: 'analysis', count: 6000, inFlight: 50, workload: { kind: 'report', report } },
    { name: 'search, cached', lane: 'search', count: 300, inFlight: 10, outOfOne: 12, workload: mail },
    { name: 'triage, cached', lane: 'triage', count: 300, inFlight: 10, outOfOne: 12, workload: mail },
  ];
}

/** Prints how much processor time the other build takes for a message, divided by what this one takes: over 1, this one is faster. */
async function main(other: string): Promise<void> {
  const vt = await StandInProcess.start(['--plain']);
  const credentials = { 'config-v2': { apiKey: vt.apiKey }, 'config-v3': { apiKey: vt.apiKey } };
  const flows = flowsFor(vt);
  const start = (root: string): Promise<RuntimeProcess> =>
    RuntimeProcess.start(flows, credentials, V8, false, root);
  const [ours, theirs] = [await start(PACKAGE_ROOT), await start(resolve(other))];
  for (const { name, lane: of, ...command } of await casesFor(vt)) {
    const run = (runtime: RuntimeProcess) => async (): Promise<{ cpuMs: number }> => {
      const { cpuMs } = await runtime.run({ ...command, entry: `${of}-in`, sink: `${of}-out` });
      return { cpuMs };
    };
    const { here, there } = await interleaved(ROUNDS, { here: run(ours), there: run(theirs) });
    const each = ({ cpuMs }: { cpuMs: number }): string =>
      `${((cpuMs / command.count) * 1000).toFixed(0)} us`;
    const ratio = (there.cpuMs / here.cpuMs).toFixed(2);
    process.stdout.write(`${name.padEnd(28)} ${ratio}  (${each(here)}, the other ${each(there)})\n`);
  }
  await ours.stop();
  await theirs.stop();
  await vt.stop();
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Which build? Name the folder of a package that is built');
void main(folder);
