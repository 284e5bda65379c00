import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';

const found = (value: unknown) => extractIocs(value).iocs.map(({ type, value }) => `${type} ${value}`);
const mail = (...lines: string[]) => lines.join('\r\n');
const base64 = (text: string) => Buffer.from(text).toString('base64');

const QUOTED = 'Content-Transfer-Encoding: quoted-printable';
const BASE64 = 'Content-Transfer-Encoding: base64';

describe('A text that declares no encoding', () => {
  const texts: [text: string, ...expected: string[]][] = [
    [
      'http://vizzy.top/a.php?hash=\nhttp://vizzy.top/b.php?key=68420104369',
      'url http://vizzy.top/a.php?hash=',
      'url http://vizzy.top/b.php?key=68420104369',
    ],
    ['a=\nhttps://bad-a.com/?v=3D0, which is quoted-printable', 'url https://bad-a.com/?v=3D0'],
    ['<a href=3D"x">\nhttps://bad-a.com/watch?v=70aa', 'url https://bad-a.com/watch?v=70aa'],
    [`${'x'.repeat(70)}=\nhttps://bad-a.com/?q=20`, 'url https://bad-a.com/?q=20'],
    ['https://bad-a.com/a/b=\nnext.bad-b.com', 'url https://bad-a.com/a/b=', 'domain next.bad-b.com'],
    [`It said\n${QUOTED}\nand https://bad-a.com/?x=41`, 'url https://bad-a.com/?x=41'],
    [`${QUOTED}: what is it? See\n\nhttps://bad-a.com/?x=41`, 'url https://bad-a.com/?x=41'],
  ];
  for (const [text, ...expected] of texts) {
    it(`is searched as it stands: ${JSON.stringify(text).slice(0, 80)}`, () => {
      expect(found(text)).to.deep.equal(expected);
    });
  }
});

describe('A mail as it was sent', () => {
  it('is searched with its quoted-printable body decoded and its header as it is', () => {
    const text = mail(
      'DKIM-Signature: v=1; d=1e-bad.net; s=1',
      'X-Link: https://bad-a.com/?x=41',
      QUOTED,
      'Content-Type: text/html; charset=utf-8',
      '',
      '<a href=3D"https://bad-a.com/?x=3D1&y=',
      '=3D2">pay</a> at bad-=',
      'domain.com=',
    );
    expect(found(text)).to.deep.equal([
      'domain 1e-bad.net',
      'url https://bad-a.com/?x=41',
      'url https://bad-a.com/?x=1&y=2',
      'domain bad-domain.com',
    ]);
  });

  const parts = (...bodies: [header: string, body: string][]) =>
    mail(
      'Content-Type: multipart/alternative;',
      ' boundary="=_b 1"',
      '',
      ...bodies.flatMap(([header, body]) => ['--=_b 1', header, '', body]),
      '--=_b 1--',
      'after https://bad-z.com/?x=41',
    );

  it('is searched with each part decoded as that part declares', () => {
    const text = parts(
      ['Content-Type: text/plain', 'https://bad-a.com/?x=41'],
      [QUOTED, 'https://bad-b.com/?x=3D41'],
      ['Content-Transfer-Encoding: 7bit', 'https://bad-c.com/?x=41'],
      [BASE64, base64('https://bad-d.com/?x=41')],
    );
    expect(found(text)).to.deep.equal([
      'url https://bad-a.com/?x=41',
      'url https://bad-b.com/?x=41',
      'url https://bad-c.com/?x=41',
      'url https://bad-d.com/?x=41',
      'url https://bad-z.com/?x=41',
    ]);
  });

  it('is searched with the parts of a nested mail decoded', () => {
    const inner = mail(
      'From: a@b',
      'Content-Type: multipart/mixed; boundary=inner',
      '',
      '--inner',
      QUOTED,
      '',
      'https://bad-a.com/?x=3D41',
      '--inner--',
      'https://bad-b.com/?x=41',
    );
    const text = parts(['Content-Type: message/rfc822', inner], [QUOTED, 'https://bad-c.com/?x=3D41']);
    expect(found(text)).to.deep.equal([
      'url https://bad-a.com/?x=41',
      'url https://bad-b.com/?x=41',
      'url https://bad-c.com/?x=41',
      'url https://bad-z.com/?x=41',
    ]);
  });

  it('ends where the next mail of an mbox begins', () => {
    const text = [
      'From a@b.net Sat Jan  6 10:00:00 2024',
      QUOTED,
      '',
      'https://bad-a.com/?x=3D41',
      '',
      'From a@b.net Sun Jan  7 11:00:00 2024',
      'Subject: y',
      '',
      'https://bad-b.com/?x=41',
    ].join('\n');
    expect(found(text)).to.deep.equal(['url https://bad-a.com/?x=41', 'url https://bad-b.com/?x=41']);
  });

  it('is searched with its base64 text decoded up to the footer of a mailing list', () => {
    const body = base64(`<p>${'Dear customer, '.repeat(8)}</p> https://bad-a.com/in`).replace(
      /.{60}/g,
      '$&\r\n',
    );
    const text = mail(
      'Content-Type: TEXT/HTML',
      BASE64.toUpperCase(),
      '',
      body,
      '--',
      'https://bad-b.com/list',
    );
    expect(found(text)).to.deep.equal(['url https://bad-a.com/in', 'url https://bad-b.com/list']);
  });

  it('is decoded from the charset that it declares', () => {
    const cyrillic = Buffer.from([0xef, 0xf0, 0xe8, 0xec, 0xe5, 0xf0, 0x2e, 0xf0, 0xf4]);
    const type = 'Content-Type: text/plain; charset="windows-1251"';
    const escaped = [...cyrillic].map((byte) => `=${byte.toString(16).toUpperCase()}`).join('');
    for (const [encoding, body] of [
      [QUOTED, escaped],
      [BASE64, cyrillic.toString('base64')],
    ]) {
      expect(found(mail(type, encoding ?? '', '', body ?? ''))).to.deep.equal([
        'domain xn--e1afmkfd.xn--p1ai',
      ]);
    }
  });

  it('keeps a character reference that a soft line break splits', () => {
    expect(found(mail(QUOTED, '', 'https://bad-a.com/?a=3D1&a=', 'mp;b=3D2'))).to.deep.equal([
      'url https://bad-a.com/?a=1&b=2',
    ]);
  });

  it('is not searched in its pictures', () => {
    const text = mail('Content-Type: image/png', BASE64, '', base64('https://bad-a.com/in'), '');
    expect(found(text)).to.deep.equal([]);
  });

  it('is recognized in an object and in a Buffer too', () => {
    const raw = mail(QUOTED, '', 'https://bad-a.com/?x=3D41');
    expect(found({ raw })).to.deep.equal(['url https://bad-a.com/?x=41']);
    expect(found(Buffer.from(raw))).to.deep.equal(['url https://bad-a.com/?x=41']);
  });
});
