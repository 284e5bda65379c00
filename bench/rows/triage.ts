import { configNode, functionNode, httpRequestNode, lane, TAB } from '../flows';
import { mailWithIndicators } from '../mail';
import { interleaved, type BenchOptions, type Row } from '../measure';
import { RuntimeProcess } from '../runtime/runtime-process';
import type { StandInProcess } from '../stand-in-process';
import { switchNode } from './analysis';

/** The usual expressions, as they are passed around: hashes, addresses, URLs, domains; each once. */
const EXTRACT = `
const text = String(msg.payload).replace(/hxxp/gi, 'http').replace(/\\[\\.\\]/g, '.');
const found = new Set();
for (const expression of [
    /\\b[a-f0-9]{64}\\b/gi, /\\b[a-f0-9]{40}\\b/gi, /\\b[a-f0-9]{32}\\b/gi,
    /https?:\\/\\/[^\\s"'<>]+/gi,
    /\\b(?:\\d{1,3}\\.){3}\\d{1,3}\\b/g,
    /\\b(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+(?:com|net|org|info|biz|io|ru|cn|de|fr|uk)\\b/gi,
]) for (const each of text.match(expression) || []) found.add(each.toLowerCase());
msg.payload = [...found].slice(0, 12);
return msg;`;

/** Sends what the context has straight on, and the rest to the http request node. */
const LOOK_IN_CONTEXT = (origin: string, apiKey: string): string => `
const reports = flow.get('reports') || {};
const ioc = msg.payload;
msg.ioc = ioc;
if (reports[ioc]) { msg.payload = RED.util.cloneMessage(reports[ioc]); return [msg, null]; }
const id = (text) => Buffer.from(text).toString('base64url');
const path = /^[a-f0-9]{32,64}$/.test(ioc) ? 'files/' + ioc : /^http/.test(ioc) ? 'urls/' + id(ioc)
    : /^[\\d.]+$/.test(ioc) ? 'ip_addresses/' + ioc : 'domains/' + ioc;
msg.url = '${origin}/api/v3/' + path;
msg.headers = { 'x-apikey': '${apiKey}' };
return [null, msg];`;

const KEEP = `
const reports = flow.get('reports') || {};
reports[msg.ioc] = msg.payload;
flow.set('reports', reports);
msg.payload = RED.util.cloneMessage(msg.payload);
return msg;`;

const JUDGE = `
const stats = msg.payload && msg.payload.data && msg.payload.data.attributes.last_analysis_stats;
const results = (msg.payload && msg.payload.data && msg.payload.data.attributes.last_analysis_results) || {};
msg.verdict = !stats ? 'missing' : stats.malicious >= 5 ? 'malicious' : stats.malicious < 1 ? 'trusted' : 'no-match';
msg.engines = Object.keys(results).filter((name) => results[name].category === 'malicious');
return msg;`;

const join = (id: string, to: string) => ({
  id,
  type: 'join',
  mode: 'auto',
  build: 'array',
  property: 'payload',
  wires: [[to]],
});

/** A mail of 20 kB with twelve indicators, all in the cache, judged and put together again. */
export async function triageRows(vt: StandInProcess, { rounds, size }: BenchOptions): Promise<Row[]> {
  const outputs = Array.from({ length: 5 }, () => ['ours-join']);
  const split = {
    id: 'split',
    type: 'split',
    splt: '\\n',
    spltType: 'str',
    arraySplt: 1,
    arraySpltType: 'len',
    property: 'payload',
    wires: [['look']],
  };
  const runtime = await RuntimeProcess.start(
    [
      TAB,
      configNode('vt', { apiUrl: vt.v3 }),
      ...lane('ours', 'ours', [
        { id: 'ours', type: 'virustotal', server: 'vt', action: 'search', wires: [['judge']] },
        { id: 'judge', type: 'virustotal-report-analysis', wires: outputs },
        join('ours-join', 'ours-out'),
      ]),
      ...lane('hand', 'extract', [
        functionNode('extract', EXTRACT, [['split']]),
        split,
        functionNode('look', LOOK_IN_CONTEXT(vt.origin, vt.apiKey), [['by-hand'], ['http']]),
        httpRequestNode('http', [['keep']]),
        functionNode('keep', KEEP, [['by-hand']]),
        functionNode('by-hand', JUDGE, [['sw']]),
        switchNode('sw', 'verdict', 'hand-join'),
        join('hand-join', 'hand-out'),
      ]),
    ],
    { vt: { apiKey: vt.apiKey } },
  );
  const workload = { kind: 'text', text: mailWithIndicators(20_000, 12) } as const;
  const common = { count: Math.ceil(1500 * size), inFlight: 10, workload };
  const { ours, hand } = await interleaved(rounds, {
    ours: async () => ({ ...(await runtime.run({ ...common, entry: 'ours-in', sink: 'ours-out' })) }),
    hand: async () => ({ ...(await runtime.run({ ...common, entry: 'hand-in', sink: 'hand-out' })) }),
  });
  await runtime.stop();
  return [
    {
      row: 'whole triage: search in a 20 kB mail, 12 IoCs, cached, analysis',
      against: 'function, split, http request with a context cache, switch, join; messages per second',
      value: hand.ms / ours.ms,
      unit: 'times',
      target: 3,
      better: 'higher',
      exact: false,
      note: `${Math.round((common.count / ours.ms) * 1000)}/s; by hand ${Math.round((common.count / hand.ms) * 1000)}/s`,
    },
  ];
}
