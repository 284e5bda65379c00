import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../../tools/eventually';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { NodeRedProcess, type ProcessOptions } from '../support/node-red-process';
import { startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';

type NodeDef = Record<string, unknown> & { id: string; type: string };

/** What may come in and must not go out, by the node that gets it. */
const BAD: [node: string, value: unknown, code: string][] = [
  ['domain', undefined, 'VT_INVALID_IOC'],
  ['domain', '', 'VT_INVALID_IOC'],
  ['domain', 42, 'VT_INVALID_IOC'],
  ['domain', null, 'VT_INVALID_IOC'],
  ['domain', { a: 1 }, 'VT_INVALID_IOC'],
  ['domain', Array(1000).fill('a.com'), 'VT_INVALID_IOC'],
  ['domain', 'x'.repeat(1024 * 1024), 'VT_INVALID_IOC'],
  ['domain', '192.31.196.14', 'VT_INVALID_IOC'],
  ['url', 'javascript:alert(1)', 'VT_INVALID_IOC'],
  ['file', 'abc', 'VT_INVALID_IOC'],
  ['ip', '192.31.196.14:80/x', 'VT_INVALID_IOC'],
  ['search', undefined, 'VT_INVALID_IOC'],
  ['throwing', 'qorlane.com', 'VT_CONFIG'],
  ['mistyped', 'qorlane.com', 'VT_CONFIG'],
  ['storeless', 'qorlane.com', 'VT_CONFIG'],
  ['placeless', 'qorlane.com', 'VT_CONFIG'],
  ['configless', 'qorlane.com', 'VT_CONFIG'],
  ['keyless', 'qorlane.com', 'VT_CONFIG'],
  ['domain', 'fault-html.com', 'VT_BAD_RESPONSE'],
  ['domain', 'fault-cut.com', 'VT_NETWORK'],
  ['domain', 'fault-json.com', 'VT_BAD_RESPONSE'],
  ['domain', 'fault-400.com', 'VT_REQUEST'],
];

const LOOKUPS: Record<string, Record<string, unknown>> = {
  domain: { action: 'domain' },
  url: { action: 'url' },
  file: { action: 'file' },
  ip: { action: 'ip' },
  search: { action: 'search', emit: 'array' },
  throwing: { source: '$error("no alert")', sourceType: 'jsonata' },
  mistyped: { source: 'payload.(', sourceType: 'jsonata' },
  storeless: { source: '#:(nosuch)::x', sourceType: 'global' },
  placeless: { output: 'payload.value.report' },
  configless: { server: 'nope' },
  keyless: { server: 'vt-keyless' },
};

/** Flows as a flow file holds them: a POST to /NODE comes back with the report, or with the error of the Catch node. */
function flows(apiUrl: string, config: Record<string, unknown> = {}): NodeDef[] {
  const flow: NodeDef[] = [
    { id: 'tab', type: 'tab', label: 'Lookups' },
    { id: 'vt', type: 'virustotal-config', apiUrl, rateLimit: false, timeScale: 0.001, ...config },
    { id: 'vt-keyless', type: 'virustotal-config', apiUrl },
    { id: 'answer', z: 'tab', type: 'http response', wires: [] },
    { id: 'c', z: 'tab', type: 'catch', scope: null, wires: [['tell']] },
    {
      id: 'tell',
      z: 'tab',
      type: 'change',
      rules: [
        { t: 'set', p: 'payload', pt: 'msg', to: 'error', tot: 'msg' },
        { t: 'set', p: 'statusCode', pt: 'msg', to: '500', tot: 'num' },
      ],
      wires: [['answer']],
    },
  ];
  for (const [name, def] of Object.entries(LOOKUPS)) {
    flow.push({
      id: `in-${name}`,
      z: 'tab',
      type: 'http in',
      url: `/${name}`,
      method: 'post',
      wires: [[`l-${name}`]],
    });
    flow.push({
      id: `l-${name}`,
      z: 'tab',
      type: 'virustotal',
      server: 'vt',
      source: 'payload.value',
      ...def,
      wires: [['answer']],
    });
  }
  return flow;
}

describe('Node-RED with the built package', function () {
  let vt: StandIn;
  let apiKey: string;
  let userDir: string;
  let nodeRed: NodeRedProcess | undefined;

  before(function () {
    if (!existsSync(join(__dirname, '../../dist/nodes/virustotal.js')))
      throw new Error('These tests run what was built: npm run build');
  });

  beforeEach(async () => {
    apiKey = freshKey();
    vt = await startStandIn({ apiKey });
    userDir = mkdtempSync(join(tmpdir(), 'node-red-'));
  });
  afterEach(async () => {
    await nodeRed?.stop('SIGKILL');
    await vt.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  async function start(config: Record<string, unknown> = {}, options: ProcessOptions = {}) {
    writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flows(vt.url('v3'), config)));
    writeFileSync(join(userDir, 'flows_cred.json'), JSON.stringify({ vt: { apiKey: '${VT_TEST_KEY}' } }));
    nodeRed = await NodeRedProcess.start({ userDir, env: { VT_TEST_KEY: apiKey }, ...options });
    return nodeRed;
  }

  async function post(
    name: string,
    value: unknown,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`${nodeRed?.url}/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ value }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  it('answers with reports and survives everything else that a server may send', async () => {
    vt.know('qorlane.com', 7);
    vt.script({
      'fault-html.com': [{ html: true }],
      'fault-cut.com': [{ cut: 'half', times: 9 }],
      'fault-json.com': [{ brokenJson: true }],
      'fault-400.com': [{ status: 400 }],
    });
    const { log, child } = await start();
    expect(log).not.to.match(/Waiting for missing types|error loading/i);
    for (const [name, value, code] of BAD) {
      const { status, body } = await post(name, value);
      expect(status, name).to.equal(500);
      expect(body, `${name}: ${JSON.stringify(value)?.slice(0, 80)}`).to.include({ code });
    }
    expect((await post('domain', 'qorlane.com')).body).to.include({ resource: 'qorlane.com', positives: 7 });
    const searched = await post('search', { text: 'qorlane[.]com and 192.31.196.14', list: ['10.0.0.7'] });
    expect(searched.status).to.equal(200);
    expect(searched.body).to.have.length(2);
    expect(child.exitCode).to.equal(null);
    expect(nodeRed?.log)
      .not.to.match(/uncaught|unhandled|warning/i)
      .and.not.to.contain(apiKey);
  });

  it('ends at SIGTERM while messages wait and one is in flight', async () => {
    const underWay = new Promise<void>((resolve) =>
      vt.script(({ indicator }) => {
        if (indicator === 'a.com') resolve();
        return { delayMs: 'forever' };
      }),
    );
    const { child } = await start({ rateLimit: true, rateLimitMs: 60_000, timeScale: 1 });
    const answers = ['a.com', 'b.com', 'c.com'].map((name) => post('domain', name).catch(() => undefined));
    await underWay;
    await eventually(async () => (await state()).waiting === 3);
    await nodeRed?.stop('SIGTERM');
    await Promise.all(answers);
    expect(nodeRed?.log)
      .to.contain('Stopped flows')
      .and.not.to.match(/timed out|uncaught/i);
    const told = nodeRed?.log.match(/VirusTotal: .*/g);
    expect(told).to.have.length(1);
    expect(told?.[0]).to.match(
      /^VirusTotal: 3 messages waited when the flows were stopped\. .*lost if Node-RED ends/,
    );
    expect([child.exitCode, child.signalCode]).to.deep.equal([0, null]);
  });

  for (const type of ['full', 'flows', 'nodes', 'reload'])
    it(`answers waiting messages once and in order through deploys of type "${type}"`, async () => {
      await start({ rateLimit: true, rateLimitMs: 1500, timeScale: 1 });
      expect((await post('domain', 'a.com')).status).to.equal(200);
      const names = ['b.com', 'c.com', 'd.com'];
      const answers = names.map((name) => post('domain', name));
      const search = post('search', 'e.com and f.com');
      // Or asked for, on a busy machine.
      await eventually(async () => {
        const { waiting, requesting } = await state();
        return vt.counts().accepted + waiting - requesting >= 6;
      });
      for (const config of [{ name: 'renamed' }, { rateLimitMs: 30 }]) await redeploy(type, config);
      if (type === 'reload') await redeploy('full', { rateLimitMs: 30 });
      expect((await Promise.all(answers)).map(({ body }) => body['resource'])).to.deep.equal(names);
      expect((await search).body).to.have.length(2);
      const asked = Object.entries(vt.counts().byIndicator).filter(([name]) => name !== apiKey);
      expect(asked).to.deep.equal(['a.com', ...names, 'e.com', 'f.com'].map((name) => [name, 1]));
      expect(nodeRed?.log).not.to.match(/VT_CLOSED|timed out|VirusTotal:/);
    });

  /** How many lookups wait, and how many of these are under way. */
  async function state(): Promise<{ waiting: number; requesting: number }> {
    const answer = await nodeRed?.request('/virustotal/state/vt');
    return (await answer?.json()) as { waiting: number; requesting: number };
  }

  /** As the editor's Deploy button, with what is chosen in its menu. */
  async function redeploy(type: string, config: Record<string, unknown>): Promise<void> {
    const before = nodeRed?.log.match(/\] Started /g)?.length ?? 0;
    const all = flows(vt.url('v3'), { rateLimit: true, rateLimitMs: 1500, timeScale: 1, ...config });
    await nodeRed?.request('/flows', {
      method: 'POST',
      headers: {
        'Node-RED-API-Version': 'v2',
        'Node-RED-Deployment-Type': type,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ flows: all }),
    });
    await nodeRed?.until(() => (nodeRed?.log.match(/\] Started /g)?.length ?? 0) > before);
  }

  it('lets read-only users look but neither test keys nor clear caches', async () => {
    const readOnly = "default: async () => ({ anonymous: true, permissions: 'read' })";
    await start(
      {},
      {
        settings: `adminAuth: { type: 'credentials', users: async () => null, authenticate: async () => null, ${readOnly} }`,
      },
    );
    const status = async (method: string, path: string, body?: object): Promise<number> => {
      const headers = { 'content-type': 'application/json' };
      const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
      return (await fetch(`${nodeRed?.url}/virustotal/${path}`, init)).status;
    };
    expect(await status('GET', 'state/vt')).to.equal(200);
    expect(await status('POST', 'extract', { text: 'qorlane.com' })).to.equal(200);
    expect(await status('POST', 'test', { id: 'vt' })).to.equal(401);
    expect(await status('POST', 'cache/vt/clear', {})).to.equal(401);
    expect(vt.requests).to.deep.equal([]);
  });

  for (const [where, stores] of [
    ['by default', "default: { module: 'localfilesystem' }"],
    ['beside a default in memory', "default: { module: 'memory' }, disk: { module: 'localfilesystem' }"],
  ]) {
    it(`keeps the daily count over a restart with a context store on disk ${where}`, async () => {
      const options = { settings: `contextStorage: { ${stores} }` };
      const config = { dailyQuota: 2, timeScale: 1 };
      vt.script((request) => (request.path.includes('/users/') ? { status: 403, body: '' } : undefined));
      await start(config, options);
      for (const name of ['a.com', 'b.com']) expect((await post('domain', name)).status).to.equal(200);
      await nodeRed?.stop('SIGTERM');
      await start(config, options);
      expect((await post('domain', 'c.com')).body).to.include({ code: 'VT_QUOTA' });
      expect(vt.counts().byIndicator).to.not.have.property('c.com');
    });
  }
});
