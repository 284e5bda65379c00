import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { Report } from '../../src/report/report';
import { withStandIn } from '../support/with-stand-in';

interface Quota {
  day: { used: number; allowed: number };
  month: { used: number; allowed: number };
}

const quotaOf = (msg: object | undefined): Quota | undefined =>
  (msg as { virustotal?: { quota?: Quota } } | undefined)?.virustotal?.quota;

describe('The domain of a mail address', () => {
  const fixture = withStandIn();
  const payload = 'From: Payroll <hr@qorlane.com>; To: alice@corp.local, bob@mail.meridane.com';

  it('is looked up only with the option mailDomains', async () => {
    const flow = await fixture.deploy();
    flow.send({ payload });
    await flow.ended(1);
    expect(fixture.asked()).to.deep.equal([]);
    await flow.redeploy({ n: { mailDomains: true } });
    flow.send({ payload });
    await flow.ended(3);
    expect(fixture.asked()).to.deep.equal(['qorlane.com', 'mail.meridane.com']);
    const [, first] = flow.out;
    expect(first?.['virustotal']).to.include({ resource: 'qorlane.com', text: 'qorlane.com' });
    expect(JSON.stringify(flow.out[1]?.['virustotal'])).to.not.match(/hr@|bob@/);
  });

  it('is listed as skipped when it is internal or on the allow list', async () => {
    const flow = await fixture.deploy({ config: { allowList: 'meridane.com' }, node: { mailDomains: true } });
    flow.send({ payload });
    await flow.ended(1);
    expect(fixture.asked()).to.deep.equal(['qorlane.com']);
    const { skipped } = flow.out[0]?.['virustotal'] as { skipped: { value: string }[] };
    expect(skipped.map(({ value }) => value)).to.deep.equal(['corp.local', 'mail.meridane.com']);
  });
});

describe('A link wrapped by a mail filter', () => {
  const fixture = withStandIn();
  const target = 'https://qorlane.com/login?a=1';
  const link =
    `https://nam02.safelinks.protection.outlook.com/?url=${encodeURIComponent(target)}` +
    '&data=05%7C02%7Calice%40meridane.com%7C0&reserved=0';

  it('is looked up as what it leads to, without a word of its recipient', async () => {
    const flow = await fixture.deploy({ node: { hosts: true } });
    flow.send({ payload: `Pay here: ${link}` });
    await flow.ended(2);
    expect(fixture.asked()).to.deep.equal([target, 'qorlane.com']);
    expect(flow.out[0]?.['virustotal']).to.include({ resource: target, text: link, wrapper: 'safelinks' });
    expect(flow.out[1]?.['virustotal']).to.not.have.property('wrapper');
  });

  it('is so where the node is asked for one URL, and the allow list judges what it leads to', async () => {
    const flow = await fixture.deploy({ node: { action: 'url' } });
    flow.send({ payload: link.replace('https', 'hxxps') });
    await flow.ended(1);
    expect(fixture.asked()).to.deep.equal([target]);
    expect(flow.out[0]?.['virustotal']).to.include({ type: 'url', resource: target, wrapper: 'safelinks' });
    await flow.redeploy({ vt: { allowList: 'qorlane.com' } });
    flow.send({ payload: link });
    await flow.ended(2);
    expect(fixture.asked()).to.have.length(1);
    expect(flow.out[1]).to.have.nested.property('virustotal.skipped[0].value', target);
  });

  it('is not looked up where it leads nowhere, and the message goes on', async () => {
    const flow = await fixture.deploy({ node: { action: 'url' } });
    flow.send({ payload: link.replace('https%3A%2F%2F', '').replace('qorlane.com', '') });
    await flow.ended(1);
    expect(fixture.asked()).to.deep.equal([]);
    expect(flow.out[0]).to.have.nested.property('virustotal.skipped').with.length(1);
  });
});

describe('A report without its scans', () => {
  const fixture = withStandIn();

  for (const api of ['v3', 'v2'] as const)
    it(`equals the report but for them (${api}), from the cache too, and leaves the copies of other messages whole`, async () => {
      const flow = await fixture.deploy({ node: { action: 'url', scans: false } }, api);
      flow.send({ payload: 'http://qorlane.com/a' });
      await flow.ended(1);
      flow.send({ payload: 'http://qorlane.com/a' });
      await flow.ended(2);
      await flow.redeploy({ n: { scans: true } });
      flow.send({ payload: 'http://qorlane.com/a' });
      await flow.ended(3);
      const [asked, cached, whole] = flow.out.map((msg) => msg.payload as Report);
      const { scans, ...rest } = whole as Report;
      expect(scans).to.be.an('object');
      expect(asked).to.deep.equal(rest);
      expect(cached).to.deep.equal(rest);
      expect(fixture.asked()).to.have.length(1);
    });
});

