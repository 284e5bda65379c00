import { expect } from 'chai';
import type { Report } from '../../src/report/report';
import type { Flow, Message } from '../support/flow';
import { withStandIn } from '../support/with-stand-in';

const cachedOf = (msg: Message | undefined): boolean => (msg?.['virustotal'] as { cached: boolean }).cached;

describe('Messages that use VirusTotal at the same time', () => {
  const fixture = withStandIn();

  it('cost one request when a thousand of them have the same indicator', async () => {
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    for (let i = 0; i < 1000; i++) flow.send({ payload: 'qorlane.com' });
    await flow.ended(1000);
    expect(flow.out).to.have.length(1000);
    expect(fixture.asked()).to.deep.equal(['qorlane.com']);
  });

  it('all receive the failure of their common request, and the next message sends a new one', async () => {
    fixture.vt.script({ 'qorlane.com': [{ status: 400 }] });
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    for (let i = 0; i < 5; i++) flow.send({ payload: 'qorlane.com' });
    await flow.ended(5);
    expect(flow.caught.map(({ error }) => error.code)).to.deep.equal(Array(5).fill('VT_REQUEST'));
    flow.send({ payload: 'qorlane.com' });
    await flow.ended(6);
    expect(fixture.asked()).to.have.length(2);
  });

  it('share a request and the cache between the nodes of one config', async () => {
    const flow = await fixture.deploy({
      node: { action: 'domain' },
      more: [{ id: 'n2', z: 'tab', type: 'virustotal', server: 'vt', wires: [['out']] }],
    });
    flow.send({ payload: 'qorlane.com' });
    flow.nodeAt('n2').receive({ payload: { host: 'QORLANE.com.' } });
    await flow.ended(2);
    flow.nodeAt('n2').receive({ payload: 'qorlane[.]com' });
    await flow.ended(3);
    expect(fixture.asked()).to.deep.equal(['qorlane.com']);
    expect(flow.out.map(cachedOf)).to.deep.equal([false, false, true]);
  });

  describe('through two configs with one key', () => {
    const both = async (config: Record<string, unknown>): Promise<Flow> => {
      const flow = await fixture.deploy({
        config,
        node: { action: 'domain' },
        more: [
          { id: 'vt2', type: 'virustotal-config', apiUrl: fixture.vt.url('v3'), rateLimit: false, ...config },
          { id: 'n2', z: 'tab', type: 'virustotal', server: 'vt2', action: 'domain', wires: [['out']] },
        ],
        credentials: { vt2: { apiKey: fixture.apiKey } },
      });
      flow.send({ payload: 'qorlane.com' });
      flow.nodeAt('n2').receive({ payload: 'qorlane.com' });
      await flow.ended(2);
      // Each config has a cache of its own.
      expect(fixture.asked()).to.deep.equal(['qorlane.com', 'qorlane.com']);
      return flow;
    };

    it('share the rate limit', async () => {
      const flow = await both({ rateLimit: true, rateLimitMode: 'window', rateLimitCount: 2, timeScale: 1 });
      flow.send({ payload: 'meridane.com' });
      flow.nodeAt('n2').receive({ payload: 'fennick.org' });
      for (const id of ['vt', 'vt2']) {
        const { waiting, nextStartMs } = await fixture.state(id);
        expect(waiting, id).to.equal(1);
        expect(nextStartMs, id).to.be.above(0);
      }
      expect(fixture.asked()).to.have.length(2);
    });

    it('share the counts', async () => {
      const flow = await both({ dailyQuota: 3 });
      flow.nodeAt('n2').receive({ payload: 'meridane.com' });
      await flow.ended(3);
      flow.send({ payload: 'fennick.org' });
      await flow.ended(4);
      expect(flow.caught.map(({ error }) => error.code)).to.deep.equal(['VT_QUOTA']);
      for (const id of ['vt', 'vt2']) expect((await fixture.state(id)).quota.day.used, id).to.equal(3);
    });
  });

  it('are taken by msg.priority and then in order of arrival', async () => {
    const flow = await fixture.deploy({
      config: { rateLimit: true, rateLimitMs: 30 },
      node: { action: 'domain' },
    });
    const wishes: [string, unknown][] = [
      ['last.com', 9],
      ['usual.com', undefined],
      ['usual-too.com', 'high'],
      ['urgent.com', 0],
      ['urgent-text.com', '1'],
    ];
    for (const [payload, priority] of wishes) flow.send({ payload, priority });
    await flow.ended(wishes.length);
    expect(fixture.asked()).to.deep.equal([
      'urgent.com',
      'urgent-text.com',
      'usual.com',
      'usual-too.com',
      'last.com',
    ]);
  });

  it('are not delayed by a long search that came before', async () => {
    const flow = await fixture.deploy({ config: { rateLimit: true, rateLimitMs: 20 } });
    flow.send({ payload: Array.from({ length: 8 }, (_, i) => `192.31.196.${i}`) });
    flow.send({ payload: 'single.com' });
    await flow.ended(9);
    expect(fixture.asked().indexOf('single.com')).to.be.below(3);
  });

  it('bypass the cache with msg.refresh and store the fresh report', async () => {
    fixture.vt.know('qorlane.com', 1);
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    flow.send({ payload: 'qorlane.com' });
    await flow.ended(1);
    fixture.vt.know('qorlane.com', 2);
    for (const refresh of [undefined, true, undefined]) {
      flow.send({ payload: 'qorlane.com', refresh });
      await flow.ended(flow.out.length + 1);
    }
    expect(flow.out.map(({ payload }) => (payload as Report).positives)).to.deep.equal([1, 1, 2, 2]);
    expect(flow.out.map(cachedOf)).to.deep.equal([false, true, false, true]);
  });

  it('join a request in flight even with msg.refresh', async () => {
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    for (const refresh of [false, true, true]) flow.send({ payload: 'qorlane.com', refresh });
    await flow.ended(3);
    expect(fixture.asked()).to.have.length(1);
  });

  it('end with VT_CLOSED at msg.reset if they wait in that node, which then accepts the next message', async () => {
    const flow = await fixture.deploy({
      config: { rateLimit: true, rateLimitMs: 60_000 },
      node: { action: 'domain', onError: 'report' },
      more: [
        { id: 'n2', z: 'tab', type: 'virustotal', server: 'vt', action: 'domain', wires: [['out']] },
        { id: 'd', z: 'tab', type: 'complete', scope: ['n'], wires: [['completed']] },
        { id: 'completed', z: 'tab', type: 'helper' },
      ],
    });
    flow.send({ payload: 'first.com' });
    await flow.ended(1);
    flow.send({ payload: 'cached-not.com', topic: 1 });
    flow.send({ payload: 'shared.com', topic: 2 });
    flow.nodeAt('n2').receive({ payload: 'shared.com' });
    flow.send({ reset: true });
    await flow.ended(3);
    expect(flow.caught.map(({ error, topic }) => [error.code, topic])).to.deep.equal([
      ['VT_CLOSED', 1],
      ['VT_CLOSED', 2],
    ]);
    // The message that resets is no lookup: nothing comes of it but that it is done.
    await flow.until(() => (flow.at['completed'] ?? []).some(({ reset }) => reset === true));
    flow.send({ payload: 'first.com' });
    await flow.ended(4);
    expect(cachedOf(flow.out[1])).to.equal(true);
    expect(fixture.asked()).to.deep.equal(['first.com']);
    expect((await fixture.state()).waiting).to.equal(1);
  });

  it('end one by one at msg.reset as indicators of a search, and once as an array', async () => {
    for (const [emit, errors] of [
      ['each', 3],
      ['array', 1],
    ] as const) {
      const flow = await fixture.deploy({ config: { rateLimit: true, rateLimitMs: 60_000 }, node: { emit } });
      flow.send({ payload: 'qorlane.com meridane.com fennick.org' });
      flow.send({ reset: true });
      await flow.ended(errors);
      expect(flow.caught.map(({ error }) => error.code)).to.deep.equal(Array(errors).fill('VT_CLOSED'));
      expect(flow.out).to.deep.equal([]);
      await fixture.undeploy();
    }
  });

  it('are refused with VT_QUEUE_FULL when more wait than allowed', async () => {
    const flow = await fixture.deploy({
      config: { rateLimit: true, rateLimitMs: 60_000, maxQueue: 2 },
      node: { action: 'domain' },
    });
    flow.send({ payload: 'a-goes.com' });
    await flow.ended(1);
    for (const payload of ['b-waits.com', 'c-waits.com', 'd-refused.com', 'e-refused.com'])
      flow.send({ payload });
    await flow.until(() => flow.caught.length === 2);
    expect(flow.caught.map(({ error, payload }) => [error.code, payload])).to.deep.equal([
      ['VT_QUEUE_FULL', 'd-refused.com'],
      ['VT_QUEUE_FULL', 'e-refused.com'],
    ]);
    expect(flow.caught[0]?.error.message).to.contain('2 messages');
  });

  it('end with VT_QUOTA at once and without a request when the daily quota is used up', async () => {
    const flow = await fixture.deploy({ config: { dailyQuota: 1 }, node: { action: 'domain' } });
    for (const payload of ['first.com', 'second.com']) flow.send({ payload });
    await flow.ended(2);
    expect(flow.caught[0]?.error).to.include({ code: 'VT_QUOTA' });
    expect(flow.caught[0]?.error.message).to.contain('quota of 1');
    flow.send({ payload: 'first.com' });
    await flow.ended(3);
    expect(cachedOf(flow.out[1])).to.equal(true);
    expect(fixture.asked()).to.deep.equal(['first.com']);
  });

  it('wait for the turn of the day with onQuota "wait"', async () => {
    const flow = await fixture.deploy({
      config: { dailyQuota: 1, onQuota: 'wait' },
      node: { action: 'domain' },
    });
    for (const payload of ['first.com', 'second.com']) flow.send({ payload });
    await flow.ended(1);
    expect((await fixture.state()).waiting).to.equal(1);
    expect(flow.caught).to.deep.equal([]);
  });

  it('all end with VT_AUTH after one request when the key is refused', async () => {
    fixture.vt.script({ 'a.com': [{ status: 401 }], 'b.com': [{ status: 401 }], 'c.com': [{ status: 401 }] });
    const flow = await fixture.deploy({
      config: { rateLimit: true, rateLimitMs: 60_000 },
      node: { action: 'domain' },
    });
    for (const payload of ['a.com', 'b.com', 'c.com']) flow.send({ payload });
    await flow.ended(3);
    expect(flow.caught.map(({ error }) => error.code)).to.deep.equal(Array(3).fill('VT_AUTH'));
    expect(fixture.asked()).to.deep.equal(['a.com']);
  });

  it("count cache hits and misses in Node-RED's metrics", async () => {
    const metrics: [event: string, value: unknown][] = [];
    const flow = await fixture.deploy({
      node: { action: 'domain' },
      api: (RED) => ({
        log: Object.assign(Object.create(RED.log) as typeof RED.log, { metric: () => true }),
      }),
    });
    flow.node.metric = ((event: string, _msg: unknown, value: unknown) =>
      metrics.push([event, value])) as never;
    for (const payload of ['qorlane.com', 'qorlane.com']) {
      flow.send({ payload });
      await flow.ended(flow.out.length + 1);
    }
    const counted = metrics.filter(([event]) => event.startsWith('cache'));
    expect(counted).to.deep.equal([
      ['cache.miss', 1],
      ['cache.hit', 1],
    ]);
  });
});
