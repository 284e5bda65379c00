import { expect } from 'chai';
import PostalMime from 'postal-mime';
import { parseMails } from '../../src/mail/parse-mail';
import type { Mail } from '../../src/mail/mail';
import { searchableHtml } from '../../src/ioc/mail-html';

const MIXED = 'From: x@sender-a.top\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n';
const part = (encoding: string, body: string, type = 'application/octet-stream'): string =>
  `--b\r\nContent-Type: ${type}; name=a.bin\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}\r\n`;

/** Parses it, and counts how often it asked whether others should have a turn. */
async function parsed(raw: string): Promise<{ mails: Mail[]; turns: number }> {
  let turns = 0;
  const mails = await parseMails(Buffer.from(raw), () => {
    turns++;
    return turns % 50 === 0 ? Promise.resolve() : undefined;
  });
  return { mails, turns };
}

const contentOf = (mail: Mail | undefined): Buffer => {
  const [file] = mail?.attachments ?? [];
  expect(file).to.have.property('content');
  return Buffer.from((file as { content: Uint8Array }).content);
};

describe('A large mail', () => {
  const bytes = Buffer.alloc(3_000_000, 'made up, and long enough');
  const base64 = bytes.toString('base64');
  const bodies: [name: string, encoding: string, body: string][] = [
    ['base64', 'base64', base64.replace(/.{76}/g, '$&\r\n')],
    ['base64 in one line', 'base64', base64],
    ['8bit', '8bit', bytes.toString('latin1').replace(/.{76}/g, '$&\r\n')],
    ['short lines', '7bit', 'ab\r\n'.repeat(750_000)],
    ['lines that may be boundaries', '7bit', '--\r\n'.repeat(750_000)],
    ['quoted-printable', 'quoted-printable', 'a=3Db and so on, and so on=\r\n'.repeat(100_000)],
  ];
  for (const [name, encoding, body] of bodies) {
    it(`lets others have a turn after each 64 KiB of ${name}`, async () => {
      const raw = `${MIXED}${part(encoding, body)}--b--\r\n`;
      const { mails, turns } = await parsed(raw);
      expect(turns).to.be.above(raw.length / 70_000);
      const content = contentOf(mails[0]);
      if (encoding === 'base64') expect(content.equals(bytes)).to.equal(true);
      else if (encoding !== 'quoted-printable') expect(content.toString('latin1')).to.equal(body);
    });
  }

  it('lets others have a turn within one long line of quoted-printable', async () => {
    // Cut wherever it is cut: within an escape, before a hyphen, at a sign that is no escape.
    for (const piece of ['=41', 'a', '=', '=a', '-', '=3D=\r\n']) {
      const body = piece.repeat(Math.ceil(400_000 / piece.length));
      const { mails, turns } = await parsed(`${MIXED}${part('quoted-printable', `x${body}x`)}--b--\r\n`);
      const decoded = piece === '=41' ? 'A' : piece.replace('=\r\n', '').replace('=3D', '=');
      expect(contentOf(mails[0]).toString('latin1'), piece).to.equal(
        `x${decoded.repeat(Math.ceil(400_000 / piece.length))}x`,
      );
      if (piece !== '-') expect(turns, piece).to.be.above(6);
    }
  });

  it('reads lines that only begin as a boundary by the chunk', async () => {
    const body = '--bx\r\n--b --\r\n--\r\n'.repeat(50_000);
    const { mails, turns } = await parsed(`${MIXED}${part('7bit', body)}--b \t\r\n\r\nsecond\r\n--b--\r\n`);
    expect(contentOf(mails[0]).toString('latin1')).to.equal(body);
    expect(mails[0]?.texts).to.deep.equal(['second']);
    expect(turns).to.be.below(200);
  });

  it('lets others have a turn between lines that may part two mails of a file', async () => {
    const raw = `From a@b.com Sat Jan 1 00:00:00 2026\n${MIXED.replaceAll('\r', '')}${'From a\n'.repeat(200_000)}`;
    expect((await parsed(raw)).turns).to.be.above(200);
  });

  it('has the bytes of a calendar as they were sent', async () => {
    const calendar = 'BEGIN:VCALENDAR\r\nSUMMARY:caf\u00e9\r\nEND:VCALENDAR\r\n\r\n';
    const { mails } = await parsed(
      `${MIXED}${part('base64', Buffer.from(calendar, 'latin1').toString('base64'), 'text/calendar; charset=iso-8859-1')}--b--\r\n`,
    );
    expect(contentOf(mails[0]).toString('latin1')).to.equal(calendar);
  });

  it('is read without its lists of recipients, which take a second', async () => {
    const { prototype } = PostalMime as unknown as { prototype: { buildMessage: () => unknown } };
    const { buildMessage } = prototype;
    prototype.buildMessage = () => expect.fail('all lists of recipients are read');
    try {
      const { mails } = await parsed(`From: x@sender-a.top\r\nCc: ${'g:'.repeat(9)}\r\n\r\nhello`);
      expect(mails[0]?.fields.map(({ name }) => name)).to.deep.equal(['From', 'Cc']);
    } finally {
      prototype.buildMessage = buildMessage;
    }
  });

  it('has all of its 2,000 files', async () => {
    const raw = Array.from({ length: 2000 }, (_, index) =>
      part('base64', 'QUJD', `application/octet-stream; x-id=${index}; x-more="${'x'.repeat(100)}"`),
    );
    const { mails } = await parsed(`${MIXED}${raw.join('')}--b--\r\n`);
    expect(mails[0]?.attachments).to.have.length(2000);
    const inner = `${MIXED}${raw.slice(0, 1999).join('')}--b--\r\n`;
    const outer = `${MIXED}--b\r\nContent-Type: message/rfc822\r\n\r\n${inner.replaceAll('--b', '--c').replace('=b', '=c')}`;
    expect((await parsed(outer)).mails[0]?.attachments[0])
      .to.have.property('attachments')
      .with.length(1999);
  });

  it('has the bytes of its files as they were, wherever they are cut', async () => {
    for (let extra = 0; extra < 9; extra++) {
      const body = `${'x'.repeat(65_530 + extra)}\r\n--no boundary\r\n${'-'.repeat(65_530)}\r\ny`;
      const { mails } = await parsed(`${MIXED}${part('8bit', body)}--b--\r\n`);
      expect(contentOf(mails[0]).toString()).to.equal(body);
    }
  });

  it('is decoded in slices in a charset that takes long', async () => {
    const raw =
      'From: x@sender-a.top\r\nContent-Type: text/plain; charset=iso-2022-jp; format=flowed\r\n\r\n' +
      'hello \u001b$B$"\u001b(B \r\n'.repeat(100_000);
    const { mails, turns } = await parsed(raw);
    expect(mails[0]?.texts[0]?.startsWith('hello あ')).to.equal(true);
    expect(turns).to.be.above((2 * raw.length) / 70_000);
  });
});

