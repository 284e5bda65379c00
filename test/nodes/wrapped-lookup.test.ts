import { expect } from 'chai';
import { withStandIn } from '../support/with-stand-in';

const READER = /jane|corp-reader|tok3n/i;
const encoded = (url: string): string => encodeURIComponent(url);
const safeLink = (url: string): string =>
  `https://eur03.safelinks.protection.outlook.com/?url=${encoded(url)}&data=05%7C02%7Cjane%40corp-reader.com%7Ctok3n&reserved=0`;
const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n');

/** A mail in which every link is wrapped for its reader, made up. */
const mail = [
  'Received: from mail.qorlane.com ([45.77.12.34]) by mx.inside.lan for <jane@corp-reader.com>',
  'DKIM-Signature: v=1; d=sender-a.top; b=AAAA',
  'From: Billing <billing@sender-a.top>',
  'To: Jane <jane@corp-reader.com>',
  'Subject: Invoice',
  'Content-Type: text/html',
  'Content-Transfer-Encoding: base64',
  '',
  base64(
    [
      safeLink('https://evil-a.top/pay'),
      `https://www.google.com/url?q=${encoded(safeLink('https://evil-a.top/pay'))}&source=jane`,
      `https://linkprotect.cudasvc.com/url?a=${encoded('https://evil-b.top/')}&c=E,1,tok3n`,
      safeLink('http://wiki.corp-inside.lan/page'),
      safeLink('https://share.partner-ok.com/doc'),
      safeLink('mailto:jane@corp-reader.com'),
      safeLink('https://www.virustotal.com/gui/home'),
    ]
      .map((link) => `<a href="${link.replaceAll('&', '&amp;')}">https://www.mybank.com/</a>`)
      .join('\n'),
  ),
].join('\r\n');

describe('A mail whose links are wrapped for its reader', () => {
  const fixture = withStandIn();

  it('costs a lookup for each target, and sends nothing about its reader', async () => {
    const flow = await fixture.deploy({ config: { allowList: 'partner-ok.com' }, node: { emit: 'each' } });
    flow.send({ payload: mail });
    await flow.ended(4);
    expect(fixture.asked()).to.have.members([
      'mail.qorlane.com',
      '45.77.12.34',
      'https://evil-a.top/pay',
      'https://evil-b.top/',
    ]);
    expect(JSON.stringify(fixture.vt.requests)).not.to.match(READER);
    for (const { virustotal } of flow.out) {
      // What stood in the mail is kept there, for the flow to show.
      expect(JSON.stringify({ ...(virustotal as object), text: '' })).not.to.match(READER);
    }
  });
});
