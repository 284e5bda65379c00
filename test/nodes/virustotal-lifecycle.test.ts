import { expect } from 'chai';
import { logged, type Flow, type Message } from '../support/flow';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { withStandIn } from '../support/with-stand-in';

const SLOW = { rateLimit: true, rateLimitMs: 60_000 };
const WAITING = ['b.com', 'c.com', 'd.com'];

const cachedOf = (msg: Message | undefined): boolean => (msg?.['virustotal'] as { cached: boolean }).cached;

/** What keeps the process alive, sorted: timers and sockets by their names. */
const alive = (): string[] => process.getActiveResourcesInfo().toSorted();

describe('A deploy', () => {
  const fixture = withStandIn();

  /** A flow in which one message has its report, one is under way without an end, and the others wait. */
  async function busyFlow(config: Record<string, unknown> = {}): Promise<Flow> {
    const flow = await fixture.deploy({ config: { ...SLOW, ...config }, node: { action: 'domain' } });
    flow.send({ payload: 'a.com' });
    await flow.ended(1);
    for (const payload of WAITING) flow.send({ payload });
    return flow;
  }

  const codes = (flow: Flow): [string, unknown][] =>
    flow.caught.map(({ error, payload }) => [error.code, payload]);
  const closed = WAITING.map((payload) => ['VT_CLOSED', payload]);
  const ended = (): string[] =>
    logged()
      .split('\n')
      .filter((line) => /^VirusTotal: .* ended with VT_CLOSED at this deploy/.test(line));

  for (const [what, changes, statusAfter] of [
    ['disables the node', { n: { d: true } }, undefined],
    ['deletes the node', { n: null }, undefined],
    ['disables the config', { vt: { d: true } }, 'no VirusTotal config'],
    ['deletes the config', { vt: null }, 'no VirusTotal config'],
    ['lets the node name no config', { n: { server: '' } }, 'no VirusTotal config'],
    ['changes the key', { vt: { credentials: { apiKey: freshKey() } } }, null],
  ] as const) {
    for (const type of ['nodes', 'flows', 'full'] as const) {
      it(`of type ${type} that ${what} ends each waiting message with VT_CLOSED in a Catch node and logs how many`, async () => {
        const flow = await busyFlow();
        await flow.redeploy(changes, type);
        await flow.until(() => flow.caught.length === WAITING.length);
        expect(codes(flow)).to.deep.equal(closed);
        expect(flow.out).to.have.length(1);
        if (statusAfter !== null) await flow.until(() => flow.statusText() === statusAfter);
        expect(ended()).to.have.length(1);
        expect(ended()[0]).to.contain('3 messages');
        expect(fixture.asked()).to.deep.equal(['a.com']);
      });
    }
  }

  it('of one node leaves the waiting messages of another node with the same config', async () => {
    const flow = await fixture.deploy({
      config: { rateLimit: true, rateLimitMs: 50 },
      node: { action: 'domain' },
      more: [{ id: 'n2', z: 'tab', type: 'virustotal', server: 'vt', action: 'domain', wires: [['out']] }],
    });
    for (const payload of WAITING) flow.nodeAt('n2').receive({ payload });
    await flow.redeploy({ n: { name: 'renamed' } });
    await flow.ended(3);
    expect(flow.caught).to.deep.equal([]);
  });

  it('that changes something else leaves all waiting messages', async () => {
    const flow = await busyFlow({ rateLimitMs: 50 });
    await flow.redeploy({ out2: { type: 'helper', z: 'tab' } });
    await flow.ended(4);
    expect(flow.caught).to.deep.equal([]);
  });

  it('of everything leaves no timer and no socket while messages wait and one is in flight', async () => {
    // mocha's own timer runs from the first turn on.
    await new Promise(setImmediate);
    const before = alive();
    fixture.vt.script({ 'b.com': [{ delayMs: 'forever' }] });
    const flow = await busyFlow({ rateLimitMs: 1 });
    await fixture.askedTimes(2);
    await flow.redeploy({ vt: SLOW }, 'full');
    for (const payload of WAITING) flow.send({ payload });
    await flow.until(() => flow.statuses.length > 0);
    await fixture.undeploy();
    fixture.vt.script([]);
    // What was closed goes in the next turns of the event loop.
    while (alive().length > before.length) await new Promise(setImmediate);
    expect(alive()).to.deep.equal(before);
  });

  for (const [what, changes, lives] of [
    ['the pace', { rateLimit: true, rateLimitMs: 1 }, true],
    ['name, quota and privacy', { name: 'SOC', dailyQuota: 100, allowList: 'example.com' }, true],
    ['nothing (everything is deployed)', {}, true],
    ['how long reports are kept', { cacheTtl: 60 }, false],
    ['how many are kept', { cacheSize: 10 }, false],
    ['the version of the API', { apiVersion: 'v2' }, false],
  ] as const) {
    it(`that changes ${what} ${lives ? 'keeps' : 'empties'} the cache`, async () => {
      const flow = await fixture.deploy({ node: { action: 'domain' } });
      flow.send({ payload: 'a.com' });
      await flow.ended(1);
      const apiUrl = 'apiVersion' in changes ? { apiUrl: fixture.vt.url('v2') } : {};
      await flow.redeploy(
        { vt: { ...changes, ...apiUrl } },
        Object.keys(changes).length > 0 ? 'nodes' : 'full',
      );
      flow.send({ payload: 'a.com' });
      await flow.ended(2);
      expect(flow.caught).to.deep.equal([]);
      expect(cachedOf(flow.out[1])).to.equal(lives);
    });
  }

  it('that changes the key empties the cache', async () => {
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    flow.send({ payload: 'a.com' });
    await flow.ended(1);
    await flow.redeploy({ vt: { credentials: { apiKey: freshKey() } } });
    flow.send({ payload: 'a.com' });
    await flow.ended(2);
    expect(flow.caught[0]?.error).to.include({ code: 'VT_AUTH' });
  });

  it('that deletes the config starts with an empty cache when another adds it again', async () => {
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    const { type, apiUrl, rateLimit } = flow.defOf('vt');
    flow.send({ payload: 'a.com' });
    await flow.ended(1);
    await flow.redeploy({ vt: null });
    await flow.redeploy({ vt: { type, apiUrl, rateLimit, credentials: { apiKey: fixture.apiKey } } });
    flow.send({ payload: 'a.com' });
    await flow.ended(2);
    expect(flow.caught).to.deep.equal([]);
    expect(cachedOf(flow.out[1])).to.equal(false);
  });

  it('keeps the daily count', async () => {
    const flow = await fixture.deploy({ config: { dailyQuota: 1 }, node: { action: 'domain' } });
    flow.send({ payload: 'a.com' });
    await flow.ended(1);
    await flow.redeploy({ vt: { name: 'renamed' } }, 'full');
    flow.send({ payload: 'b.com' });
    await flow.ended(2);
    expect(flow.caught[0]?.error).to.include({ code: 'VT_QUOTA' });
  });
});
