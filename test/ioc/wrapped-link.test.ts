import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';
import { IndicatorFilter } from '../../src/ioc/indicator-filter';

const TARGET = 'https://evil-drop.top/login?a=1&b=2';
const encoded = encodeURIComponent(TARGET);
const base64 = Buffer.from(TARGET).toString('base64');
/** What no request may ever hold. */
const SECRETS = /alice|corp\.com|corp%2e|tok3n/i;
const DATA = '&data=05%7C02%7Calice%40corp.com%7Ctok3n%7C0&sdata=x%3D&reserved=0';
const safeLink = (url: string, region = 'nam02') =>
  `https://${region}.safelinks.protection.outlook.com/?url=${encodeURIComponent(url)}${DATA}`;

const sent = (value: unknown, options = {}) =>
  extractIocs(value, options).iocs.map(({ type, value }) => `${type} ${value}`);
const kept = (value: unknown, options = {}) =>
  extractIocs(value, options).skipped.map(({ type, value }) => `${type} ${value}`);

/** By the name that `wrapper` has: links to TARGET as they are written. */
const WRAPPED: Readonly<Record<string, readonly string[]>> = {
  safelinks: [
    ...['nam02', 'eur03', 'gbr01', 'apc01', 'aus01', 'can01', 'jpn01', 'emea01', 'na01', 'deu01'].map(
      (region) => safeLink(TARGET, region),
    ),
    `https://gcc02.safelinks.protection.outlook.com/ap/w-59584e83/?url=${encoded}${DATA}`,
    `https://usg01.safelinks.protection.office365.us/?url=${encoded}${DATA}`,
    `https://chn01.safelinks.protection.partner.outlook.cn/?url=${encoded}${DATA}`,
    `https://outlook.office.com/mail/safelink.html?url=${encoded}&corid=tok3n${DATA}`,
    `https://outlook.office365.com/mail/safelink.html?url=${encoded}&corid=tok3n`,
    `https://NAM02.SafeLinks.Protection.Outlook.com/GetUrlReputation?URL=${encoded}${DATA}`,
  ],
  teams: [
    `https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url=${encoded}&locale=en-us&dest=x&correlationId=tok3n`,
    `https://statics.teams.microsoft.com/evergreen-assets/safelinks/2/atp-safelinks.html?url=${encoded}&pc=alice%40corp.com`,
  ],
  proofpoint: [
    `https://urldefense.proofpoint.com/v1/url?u=${encoded}&k=tok3n%3D%3D%0A&r=alice%40corp.com`,
    'https://urldefense.proofpoint.com/v2/url?u=https-3A__evil-2Ddrop.top_login-3Fa-3D1-26b-3D2&d=DwMFaQ&c=tok3n&r=tok3n&m=x&s=y&e=',
    'https://urldefense.com/v3/__https://evil-drop.top/login?a=1&b=2__;!!tok3n!alice$',
    'https://urldefense.us/v3/__https:/evil-drop.top/login?a=1&b=2__;!!tok3n!alice$',
    'https://urldefense.com/v3/__https://evil-drop.top/login?a=1*b=2__;Jg!!tok3n!alice$',
    'https://urldefense.com/v3/__https://evil-drop.top/login**C*b=2__;P2E9MSY!!tok3n!x$',
  ],
  barracuda: [`https://linkprotect.cudasvc.com/url?a=${encoded.toLowerCase()}&c=E,1,tok3n&typo=1`],
  mimecast: [`https://protect-us.mimecast.com/s/tok3n?domain=${encoded}`],
  cisco: [`https://secure-web.cisco.com/1tok3n-abc/${encoded}`],
  checkpoint: [
    'https://protect.checkpoint.com/v2/___https://evil-drop.top/login?a=1&b=2___.YzJ0ok3n',
    `https://checkpoint.url-protection.com/v1/url?o=${encoded}&g=tok3n&s=alice`,
    'https://url.avanan.click/v2/r01/___https://evil-drop.top/login?a=1&b=2___.YXAtok3n',
  ],
  edgepilot: [`https://link.edgepilot.com/s/tok3n/alice?u=${encoded}`],
  zix: [`https://link.zixcentral.com/u/tok3n/alice?u=${encoded}`],
  titanhq: [`https://linklock.titanhq.com/analyse?url=${encoded}&data=tok3n`],
  hornetsecurity: [
    `https://atpscan.global.hornetsecurity.com/?d=tok3n&f=alice&i=x&r=alice%40corp.com&u=${encoded}`,
  ],
  trendmicro: [
    `https://cas5-0-urlprotect.trendmicro.com:443/wis/clicktime/v1/query?url=${encoded}&umid=tok3n&auth=alice`,
    `https://imsva91-ctp.trendmicro.com/wis/clicktime/v1/query?url=${encoded}&umid=tok3n`,
  ],
  sophos: [
    `https://eu-central-1.protection.sophos.com?d=evil-drop.top&u=${base64}&p=m&i=tok3n&t=alice&h=x&s=y`,
    `https://us-west-2.protection.sophos.com/?d=evil-drop.top&u=${encodeURIComponent(base64)}&e=YWxpY2VAY29ycC5jb20=`,
  ],
  symantec: [
    `https://clicktime.symantec.com/3tok3n?u=${encoded}`,
    `https://clicktime.symantec.com/a/1/tok3n=?d=alice&u=${encoded}`,
  ],
  trellix: [
    `https://protect2.fireeye.com/v1/url?k=tok3n&q=1&e=alice&u=${encoded}`,
    `https://protect2.fireeye.com/url?k=tok3n&u=${encoded}`,
    `https://us.protect.trellix.com/v1/url?k=tok3n&u=${encoded}`,
  ],
  google: [
    `https://www.google.com/url?q=${encoded}&sa=D&source=alice&ust=1`,
    `https://www.google.co.uk/url?sa=t&rct=j&url=${encoded}&usg=tok3n`,
    `https://google.de/url?q=${encoded}`,
    `https://meet.google.com/linkredirect?authuser=alice&dest=${encoded}`,
    `https://www.google.com/travel/clk?pc=tok3n&pcurl=${encoded}`,
    'https://evil--drop-top.cdn.ampproject.org/c/s/evil-drop.top/login?a=1&b=2',
  ],
  youtube: [`https://www.youtube.com/redirect?event=alice&redir_token=tok3n&q=${encoded}&v=x`],
  facebook: [
    `https://l.facebook.com/l.php?u=${encoded}&h=tok3n`,
    `https://lm.facebook.com/l.php?u=${encoded}&h=tok3n`,
    `https://www.facebook.com/flx/warn/?u=${encoded}&h=tok3n`,
  ],
  slack: [`https://slack-redir.net/link?url=${encoded}&v=3`],
};

