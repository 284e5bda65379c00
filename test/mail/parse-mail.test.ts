import { expect } from 'chai';
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
    ['too many parts', MIXED + '--b\r\n\r\nx\r\n'.repeat(2500)],
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
