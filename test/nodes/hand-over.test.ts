import { expect } from 'chai';
import type { ConfigNode } from '../../nodes/config-node';
import type { Report } from '../../src/report/report';
import type { DeployType, Flow, Message } from '../support/flow';
import { logged } from '../support/flow';
import { v3FileReport } from '../support/reports';
import { withStandIn } from '../support/with-stand-in';

const TYPES: readonly DeployType[] = ['full', 'flows', 'nodes'];
/** Slow enough for a deploy to come between two requests. It holds for as long after the deploy. */
const SLOW = { rateLimit: true, rateLimitMs: 300 };
/** For what must not go on by itself before the deploy, however slow the machine is. */
const SLOWER = { rateLimit: true, rateLimitMs: 3_000 };
const NEVER = { rateLimit: true, rateLimitMs: 3_600_000 };
const QUICK = { rateLimit: true, rateLimitMs: 20 };
const NAMES = ['b.com', 'c.com', 'd.com', 'e.com'];

interface Parts {
  id: string;
  index: number;
  count: number;
}

const resourceOf = ({ payload }: Message): string => (payload as Report).resource;
const partsOf = (msg: Message): Parts => msg['parts'] as Parts;
const warnings = (about: RegExp): string[] => [
  ...new Set(
    logged()
      .split('\n')
      .filter((line) => line.startsWith('VirusTotal: ') && about.test(line)),
  ),
];

/** Receives each message that the node has completed, as a Complete node does. */
const COMPLETE = [
  { id: 'd', z: 'tab', type: 'complete', scope: ['n'], wires: [['completed']] },
  { id: 'completed', z: 'tab', type: 'helper' },
];

