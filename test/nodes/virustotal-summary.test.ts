import { expect } from 'chai';
import helper from 'node-red-node-test-helper';
import type { Analysis } from '../../src/analysis/analysis';
import type { Incident } from '../../src/summary/incident';
import type { Flow, FlowOptions, Message, NodeDef } from '../support/flow';
import { logged } from '../support/flow';
import { withStandIn } from '../support/with-stand-in';

const NAMES = Array.from({ length: 10 }, (_, i) => `host${i}-qorlane.com`);
const TEN = NAMES.join(' ');
const FAILED = NAMES[3] as string;
/** One of the ten is refused by VirusTotal. */
const FAULT = { [FAILED]: [{ status: 400, times: 9 }] };
/** No test waits for it. */
const NEVER = { timeout: 0 };
const SHORT = { timeout: 0.05 };

const OUTPUTS = 5;
const incidentOf = (msg: Message | undefined): Incident => msg?.['incident'] as Incident;
const resources = ({ analyses }: Incident): (string | null)[] => analyses.map(({ resource }) => resource);
const lines = (about: string): string[] => [
  ...new Set(
    logged()
      .split('\n')
      .filter((line) => line.startsWith(about)),
  ),
];

describe('the summary node', () => {
  const fixture = withStandIn();

  /** VirusTotal, Report Analysis with all outputs wired, and the summary; `j` is what Report Analysis sends. */
  function nodes(
    summary: Record<string, unknown>,
    more: NodeDef[] = [],
    analysis: Record<string, unknown> = {},
  ): NodeDef[] {
    const also = more.some(({ id }) => id === 'link') ? ['link'] : [];
    const wires = Array.from({ length: OUTPUTS }, () => ['s', 'judged', ...also]);
    return [
      { id: 'ra', z: 'tab', type: 'virustotal-report-analysis', wires, ...analysis },
      { id: 'judged', z: 'tab', type: 'helper' },
      { id: 's', z: 'tab', type: 'virustotal-summary', wires: [['sent']], ...summary },
      { id: 'sent', z: 'tab', type: 'helper' },
      ...more,
    ];
  }

  function deploy(
    summary: Record<string, unknown> = NEVER,
    {
      more = [],
      node = {},
      config = {},
      catching = [],
      analysis,
    }: Partial<FlowOptions> & { analysis?: Record<string, unknown> } = {},
  ): Promise<Flow> {
    for (const [i, name] of NAMES.entries()) fixture.vt.know(name, i === 7 ? 30 : 0);
    return fixture.deploy({
      config,
      catching,
      node: { wires: [['ra']], ...node },
      more: nodes(summary, more, analysis),
    });
  }

  const sent = (flow: Flow): Message[] => flow.at['sent'] ?? [];
  const sentTimes = (flow: Flow, count: number): Promise<void> =>
    flow.until(() => sent(flow).length >= count);

  it('sends one message for the ten indicators of an alert, worst first, and leaves the rest of it', async () => {
    const flow = await deploy();
    flow.send({ payload: TEN, topic: 'alert 17' });
    await sentTimes(flow, 1);
    const [msg] = sent(flow);
    expect(msg).to.include({ topic: 'alert 17' });
    expect(msg).to.not.have.any.keys('parts', 'error');
    expect(msg?.payload).to.be.a('string').that.includes('host7-qorlane[.]com');
    const incident = incidentOf(msg);
    expect(incident).to.deep.include({ verdict: 'malicious', complete: true, failed: [], expected: 10 });
    expect(incident.counts).to.include({ malicious: 1, trusted: 9 });
    expect(resources(incident)[0]).to.equal('host7-qorlane.com');
    expect(resources(incident)).to.have.members(NAMES);
    expect(sent(flow)).to.have.length(1);
  });

  it('has a failed lookup as a row, where a Catch node is wired to it', async () => {
    fixture.vt.script(FAULT);
    const flow = await deploy(NEVER, { catching: ['s'] });
    flow.send({ payload: TEN, topic: 'alert 17' });
    await sentTimes(flow, 1);
    const incident = incidentOf(sent(flow)[0]);
    expect(incident).to.include({ verdict: 'malicious', complete: true });
    expect(incident.counts).to.include({ malicious: 1, trusted: 8, error: 1 });
    expect(incident.failed).to.have.length(1);
    expect(incident.failed[0]).to.include({ type: 'domain', value: FAILED, code: 'VT_REQUEST' });
    expect(sent(flow)[0]).to.not.have.property('error');
  });

  it('takes an array of reports that was judged as one message as one incident, with every verdict', async () => {
    fixture.vt.script(FAULT);
    const flow = await deploy(NEVER, { node: { emit: 'array' }, analysis: { emit: 'array' } });
    flow.send({ payload: TEN, topic: 'alert 17', parts: { id: 'outer', index: 1, count: 3 } });
    await sentTimes(flow, 1);
    const [msg] = sent(flow);
    expect(msg).to.deep.include({ topic: 'alert 17', parts: { id: 'outer', index: 1, count: 3 } });
    const incident = incidentOf(msg);
    expect(incident).to.include({ verdict: 'malicious', complete: true });
    expect(incident.counts).to.include({ malicious: 1, trusted: 8, error: 1 });
    expect(incident.failed).to.have.length(1);
    expect(incident.failed[0]).to.include({ type: 'domain', value: FAILED });
    expect(resources(incident)).to.have.members(NAMES);
    for (const name of NAMES) expect(msg?.payload).to.include(name.replace('.', '[.]'));
    expect(sent(flow)).to.have.length(1);
    expect(flow.at['judged']).to.have.length(1);
  });

  it('sends what has come after the time-out, where no Catch node is wired to it, and says that it is not all', async () => {
    fixture.vt.script(FAULT);
    const flow = await deploy(SHORT);
    flow.send({ payload: TEN });
    await sentTimes(flow, 1);
    const incident = incidentOf(sent(flow)[0]);
    expect(incident).to.include({ complete: false, expected: 10 });
    expect(incident.analyses.length).to.be.below(10);
    expect(sent(flow)[0]?.payload).to.match(/\b10\b/);
    // Which ones, too: the one that failed, and those that came after the time-out.
    const judged = new Set(resources(incident));
    const missing = (incident.missing ?? []).map(({ value }) => value);
    expect(missing).to.have.members(NAMES.filter((name) => !judged.has(name)));
    expect(missing).to.include(FAILED);
    expect(sent(flow)[0]?.payload).to.include(`${FAILED.replace('.', '[.]')}\n   no result has arrived`);
  });

  it('has a failed lookup as a row, where it comes as an error report', async () => {
    fixture.vt.script(FAULT);
    const flow = await deploy(NEVER, { node: { onError: 'report' }, catching: ['s'] });
    flow.send({ payload: TEN });
    await sentTimes(flow, 1);
    expect(incidentOf(sent(flow)[0]).failed.map(({ value, code }) => [value, code])).to.deep.equal([
      [FAILED, 'VT_REQUEST'],
    ]);
  });

  it('says why a search could not be made at all', async () => {
    const flow = await deploy(NEVER, { catching: ['s'] });
    flow.send({ payload: '', topic: 'empty' });
    await sentTimes(flow, 1);
    const incident = incidentOf(sent(flow)[0]);
    expect(incident).to.include({ verdict: 'error', complete: true });
    expect(incident.failed[0]).to.include({ code: 'VT_INVALID_IOC' });
  });

  it('says what was skipped, also where nothing was looked up', async () => {
    const flow = await deploy();
    flow.send({ payload: '10.0.0.1 192.168.1.1' });
    await sentTimes(flow, 1);
    const incident = incidentOf(sent(flow)[0]);
    expect(incident).to.include({ verdict: 'missing', complete: true });
    expect(incident.skipped.map(({ value }) => value)).to.deep.equal(['10.0.0.1', '192.168.1.1']);
    flow.send({ payload: '10.0.0.2 ' + TEN });
    await sentTimes(flow, 2);
    expect(incidentOf(sent(flow)[1]).skipped.map(({ value }) => value)).to.deep.equal(['10.0.0.2']);
  });

  it('sends one message of each of two alerts whose results come in turns', async () => {
    const flow = await deploy(NEVER, { config: { rateLimit: true, rateLimitMs: 5 } });
    flow.send({ payload: TEN, topic: 'one' });
    flow.send({ payload: NAMES.map((name) => `www.${name}`).join(' '), topic: 'two' });
    await sentTimes(flow, 2);
    const bothIn = (topic: string) => resources(incidentOf(sent(flow).find((msg) => msg['topic'] === topic)));
    expect(bothIn('one')).to.have.members(NAMES);
    expect(bothIn('two')).to.have.members(NAMES.map((name) => `www.${name}`));
    const order = (flow.at['judged'] ?? []).map((msg) => msg['topic']);
    expect(order.lastIndexOf('one')).to.be.above(order.indexOf('two'));
  });

  it('sends a message without parts as an incident of one', async () => {
    const flow = await deploy(NEVER, { node: { action: 'domain' } });
    flow.send({ payload: NAMES[7], topic: 'single' });
    await sentTimes(flow, 1);
    expect(sent(flow)[0]).to.include({ topic: 'single' });
    expect(incidentOf(sent(flow)[0])).to.include({ verdict: 'malicious', complete: true });
  });

  it('keeps the parts of a split before it, so that a join has the incidents of all alerts', async () => {
    const flow = await deploy(
      { ...NEVER, wires: [['jo']] },
      {
        catching: ['s'],
        more: [
          { id: 'sp', z: 'tab', type: 'split', splt: '\\n', spltType: 'str', wires: [['n']] },
          { id: 'jo', z: 'tab', type: 'join', mode: 'auto', wires: [['joined']] },
          { id: 'joined', z: 'tab', type: 'helper' },
        ],
      },
    );
    fixture.vt.script(FAULT);
    flow.nodeAt('sp').receive({ payload: [TEN, 'nothing here', NAMES[7], `www.${FAILED} ${NAMES[1]}`] });
    await flow.until(() => flow.at['joined']?.length === 1);
    const [joined] = flow.at['joined'] as [Message];
    const texts = joined.payload as string[];
    expect(texts).to.have.length(4);
    expect(texts[0]).to.contain('host0-qorlane[.]com');
    expect(texts[2]).to.contain('host7-qorlane[.]com').and.not.contain('host0-qorlane');
    expect(joined).to.not.have.property('parts');
  });

  it('sends single lookups behind a split each by itself, with the parts that a join waits for', async () => {
    const flow = await deploy(
      { ...NEVER, wires: [['jo']] },
      {
        node: { action: 'domain' },
        more: [
          { id: 'sp', z: 'tab', type: 'split', splt: '\\n', spltType: 'str', wires: [['n']] },
          { id: 'jo', z: 'tab', type: 'join', mode: 'auto', wires: [['joined']] },
          { id: 'joined', z: 'tab', type: 'helper' },
        ],
      },
    );
    flow.nodeAt('sp').receive({ payload: NAMES.slice(0, 3) });
    await flow.until(() => flow.at['joined']?.length === 1);
    expect(flow.at['joined']?.[0]?.payload).to.have.length(3);
  });

  it('collects the reports of an array, which Report Analysis sends one by one', async () => {
    const flow = await deploy(NEVER, { node: { emit: 'array' } });
    flow.send({ payload: TEN, topic: 'array' });
    await sentTimes(flow, 1);
    expect(incidentOf(sent(flow)[0]).counts).to.include({ malicious: 1, trusted: 9 });
    expect(sent(flow)[0]).to.include({ topic: 'array' });
    expect(sent(flow)[0]).to.not.have.property('parts');
  });

  it('counts a lookup once where an output of Report Analysis is wired twice', async () => {
    const flow = await deploy(NEVER, {
      more: [
        {
          id: 'link',
          z: 'tab',
          type: 'switch',
          property: 'payload',
          propertyType: 'msg',
          rules: [{ t: 'else' }],
          outputs: 1,
          wires: [['s']],
        },
      ],
    });
    flow.send({ payload: TEN });
    await sentTimes(flow, 1);
    await flow.until(() => lines('Twice: ').length > 0);
    expect(incidentOf(sent(flow)[0]).counts).to.include({ malicious: 1, trusted: 9 });
    expect(sent(flow)).to.have.length(1);
  });

  describe('of an incident that waits', () => {
    /** Nine results are there; the tenth waits for the test. */
    async function waiting(summary: Record<string, unknown> = NEVER): Promise<Flow> {
      fixture.vt.script(FAULT);
      const flow = await deploy(summary);
      flow.send({ payload: TEN, topic: 'alert 17' });
      await flow.until(() => flow.at['judged']?.length === 9 && flow.caught.length === 1);
      return flow;
    }
    /** As Report Analysis would have sent it. */
    const tenth = (flow: Flow): Record<string, unknown> => ({
      ...(flow.caught[0] as Message),
      error: undefined,
      analysis: { ...(flow.at['judged']?.[0]?.['analysis'] as Analysis), resource: FAILED },
    });

    it('shows how many results are there, and then the verdict', async () => {
      const flow = await waiting();
      await flow.until(() => flow.statusText('s') === '9/10');
      flow.nodeAt('s').receive(tenth(flow));
      await sentTimes(flow, 1);
      await flow.until(() => flow.statusText('s') === 'malicious · 10');
    });

    it('sends it at msg.complete, and takes what comes then for late: a line for debugging, no second summary', async () => {
      const flow = await waiting();
      flow.nodeAt('s').receive({ complete: true });
      await sentTimes(flow, 1);
      expect(incidentOf(sent(flow)[0])).to.include({ complete: false, expected: 10 });
      expect(sent(flow)[0]).to.include({ topic: 'alert 17' }).and.not.have.property('complete');
      await flow.until(() => flow.statusText('s') === 'malicious · 9 of 10 arrived');
      flow.nodeAt('s').receive(tenth(flow));
      await flow.until(() => lines('Late: ').length > 0);
      expect(lines('Late: ')[0]).to.contain(FAILED);
      expect(sent(flow)).to.have.length(1);
      expect(flow.caught).to.have.length(1);
    });

    it('sends it with the result whose message says msg.complete', async () => {
      const flow = await waiting();
      flow.nodeAt('s').receive({ ...tenth(flow), complete: true });
      await sentTimes(flow, 1);
      expect(incidentOf(sent(flow)[0])).to.include({ complete: true });
      flow.send({ payload: `${NAMES[0]} ${NAMES[1]}`, complete: true });
      await sentTimes(flow, 2);
      expect(incidentOf(sent(flow)[1])).to.include({ complete: false, expected: 2 });
    });

    it('ends it with VT_CLOSED at msg.reset, with what had come', async () => {
      const flow = await waiting();
      flow.nodeAt('s').receive({ reset: true });
      await flow.until(() => flow.caught.length === 2);
      const closed = flow.caught[1];
      expect(closed?.error).to.deep.include({ code: 'VT_CLOSED' });
      expect(closed?.error.source.id).to.equal('s');
      expect(closed).to.include({ topic: 'alert 17' });
      expect(incidentOf(closed)).to.include({ complete: false });
      expect(incidentOf(closed).counts).to.include({ malicious: 1, trusted: 8 });
      flow.nodeAt('s').receive(tenth(flow));
      await flow.until(() => lines('Late: ').length > 0);
      expect(sent(flow)).to.deep.equal([]);
    });

    for (const type of ['full', 'flows', 'nodes'] as const)
      it(`goes on with it in the next node, as that is set up (deploy: ${type})`, async () => {
        const flow = await waiting();
        await flow.redeploy({ s: { format: 'object' }, ra: { name: 'renamed' } }, type);
        expect(sent(flow)).to.deep.equal([]);
        flow.nodeAt('s').receive(tenth(flow));
        await sentTimes(flow, 1);
        expect(sent(flow)[0]).to.include({ topic: 'alert 17' });
        expect(incidentOf(sent(flow)[0])).to.include({ complete: true, expected: 10 });
        expect(sent(flow)[0]?.payload).to.include({ verdict: 'malicious' });
        expect(flow.caught).to.have.length(1);
      });

    it('ends it by the time-out of the next node', async () => {
      const flow = await waiting();
      await flow.redeploy({ s: SHORT });
      await sentTimes(flow, 1);
      expect(incidentOf(sent(flow)[0])).to.include({ complete: false });
    });

    it('knows after a deploy what was sent before it', async () => {
      const flow = await waiting();
      flow.nodeAt('s').receive(tenth(flow));
      await sentTimes(flow, 1);
      await flow.redeploy({ s: { name: 'renamed' } }, 'full');
      flow.nodeAt('s').receive(tenth(flow));
      await flow.until(() => lines('Twice: ').length > 0);
      expect(sent(flow)).to.have.length(1);
    });

    it('ends it with VT_CLOSED when the node is gone, with what had come, and the log says so', async () => {
      const flow = await waiting();
      await flow.redeploy({ s: null });
      await flow.until(() => flow.caught.length === 2);
      expect(flow.caught[1]?.error).to.include({ code: 'VT_CLOSED' });
      expect(incidentOf(flow.caught[1]).counts).to.include({ malicious: 1, trusted: 8 });
      expect(lines('VirusTotal: 1 message ended with VT_CLOSED')).to.have.length(1);
    });

    it('ends it with VT_CONFIG when the next node is set up wrongly', async () => {
      const flow = await waiting();
      await flow.redeploy({ s: { format: 'morse' } });
      await flow.until(() => flow.caught.length === 2);
      expect(flow.caught[1]?.error).to.include({ code: 'VT_CONFIG' });
      expect(flow.caught[1]?.error.message).to.contain('format is "morse"');
      expect(incidentOf(flow.caught[1]).counts).to.include({ malicious: 1, trusted: 8 });
    });

    it('goes on with it when the flows are stopped and started again, and the log says how many wait', async () => {
      const flow = await waiting();
      await flow.stop();
      expect(lines('VirusTotal: 1 message waited when the flows were stopped')).to.have.length(1);
      await flow.start();
      flow.nodeAt('s').receive(tenth(flow));
      await sentTimes(flow, 1);
      expect(incidentOf(sent(flow)[0])).to.include({ complete: true });
    });
  });

  it('waits as long as its lookups wait for the rate limit, whatever the time-out', async () => {
    const config = { rateLimit: true, rateLimitMs: 3_600_000 };
    const flow = await deploy(SHORT, { config });
    flow.send({ payload: `${NAMES[0]} ${NAMES[1]}`, topic: 'alert 17' });
    await flow.until(() => flow.at['judged']?.length === 1);
    // The messages behind it, whose lookups are unknown, have their time-out.
    const analysis = flow.at['judged']?.[0]?.['analysis'];
    for (const [i, topic] of ['other 1', 'other 2'].entries()) {
      flow.nodeAt('s').receive({ analysis, topic, parts: { id: topic, index: 0, count: 2 } });
      await sentTimes(flow, i + 1);
    }
    expect(sent(flow).map((msg) => msg['topic'])).to.deep.equal(['other 1', 'other 2']);
    flow.nodeAt('s').receive({ complete: true });
    await sentTimes(flow, 3);
    expect(sent(flow)[2]).to.include({ topic: 'alert 17' });
    expect(incidentOf(sent(flow)[2])).to.include({ complete: false, expected: 2 });
  });

  it('sends the oldest incomplete, where open incidents take more than 64 MiB with their messages', async () => {
    const flow = await deploy(NEVER);
    const analysis = { verdict: 'trusted', output: 2, type: 'domain', resource: NAMES[0] };
    const mebibyte = 1024 * 1024;
    for (let i = 0; i < 66; i++) {
      const parts = { id: `alert ${i}`, index: 0, count: 2 };
      flow.nodeAt('s').receive({ payload: Buffer.alloc(mebibyte), topic: parts.id, analysis, parts });
    }
    await sentTimes(flow, 1);
    expect(sent(flow)[0]).to.include({ topic: 'alert 0' });
    expect(incidentOf(sent(flow)[0])).to.include({ complete: false, expected: 2 });
    expect(lines('Too many open incidents')).to.have.length(1);
  });

  it('takes the verdict of a retry in the place of the failure', async () => {
    fixture.vt.script({ [FAILED]: [{ status: 400, times: 1 }] });
    const flow = await deploy(NEVER, { config: { cache: false } });
    flow.send({ payload: TEN, topic: 'alert 17' });
    await flow.until(() => flow.at['judged']?.length === 9 && flow.caught.length === 1);
    // What the Catch node gave goes into the VirusTotal node once more.
    flow.send(flow.caught[0] as Message);
    await sentTimes(flow, 1);
    expect(incidentOf(sent(flow)[0])).to.deep.include({ complete: true, failed: [], expected: 10 });
    expect(resources(incidentOf(sent(flow)[0]))).to.have.members(NAMES);
    expect(sent(flow)).to.have.length(1);
  });

  it('leaves out what a Catch node has of a node behind it, so that nothing goes in circles', async () => {
    const flow = await deploy(NEVER);
    flow.send({ payload: TEN });
    await sentTimes(flow, 1);
    flow
      .nodeAt('s')
      .receive({ ...(sent(flow)[0] as Message), error: { message: 'no_service', code: 'ERR_X' } });
    await flow.until(() => lines('Left out of the summaries').length > 0);
    expect(lines('Left out of the summaries')[0]).to.contain('no_service');
    expect(sent(flow)).to.have.length(1);
  });

  it('says that a report was not judged, where it is wired to the VirusTotal node itself', async () => {
    const flow = await deploy(NEVER, { node: { wires: [['s']] } });
    flow.send({ payload: `${NAMES[0]} ${NAMES[1]}` });
    await sentTimes(flow, 1);
    const incident = incidentOf(sent(flow)[0]);
    expect(incident).to.include({ verdict: 'error', complete: true });
    expect(incident.failed.map(({ code }) => code)).to.deep.equal(['VT_CONFIG', 'VT_CONFIG']);
    expect(incident.failed[0]?.message).to.contain('Report Analysis');
  });

  for (const [titleType, title] of [
    ['str', 'Alert 17'],
    ['msg', 'topic'],
    ['jsonata', '"Alert " & 17'],
  ] as const)
    it(`takes its title as it is told (${titleType})`, async () => {
      const flow = await deploy({ ...NEVER, title, titleType });
      flow.send({ payload: TEN, topic: 'Alert 17' });
      await sentTimes(flow, 1);
      expect(sent(flow)[0]?.payload).to.contain('Alert 17');
    });

  it('is sent without its title when the title is not available', async () => {
    const flow = await deploy({ ...NEVER, title: '$error("no title")', titleType: 'jsonata' });
    flow.send({ payload: TEN });
    await sentTimes(flow, 1);
    expect(sent(flow)[0]?.payload).to.contain('host7');
    expect(lines('Sent without its title')).to.have.length(1);
  });

  it('writes indicators as they are where programs read them, unless it is told otherwise', async () => {
    for (const [summary, written] of [
      [{ format: 'csv' }, 'host7-qorlane.com'],
      [{ format: 'csv', defang: true }, 'host7-qorlane[.]com'],
      [{ format: 'text', defang: 'no' }, 'host7-qorlane.com'],
    ] as const) {
      const flow = await deploy({ ...NEVER, ...summary });
      flow.send({ payload: TEN });
      await sentTimes(flow, 1);
      expect(JSON.stringify(sent(flow)[0]?.payload), JSON.stringify(summary)).to.contain(written);
      await fixture.undeploy();
    }
  });

  it('speaks the language that it is told', async () => {
    const texts = new Set<unknown>();
    for (const language of ['en-US', 'de', 'fr', 'ja', 'zh-CN']) {
      const flow = await deploy({ ...NEVER, language });
      flow.send({ payload: TEN });
      await sentTimes(flow, 1);
      texts.add(sent(flow)[0]?.payload);
      await fixture.undeploy();
    }
    expect(texts.size).to.equal(5);
  });

  it('keeps no timer that would keep Node-RED from ending', async () => {
    const flow = await deploy({ timeout: 3600 });
    fixture.vt.script(FAULT);
    flow.send({ payload: TEN });
    await flow.until(() => flow.at['judged']?.length === 9 && flow.caught.length === 1);
    const timers = (): number => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
    const before = timers();
    await helper.unload();
    expect(timers()).to.be.at.most(before);
  });
});
