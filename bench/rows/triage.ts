import { configNode, functionNode, httpRequestNode, lane, TAB } from '../flows';
import { mailWithIndicators } from '../mail';
import { interleaved, type BenchOptions, type Row } from '../measure';
import { RuntimeProcess } from '../runtime/runtime-process';
import type { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';
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

type Nodes = Parameters<typeof lane>[2];

/** Where a message of the lane goes once it is judged: to the end, or into a join node before it. */
function ending(name: string, joined: boolean): { to: string; nodes: Nodes } {
  if (!joined) return { to: `${name}-out`, nodes: [] };
  const join = { mode: 'auto', build: 'array', property: 'payload', wires: [[`${name}-out`]] };
  return { to: `${name}-join`, nodes: [{ id: `${name}-join`, type: 'join', ...join }] };
}

function ours(name: string, joined: boolean): Nodes {
  const { to, nodes } = ending(name, joined);
  const outputs = Array.from({ length: 5 }, () => [to]);
  return lane(name, name, [
    { id: name, type: 'virustotal', server: 'vt', action: 'search', wires: [[`${name}-judge`]] },
    { id: `${name}-judge`, type: 'virustotal-report-analysis', wires: outputs },
    ...nodes,
  ]);
}

function byHand(name: string, joined: boolean, vt: StandInProcess): Nodes {
  const { to, nodes } = ending(name, joined);
  const split = {
    id: `${name}-split`,
    type: 'split',
    splt: '\\n',
    spltType: 'str',
    arraySplt: 1,
    arraySpltType: 'len',
    property: 'payload',
    wires: [[`${name}-look`]],
  };
  return lane(name, name, [
    functionNode(name, EXTRACT, [[split.id]]),
    split,
    functionNode(`${name}-look`, LOOK_IN_CONTEXT(vt.origin, vt.apiKey), [
      [`${name}-judge`],
      [`${name}-http`],
    ]),
    httpRequestNode(`${name}-http`, [[`${name}-keep`]]),
    functionNode(`${name}-keep`, KEEP, [[`${name}-judge`]]),
    functionNode(`${name}-judge`, JUDGE, [[`${name}-switch`]]),
    switchNode(`${name}-switch`, 'verdict', to),
    ...nodes,
  ]);
}

const INDICATORS = 12;

/**
 * A mail of 20 kB with twelve indicators, all in the cache, judged: each routed by its verdict, and then put together again by a join
 * node on both sides, which copies all that it puts together and so has most of the time.
 */
export async function triageRows(vt: StandInProcess, { rounds, size }: BenchOptions): Promise<Row[]> {
  const runtime = await RuntimeProcess.start(
    [
      TAB,
      configNode('vt', { apiUrl: vt.v3 }),
      ...ours('ours', false),
      ...byHand('hand', false, vt),
      ...ours('ours-joined', true),
      ...byHand('hand-joined', true, vt),
    ],
    { vt: { apiKey: vt.apiKey } },
  );
  const workload = { kind: 'text', text: mailWithIndicators(20_000, INDICATORS) } as const;
  const count = Math.ceil(600 * size);
  const side = (name: string, outOfOne: number) => async () => ({
    ...(await runtime.run({
      count,
      inFlight: 10,
      workload,
      outOfOne,
      entry: `${name}-in`,
      sink: `${name}-out`,
    })),
  });
  const times = await interleaved(rounds, {
    ours: side('ours', INDICATORS),
    hand: side('hand', INDICATORS),
    oursJoined: side('ours-joined', 1),
    handJoined: side('hand-joined', 1),
  });
  await runtime.stop();
  const row = (
    ending: string,
    against: string,
    target: number,
    mine: { ms: number },
    hand: { ms: number },
  ): Row => ({
    row: `whole triage: search in a 20 kB mail, ${INDICATORS} IoCs, cached, analysis${ending}`,
    against: `function, split, http request with a context cache, switch${against}; messages per second`,
    value: hand.ms / mine.ms,
    unit: 'times',
    target,
    better: 'higher',
    exact: false,
    note: `${Math.round((count / mine.ms) * 1000)}/s; by hand ${Math.round((count / hand.ms) * 1000)}/s`,
  });
  return [
    row('', '', 3, times.ours, times.hand),
    row(', join', ', join', 1, times.oursJoined, times.handJoined),
  ];
}
