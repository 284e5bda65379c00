import { configNode, httpRequestNode, lane, TAB } from '../flows';
import { interleaved, type BenchOptions, type Row } from '../measure';
import { RuntimeProcess } from '../runtime/runtime-process';
import type { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';
import { hashes } from '../values';

const IN_FLIGHT = 50;

const CASES = [
  { api: 'v2', body: '8 kB', count: 3000, flow: 3.0, cpu: 0.4, bare: 0.6 },
  { api: 'v3', body: '45 kB', count: 1500, flow: 1.8, cpu: 0.6, bare: 0.8 },
] as const;

/** The path of a file's report, with all that the server wants of an http request node. */
function pathOf(vt: StandInProcess, api: 'v2' | 'v3', hash: string): string {
  return api === 'v3'
    ? `/api/v3/files/${hash}`
    : `/vtapi/v2/file/report?apikey=${vt.apiKey}&resource=${hash}`;
}

/** Hashes whose report is there: some are unknown to the stand-in, as to VirusTotal, and their answers have hundred bytes. */
export async function knownHashes(vt: StandInProcess, api: 'v2' | 'v3', count: number): Promise<string[]> {
  const known: string[] = [];
  for (const hash of hashes(2 * count)) {
    const { headers, ok } = await fetch(vt.origin + pathOf(vt, api, hash), {
      headers: { 'x-apikey': vt.apiKey },
    });
    if (ok && Number(headers.get('content-length')) > 4000) known.push(hash);
    if (known.length === count) break;
  }
  return known;
}

/** Lookups of files that aren't cached, against the http request node and against no Node-RED at all. */
export async function lookupRows(vt: StandInProcess, { rounds, size }: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { api, body, count, flow, cpu, bare } of CASES) {
    const values = await knownHashes(vt, api, 200);
    const paths = values.map((hash) => pathOf(vt, api, hash));
    const runtime = await RuntimeProcess.start(
      [
        TAB,
        configNode('vt', { apiVersion: api, apiUrl: vt[api] }),
        ...lane('ours', 'ours', [
          { id: 'ours', type: 'virustotal', server: 'vt', action: 'file', wires: [['ours-out']] },
        ]),
        ...lane('http', 'http', [
          {
            ...httpRequestNode('http', [['http-out']]),
            headers:
              api === 'v3'
                ? [{ keyType: 'other', keyValue: 'x-apikey', valueType: 'other', valueValue: vt.apiKey }]
                : [],
          },
        ]),
      ],
      { vt: { apiKey: vt.apiKey } },
    );
    const common = { count: Math.ceil(count * size), inFlight: IN_FLIGHT };
    const urls = paths.map((path) => vt.origin + path);
    const workload = { kind: 'lookup', values, urls, refresh: true } as const;
    const figures = ({ ms, cpuMs }: { ms: number; cpuMs: number }) => ({ ms, cpuMs });
    const side = async (name: string) =>
      figures(await runtime.run({ ...common, entry: `${name}-in`, sink: `${name}-out`, workload }));
    const headers: Record<string, string> = api === 'v3' ? { 'x-apikey': vt.apiKey } : {};
    const { ours, http, undici } = await interleaved(rounds, {
      ours: () => side('ours'),
      http: () => side('http'),
      undici: async () =>
        figures(
          await runtime.run({
            ...common,
            entry: '',
            sink: '',
            workload,
            requestLoop: { origin: vt.origin, paths, headers },
          }),
        ),
    });
    await runtime.stop();
    const row = `lookup, nothing cached, ${IN_FLIGHT} in flight, ${api} file report of ${body}`;
    const perSecond = ({ ms }: { ms: number }): string => `${Math.round((common.count / ms) * 1000)}/s`;
    const note = `${perSecond(ours)}; http request ${perSecond(http)}; undici ${perSecond(undici)}`;
    rows.push(
      {
        row,
        against: 'http request node, messages per second',
        value: http.ms / ours.ms,
        unit: 'times',
        target: flow,
        better: 'higher',
        exact: false,
        note,
      },
      {
        row,
        against: 'http request node, CPU time a message',
        value: ours.cpuMs / http.cpuMs,
        unit: 'times',
        target: cpu,
        better: 'lower',
        exact: false,
      },
      {
        row,
        against: 'undici request + JSON.parse, requests per second',
        value: undici.ms / ours.ms,
        unit: 'times',
        target: bare,
        better: 'higher',
        exact: false,
      },
    );
  }
  return rows;
}
