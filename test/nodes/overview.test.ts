import { expect } from 'chai';
import helper from 'node-red-node-test-helper';
import { createRequire } from 'node:module';
import { eventually } from '../../tools/eventually';
import { NodeRedProcess } from '../support/node-red-process';
import { withStandIn } from '../support/with-stand-in';

interface Shown {
  verdict: string;
  value: string;
  positives: number;
  node: object;
  reasons: string[];
}
interface Overview {
  keys: Record<string, unknown>[];
  verdicts: Shown[];
  troubles: { id: string; kind: string; node: string; until?: string; text: string }[];
  diagnostics: { versions: Record<string, string>; configs: object[]; nodesWithoutConfig: number };
}

const ANALYSIS = [
  {
    id: 'ra',
    z: 'tab',
    type: 'virustotal-report-analysis',
    name: 'Judge',
    wires: [['judged'], [], [], [], []],
  },
  { id: 'judged', z: 'tab', type: 'helper' },
];
const CHANGED = 'virustotal/changed';

const { events } = createRequire(__filename)('@node-red/util') as { events: NodeJS.EventEmitter };

async function overview(query = ''): Promise<Overview> {
  const answer = await helper.request().get(`/virustotal/overview${query}`);
  expect(answer.status).to.equal(200);
  return answer.body as Overview;
}

