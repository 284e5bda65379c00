import { expect } from 'chai';
import { withStandIn } from '../support/with-stand-in';

describe('what the editor shows below VirusTotal nodes', () => {
  const fixture = withStandIn();

  const second = { id: 'n2', z: 'tab', type: 'virustotal', server: 'vt', action: 'domain', wires: [['out']] };

  it('is what a lookup waits for, then what it found', async () => {
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

  it('is how many of a search are done and when the next one starts', async () => {
    const flow = await fixture.deploy({
      config: { rateLimit: true, rateLimitMode: 'window', rateLimitCount: 3, timeScale: 1 },
    });
    flow.send({ payload: Array.from({ length: 20 }, (_, i) => `192.31.196.${i}`) });
    await flow.until(() => /^3\/20 · next in (60|61|5\d) s$/.test(flow.statusText() ?? ''));
    expect(flow.statuses.at(-1)).to.include({ fill: 'yellow' });
  });

  it('is the counts of a search at its end, cached ones too', async () => {
    fixture.vt.know('detected.com', 9);
    fixture.vt.know('clean.com', 'clean');
    fixture.vt.know('unknown.com', 'unknown');
    fixture.vt.script({ 'failing.com': [{ status: 400 }] });
    const flow = await fixture.deploy();
    flow.send({ payload: 'detected.com' });
    await flow.ended(1);
    flow.send({ payload: 'detected.com clean.com unknown.com failing.com' });
    await flow.until(() => flow.statusText() === 'detected 1 · clean 1 · unknown 1 · failed 1');
  });

  it('is the trouble of the key at every node that uses it', async () => {
    fixture.vt.script({ 'qorlane.com': [{ status: 401 }] });
    const flow = await fixture.deploy({
      config: { timeScale: 0.01 },
      node: { action: 'domain' },
      more: [second],
    });
    flow.send({ payload: 'qorlane.com' });
    await flow.until(() =>
      ['n', 'n2'].every((id) => /^VT_AUTH · next in \d s$/.test(flow.statusText(id) ?? '')),
    );
    expect(flow.statuses.at(-1)).to.include({ fill: 'yellow', shape: 'ring' });
  });

  it('is the quota of the day at every node that uses it', async () => {
    const flow = await fixture.deploy({
      config: { dailyQuota: 1 },
      node: { action: 'domain' },
      more: [second],
    });
    flow.send({ payload: 'qorlane.com' });
    await flow.ended(1);
    await flow.until(() =>
      ['n', 'n2'].every((id) => /^VT_QUOTA · next in \d+ (s|min|h)$/.test(flow.statusText(id) ?? '')),
    );
  });

  it('goes to Status nodes as well', async () => {
    const flow = await fixture.deploy({
      node: { action: 'domain' },
      more: [
        { id: 's', z: 'tab', type: 'status', scope: null, wires: [['heard']] },
        { id: 'heard', z: 'tab', type: 'helper' },
      ],
    });
    flow.send({ payload: 'no domain' });
    await flow.until(() => flow.at['heard']?.length === 1);
    expect(flow.at['heard']?.[0]?.['status']).to.deep.include({ text: 'VT_INVALID_IOC', fill: 'red' });
  });

  it('is nothing once the flow is stopped', async () => {
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    flow.send({ payload: 'no domain' });
    await flow.until(() => flow.statusText() === 'VT_INVALID_IOC');
    await flow.redeploy({}, 'full');
    expect(flow.statusText()).to.equal(undefined);
  });
});
