import { expect } from 'chai';
import FakeTimers from '@sinonjs/fake-timers';
import type { Flow, FlowOptions, Message } from '../support/flow';
import { logged } from '../support/flow';
import { withStandIn } from '../support/with-stand-in';

describe('the watch node and the IoC stream', () => {
  const fixture = withStandIn();

  const deploy = (watch: Record<string, unknown> = {}, options: Partial<FlowOptions> = {}): Promise<Flow> =>
    fixture.deploy({
      ...options,
      node: { type: 'virustotal-watch', server: 'vt', stream: '*', wires: [['out']], ...watch },
    });

  const streamReads = (): number =>
    fixture.vt.requests.filter(({ path }) => path.includes('ioc_stream')).length;

  const sent = (flow: Flow): Message[] => flow.out.filter(({ topic }) => topic !== 'list');

  it('sends each notification after the baseline once, with its report, over a deploy too', async () => {
    fixture.vt.reset({ privileges: ['gti'] });
    fixture.vt.notify({ kind: 'domain', indicator: 'before.net' });
    const flow = await deploy();
    await fixture.askedTimes(1);
    fixture.vt.know('hunted.net', 12);
    fixture.vt.notify({
      ...{ kind: 'domain', indicator: 'hunted.net', rule: 'my_rule', tags: ['a-tag'] },
      source: { type: 'threat_actor', id: 'actor-1' },
    });
    fixture.vt.notify({ kind: 'ip', indicator: '21.84.193.7', origin: 'subscriptions' });
    flow.send({ watch: { check: true } });
    await flow.until(() => sent(flow).length === 2);
    const [first, second] = sent(flow) as [Message, Message];
    expect(first).to.deep.include({ topic: 'hunted.net' });
    expect(first.payload).to.include({ type: 'domain', resource: 'hunted.net', positives: 12 });
    expect(first['analysis']).to.include({ verdict: 'malicious', positives: 12 });
    expect(first['notification']).to.deep.include({
      ...{ origin: 'hunting', rule: 'my_rule', tags: ['a-tag'] },
      sources: [{ type: 'threat_actor', id: 'actor-1' }],
    });
    expect((first['notification'] as { date: string }).date).to.match(/^20\d\d-\d\d-\d\dT.*Z$/);
    expect(first).not.to.have.property('previous');
    expect(first['virustotal']).to.include({ action: 'stream', type: 'domain', resource: 'hunted.net' });
    expect(second.topic).to.equal('21.84.193.7');
    const reads = streamReads();
    await flow.redeploy({}, 'full');
    await fixture.askedTimes(reads + 1);
    fixture.vt.notify({ kind: 'domain', indicator: 'third.net' });
    flow.send({ watch: { check: true } });
    await flow.until(() => sent(flow).length >= 3);
    expect(sent(flow).map(({ topic }) => topic)).to.deep.equal(['hunted.net', '21.84.193.7', 'third.net']);
    await flow.until(() => /IoC stream · \d+\/250 today/.test(flow.statusText() ?? ''));
    expect(flow.statusText()).to.match(
      /^next check \d\d:\d\d · IoC stream · \d+\/250 today · in memory only$/,
    );
  });

  it('says what is missing with a key that may not read it, and looks its list up all the same', async () => {
    fixture.vt.know('qorlane-invoices.com', 0);
    const flow = await deploy({ list: 'qorlane-invoices.com' });
    await flow.until(
      () => /^key may not read this/.test(flow.statusText() ?? '') && fixture.asked().length === 2,
    );
    expect(logged()).to.include('Not allowed: the IoC stream takes a key of Google Threat Intelligence');
    expect(fixture.asked()).to.have.members(['', 'qorlane-invoices.com']);
  });

  it('says with API v2 that the stream needs v3', async () => {
    const flow = await fixture.deploy(
      { node: { type: 'virustotal-watch', server: 'vt', stream: '*', wires: [['out']] } },
      'v2',
    );
    await flow.until(() => /^check the settings/.test(flow.statusText() ?? ''));
    expect(logged()).to.include('API v3 needed: v2 has no IoC stream');
    expect(streamReads()).to.equal(0);
  });

  it('puts notifications into the digest', async () => {
    fixture.vt.reset({ privileges: ['gti'] });
    const clock = FakeTimers.install({ toFake: ['Date'], now: new Date(2026, 2, 10, 9, 0) });
    try {
      const flow = await deploy({ digestAt: '07:30' });
      await fixture.askedTimes(1);
      fixture.vt.know('hunted.net', 12);
      fixture.vt.notify({ kind: 'domain', indicator: 'hunted.net' });
      flow.send({ watch: { check: true } });
      await flow.until(() => {
        const { text = '', fill } = flow.statuses.findLast(({ id }) => id === 'n') ?? {};
        return fill === 'grey' && text.includes('· 2/250 today');
      });
      expect(sent(flow)).to.deep.equal([]);
      clock.setSystemTime(new Date(2026, 2, 11, 7, 30));
      await flow.redeploy({}, 'full');
      await flow.until(() => sent(flow).length === 1);
      const [msg] = sent(flow) as [Message];
      expect(msg.payload).to.be.a('string').that.includes('hunted[.]net');
      expect(msg['incident']).to.deep.include({ verdict: 'malicious' });
      expect(msg['changes']).to.deep.equal([]);
      expect(msg['notifications']).to.have.length(1);
    } finally {
      clock.uninstall();
    }
  });
});

describe('the watch node and old scans', () => {
  const fixture = withStandIn();
  const OLD = { malicious: 0, engines: 70, scannedAt: 1_577_934_245 };

  const deploy = (watch: Record<string, unknown> = {}): Promise<Flow> =>
    fixture.deploy({
      node: {
        ...{ type: 'virustotal-watch', server: 'vt', list: 'qorlane-invoices.com', wires: [['out']] },
        ...watch,
      },
    });

  it('sends nothing without consent, and says why', async () => {
    fixture.vt.know('qorlane-invoices.com', OLD);
    const flow = await deploy({ rescanAfterDays: 30 });
    flow.send({ watch: { list: true } });
    await flow.until(() => flow.caught.length === 1);
    expect(flow.caught[0]?.error).to.include({ code: 'VT_CONFIG' });
    expect(flow.caught[0]?.error.message).to.match(/^Not started: consent is missing/);
    expect(fixture.vt.requests).to.deep.equal([]);
  });

  it('asks for a scan with consent, and takes the new report for the baseline', async () => {
    fixture.vt.know('qorlane-invoices.com', OLD);
    fixture.vt.planAnalyses({ queued: 0, inProgress: 0, end: 'completed', verdict: 9 });
    const flow = await deploy({ rescanAfterDays: '30', consent: 'true' });
    await fixture.askedTimes(2);
    fixture.vt.completeAnalyses();
    const verdict = async (): Promise<unknown> => {
      const before = flow.out.length;
      flow.send({ watch: { check: true, list: true } });
      await flow.until(() => flow.out.length > before);
      return (flow.out.at(-1)?.payload as { verdict: unknown }[])[0]?.verdict;
    };
    while ((await verdict()) === null);
    expect(await verdict()).to.equal('malicious');
    expect(fixture.vt.requests.filter(({ method }) => method === 'POST')).to.have.length(1);
    expect(flow.out.filter(({ analysis }) => analysis !== undefined)).to.deep.equal([]);
  });
});
