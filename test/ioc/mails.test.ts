import { expect } from 'chai';
import { extractIocs, extractIocsFromMail } from '../../src/ioc/extract';
import type { Extraction } from '../../src/ioc/search';
import { type MailCase, mails, mailsWithSenders } from '../../tools/ioc-corpus/mails';

const linesOf = ({ iocs, skipped }: Extraction): string[] => [
  ...iocs.map(({ type, value }) => `${type} ${value}`),
  ...skipped.map(({ type, value }) => `skipped ${type} ${value}`),
];

function each(cases: readonly MailCase[], options = {}): void {
  for (const { name, mail, expected } of cases) {
    it(name, async () => {
      expect(linesOf(await extractIocsFromMail(mail, options))).to.deep.equal(expected);
    });
    if (typeof mail !== 'string') continue;
    it(`${name}, as bytes`, async () => {
      expect(linesOf(await extractIocsFromMail(Buffer.from(mail), options))).to.deep.equal(expected);
    });
  }
}

describe('A mail has looked up what a person would look up:', () => {
  each(mails);

  it('in at least 40 structures, each with a name of its own', () => {
    expect(mails).to.have.length.above(39);
    expect(new Set(mails.map(({ name }) => name))).to.have.property('size', mails.length);
  });

  it('whose readers are never told', async () => {
    for (const { mail } of [...mails, ...mailsWithSenders]) {
      const { iocs } = await extractIocsFromMail(mail, { hosts: true, mailDomains: true });
      for (const { type, value } of iocs)
        if (!value.includes('evil-u')) expect(`${type} ${value}`).not.to.match(/corp\.com|jane|bob/);
    }
  });
});

describe('A file of a mail', () => {
  const mail = mails.find(({ name }) => name.includes('RFC 2231'))?.mail;

  it('is found with its name and where it stood', async () => {
    const { iocs } = await extractIocsFromMail({ raw: mail });
    expect(iocs.map(({ type, name, text, path }) => [type, name, text, path])).to.deep.equal([
      ['file', 'invöice.zip', 'invöice.zip', 'raw.attachments[0]'],
      ['file', 'setup.exe', 'setup.exe', 'raw.attachments[1]'],
    ]);
  });

  it('has its name without a folder', async () => {
    const attachments = ['..\\..\\setup.exe', 'C:\\Users\\x\\b.exe', '../../etc/c.sh'].map(
      (filename, content) => ({
        filename,
        content: Buffer.from([content, 0]),
      }),
    );
    const { iocs } = await extractIocsFromMail({ headers: { from: 'x@evil-a.top' }, text: '', attachments });
    expect(iocs.map((ioc) => ioc.name)).to.deep.equal(['setup.exe', 'b.exe', 'c.sh']);
  });

  it('is kept back by its hash on the allow list', async () => {
    const [first] = (await extractIocsFromMail(mail)).iocs;
    const { iocs, skipped } = await extractIocsFromMail(mail, { allowList: first?.value ?? '' });
    expect(iocs.map(({ name }) => name)).to.deep.equal(['setup.exe']);
    expect(skipped).to.deep.equal([{ type: 'file', value: first?.value, reason: 'on the allow list' }]);
  });
});

describe('A mail that only the parser reads whole', () => {
  it('has its text and links found without it too', () => {
    for (const { mail, name } of mails) {
      if (!/^(?:plain|quoted|HTML in base64 with SafeLinks$|folded)/.test(name)) continue;
      const found = extractIocs(mail).iocs.map(({ value }) => value);
      expect(found, name).to.not.deep.equal([]);
    }
  });
});

describe('A text that is no mail as it was sent', () => {
  const texts = [
    'HTTP/1.1 200 OK\r\nDate: Mon, 1 Jan 2024\r\n\r\nhttp://evil-a.top/',
    'Content-Type: text/html\nServer: x\nDate: now\n\n<a href="http://evil-a.top/">http://evil-b.top/</a>',
    'Date: today\nSubject: none\n\nhttp://evil-a.top/',
    'From: here\n\nhttp://evil-a.top/',
    'From: x@sender.top\nTo: y@corp.com\nSubject: http://evil-a.top/',
  ];
  for (const text of texts) {
    it(`is searched as it stands: ${JSON.stringify(text).slice(0, 60)}`, async () => {
      expect(await extractIocsFromMail(text)).to.deep.equal(extractIocs(text));
    });
  }

  it('is an object as any other: {text, html} of something else', async () => {
    const value = {
      text: 'evil-a.top',
      html: '<a href="http://evil-b.top/">http://evil-c.top/</a>',
      to: 'evil-d.top',
    };
    expect((await extractIocsFromMail(value)).iocs.map(({ value }) => value)).to.deep.equal([
      'evil-a.top',
      'http://evil-b.top/',
      'http://evil-c.top/',
      'evil-d.top',
    ]);
  });
});

describe("The domain of a mail's sender", () => {
  each(mailsWithSenders, { mailDomains: true });
});