describe('A message that waits in a node during a deploy', () => {
  const fixture = withStandIn();

  /** One message has its report, the others wait. */
  async function waitingFlow(config: Record<string, unknown> = SLOW): Promise<Flow> {
    const flow = await fixture.deploy({ config, node: { action: 'domain' }, more: COMPLETE });
    flow.send({ payload: 'a.com', topic: 0 });
    await flow.until(() => flow.out.length === 1 && flow.at['completed']?.length === 1);
    return flow;
  }

  for (const type of TYPES)
    for (const [what, changes] of [
      ['changes the node', { n: { name: 'renamed' }, vt: QUICK }],
      ['changes the config', { vt: QUICK }],
      [
        'changes all that is behind it',
        { vt: QUICK, out: { name: 'x' }, c: { name: 'x' }, d: { name: 'x' } },
      ],
    ] as const) {
      it(`continues in its order and ends once when the deploy (${type}) ${what}`, async () => {
        const flow = await waitingFlow();
        NAMES.forEach((payload, topic) => flow.send({ payload, topic }));
        flow.send({ payload: 'urgent.com', priority: 0, topic: 9 });
        await flow.redeploy(changes, type);
        await flow.ended(6);
        await flow.until(() => flow.at['completed']?.length === 6);
        expect(flow.out.map(resourceOf)).to.have.members(['a.com', 'urgent.com', ...NAMES]);
        for (const msg of flow.out.slice(1))
          expect(msg['topic']).to.equal(NAMES.includes(resourceOf(msg)) ? NAMES.indexOf(resourceOf(msg)) : 9);
        expect(flow.caught).to.deep.equal([]);
        expect(fixture.asked()).to.deep.equal(['a.com', 'urgent.com', ...NAMES]);
        expect(warnings(/./)).to.deep.equal([]);
      });
    }

  it('survives twelve deploys of every kind in a row', async () => {
    const flow = await waitingFlow();
    NAMES.forEach((payload) => flow.send({ payload }));
    for (let i = 0; i < 12; i++) {
      const changed = { name: `deploy ${i}` };
      await flow.redeploy(i % 2 ? { n: changed } : { vt: changed, out: changed }, TYPES[i % 3]);
      flow.send({ payload: `late${i}.com` });
    }
    await flow.redeploy({ vt: QUICK }, 'full');
    await flow.ended(17);
    const names = ['a.com', ...NAMES, ...Array.from({ length: 12 }, (_, i) => `late${i}.com`)];
    expect(fixture.asked()).to.deep.equal(names);
    // Which of two answers is there first is the network's matter.
    expect(flow.out.map(resourceOf)).to.have.members(names);
    expect(flow.caught).to.deep.equal([]);
  });

  for (const type of TYPES)
    it(`receives the answer of its request in flight without a second request (${type})`, async () => {
      fixture.vt.script({ 'slow.com': [{ delayMs: 300 }] });
      const flow = await fixture.deploy({ node: { action: 'domain' }, more: COMPLETE });
      flow.send({ payload: 'slow.com' });
      await fixture.askedTimes(1);
      await flow.redeploy({ vt: { name: 'renamed' }, n: { name: 'renamed' } }, type);
      await flow.ended(1);
      await flow.until(() => flow.at['completed']?.length === 1);
      expect(flow.out.map(resourceOf)).to.deep.equal(['slow.com']);
      expect(fixture.asked()).to.deep.equal(['slow.com']);
    });

  for (const [what, changes, type] of [
    ['another node', { out: { name: 'renamed' } }, 'nodes'],
    ['everything', {}, 'full'],
  ] as const)
    it(`is not lost when its report arrives while ${what} is closed`, async () => {
      const flow = await fixture.deploy({ node: { action: 'domain' }, more: COMPLETE });
      fixture.vt.script({ 'slow.com': [{ delayMs: 50 }] });
      flow.send({ payload: 'slow.com' });
      await fixture.askedTimes(1);
      const { service } = flow.nodeAt('vt') as ConfigNode;
      // The node behind takes its time to close, so that the report is there before its successor.
      flow.nodeAt('out').on('close', (done: () => void) => {
        const look = (): void => void (service?.stats().waiting === 0 ? done() : setImmediate(look));
        look();
      });
      await flow.redeploy(changes, type);
      await flow.until(() => flow.at['completed']?.length === 1);
      expect(flow.out.map(resourceOf)).to.deep.equal(['slow.com']);
      expect(fixture.asked()).to.deep.equal(['slow.com']);
    });

  it('reaches the new node when it arrives while the old one is closing', async () => {
    const flow = await fixture.deploy({ node: { action: 'domain' }, more: COMPLETE });
    const old = flow.node;
    flow.onceStopping(() => setImmediate(() => old.receive({ payload: 'late.com' })));
    await flow.redeploy({ n: { name: 'renamed' } }, 'full');
    await flow.ended(1);
    await flow.until(() => flow.at['completed']?.length === 1);
    expect(flow.out.map(resourceOf)).to.deep.equal(['late.com']);
  });

  it('keeps its place among the waiting messages of other nodes with the key', async () => {
    const flow = await fixture.deploy({
      config: SLOW,
      node: { action: 'domain' },
      more: [{ id: 'n2', z: 'tab', type: 'virustotal', server: 'vt', action: 'domain', wires: [['out']] }],
    });
    flow.send({ payload: 'a.com' });
    await flow.ended(1);
    NAMES.forEach((payload, i) => flow.nodeAt(i % 2 ? 'n' : 'n2').receive({ payload }));
    await flow.redeploy({ n: { name: 'renamed' } }, 'nodes');
    await flow.redeploy({ vt: QUICK }, 'nodes');
    await flow.ended(5);
    expect(fixture.asked()).to.deep.equal(['a.com', ...NAMES]);
  });

  it('is not sent and says why when the deploy makes its indicator private', async () => {
    const flow = await waitingFlow(SLOWER);
    for (const payload of ['b.com', 'private.com']) flow.send({ payload });
    await flow.redeploy({ vt: { ...QUICK, allowList: 'private.com' } }, 'full');
    await flow.ended(3);
    expect(flow.out.map(resourceOf)).to.deep.equal(['a.com', 'b.com']);
    expect(flow.caught.map(({ payload, error }) => [payload, error.code])).to.deep.equal([
      ['private.com', 'VT_INVALID_IOC'],
    ]);
    expect(fixture.asked()).to.not.include('private.com');
  });

  for (const type of TYPES)
    it(`keeps its remaining lookups of a search and their parts (${type})`, async () => {
      const flow = await fixture.deploy({ config: SLOW, more: COMPLETE });
      flow.send({ payload: NAMES.join(' ') });
      await flow.ended(1);
      await flow.redeploy({ vt: QUICK, n: { name: 'renamed' } }, type);
      await flow.ended(4);
      await flow.until(() => flow.at['completed']?.length === 1);
      expect(flow.out.map(resourceOf)).to.have.members(NAMES);
      for (const msg of flow.out) expect(partsOf(msg).index).to.equal(NAMES.indexOf(resourceOf(msg)));
      expect(new Set(flow.out.map((msg) => partsOf(msg).id)).size).to.equal(1);
      expect(fixture.asked()).to.deep.equal(NAMES);
    });

  it('keeps the reports already collected for an array', async () => {
    const flow = await fixture.deploy({ config: SLOW, node: { emit: 'array' } });
    flow.send({ payload: NAMES.join(' ') });
    await fixture.askedTimes(1);
    await flow.redeploy({ vt: QUICK }, 'full');
    await flow.ended(1);
    expect((flow.out[0]?.payload as Report[]).map(({ resource }) => resource)).to.deep.equal(NAMES);
    expect(fixture.asked()).to.deep.equal(NAMES);
  });

  it('ends with VT_CLOSED at msg.reset after the deploy', async () => {
    const flow = await waitingFlow(NEVER);
    NAMES.forEach((payload) => flow.send({ payload }));
    await flow.redeploy({ n: { name: 'renamed' }, vt: { name: 'renamed' } }, 'full');
    flow.send({ reset: true });
    await flow.ended(5);
    expect(flow.caught.map(({ error }) => error.code)).to.deep.equal(Array(4).fill('VT_CLOSED'));
    expect((await fixture.state()).waiting).to.equal(0);
  });

  it('is shown in the status of the node that continues with it', async () => {
    const flow = await waitingFlow();
    NAMES.forEach((payload) => flow.send({ payload }));
    await flow.redeploy({ n: { name: 'renamed' } }, 'full');
    await flow.until(() => /^0\/4|^1\/5|waiting/.test(flow.statusText() ?? ''));
  });

  it('continues when the flows are stopped and started again, and the log says how many wait', async () => {
    const flow = await waitingFlow(SLOWER);
    NAMES.forEach((payload) => flow.send({ payload }));
    await flow.stop();
    expect(warnings(/stopped/)).to.have.length(1);
    expect(warnings(/stopped/)[0]).to.match(/^VirusTotal: 4 messages waited when the flows were stopped/);
    expect(fixture.asked()).to.deep.equal(['a.com']);
    await flow.start();
    await flow.redeploy({ vt: QUICK }, 'nodes');
    await flow.ended(5);
    expect(flow.out.map(resourceOf)).to.have.members(['a.com', ...NAMES]);
    expect(fixture.asked()).to.deep.equal(['a.com', ...NAMES]);
    expect(flow.caught).to.deep.equal([]);
  });

  it('starts no request while the flows are stopped, and the answer of one in flight is used', async () => {
    fixture.vt.script({ 'slow.com': [{ delayMs: 100 }] });
    const flow = await fixture.deploy({
      config: { rateLimit: true, rateLimitMs: 1 },
      node: { action: 'domain' },
    });
    for (const payload of ['slow.com', ...NAMES]) flow.send({ payload });
    await fixture.askedTimes(1);
    await flow.stop();
    const asked = fixture.asked().length;
    await flow.start();
    await flow.ended(5);
    expect(flow.out.map(resourceOf).toSorted()).to.deep.equal([...NAMES, 'slow.com']);
    expect(fixture.asked()).to.have.length(5);
    expect(asked).to.be.below(5);
  });

  it('is counted in the log when its whole flow is gone and no node can catch it', async () => {
    const flow = await waitingFlow(NEVER);
    NAMES.forEach((payload) => flow.send({ payload }));
    const gone = ['n', 'out', 'c', 'caught', 'd', 'completed', 'tab'];
    await flow.redeploy(Object.fromEntries(gone.map((id) => [id, null])), 'full');
    expect(warnings(/VT_CLOSED/)).to.have.length(1);
    expect(warnings(/VT_CLOSED/)[0]).to.match(/^VirusTotal: 4 messages ended with VT_CLOSED at this deploy/);
    expect((await fixture.state()).waiting).to.equal(0);
    expect(fixture.asked()).to.deep.equal(['a.com']);
  });

  it('is counted in the log by messages and lookups, each of which reaches a Catch node', async () => {
    const flow = await fixture.deploy({ config: SLOW, more: COMPLETE });
    flow.send({ payload: 'a.com' });
    await flow.ended(1);
    flow.send({ payload: NAMES.join(' ') });
    flow.send({ payload: 'f.com g.com' });
    await flow.redeploy({ n: { d: true } }, 'full');
    await flow.until(() => flow.caught.length === 6 && warnings(/VT_CLOSED/).length > 0);
    expect(warnings(/VT_CLOSED/)[0]).to.match(/^VirusTotal: 2 messages ended .*, with 6 lookups in all: /);
  });

  it('continues while the expression of its source is still being evaluated', async () => {
    const open: (() => void)[] = [];
    const flow = await fixture.deploy({
      config: QUICK,
      node: { action: 'domain', source: 'payload', sourceType: 'jsonata' },
      more: COMPLETE,
      api: (RED) => ({
        util: Object.assign(Object.create(RED.util) as typeof RED.util, {
          evaluateJSONataExpression: (...args: Parameters<typeof RED.util.evaluateJSONataExpression>) =>
            open.push(() => RED.util.evaluateJSONataExpression(...args)),
        }),
      }),
    });
    NAMES.forEach((payload) => flow.send({ payload }));
    expect(open).to.have.length(4);
    await flow.redeploy({ n: { name: 'renamed' } }, 'full');
    open.forEach((evaluate) => evaluate());
    await flow.until(() => flow.at['completed']?.length === 4);
    expect(flow.out.map(resourceOf)).to.have.members(NAMES);
    expect(flow.caught).to.deep.equal([]);
    expect(fixture.asked()).to.have.members(NAMES);
  });

  it('continues in an instance of a subflow', async () => {
    const flow = await fixture.deploy({
      config: SLOW,
      node: { wires: [[]] },
      more: [
        {
          id: 'sf',
          type: 'subflow',
          name: 'look up',
          in: [{ wires: [{ id: 'inner' }] }],
          out: [{ wires: [{ id: 'inner', port: 0 }] }],
        },
        { id: 'inner', z: 'sf', type: 'virustotal', server: 'vt', action: 'domain', x: 1, y: 1, wires: [[]] },
        { id: 's1', z: 'tab', type: 'subflow:sf', x: 1, y: 1, wires: [['out']] },
      ],
    });
    for (const payload of ['a.com', ...NAMES]) flow.nodeAt('s1-inner').receive({ payload });
    await flow.ended(1);
    await flow.redeploy({ vt: QUICK, inner: { name: 'renamed' } }, 'full');
    await flow.ended(5);
    expect(flow.out.map(resourceOf)).to.have.members(['a.com', ...NAMES]);
    expect(fixture.asked()).to.deep.equal(['a.com', ...NAMES]);
    expect(flow.caught).to.deep.equal([]);
  });

  it('continues in a Report Analysis node with a slow expression', async () => {
    const open: (() => void)[] = [];
    const flow = await fixture.deploy({
      more: [
        {
          id: 'ra',
          z: 'tab',
          type: 'virustotal-report-analysis',
          heuristic: 'jsonata',
          heuristicExpression: '7',
          wires: [['judged'], ['judged'], ['judged'], ['judged'], ['judged']],
        },
        { id: 'judged', z: 'tab', type: 'helper' },
      ],
      api: (RED) => ({
        util: Object.assign(Object.create(RED.util) as typeof RED.util, {
          evaluateJSONataExpression: (...args: Parameters<typeof RED.util.evaluateJSONataExpression>) =>
            open.push(() => RED.util.evaluateJSONataExpression(...args)),
        }),
      }),
    });
    flow
      .nodeAt('ra')
      .receive({ payload: { response_code: 1, resource: 'a.com', Webutation: {}, verbose_msg: '' } });
    expect(open).to.have.length(1);
    await flow.redeploy({ ra: { name: 'renamed' } }, 'full');
    open.forEach((evaluate) => evaluate());
    await flow.until(() => flow.at['judged']?.length === 1);
    expect(flow.at['judged']?.[0]?.['analysis']).to.include({ positives: 7, verdict: 'malicious' });
  });

  it('continues in a STIX node that waits for techniques', async () => {
    const flow = await fixture.deploy({
      config: SLOW,
      node: { action: 'domain' },
      more: [
        {
          id: 'st',
          z: 'tab',
          type: 'virustotal-stix',
          server: 'vt',
          attackPatterns: true,
          wires: [['stix']],
        },
        { id: 'stix', z: 'tab', type: 'helper' },
      ],
    });
    flow.send({ payload: 'a.com' });
    await flow.ended(1);
    flow.nodeAt('st').receive({ payload: v3FileReport() });
    await flow.redeploy({ vt: QUICK, st: { name: 'renamed' } }, 'full');
    await flow.until(() => flow.at['stix']?.length === 1);
    expect(flow.at['stix']?.[0]?.payload).to.include({ type: 'bundle' });
    expect(flow.caught).to.deep.equal([]);
  });
});
