import { configNode, functionNode, lane, TAB } from '../flows';
import { interleaved, type BenchOptions, type Row } from '../measure';
import { RuntimeProcess } from '../runtime/runtime-process';
import type { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';
import { hashes } from '../values';

/**
 * V8 may decide while the cache fills that what a message leaves behind lives long, and then collects its report late: a cached lookup takes 1.7 times as
 * long in such a process, with and without events. Each process decides it again, by chance, so it is switched off in both.
 */
const V8 = ['--no-allocation-site-pretenuring'];

const outputs = (to: string): string[][] => Array.from({ length: 5 }, () => [to]);

/** A lane of lookups, and one of lookups with their verdicts. */
function lanes(
  apiUrl: string,
  config: Record<string, unknown> = {},
): (Record<string, unknown> & { id: string })[] {
  const lookup = (id: string, to: string): Record<string, unknown> & { id: string; type: string } => ({
    ...{ id, type: 'virustotal', server: 'vt', action: 'file', wires: [[to]] },
  });
  return [
    TAB,
    configNode('vt', { apiUrl, ...config }),
    ...lane('lookup', 'one', [lookup('one', 'lookup-out')]),
    ...lane('verdict', 'two', [
      lookup('two', 'ra'),
      { id: 'ra', type: 'virustotal-report-analysis', wires: outputs('verdict-out') },
    ]),
  ];
}

/** As an open sidebar asks. */
function openSidebar(port: number): () => void {
  const timer = setInterval(() => {
    fetch(`http://127.0.0.1:${port}/virustotal/overview`).then(
      (response) => response.text(),
      (error: unknown) => process.stderr.write(`${String(error)}\n`),
    );
  }, 1000);
  return () => clearInterval(timer);
}

/**
 * 500 reports in the cache: against a function node that does nothing; and in a second Node-RED with everything on that watches them, against the first
 * one without it. A message counts when it comes out behind the VirusTotal node, or behind Report Analysis; events that are still to be sent then are
 * sent before the next round, off the clock.
 */
export async function cachedRows(vt: StandInProcess, { rounds, size }: BenchOptions): Promise<Row[]> {
  const workload = { kind: 'lookup', values: hashes(500) } as const;
  const credentials = { vt: { apiKey: vt.apiKey } };
  const plain = await RuntimeProcess.start(
    [...lanes(vt.v3), ...lane('fn', 'fn', [functionNode('fn', 'return msg;', [['fn-out']])])],
    credentials,
    V8,
  );
  const watched = await RuntimeProcess.start(
    [
      ...lanes(vt.v3, { metrics: true }),
      { id: 'events', type: 'virustotal-events', z: 'tab', x: 100, y: 20, wires: [['audit']] },
      { id: 'audit', type: 'bench-sink', z: 'tab', x: 300, y: 20 },
    ],
    credentials,
    V8,
    true,
  );
  const common = { count: Math.ceil(20_000 * size), inFlight: 50, workload };
  const lookups = { ...common, entry: 'lookup-in', sink: 'lookup-out' };
  const verdicts = { ...common, entry: 'verdict-in', sink: 'verdict-out' };
  const told = (events: number): { told: { sink: string; events: number } } => ({
    told: { sink: 'audit', events },
  });
  await plain.run({ ...lookups, count: 500 });
  await watched.run({ ...lookups, ...told(1), count: 500 });
  const { lookup, watchedLookup, verdict, watchedVerdict, fn } = await interleaved(rounds, {
    lookup: async () => ({ ...(await plain.run(lookups)) }),
    watchedLookup: async () => ({ ...(await watched.run({ ...lookups, ...told(1) })) }),
    verdict: async () => ({ ...(await plain.run(verdicts)) }),
    watchedVerdict: async () => {
      const close = openSidebar(watched.port);
      const measured = await watched.run({ ...verdicts, ...told(2) });
      close();
      return { ...measured };
    },
    fn: async () => ({ ...(await plain.run({ ...common, entry: 'fn-in', sink: 'fn-out' })) }),
  });
  await plain.stop();
  await watched.stop();
  const rate = ({ ms }: { ms: number }): number => Math.round((common.count / ms) * 1000);
  const percent = (share = 0): string => `${Math.round(share * 100)} %`;
  return [
    {
      row: 'cached lookup, 500 v3 file reports of 45 kB',
      against: 'function node that returns msg, messages per second',
      value: fn.ms / lookup.ms,
      unit: 'times',
      target: 0.5,
      better: 'higher',
      exact: false,
      note: `${rate(lookup)}/s; function ${rate(fn)}/s`,
    },
    {
      row: 'the same with events and metrics on',
      against: 'without them, messages per second behind the VirusTotal node',
      value: lookup.ms / watchedLookup.ms,
      unit: 'times',
      target: 0.9,
      better: 'higher',
      exact: false,
      note: `${rate(watchedLookup)}/s; events sent meanwhile ${percent(watchedLookup.toldMeanwhile)}, dropped ${percent(watchedLookup.dropped)}`,
    },
    {
      row: 'cached lookup and its verdict, with events and metrics on and the sidebar open',
      against: 'without them, messages per second behind Report Analysis',
      value: verdict.ms / watchedVerdict.ms,
      unit: 'times',
      target: 0.9,
      better: 'higher',
      exact: false,
      note: `${rate(watchedVerdict)}/s; events sent meanwhile ${percent(watchedVerdict.toldMeanwhile)}, dropped ${percent(watchedVerdict.dropped)}`,
    },
  ];
}
