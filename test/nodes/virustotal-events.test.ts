import { expect } from 'chai';
import type { Flow, FlowOptions, Message, NodeDef } from '../support/flow';
import { logged } from '../support/flow';
import { withStandIn } from '../support/with-stand-in';

type Event = Record<string, unknown> & { event: string };

describe('the events node', () => {
  const fixture = withStandIn();

  const nodes = (events: Record<string, unknown> = {}): NodeDef[] => [
    { id: 'tab', type: 'tab', label: 'Triage' },
    { id: 'e', z: 'tab', type: 'virustotal-events', wires: [['events']], ...events },
    { id: 'events', z: 'tab', type: 'helper' },
  ];

  const deploy = (
    { node = {}, config = {}, ...rest }: Partial<FlowOptions> = {},
    events: Record<string, unknown> = {},
  ): Promise<Flow> =>
    fixture.deploy({
      config: { name: 'SOC key', ...config },
      node: { name: 'Lookup', ...node },
      more: nodes(events),
      ...rest,
    });

  const eventsOf = (flow: Flow): Event[] =>
    (flow.at['events'] ?? []).map(({ payload }: Message) => payload as Event);
  const named = (flow: Flow, name: string): Event[] => eventsOf(flow).filter(({ event }) => event === name);
  const until = (flow: Flow, name: string, count = 1): Promise<void> =>
    flow.until(() => named(flow, name).length >= count);

  it('tells of each lookup: what, for which node and flow, from where, and what came of it by numbers', async () => {
    fixture.vt.know('qorlane.com', { malicious: 7, engines: 70 });
    const flow = await deploy();
    flow.send({ payload: 'hxxp://qorlane[.]com/a qorlane.com' });
    await until(flow, 'lookup', 2);
    const [first] = named(flow, 'lookup').filter(({ type }) => type === 'domain');
    expect(first).to.deep.include({
      ...{ event: 'lookup', kind: 'lookup', severity: 6 },
      ...{ config: 'SOC key', configId: 'vt', node: 'Lookup', nodeId: 'n', flow: 'Triage', flowId: 'tab' },
      ...{ type: 'domain', value: 'qorlane.com', cached: false },
      ...{ responseCode: 1, positives: 7, total: 70 },
    });
    expect(first?.['ms']).to.be.a('number').that.is.at.least(0);
    expect(new Date(String(first?.['time'])).toISOString()).to.equal(first?.['time']);
    expect(flow.at['events']?.[0]).to.include({ topic: 'lookup' });
    flow.send({ payload: 'qorlane.com' });
    await until(flow, 'lookup', 3);
    expect(named(flow, 'lookup')[2]).to.include({ value: 'qorlane.com', cached: true });
  });

  it('is flat: no property of an event is an object', async () => {
    const flow = await deploy();
    flow.send({ payload: 'qorlane.com 10.0.0.1' });
    await until(flow, 'lookup');
    await until(flow, 'skipped');
    for (const event of eventsOf(flow))
      for (const value of Object.values(event))
        expect(typeof value).to.be.oneOf(['string', 'number', 'boolean']);
  });

  it('tells what was not sent, once for each reason', async () => {
    const flow = await deploy({ config: { allowList: 'example.org' } });
    flow.send({ payload: '10.0.0.1 10.0.0.2 www.example.org' });
    await until(flow, 'skipped', 2);
    expect(
      named(flow, 'skipped').map(({ reason, count, values }) => ({ reason, count, values })),
    ).to.have.deep.members([
      { reason: 'private address (RFC 1918)', count: 2, values: '10.0.0.1, 10.0.0.2' },
      { reason: 'on the allow list', count: 1, values: 'www.example.org' },
    ]);
  });

  for (const action of ['search', 'domain'])
    it(`tells of a failed lookup once, with its code (action ${action})`, async () => {
      fixture.vt.script({ 'qorlane.com': [{ status: 400 }] });
      const flow = await deploy({ node: { action } });
      flow.send({ payload: 'qorlane.com' });
      await flow.until(() => flow.caught.length === 1);
      await until(flow, 'refused');
      expect(named(flow, 'refused')[0]).to.include({
        code: 'VT_REQUEST',
        value: 'qorlane.com',
        type: 'domain',
        status: 400,
      });
      fixture.vt.know('second.com', 0);
      flow.send({ payload: 'second.com' });
      await until(flow, 'lookup');
      expect(named(flow, 'refused')).to.have.length(1);
    });

  it('tells of a message that could not be searched', async () => {
    const flow = await deploy();
    flow.send({ payload: '' });
    await until(flow, 'refused');
    expect(named(flow, 'refused')[0]).to.include({ code: 'VT_INVALID_IOC' });
  });

  it('tells that the key is refused, that the day is used up, and never the key', async () => {
    fixture.vt.script({ 'qorlane.com': [{ status: 401 }] });
    const flow = await deploy({ config: { dailyQuota: 10 }, node: { action: 'domain' } });
    flow.send({ payload: 'qorlane.com' });
    await until(flow, 'key-refused');
    expect(named(flow, 'key-refused')[0]).to.include({ code: 'VT_AUTH', severity: 3, config: 'SOC key' });
    expect(JSON.stringify(eventsOf(flow))).to.not.include(fixture.apiKey);
  });

  it('tells when 80 % of the quota are used and when it is spent', async () => {
    const flow = await deploy({ config: { dailyQuota: 5 } });
    flow.send({ payload: 'a.qorlane.com b.qorlane.com c.qorlane.com d.qorlane.com' });
    await until(flow, 'quota-80');
    expect(named(flow, 'quota-80')[0]).to.include({ period: 'day', used: 4, allowed: 5 });
    flow.send({ payload: 'e.qorlane.com' });
    await until(flow, 'quota-spent');
  });

  it('tells that VirusTotal asks to slow down', async () => {
    fixture.vt.script({ 'qorlane.com': [{ status: 429 }] });
    const flow = await deploy({ node: { action: 'domain' }, config: { timeScale: 0.1 } });
    flow.send({ payload: 'qorlane.com' });
    await until(flow, 'pause-start');
    expect(named(flow, 'pause-start')[0]).to.include({ code: 'VT_QUOTA' });
  });

  it('sends only the kinds that are chosen, of the instance that is chosen', async () => {
    const flow = await deploy({}, { kinds: 'skipped', server: 'vt' });
    flow.send({ payload: 'qorlane.com 10.0.0.1' });
    await flow.until(() => flow.out.length === 1);
    await until(flow, 'skipped');
    expect(eventsOf(flow).map(({ event }) => event)).to.deep.equal(['skipped']);
    await fixture.undeploy();
    const other = await deploy({}, { server: 'another' });
    other.send({ payload: 'qorlane.com 10.0.0.1' });
    await other.until(() => other.out.length === 1);
    expect(eventsOf(other)).to.deep.equal([]);
  });

  it('keeps what happens during a deploy for the node after it', async () => {
    const flow = await deploy();
    for (let i = 0; i < 50; i++) flow.send({ payload: `${i}.qorlane.com` });
    await flow.redeploy({}, 'full');
    await flow.until(() => flow.out.length === 50);
    await until(flow, 'lookup', 50);
    expect(new Set(named(flow, 'lookup').map(({ value }) => value)).size).to.equal(50);
  });

  it('refuses a kind that it does not know, by its name', async () => {
    await deploy({}, { kinds: 'lookup,lokup' });
    expect(logged()).to.include('Not valid: kinds has "lokup"');
  });
});