describe('The quota in a message', () => {
  const fixture = withStandIn();

  it('is as of the time when the message leaves, if the option is on', async () => {
    const flow = await fixture.deploy({ config: { dailyQuota: 9, monthlyQuota: 0 }, node: { quota: true } });
    flow.send({ payload: 'qorlane.com' });
    await flow.ended(1);
    flow.send({ payload: 'meridane.com' });
    await flow.ended(2);
    flow.send({ payload: 'meridane.com' });
    await flow.ended(3);
    flow.send({ payload: 'nothing here' });
    await flow.ended(4);
    const told = flow.out.map(quotaOf);
    expect(told.map((quota) => quota?.day)).to.deep.equal([
      { used: 1, allowed: 9 },
      { used: 2, allowed: 9 },
      { used: 2, allowed: 9 },
      { used: 2, allowed: 9 },
    ]);
    expect(told[0]?.month).to.deep.equal({ used: 1, allowed: 0 });
  });

  it('is in the messages of errors too, so that a flow can count down', async () => {
    const flow = await fixture.deploy({ config: { dailyQuota: 1 }, node: { action: 'domain', quota: true } });
    flow.send({ payload: 'qorlane.com' });
    await flow.ended(1);
    flow.send({ payload: 'meridane.com' });
    await flow.ended(2);
    expect(flow.caught[0]?.error).to.include({ code: 'VT_QUOTA' });
    expect(quotaOf(flow.caught[0])?.day).to.deep.equal({ used: 1, allowed: 1 });
  });

  it('is absent without the option', async () => {
    const flow = await fixture.deploy();
    flow.send({ payload: 'qorlane.com' });
    await flow.ended(1);
    expect(flow.out[0]?.['virustotal']).to.not.have.property('quota');
  });
});

describe('An output property that the nodes write themselves', () => {
  const fixture = withStandIn();

  for (const output of ['virustotal', 'parts', 'analysis', 'error', '_msgid', 'msg.error', 'parts.report'])
    it(`${output} is refused before any request`, async () => {
      for (const onError of ['catch', 'report']) {
        const flow = await fixture.deploy({ node: { output, onError } });
        flow.send({ payload: 'qorlane.com' });
        await flow.ended(1);
        expect(flow.caught[0]?.error).to.include({ code: 'VT_CONFIG' });
        expect(flow.caught[0]?.error.message).to.match(/the nodes write msg\.\S+ themselves/);
        await fixture.undeploy();
      }
      expect(fixture.asked()).to.deep.equal([]);
    });
});

describe('A mail', () => {
  const fixture = withStandIn();
  const archive = Buffer.from('PK\u0003\u0004 made up \u0000 archive');
  const sha256 = createHash('sha256').update(archive).digest('hex');
  const html = '<a href="https://qorlane.com/login">https://www.mybank.com/</a>';
  const raw = [
    'From: Billing <billing@sender-a.top>',
    'To: alice@meridane.com',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/html',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(html).toString('base64'),
    '--b',
    'Content-Type: application/zip; name=invoice.zip',
    'Content-Transfer-Encoding: base64',
    '',
    archive.toString('base64'),
    '--b--',
    '',
  ].join('\r\n');

  for (const [form, payload] of [
    ['text', raw],
    ['a Buffer', Buffer.from(raw)],
  ] as const)
    it(`as ${form} has its links and files looked up, and its sender where that is chosen`, async () => {
      const flow = await fixture.deploy({ node: { mailDomains: true } });
      flow.send({ payload });
      await flow.ended(3);
      expect(fixture.asked()).to.deep.equal(['sender-a.top', 'https://qorlane.com/login', sha256]);
      const about = flow.out.find((msg) => (msg['virustotal'] as { type: string }).type === 'file');
      expect(about?.['virustotal']).to.include({ resource: sha256, name: 'invoice.zip' });
    });

  const message = (): Record<string, unknown> => ({
    payload: 'Pay at https://bad-b.com/pay',
    topic: 'Invoice',
    from: 'billing@sender-a.top',
    header: {
      received: ['from mail.evil-m.top ([45.77.12.34])'],
      from: 'Billing <billing@sender-a.top>',
      to: 'alice@meridane.com',
    },
    html,
    attachments: [{ filename: 'invoice.zip', contentType: 'application/zip', content: archive }],
  });

  it('of the e-mail node is looked up whole where msg.payload is searched', async () => {
    const flow = await fixture.deploy({ node: { output: 'report' } });
    flow.send(message());
    await flow.ended(5);
    expect(fixture.asked()).to.have.members([
      'mail.evil-m.top',
      '45.77.12.34',
      'https://bad-b.com/pay',
      'https://qorlane.com/login',
      sha256,
    ]);
    expect(flow.out.map((msg) => (msg['virustotal'] as { path: string }).path)).to.have.members([
      'header.received',
      'header.received',
      'payload',
      'html',
      'attachments[0]',
    ]);
  });

  it('of the e-mail node has no more looked up than the text where another property is searched', async () => {
    const flow = await fixture.deploy({ node: { source: 'topic' } });
    flow.send({ ...message(), topic: 'see https://bad-b.com/topic' });
    await flow.ended(1);
    expect(fixture.asked()).to.deep.equal(['https://bad-b.com/topic']);
  });
});