describe('A mail that is more than anybody sends', () => {
  const deep = (levels: number): string => {
    let mail = 'From: x@sender-a.top\r\n';
    for (let level = 0; level < levels; level++)
      mail += `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`;
    return `${mail}\r\nhello`;
  };
  const mails: [name: string, raw: string][] = [
    ['too many parts', MIXED + '--b\r\n\r\nx\r\n'.repeat(2001)],
    [
      'too many mails in one file',
      'From a@b.com Sat Jan 1 00:00:00 2026\nFrom: a@b.com\nTo: b@c.com\n\n'.repeat(2002),
    ],
    ['too long a header of a part', `${MIXED}--b\r\nx-a: ${'a'.repeat(270_000)}\r\n\r\nx\r\n--b--\r\n`],
    ['too much header of all parts', MIXED + `--b\r\nx-a: ${'a'.repeat(90_000)}\r\n\r\nx\r\n`.repeat(100)],
    [
      'too long a report of another mail',
      `${MIXED}--b\r\nContent-Type: message/delivery-status\r\n\r\n${'a: b\r\n'.repeat(200_000)}--b--\r\n`,
    ],
    ['too many levels', deep(70)],
    ['too long a header', `From: x@sender-a.top\r\nTo: ${'a@b.com, '.repeat(40_000)}\r\n\r\nx`],
    ['too many fields', `From: x@sender-a.top\r\n${'a: b\r\n'.repeat(80_000)}\r\nx`],
  ];
  for (const [name, raw] of mails) {
    it(`is refused with ${name}, and the error says so`, async () => {
      const error: unknown = await parsed(raw).catch((thrown: unknown) => thrown);
      expect(error).to.have.property('code', 'VT_INVALID_IOC');
      expect(error)
        .to.have.property('message')
        .that.matches(/^Too much: the mail (?:has more than|can't be parsed)/);
    });
  }

  it('has what is within too many mails as a file', async () => {
    let raw = 'From: x@sender-a.top\r\nSubject: inner\r\n\r\nhello';
    for (let level = 0; level < 12; level++)
      raw = `From: x@sender-a.top\r\nContent-Type: message/rfc822\r\n\r\n${raw}`;
    let at: Mail | undefined = (await parsed(raw)).mails[0];
    let depth = 0;
    for (;;) {
      const inner: unknown = at?.attachments[0];
      if (typeof inner !== 'object' || inner === null || 'content' in inner) break;
      at = inner as Mail;
      depth++;
    }
    expect(depth).to.equal(8);
  });
});

describe('HTML that somebody sends who wants the search to hang', () => {
  const pieces = [
    '<a ">"',
    '<a "',
    "<a ='>",
    '<a href=">',
    '<a href="http://a.com">b.com</a>',
    '<a href="data:text/html;base64,',
    '<base href="http://a.com/"><a href="y">',
    '<',
    '<a ',
    '<a href="http://a.com" title="',
    '<a href  =  ',
  ];
  for (const piece of pieces) {
    it(`is read at once, in slices: ${piece}`, () => {
      const html = piece.repeat(Math.ceil(1_000_000 / piece.length));
      let slices = 0;
      for (const text of searchableHtml(html)) slices += text === '' ? 1 : 0;
      // What no tag ends is read as text.
      if (html.includes('>') || piece === '<') expect(slices).to.be.at.least(5);
    });
  }

  for (const [name, tag] of [
    ['addresses', 'href=x '],
    ['titles', 'title="b.com" '],
  ] as const) {
    it(`is read in slices within a tag that has very many ${name}`, () => {
      const html = `<base href="http://a.com/"><a href="http://b.com" ${tag.repeat(10_000)}>y</a>`;
      let slices = 0;
      let read = '';
      for (const text of searchableHtml(html)) {
        slices += text === '' ? 1 : 0;
        read = text;
      }
      expect(slices).to.be.above(8);
      expect(read).to.include(name === 'titles' ? 'title="" title="" >y' : 'href="http://a.com/x" >y');
    });
  }

  it('is refused where its base makes more of its addresses than a search reads', () => {
    const base = `<base href="http://baddomain.com/${'a'.repeat(8000)}/">`;
    const html = base + '<a href=x>y</a>'.repeat(2000);
    const read = (): string[] => [...searchableHtml(html)];
    expect(read).to.throw().with.property('code', 'VT_INVALID_IOC');
  });

  it('has no base that is longer than an address may be', () => {
    const html = `<base href="http://baddomain.com/${'a'.repeat(60_000)}/">` + '<a href=x>y</a>'.repeat(100);
    expect([...searchableHtml(html)].join('')).to.have.length(html.length);
  });
});