describe('The overview', () => {
  const fixture = withStandIn();
  const deploy = (config: Record<string, unknown> = {}, more: never[] = []) =>
    fixture.deploy({
      config: { name: 'SOC', ...config },
      node: { wires: [['ra']] },
      more: [...ANALYSIS, ...more],
      catching: ['judged'],
    });
  const kinds = async (): Promise<string[]> => (await overview()).troubles.map(({ kind }) => kind);

  it('says of each key what is used and allowed, when it resets, what waits and what is cached', async () => {
    await deploy({ rateLimit: true, dailyQuota: 100, monthlyQuota: 1000, reserve: 10 });
    const { keys, troubles } = await overview();
    expect(troubles).to.deep.equal([]);
    expect(keys).to.have.length(1);
    expect(keys[0]).to.deep.include({
      ...{ id: 'vt', name: 'SOC', problem: null, waiting: 0, oldestWaitMs: 0, queueMs: 0 },
      ...{ reserve: 10, sharing: 'off', minute: { used: 0, allowed: 4 } },
      cache: { entries: 0, bytes: 0, hits: 0, misses: 0 },
    });
    for (const [period, allowed] of [['day', 100] as const, ['month', 1000] as const]) {
      const quota = keys[0]?.[period] as { resetsAt: string };
      expect(quota).to.deep.include({ used: 0, allowed });
      expect(quota.resetsAt).to.match(/T00:00:00\.000Z$/);
      expect(Date.parse(quota.resetsAt)).to.be.above(Date.now());
    }
  });

  it('says to the status bar what is left of the day, and nothing else', async () => {
    await deploy({ dailyQuota: 100 });
    const { keys, ...rest } = await overview('?brief');
    expect(rest).to.deep.equal({});
    const { resetsAt } = keys[0]?.['day'] as { resetsAt: string };
    expect(keys).to.deep.equal([{ id: 'vt', name: 'SOC', day: { used: 0, allowed: 100, resetsAt } }]);
  });

  it('lists the last 50 verdicts, newest first, defanged, with node and reasons', async () => {
    fixture.vt.know('qorlane.com', 9);
    const flow = await deploy();
    for (let count = 1; count <= 52; count++) {
      flow.send({ payload: 'qorlane.com' });
      await flow.until(() => flow.at['judged']?.length === count);
    }
    fixture.vt.know('meridane.com', 7);
    flow.send({ payload: 'meridane.com' });
    await flow.until(() => flow.at['judged']?.length === 53);
    const { verdicts } = await overview();
    expect(verdicts).to.have.length(50);
    expect(verdicts[0]).to.deep.include({
      ...{ verdict: 'malicious', type: 'domain', value: 'meridane[.]com', positives: 7 },
      node: { id: 'ra', name: 'Judge' },
    });
    expect(verdicts[0]?.reasons[0]).to.include('7 of');
    expect(verdicts[1]?.value).to.equal('qorlane[.]com');
  });

  it('takes out of a value what would change how the list reads', async () => {
    await deploy();
    const done = new Promise((resolve) => helper.getNode('judged').once('input', resolve));
    const report = {
      response_code: 1,
      resource: 'http://a.com/\u202egpj.exe',
      url: 'http://a.com/\u202egpj.exe',
    };
    helper.getNode('ra').receive({ payload: { ...report, positives: 9, total: 70, scans: {} } });
    await done;
    const { verdicts } = await overview();
    expect(verdicts[0]?.value).to.equal('hxxp://a[.]com/gpj[.]exe');
  });

  it('says what is wrong and which node to look at', async () => {
    const flow = await deploy({ dailyQuota: 1 }, [
      { id: 'lone', z: 'tab', type: 'virustotal', server: 'gone' },
      { id: 'empty', z: 'tab', type: 'virustotal', server: '' },
      { id: 'off', z: 'tab', type: 'virustotal', server: 'gone', d: true },
      { id: 'all', z: 'tab', type: 'virustotal-events', server: '' },
    ] as never[]);
    expect(await kinds()).to.deep.equal(['no-config', 'no-config']);
    flow.send({ payload: 'qorlane.com' });
    await eventually(async () => (await kinds()).includes('day'));
    const { troubles } = await overview();
    expect(troubles.map(({ kind, node }) => `${kind} ${node}`)).to.have.members([
      ...['day n', 'no-config lone', 'no-config empty'],
    ]);
    expect(troubles.find(({ kind }) => kind === 'day')?.until).to.match(/Z$/);
  });

  it('says that a key is refused', async () => {
    const flow = await deploy();
    fixture.vt.script({ 'qorlane.com': [{ status: 401 }] });
    flow.send({ payload: 'qorlane.com' });
    await eventually(async () => (await kinds()).includes('key'));
  });

  it('says that a config has no key, and that Redis is away', async () => {
    await fixture.deploy({ apiKey: '', more: [] });
    const { troubles, keys } = await overview();
    expect(troubles.map(({ kind, node }) => `${kind} ${node}`)).to.deep.equal(['no-key vt']);
    expect(keys[0]).to.not.have.property('cache');
    await fixture.undeploy();
    // Nothing listens there.
    const redisUrl = 'redis://127.0.0.1:1/0';
    await fixture.deploy({
      config: { store: 'redis' },
      credentials: { vt: { apiKey: fixture.apiKey, redisUrl } },
    });
    await eventually(async () => (await kinds()).includes('redis'));
    expect((await overview()).keys[0]).to.have.property('sharing', 'away');
  });

  it('has diagnostics without the key, an address, a name or an indicator', async () => {
    fixture.vt.know('qorlane.com', 9);
    const flow = await deploy({ fileRoots: '/srv/inner-folder' });
    flow.send({ payload: 'qorlane.com' });
    await flow.until(() => flow.at['judged']?.length === 1);
    const { diagnostics } = await overview();
    expect(diagnostics.versions['package']).to.match(/^\d+\.\d+\.\d+/);
    expect(diagnostics.versions).to.have.property('node', process.versions.node);
    expect(diagnostics.configs[0]).to.have.nested.property('settings.rateLimit', false);
    const text = JSON.stringify(diagnostics);
    for (const word of [fixture.apiKey, 'inner', 'SOC', 'qorlane', '127.0.0.1'])
      expect(text).to.not.include(word);
  });

  describe('tells open sidebars of changes', () => {
    let ticks: { at: number; data: unknown }[];
    const count = ({ topic, data }: { topic: string; data: unknown }): void => {
      if (topic === CHANGED) ticks.push({ at: performance.now(), data });
    };
    beforeEach(() => {
      ticks = [];
      events.on('comms', count);
    });
    afterEach(() => void events.off('comms', count));

    it('with a tick that has no data, at most one a second', async () => {
      const flow = await deploy();
      await overview();
      let sent = 0;
      // Something changes all the time, until three ticks are there.
      await eventually(() => {
        flow.send({ payload: `indicator${sent++}.com` });
        return ticks.length >= 3;
      });
      for (const { data } of ticks) expect(data).to.deep.equal({});
      const apart = ticks.slice(1).map(({ at }, index) => at - (ticks[index]?.at ?? 0));
      // A timer may fire up to a millisecond early.
      for (const ms of apart) expect(ms).to.be.at.least(998);
    });
  });
});

describe('The overview of a Node-RED with users', () => {
  let nodeRed: NodeRedProcess;
  before(async () => {
    nodeRed = await NodeRedProcess.start({
      settings: `adminAuth: {
        type: 'credentials', users: [],
        tokens: async (token) => token === 'reader' ? { username: 'r', permissions: ['virustotal.read'] } : null,
        default: { permissions: ['flows.read', 'nodes.read', 'settings.read', 'plugins.read'] },
      }`,
    });
  });
  after(() => nodeRed.stop());

  it('is for those with the permission virustotal.read', async () => {
    const url = `${nodeRed.url}/virustotal/overview`;
    expect((await fetch(url)).status).to.equal(401);
    const answer = await fetch(url, {
      headers: { authorization: 'Bearer reader', origin: 'http://other.test' },
    });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('access-control-allow-origin')).to.equal(null);
  });
});