describe('A wrapped link', () => {
  for (const [wrapper, links] of Object.entries(WRAPPED)) {
    describe(`by ${wrapper}`, () => {
      for (const link of links) {
        it(`is found as what it leads to, and nothing else: ${link.slice(0, 100)}`, () => {
          expect(extractIocs(link, { hosts: true, mailDomains: true })).to.deep.equal({
            iocs: [
              {
                type: 'url',
                value: link.startsWith('https://linkprotect') ? TARGET.toLowerCase() : TARGET,
                text: link,
                path: '',
                wrapper,
              },
              { type: 'domain', value: 'evil-drop.top', text: link, path: '' },
            ],
            skipped: [],
          });
        });

        it(`is what it leads to where one URL is asked for: ${link.slice(0, 100)}`, () => {
          expect(new IndicatorFilter().validate('url', link)).to.deep.equal({
            indicator: { type: 'url', value: TARGET },
            wrapper,
          });
        });
      }
    });
  }

  it('is a domain where its maker tells no more', () => {
    const link = 'https://protect-eu.mimecast.com/s/tok3n?domain=evil-drop.top';
    expect(sent(link)).to.deep.equal(['domain evil-drop.top']);
    expect(new IndicatorFilter().validate('url', link)).to.deep.equal({
      indicator: { type: 'domain', value: 'evil-drop.top' },
      wrapper: 'mimecast',
    });
  });

  it('has the bytes of the map that a Proofpoint link ends with', () => {
    const map = (bytes: string) => Buffer.from(bytes).toString('base64url');
    const links: [string, string][] = [
      [`https://urldefense.com/v3/__https://evil.top/*a/x__;${map('ü')}!!a!b$`, 'https://evil.top/üa/x'],
      [`https://urldefense.com/v3/__https://evil.top/a**Bb__;${map('€€€')}!!a!b$`, 'https://evil.top/a€€€b'],
      [`https://urldefense.com/v3/__https://evil.top/**A*c__;${map('=?&')}!!a!b$`, 'https://evil.top/=?&c'],
    ];
    for (const [link, target] of links) expect(sent(link)).to.deep.equal([`url ${target}`]);
  });

  it('is unwrapped through all who wrapped it', () => {
    let link = TARGET;
    for (let layer = 0; layer < 4; layer++) {
      link = layer % 2 === 0 ? safeLink(link) : `https://www.google.com/url?q=${encodeURIComponent(link)}`;
    }
    link = `https://urldefense.com/v3/__${link}__;!!a!b$`;
    expect(extractIocs(link).iocs).to.deep.equal([
      { type: 'url', value: TARGET, text: link, path: '', wrapper: 'proofpoint' },
    ]);
  });

  it('is not sent when it is wrapped more often than anybody would', () => {
    let link = TARGET;
    for (let layer = 0; layer < 12; layer++)
      link = `https://linkprotect.cudasvc.com/url?c=alice@corp.com&a=${link}`;
    expect(sent(link)).to.deep.equal([]);
    expect(kept(link)).to.have.length(1);
  });

  const link = safeLink(TARGET);
  const found = [`url ${TARGET}`];
  const spellings: [name: string, text: string][] = [
    ['defanged', link.replace('https', 'hxxps').replaceAll('.', '[.]')],
    ['defanged within', link.replace('https%3A', 'hxxps%3A').replace('drop.top', 'drop%5B.%5Dtop')],
    ['escaped for HTML', `<a href="${link.replaceAll('&', '&amp;')}">pay</a>`],
    ['escaped for HTML within', safeLink(TARGET.replace('&', '&amp;'))],
    ['in JSON that is cut off', `{"u":"${link.replaceAll('/', '\\/').replaceAll('&', '\\u0026')}", "x`],
    ['in JSON', JSON.stringify({ event: { url: link } })],
    ['encoded once more', encodeURIComponent(link)],
    ['encoded twice within', safeLink(encodeURIComponent(TARGET))],
    ['without a scheme', link.replace('https://', '')],
    [
      'in quoted-printable',
      `Content-Transfer-Encoding: quoted-printable\r\n\r\n${link.replaceAll('=', '=3D').replace(/.{70}/g, '$&=\r\n')}\r\n`,
    ],
    [
      'in quoted-printable that nobody declared',
      `<a href=3D"${link.replaceAll('=', '=3D').replace(/.{70}/g, '$&=\r\n')}">`,
    ],
    ['in lines of a mail', `See\r\n${link.replace(/.{76}/g, '$&\r\n')}\r\nbye`],
    ['in brackets and lines', `Pay now <${link.replace(/.{72}/g, '$&\n')}> please`],
    ['in brackets and quoted lines', `> > Pay <${link.replace(/.{72}/g, '$&\n> > ')}>\n> > bye`],
    ['as a chat writes it', `<${link}>`],
    ['in Markdown', `[pay](${link})`],
    ['in a table', `time,url\n2024-01-01,${link}`],
  ];
  for (const [name, text] of spellings) {
    it(`is found ${name}, without a word of the recipient`, () => {
      const { iocs } = extractIocs(text, { mailDomains: true });
      expect(iocs.map(({ type, value }) => `${type} ${value}`)).to.deep.equal(found);
      expect(iocs[0]).to.have.property('wrapper', 'safelinks');
    });
  }

  const broken: [name: string, link: string][] = [
    ['no target', `https://nam02.safelinks.protection.outlook.com/?data=05%7C01%7Calice%40corp.com`],
    ['an empty target', safeLink('')],
    ['a target that is no URL', safeLink('not a url')],
    ['a target that is cut', safeLink('https:/')],
    ['a mail address as its target', safeLink('mailto:alice@corp.com')],
    ['a program as its target', safeLink('javascript:alert(1)')],
    ['a target of another scheme', safeLink('tel:+491234')],
    ['a target with broken escapes', `https://nam02.safelinks.protection.outlook.com/?url=%E0%A4%A${DATA}`],
    [
      'another filter within that has none',
      safeLink(`https://linkprotect.cudasvc.com/url?c=E,1,tok3n,alice@corp.com`),
    ],
    ['base64 that is none', 'https://eu-central-1.protection.sophos.com/?u=!!!&t=tok3n&e=alice@corp.com'],
    ['a mail address within Proofpoint', 'https://urldefense.com/v3/__mailto:alice@corp.com__;!!tok3n!x$'],
    ['a token and a person', 'https://linkprotect.cudasvc.com/url?c=E,1,tok3n&u=alice@corp.com'],
  ];
  for (const [name, text] of broken) {
    it(`is not sent with ${name}, and the message says so`, () => {
      const extraction = extractIocs(text, { hosts: true, mailDomains: true });
      expect(extraction.iocs).to.deep.equal([]);
      expect(extraction.skipped).to.have.length(1);
      expect(extraction.skipped[0]?.reason).to.match(
        /^link of a mail filter \(\w+\) that leads to no readable URL$/,
      );
      const validated = new IndicatorFilter().validate('url', text);
      expect(validated).to.have.property('skipped');
      // What is skipped is shown: in a summary, an event, an error.
      expect(JSON.stringify([extraction.skipped, validated])).not.to.match(SECRETS);
    });
  }

  const opaque = [
    'https://protect-eu.mimecast.com/s/AbCdEfGhIj',
    'https://secure-web.cisco.com/1AbCdEf',
    'https://bit.ly/3xYz',
    'https://t.co/AbC',
    'https://aka.ms/x',
    'https://www.google.com/url?q=hello',
    'https://www.google.com/search?q=evil-drop.top',
    'https://www.youtube.com/watch?v=abc',
    'https://www.facebook.com/some.page?x=1',
    'https://www.mimecast.com/blog/?utm_source=x',
    'https://www.trendmicro.com/en_us/research.html?x=1',
  ];
  for (const text of opaque) {
    it(`stays itself where it can't be unwrapped: ${text}`, () => {
      expect(extractIocs(text).iocs).to.deep.equal([{ type: 'url', value: text, text, path: '' }]);
      expect(new IndicatorFilter().validate('url', text)).to.deep.equal({
        indicator: { type: 'url', value: text },
      });
    });
  }

  const others = [
    `https://safelinks.protection.outlook.com.evil-drop.top/?url=https%3A%2F%2Fgood.com`,
    `https://evil-drop.top/safelinks.protection.outlook.com/?url=https%3A%2F%2Fgood.com`,
    `https://urldefense-com.evil-drop.top/v3/__https://good.com/__;!!a!b`,
    `https://noturldefense.com/v3/__https://good.com/__;!!a!b`,
    'https://google.xyz/url?q=https://good.com/',
    'https://www.google.com.evil-drop.top/url?q=https://good.com/',
  ];
  for (const text of others) {
    it(`is known by its host and no part of a name: ${text}`, () => {
      expect(extractIocs(text).iocs.map(({ value, wrapper }) => [value, wrapper])).to.deep.equal([
        [text, undefined],
      ]);
    });
  }

  it('is of the host, whoever is named before it', () => {
    expect(sent('https://urldefense.com@evil-drop.top/v3/__https://good.com/__;')).to.deep.equal([
      'url https://evil-drop.top/v3/__https://good.com/__',
    ]);
  });

  it('is judged by what it leads to: what is inside is kept back', () => {
    for (const inside of ['http://wiki.corp.lan/x', 'http://10.1.2.3/admin', 'https://intranet/']) {
      expect(sent(safeLink(inside), { hosts: true })).to.deep.equal([]);
      expect(kept(safeLink(inside))).to.deep.equal([`url ${inside}`]);
      expect(new IndicatorFilter().validate('url', safeLink(inside))).to.have.nested.property(
        'skipped.value',
        inside,
      );
    }
  });

  it('is judged by what it leads to: what is allowed is kept back, and a wrapper that is allowed hides nothing', () => {
    const page = safeLink('https://share.corp.com/doc?token=tok3n');
    expect(sent(page, { allowList: 'corp.com', hosts: true })).to.deep.equal([]);
    expect(sent(link, { allowList: 'outlook.com\ngoogle.com' })).to.deep.equal(found);
  });

  it('is looked up once when two people got it', () => {
    const text = `${safeLink(TARGET, 'eur01')}\n${link.replace('alice', 'bob')}\n${TARGET}`;
    expect(sent(text)).to.deep.equal(found);
  });

  it('tells nothing of its recipient, whichever way it is written', () => {
    const all = [
      ...Object.values(WRAPPED).flat(),
      ...spellings.map(([, text]) => text),
      ...broken.map(([, text]) => text),
    ];
    for (const text of all) {
      for (const { value } of extractIocs(text, { hosts: true, mailDomains: true }).iocs)
        expect(value, text).not.to.match(SECRETS);
    }
  });

  it('is told without its recipient where it leads to an analysis of nothing', () => {
    const { iocs, skipped } = extractIocs(safeLink('https://www.virustotal.com/gui/home'));
    expect(iocs).to.deep.equal([]);
    expect(skipped.map(({ value }) => value)).to.deep.equal(['https://www.virustotal.com/gui/home']);
  });

  it('takes no words of the line behind it', () => {
    expect(sent(`${link}\nevil-b.top\n45.77.12.34`)).to.deep.equal([
      ...found,
      'domain evil-b.top',
      'ip 45.77.12.34',
    ]);
    expect(sent(`<${link}>\n<https://evil-b.top/x>`)).to.deep.equal([...found, 'url https://evil-b.top/x']);
    expect(sent(`${link}\nhttps://evil-b.top/x?a=1&b=2`)).to.deep.equal([
      ...found,
      'url https://evil-b.top/x?a=1&b=2',
    ]);
  });
});

