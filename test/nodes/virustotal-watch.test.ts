import FakeTimers from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Flow, FlowOptions, Message } from '../support/flow';
import { logged } from '../support/flow';
import { withStandIn } from '../support/with-stand-in';

interface Listed {
  value: string;
  verdict: string | null;
}

describe('the watch node', () => {
  const fixture = withStandIn();
  const LIST = 'qorlane-invoices.com\nmeridane-paper.net   # supplier';

  const deploy = (watch: Record<string, unknown> = {}, options: Partial<FlowOptions> = {}): Promise<Flow> =>
    fixture.deploy({
      ...options,
      node: { type: 'virustotal-watch', server: 'vt', list: LIST, wires: [['out']], ...watch },
    });

  /** The watched indicators, as the node sends them on. */
  async function listed(flow: Flow): Promise<Listed[]> {
    const count = flow.out.filter(({ topic }) => topic === 'list').length;
    flow.send({ topic: 'list', watch: { list: true } });
    await flow.until(() => flow.out.filter(({ topic }) => topic === 'list').length > count);
    return flow.out.findLast(({ topic }) => topic === 'list')?.payload as Listed[];
  }

  /** Resolves when each has its baseline, or a verdict as asked for. */
  async function judged(flow: Flow, verdict?: string): Promise<Listed[]> {
    for (;;) {
      const all = await listed(flow);
      if (all.every((each) => (verdict ? each.verdict === verdict : each.verdict !== null))) return all;
    }
  }

  const changes = (flow: Flow): Message[] => flow.out.filter(({ topic }) => topic !== 'list');

  it('sends nothing for the baseline, and a message when a verdict changes, with what was before', async () => {
    fixture.vt.know('qorlane-invoices.com', 0);
    fixture.vt.know('meridane-paper.net', 0);
    const flow = await deploy();
    await judged(flow, 'trusted');
    expect(changes(flow)).to.deep.equal([]);
    fixture.vt.know('qorlane-invoices.com', 12);
    flow.send({ watch: { check: true } });
    await flow.until(() => changes(flow).length === 1);
    const [msg] = changes(flow) as [Message];
    expect(msg).to.deep.include({ topic: 'qorlane-invoices.com' });
    expect(msg.payload).to.include({ type: 'domain', resource: 'qorlane-invoices.com', positives: 12 });
    expect(msg['analysis']).to.include({ verdict: 'malicious', positives: 12 });
    expect(msg['previous']).to.include({ verdict: 'trusted', positives: 0 });
    expect(msg['virustotal']).to.include({
      action: 'watch',
      resource: 'qorlane-invoices.com',
      cached: false,
    });
    await fixture.askedTimes(4);
    await listed(flow);
    expect(changes(flow)).to.have.length(1);
    await flow.until(() => /1 changed/.test(flow.statusText() ?? ''));
    expect(flow.statusText()).to.match(
      /^next check \d\d:\d\d · 2 watched · 1 changed · 4\/250 today · in memory only$/,
    );
  });

  it('sends only what became worse, or malicious, by its setting and its thresholds', async () => {
    fixture.vt.know('qorlane-invoices.com', 3);
    fixture.vt.know('meridane-paper.net', 9);
    const flow = await deploy({ report: 'malicious', malicious: '2' });
    await judged(flow, 'malicious');
    for (const positives of [0, 9]) {
      fixture.vt.know('qorlane-invoices.com', positives);
      fixture.vt.know('meridane-paper.net', positives);
      flow.send({ watch: { check: true } });
      await judged(flow, positives > 0 ? 'malicious' : 'trusted');
    }
    expect(changes(flow).map(({ topic }) => topic)).to.have.members(LIST.split(/\s+/).slice(0, 2));
    for (const { analysis } of changes(flow)) expect(analysis).to.include({ verdict: 'malicious' });
  });

  it('obeys messages: adds, removes and checks; what it cannot watch ends as an error', async () => {
    const flow = await deploy({ list: '' });
    flow.send({
      watch: {
        add: ['evil[.]example.org', { type: 'ip', value: '192.52.193.40' }, '10.0.0.1', 'no indicator'],
      },
    });
    await flow.until(() => flow.caught.length === 1);
    expect(flow.caught[0]?.error).to.include({ code: 'VT_INVALID_IOC' });
    expect(flow.caught[0]?.error.message).to.match(
      /^Not watched: "no indicator" \(no indicator\), 10\.0\.0\.1 \(private/,
    );
    expect((await judged(flow)).map(({ value }) => value)).to.deep.equal([
      'evil.example.org',
      '192.52.193.40',
    ]);
    flow.send({ watch: { remove: 'evil.example.org' } });
    expect((await listed(flow)).map(({ value }) => value)).to.deep.equal(['192.52.193.40']);
    flow.send({ watch: { check: 'gone.example.org' } });
    flow.send({ payload: 'qorlane-invoices.com' });
    await flow.until(() => flow.caught.length === 3);
    expect(flow.caught[1]?.error.message).to.equal('Not watched: gone.example.org (not watched)');
    expect(flow.caught[2]?.error.message).to.match(/^No command: msg\.watch/);
    expect(fixture.asked()).to.have.members(['evil.example.org', '192.52.193.40']);
  });

  it('goes on after a deploy with what it knew, and reports a change that came meanwhile', async () => {
    fixture.vt.know('qorlane-invoices.com', 0);
    fixture.vt.know('meridane-paper.net', 0);
    const flow = await deploy();
    flow.send({ watch: { add: 'late.example.org' } });
    const before = await judged(flow);
    fixture.vt.know('meridane-paper.net', 20);
    await flow.redeploy({ n: { ...flow.defOf('n'), list: `${LIST}\nthird.example.org` } }, 'full');
    expect((await judged(flow)).map(({ value }) => value)).to.deep.equal([
      ...before.map(({ value }) => value),
      'third.example.org',
    ]);
    expect(fixture.asked()).to.have.length(4);
    expect(changes(flow)).to.deep.equal([]);
    flow.send({ watch: { check: 'meridane-paper.net' } });
    await flow.until(() => changes(flow).length === 1);
    expect(changes(flow)[0]?.['previous']).to.include({ verdict: 'trusted' });
  });

  it('sends the changes of a day together at its time, in the form of a summary', async () => {
    fixture.vt.know('qorlane-invoices.com', 0);
    fixture.vt.know('meridane-paper.net', 0);
    const clock = FakeTimers.install({ toFake: ['Date'], now: new Date(2026, 2, 10, 9, 0) });
    try {
      const flow = await deploy({ digestAt: '07:30', every: 200 });
      await judged(flow, 'trusted');
      fixture.vt.know('qorlane-invoices.com', 12);
      fixture.vt.know('meridane-paper.net', 9);
      flow.send({ watch: { check: true } });
      await judged(flow, 'malicious');
      expect(changes(flow)).to.deep.equal([]);
      clock.setSystemTime(new Date(2026, 2, 11, 7, 29));
      await flow.redeploy({}, 'full');
      await listed(flow);
      expect(changes(flow)).to.deep.equal([]);
      clock.setSystemTime(new Date(2026, 2, 11, 7, 30));
      await flow.redeploy({}, 'full');
      await flow.until(() => changes(flow).length === 1);
      const [msg] = changes(flow) as [Message];
      expect(msg.payload)
        .to.be.a('string')
        .that.includes('qorlane-invoices[.]com')
        .and.includes('Malicious: 2');
      expect(msg['incident']).to.deep.include({ verdict: 'malicious' });
      expect(msg['changes']).to.have.length(2);
      await flow.redeploy({}, 'full');
      await listed(flow);
      expect(changes(flow)).to.have.length(1);
    } finally {
      clock.uninstall();
    }
  });

  describe('with a file', () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'watch-'))));
    afterEach(() => rmSync(folder, { recursive: true }));

    it('watches the lines of a file below the folders that the config names', async () => {
      writeFileSync(join(folder, 'list.txt'), '# feed\nqorlane-invoices.com\n');
      const flow = await deploy(
        { list: '', file: join(folder, 'list.txt') },
        { config: { fileRoots: folder } },
      );
      expect((await judged(flow)).map(({ value }) => value)).to.deep.equal(['qorlane-invoices.com']);
    });

    it('keeps what it watches and says why when the file may not be read', async () => {
      writeFileSync(join(folder, 'list.txt'), 'qorlane-invoices.com\n');
      const flow = await deploy({ list: 'meridane-paper.net', file: join(folder, 'list.txt') });
      expect((await listed(flow)).map(({ value }) => value)).to.deep.equal(['meridane-paper.net']);
      expect(logged()).to.include('The file of the watch list is not used: No folder to read from');
      expect(flow.statusText()).to.match(/^check the settings · /);
    });
  });

  it('asks at the last priority and never for what the config keeps back', async () => {
    const flow = await deploy(
      { list: `${LIST}\nintern.example.org\n10.0.0.1` },
      { config: { allowList: 'example.org' } },
    );
    expect(await judged(flow)).to.have.length(2);
    expect(logged()).to.match(/Not watched: intern\.example\.org \(on the allow list\), 10\.0\.0\.1/);
    expect(fixture.asked()).to.have.members(['qorlane-invoices.com', 'meridane-paper.net']);
  });

  it('waits without a config, and refuses settings that cannot be meant', async () => {
    let flow = await deploy({}, { config: false });
    await flow.until(() => /^no VirusTotal config · 2 watched/.test(flow.statusText() ?? ''));
    await fixture.undeploy();
    flow = await deploy({ digestAt: '7 am' });
    flow.send({ watch: { list: true } });
    await flow.until(() => flow.caught.length === 1);
    expect(flow.caught[0]?.error).to.include({ code: 'VT_CONFIG' });
    expect(flow.caught[0]?.error.message).to.match(/digestAt is "7 am"/);
  });

  it('says how long a round takes when the list does not fit into its time', async () => {
    const list = Array.from({ length: 20 }, (_, i) => `shop-${i}.example.org`).join('\n');
    const flow = await deploy({ list, every: 24 }, { config: { dailyQuota: 10 } });
    await flow.until(() => /a round takes 96 h/.test(flow.statusText() ?? ''));
  });
});
