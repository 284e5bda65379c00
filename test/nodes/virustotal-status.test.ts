import { expect } from 'chai';
import { fileReport } from '../support/reports';
import { withStandIn } from '../support/with-stand-in';

describe('The status that the editor shows for VirusTotal nodes', () => {
  const fixture = withStandIn();

  const second = { id: 'n2', z: 'tab', type: 'virustotal', server: 'vt', action: 'domain', wires: [['out']] };

  it('shows what a lookup waits for, then what it found', async () => {
    fixture.vt.know('qorlane.com', { malicious: 5, engines: 70 });
    fixture.vt.script({ 'qorlane.com': [{ delayMs: 300 }] });
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    flow.send({ payload: 'qorlane.com' });
    await flow.until(() => flow.statusText() === '5/70');
    expect(flow.statuses.slice(-2).map(({ fill, shape, text }) => [fill, shape, text])).to.deep.equal([
      ['blue', 'dot', 'requesting'],
      ['red', 'dot', '5/70'],
    ]);
  });

  it('shows how many lookups of a search are done and when the next one starts', async () => {
    const flow = await fixture.deploy({
      config: { rateLimit: true, rateLimitMode: 'window', rateLimitCount: 3, timeScale: 1 },
    });
    flow.send({ payload: Array.from({ length: 20 }, (_, i) => `192.31.196.${i}`) });
    await flow.until(() => /^3\/20 · next in \d+ s$/.test(flow.statusText() ?? ''));
    expect(flow.statuses.at(-1)).to.include({ fill: 'yellow' });
  });

  it('shows the counts of a search at its end, with cached ones', async () => {
    fixture.vt.know('detected.com', 9);
    fixture.vt.know('clean.com', 'clean');
    fixture.vt.know('unknown.com', 'unknown');
    fixture.vt.script({ 'failing.com': [{ status: 400 }] });
    const flow = await fixture.deploy();
    flow.send({ payload: 'detected.com' });
    await flow.ended(1);
    flow.send({ payload: 'detected.com clean.com unknown.com failing.com' });
    await flow.until(() => flow.statusText() === 'detected 1 · failed 1/4 · refused by VirusTotal');
  });

  it('shows the problem of the key at every node that uses it', async () => {
    fixture.vt.script({ 'qorlane.com': [{ status: 401 }] });
    const flow = await fixture.deploy({
      config: { timeScale: 0.1 },
      node: { action: 'domain' },
      more: [second],
    });
    flow.send({ payload: 'qorlane.com' });
    await flow.until(() =>
      ['n', 'n2'].every((id) => /^key refused, next try in \d+ s$/.test(flow.statusText(id) ?? '')),
    );
    expect(flow.statuses.at(-1)).to.include({ fill: 'yellow', shape: 'ring' });
  });

  it('shows the used-up daily quota at every node that uses it', async () => {
    const flow = await fixture.deploy({
      config: { dailyQuota: 1 },
      node: { action: 'domain' },
      more: [second],
    });
    flow.send({ payload: 'qorlane.com' });
    await flow.ended(1);
    await flow.until(() =>
      ['n', 'n2'].every((id) => flow.statusText(id) === "day's quota used up, resets 00:00 UTC"),
    );
  });

  it('shows the used-up daily quota after a search that used it up and after one that found it used up', async () => {
    const flow = await fixture.deploy({ config: { dailyQuota: 1 } });
    const spent = "day's quota used up, resets 00:00 UTC";
    flow.send({ payload: 'one.com two.com three.com' });
    await flow.ended(3);
    await flow.until(() => flow.statusText() === spent);
    flow.send({ payload: 'four.com five.com' });
    await flow.ended(5);
    await flow.until(() => flow.statusText() === spent);
    expect(flow.statuses.map(({ text }) => text).filter((text) => /failed/.test(text ?? ''))).to.deep.equal(
      [],
    );
  });

  it('reaches Status nodes too', async () => {
    const flow = await fixture.deploy({
      node: { action: 'domain' },
      more: [
        { id: 's', z: 'tab', type: 'status', scope: null, wires: [['heard']] },
        { id: 'heard', z: 'tab', type: 'helper' },
      ],
    });
    flow.send({ payload: 'no domain' });
    await flow.until(() => flow.at['heard']?.length === 1);
    expect(flow.at['heard']?.[0]?.['status']).to.deep.include({ text: 'not an indicator', fill: 'red' });
  });

  it('is cleared when the flow is stopped', async () => {
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    flow.send({ payload: 'no domain' });
    await flow.until(() => flow.statusText() === 'not an indicator');
    await flow.redeploy({}, 'full');
    expect(flow.statusText()).to.equal(undefined);
  });

  for (const [what, options, words, cause] of [
    ['the key', { apiKey: '' }, 'no API key', 'No API key: '],
    ['the variable of the key', { apiKey: '${VT_NO_SUCH_KEY}' }, 'no API key', 'No API key: '],
    ['the config', { config: false }, 'no VirusTotal config', 'No VirusTotal config: '],
  ] as const) {
    it(`says that ${what} is missing, and the error begins with that`, async () => {
      const flow = await fixture.deploy({ ...options, node: { action: 'domain' } });
      await flow.until(() => flow.statusText() === words);
      flow.send({ payload: 'qorlane.com' });
      await flow.ended(1);
      // Node-RED puts the error's own text there, and the debug sidebar shows the beginning of it.
      expect(flow.caught[0]?.error.message.slice(0, cause.length)).to.equal(cause);
      expect(flow.statuses.at(-1)).to.include({ fill: 'red', text: words });
    });
  }

  it('asks to slow down after a 429 without calling the quota used up', async () => {
    fixture.vt.script({ 'qorlane.com': [{ status: 429 }] });
    const flow = await fixture.deploy({ config: { timeScale: 0.02 }, node: { action: 'domain' } });
    flow.send({ payload: 'qorlane.com' });
    await flow.until(() => /^slow down, next in \d s$/.test(flow.statusText() ?? ''));
    await flow.ended(1);
    expect(flow.caught).to.deep.equal([]);
  });

  it('is cleared when a node closes, even one that is set up wrongly', async () => {
    const flow = await fixture.deploy({
      more: [
        { id: 'ra', z: 'tab', type: 'virustotal-report-analysis', wires: [] },
        { id: 'ra-wrong', z: 'tab', type: 'virustotal-report-analysis', malicious: 'x', wires: [] },
        { id: 'stix', z: 'tab', type: 'virustotal-stix', wires: [] },
        { id: 'stix-wrong', z: 'tab', type: 'virustotal-stix', tlp: 'x', wires: [] },
      ],
    });
    const ids = ['ra', 'ra-wrong', 'stix', 'stix-wrong'];
    for (const id of ids) flow.nodeAt(id).receive({ payload: fileReport(9, 70) });
    await flow.until(() => ids.every((id) => !!flow.statusText(id)));
    await flow.redeploy(Object.fromEntries(ids.map((id) => [id, { d: true }])), 'full');
    expect(ids.map((id) => flow.statusText(id))).to.deep.equal(ids.map(() => undefined));
  });

  it('is not green for a v2 domain with 21 detections, which has no verdict', async () => {
    fixture.vt.know('qorlane.com', 21);
    fixture.vt.know('meridane.com', 'clean');
    const flow = await fixture.deploy({}, 'v2');
    flow.send({ payload: 'qorlane.com meridane.com' });
    await flow.until(() => flow.statusText() === 'no verdict 2');
    flow.send({ payload: 'qorlane.com' });
    await flow.until(() => /^no verdict/.test(flow.statusText() ?? ''));
    expect(flow.statuses.map(({ fill }) => fill)).not.to.include('green');
  });

  describe('with Report Analysis behind them', () => {
    const analysis = {
      id: 'ra',
      z: 'tab',
      type: 'virustotal-report-analysis',
      wires: [[], [], [], ['missing'], []],
    };
    const missing = { id: 'missing', z: 'tab', type: 'helper' };

    it('says why there is no report', async () => {
      const flow = await fixture.deploy({
        config: { allowList: 'qorlane.com' },
        node: { wires: [['ra']] },
        more: [analysis, missing],
      });
      const cases = [
        ['10.20.4.17, 192.168.7.1 and printer.local', 'only private indicators: 3'],
        ['qorlane.com', 'only indicators on the allow list: 1'],
        ['qorlane.com at 10.20.4.17', 'only indicators that are not sent: 2'],
        ['good morning', 'no indicator found in msg.payload'],
      ] as const;
      for (const [index, [payload, why]] of cases.entries()) {
        flow.send({ payload });
        await flow.until(() => flow.at['missing']?.length === index + 1);
        expect(flow.at['missing']?.[index]?.['analysis']).to.deep.include({
          verdict: 'missing',
          reasons: [{ code: 'report-missing', text: `No report: ${why}` }],
        });
        await flow.until(() => flow.statusText('ra') === why);
      }
    });

    it('names the searched property when it is not the default one', async () => {
      const flow = await fixture.deploy({
        node: { wires: [['ra']], source: 'alert.text' },
        more: [analysis, missing],
      });
      flow.send({ alert: { text: 'good morning' } });
      await flow.until(() => flow.statusText('ra') === 'no indicator found in msg.alert.text');
    });
  });
});
