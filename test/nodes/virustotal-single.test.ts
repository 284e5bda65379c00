import { expect } from 'chai';
import type { Report } from '../../src/report/report';
import type { CaughtMessage } from '../support/flow';
import { withStandIn } from '../support/with-stand-in';

const MD5 = '0f'.repeat(16);
const URL_IOC = 'http://parcel-redelivery.example.com/track?id=1';

describe('A VirusTotal node that looks up one indicator', () => {
  const fixture = withStandIn();

  for (const [action, value] of [
    ['domain', 'parcel-redelivery.com'],
    ['file', MD5],
    ['ip', '192.31.196.14'],
    ['url', 'http://parcel-redelivery.com/track?id=1'],
  ] as const) {
    it(`returns the v3 report of ${action} ${value} with the engines that detected it`, async () => {
      fixture.vt.know(value, 7);
      const flow = await fixture.deploy({ node: { action } });
      flow.send({ payload: value });
      await flow.ended(1);
      expect(flow.caught).to.deep.equal([]);
      const report = flow.out[0]?.payload as Report;
      expect(report).to.include({ type: action, resource: value, response_code: 1, positives: 7 });
      expect(Object.values(report.scans ?? {}).filter(({ detected }) => detected)).to.have.length(7);
      expect(flow.out[0]?.['virustotal']).to.deep.equal({
        action,
        type: action,
        resource: value,
        found: 1,
        cached: false,
        skipped: [],
      });
    });

    it(`returns VirusTotal's own v2 body for ${action} ${value}`, async () => {
      fixture.vt.know(value, 7);
      const flow = await fixture.deploy({ node: { action } }, 'v2');
      flow.send({ payload: value });
      await flow.ended(1);
      expect(flow.caught).to.deep.equal([]);
      const report = flow.out[0]?.payload as Report;
      expect(report).to.include({ type: action, resource: value, response_code: 1 });
      if (action === 'file' || action === 'url') expect(report).to.include({ positives: 7 });
      else expect(report).to.have.property('detected_urls');
      expect(fixture.vt.requests[0]?.path).to.match(/^\/vtapi\/v2\/[a-z-]+\/report\?/);
    });
  }

  for (const api of ['v2', 'v3'] as const) {
    it(`returns a report and no error for a file unknown to VirusTotal over ${api}`, async () => {
      fixture.vt.know(MD5, 'unknown');
      const flow = await fixture.deploy({ node: { action: 'file' } }, api);
      flow.send({ payload: MD5 });
      await flow.ended(1);
      expect(flow.caught).to.deep.equal([]);
      expect(flow.out[0]?.payload).to.include({ type: 'file', resource: MD5, response_code: 0 });
      await flow.until(() => flow.statusText() === 'unknown');
    });
  }

  it('takes the value from every source type of the dialog', async () => {
    process.env['SOC_DOMAIN'] = 'from-env.com';
    const sources: [string, string][] = [
      ['msg', 'alert.dest[0].name'],
      ['flow', 'suspect'],
      ['global', 'suspect'],
      ['global', '#:(soc)::suspects.first'],
      ['jsonata', '$lowercase(alert.helo) & ".com"'],
      ['jsonata', '$flowContext("suspect")'],
      ['str', 'from-text.com'],
      ['env', 'SOC_DOMAIN'],
    ];
    const flow = await fixture.deploy({
      node: { action: 'domain' },
      contextStores: ['memory', 'soc'],
      more: sources.map(([sourceType, source], index) => ({
        id: `n${index}`,
        z: 'tab',
        type: 'virustotal',
        server: 'vt',
        action: 'domain',
        source,
        sourceType,
        wires: [['out']],
      })),
    });
    const { flow: flowContext, global } = flow.node.context();
    flowContext.set('suspect', 'from-flow.com');
    global.set('suspect', 'from-global.com');
    global.set('suspects', { first: 'from-store.com' }, 'soc');
    for (const [index] of sources.entries()) {
      flow.nodeAt(`n${index}`).receive({
        topic: index,
        alert: { dest: [{ name: 'from-message.com' }], helo: 'FROM-JSONATA' },
      } as never);
    }
    await flow.ended(sources.length);
    delete process.env['SOC_DOMAIN'];
    expect(flow.caught).to.deep.equal([]);
    const asked = flow.out
      .toSorted((a, b) => Number(a.topic) - Number(b.topic))
      .map(({ payload }) => (payload as Report).resource);
    expect(asked).to.deep.equal([
      'from-message.com',
      'from-flow.com',
      'from-global.com',
      'from-store.com',
      'from-jsonata.com',
      'from-flow.com',
      'from-text.com',
      'from-env.com',
    ]);
  });

  it('recognizes an indicator in capitals, with spaces around, defanged or international', async () => {
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    for (const [payload, sent] of [
      ['  PARCEL-Redelivery.COM\n', 'parcel-redelivery.com'],
      ['parcel-redelivery[.]com', 'parcel-redelivery.com'],
      ['bücher-versand.de', 'xn--bcher-versand-wob.de'],
    ]) {
      flow.out.length = 0;
      flow.send({ payload });
      await flow.ended(1);
      expect(flow.out[0]?.['virustotal'], payload).to.include({ resource: sent });
      expect(fixture.asked().at(-1)).to.equal(sent);
    }
    expect(fixture.asked()).to.have.length(2);
  });

  it('asks once for an upper-case hash and its lower-case form', async () => {
    const flow = await fixture.deploy({ node: { action: 'file' } });
    flow.send({ payload: MD5.toUpperCase() });
    flow.send({ payload: MD5 });
    await flow.ended(2);
    expect(fixture.asked()).to.deep.equal([MD5]);
  });

  it('sends no private, internal or allow-listed indicator', async () => {
    const flow = await fixture.deploy({
      config: { allowList: 'example.com\n192.0.66.0/24' },
      node: { action: 'ip' },
      more: [
        { id: 'nUrl', z: 'tab', type: 'virustotal', server: 'vt', action: 'url', wires: [['out']] },
        { id: 'nDomain', z: 'tab', type: 'virustotal', server: 'vt', action: 'domain', wires: [['out']] },
      ],
    });
    const asked: [string, string, RegExp][] = [
      ['n', '10.1.2.3', /private/],
      ['n', '192.0.66.7', /allow list/],
      ['nUrl', URL_IOC, /allow list/],
      ['nUrl', 'http://intranet.corp.local/wiki', /internal|local/i],
      ['nDomain', 'mail.example.com', /allow list/],
    ];
    for (const [node, payload] of asked) flow.nodeAt(node).receive({ payload });
    await flow.ended(asked.length);
    expect(flow.caught).to.deep.equal([]);
    expect(fixture.asked()).to.deep.equal([]);
    for (const [, value, reason] of asked) {
      const msg = flow.out.find(({ virustotal }) => (virustotal as { resource: string }).resource === value);
      const { found, skipped } = msg?.['virustotal'] as { found: number; skipped: { reason: string }[] };
      expect(msg, value).not.to.have.property('payload');
      expect(found).to.equal(0);
      expect(skipped).to.have.length(1);
      expect(skipped[0]?.reason).to.match(reason);
    }
    await flow.until(() => flow.statusText() === 'not sent');
  });

  it('sends private addresses too when the config allows it', async () => {
    const flow = await fixture.deploy({ config: { skipPrivate: false }, node: { action: 'ip' } });
    flow.send({ payload: '10.1.2.3' });
    await flow.ended(1);
    expect(fixture.asked()).to.deep.equal(['10.1.2.3']);
  });

  it('names the failed node and its message in a Catch node', async () => {
    const flow = await fixture.deploy({ node: { action: 'ip', name: 'Sender' } });
    flow.send({ payload: 'qorlane.com', topic: 'mail 17' });
    await flow.ended(1);
    const [caught] = flow.caught as [CaughtMessage];
    expect(caught.error).to.include({ code: 'VT_INVALID_IOC' });
    expect(caught.error.message).to.contain('Not an IP address: "qorlane.com" is a domain');
    expect(caught.error.source).to.include({ id: 'n', name: 'Sender' });
    expect(caught).to.include({ payload: 'qorlane.com', topic: 'mail 17' });
  });
});