describe('A host with a percent-encoded dot', () => {
  const texts: [text: string, ...expected: string[]][] = [
    ['evil-a%2Etop', 'domain evil-a.top'],
    ['see evil-a%2etop now', 'domain evil-a.top'],
    ['host=evil-a%2Etop', 'domain evil-a.top'],
    ['"evil-a%2Etop"', 'domain evil-a.top'],
    ['www%2Eevil-a%2Etop', 'domain www.evil-a.top'],
    ['45%2E77%2E12%2E34', 'ip 45.77.12.34'],
    ['10%2E1%2E2%2E3'],
    ['a%2Eb and report%2Epdf'],
    ['https://evil-b.top/?x=evil-a%2Etop', 'url https://evil-b.top/?x=evil-a%2Etop'],
    ['GET /a?host=evil-a%2Etop HTTP/1.1'],
    ['LIKE evil%2'],
  ];
  for (const [text, ...expected] of texts) {
    it(`is ${expected.length > 0 ? expected.join() : 'not found'} in ${text}`, () => {
      expect(sent(text)).to.deep.equal(expected);
    });
  }

  it('is found in a long text, too', () => {
    const text = `${'lorem ipsum '.repeat(4000)} evil-a%2Etop ${'lorem ipsum '.repeat(4000)} evil-b%2Etop`;
    expect(sent(text)).to.deep.equal(['domain evil-a.top', 'domain evil-b.top']);
  });
});
