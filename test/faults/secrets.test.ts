import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConnectProxy } from '../api/connect-proxy';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { NodeRedProcess } from '../support/node-red-process';
import type { Fault } from '../../tools/fake-virustotal/faults';
import { startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';

const REDIS_PASSWORD = 'r3dis-pa55word';
const PROXY_PASSWORD = 'pr0xy-pa55word';

/** What says back all that it gets: each word of a Redis client is answered by an error that quotes it. */
async function echoingRedis(): Promise<Server> {
  const server = createServer((socket) =>
    socket
      .on('error', () => undefined)
      .on('data', (got) => socket.write(`-ERR you said ${got.toString().replace(/\s+/g, ' ')}\r\n`)),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A POST to /NODE comes back with the report, or with what a Catch node got; a debug node shows the whole message too. */
function flows(apiUrl: string, proxyUrl: string): (Record<string, unknown> & { id: string; type: string })[] {
  const config = { type: 'virustotal-config', rateLimit: false, timeScale: 0.001 };
  const placed = { z: 'tab', x: 100, y: 40 };
  const ask = (name: string, server: string) => [
    { id: `in-${name}`, type: 'http in', ...placed, url: `/${name}`, method: 'post', wires: [[name]] },
    {
      id: name,
      type: 'virustotal',
      server,
      action: 'domain',
      raw: true,
      ...placed,
      wires: [['answer', 'all']],
    },
  ];
  const error = [{ t: 'set', p: 'payload', pt: 'msg', to: 'error', tot: 'msg' }];
  return [
    { id: 'tab', type: 'tab', label: 'secrets' },
    { id: 'vt', ...config, apiUrl, store: 'redis' },
    { id: 'vt-far', ...config, apiUrl: 'http://virustotal.test/api/v3/', proxy: 'px' },
    { id: 'px', type: 'http proxy', url: proxyUrl, noproxy: [] },
    ...ask('near', 'vt'),
    ...ask('far', 'vt-far'),
    { id: 'caught', type: 'catch', scope: null, ...placed, wires: [['tell', 'all']] },
    { id: 'tell', type: 'change', rules: error, ...placed, wires: [['answer']] },
    { id: 'answer', type: 'http response', ...placed, wires: [] },
    { id: 'all', type: 'debug', complete: 'true', targetType: 'full', console: true, ...placed, wires: [] },
    { id: 'states', type: 'status', scope: null, ...placed, wires: [['all']] },
  ];
}

describe('A failing run in which VirusTotal, the proxy and Redis repeat everything they received', function () {
  let vt: StandIn;
  let proxy: ConnectProxy;
  let redis: Server;
  let nodeRed: NodeRedProcess;
  let userDir: string;
  let apiKey: string;
  /** Everything that a user can see of the run, by place. */
  const shown: Record<string, string> = {};
  const codes: string[] = [];

  before(async () => {
    if (!existsSync(join(__dirname, '../../dist/nodes/virustotal.js')))
      throw new Error('These tests run what was built: npm run build');
    apiKey = freshKey();
    vt = await startStandIn({ apiKey });
    // It wants another password, and says which it got.
    proxy = await new ConnectProxy({ port: 9, credentials: 'soc:another' }).listen();
    redis = await echoingRedis();
    userDir = mkdtempSync(join(tmpdir(), 'node-red-'));
    const settings =
      "contextStorage: { default: { module: 'localfilesystem', config: { flushInterval: 0 } } }";
    nodeRed = await NodeRedProcess.start({ userDir, settings });
    const redisUrl = `redis://soc:${REDIS_PASSWORD}@127.0.0.1:${(redis.address() as AddressInfo).port}/0`;
    await nodeRed.deploy(flows(vt.url('v3'), proxy.url), {
      vt: { apiKey, redisUrl },
      'vt-far': { apiKey },
      px: { username: 'soc', password: PROXY_PASSWORD },
    });
  });
  after(async () => {
    await nodeRed.stop('SIGKILL');
    await vt.close();
    await proxy.close();
    redis.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  async function failInEveryWay(): Promise<void> {
    const said = `${apiKey} ${REDIS_PASSWORD}`;
    const faults: Fault[] = [
      { status: 400, body: { error: { code: 'BadRequestError', message: said } } },
      { status: 500, html: `<p>${said}</p>`, times: 3 },
      { body: `no JSON, and ${said}` },
      { redirect: `http://127.0.0.2:9/?apikey=${apiKey}` },
      { cut: 'half', body: said.repeat(100), times: 3 },
      // Last: nothing is sent any more after it.
      { echoKey: true },
    ];
    vt.script(Object.fromEntries(faults.map((fault, i) => [`fault-${i}.net`, [fault]])));
    await ask('far', 'qorlane.com');
    for (const i of faults.keys()) await ask('near', `fault-${i}.net`);
  }

  async function ask(node: string, payload: string): Promise<void> {
    const init = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: payload };
    const answer = await (await fetch(`${nodeRed.url}/${node}`, init)).text();
    shown['answers'] = (shown['answers'] ?? '') + answer;
    codes.push((JSON.parse(answer) as { code: string }).code);
  }

  async function look(): Promise<void> {
    const v2 = { headers: { 'Node-RED-API-Version': 'v2' } };
    const text = async (path: string, init?: RequestInit): Promise<string> =>
      (await nodeRed.request(path, init)).text();
    shown['the exported flow'] = await text('/flows', v2);
    for (const [id, type] of [
      ['vt', 'virustotal-config'],
      ['px', 'http proxy'],
    ] as const)
      shown[`what the editor gets of ${id}`] = await text(`/credentials/${encodeURIComponent(type)}/${id}`);
    for (const id of ['vt', 'vt-far']) shown[`the state of ${id}`] = await text(`/virustotal/state/${id}`);
    const test = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const fields = { id: 'vt', apiVersion: 'v3', apiUrl: vt.url('v3'), tls: '', proxy: '' };
    vt.script(() => ({ echoKey: true }));
    shown['a test of the key'] = await text('/virustotal/test', { ...test, body: JSON.stringify(fields) });
    await nodeRed.until(() => nodeRed.debugs.length >= codes.length);
    shown['debug messages and statuses'] = JSON.stringify(nodeRed.debugs);
    shown['the log'] = nodeRed.log;
    shown['files'] = filesIn(userDir).join('\n');
  }

  it('shows no secret in an answer, error, status, log, flow, file or admin route', async () => {
    await failInEveryWay();
    await look();

    expect(codes).to.deep.equal([
      'VT_NETWORK',
      ...['VT_REQUEST', 'VT_SERVER', 'VT_BAD_RESPONSE', 'VT_BAD_RESPONSE', 'VT_NETWORK', 'VT_AUTH'],
    ]);
    expect(shown['the state of vt']).to.include('store');
    expect(shown['the log']).to.include('VirusTotal');
    const secrets = {
      'the API key': apiKey,
      "Redis's password": REDIS_PASSWORD,
      "the proxy's password": PROXY_PASSWORD,
      "the proxy's credentials": Buffer.from(`soc:${PROXY_PASSWORD}`).toString('base64'),
      'the API key in base64': Buffer.from(apiKey).toString('base64').slice(0, 40),
    };
    for (const [where, text] of Object.entries(shown)) {
      expect(text, where).not.to.equal('');
      for (const [name, secret] of Object.entries(secrets))
        expect(text.includes(secret), `${name} in ${where}`).to.equal(false);
    }
  });
});

/** What Node-RED keeps in its user folder, the encrypted credentials too. */
function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name === 'node_modules') return [];
    return statSync(path).isDirectory() ? filesIn(path) : [readFileSync(path, 'utf8')];
  });
}
