import { expect } from 'chai';
import { readMailObject } from '../../src/mail/mail-object';

describe('A mail that a program has parsed', () => {
  it('is read although a list in it holds itself', () => {
    const endless: unknown[] = [{ address: 'x@baddomain.com', name: '' }];
    endless.push(endless);
    const found = readMailObject({ headers: { subject: 'Hello' }, from: endless, text: 'Hello' });
    const from = found?.mail.fields.find(({ name }) => name === 'From');
    expect(from?.value).to.include('x@baddomain.com');
  });

  it('is refused where it is more than a mail as it was sent may be', () => {
    const mail = { headers: { subject: 'Hello' }, from: 'x@baddomain.com', text: 'Hello' };
    const address = { address: 'x@baddomain.com', name: 'n' };
    let shared: object = { a: address };
    for (let level = 0; level < 2; level++)
      shared = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`k${index}`, shared]));
    const content = { type: 'Buffer', data: new Array<number>(1_000_000).fill(65) };
    const large: [mail: object, why: RegExp][] = [
      [{ ...mail, attachments: new Array(2001).fill({ content: Buffer.from('x') }) }, /2000 parts/],
      [{ ...mail, from: new Array(30_000).fill(address) }, /256 KiB in one header/],
      [{ ...mail, from: shared }, /256 KiB in one header/],
      [{ ...mail, headers: { subject: 'Hello', to: 'a@b.com, '.repeat(40_000) } }, /256 KiB in one header/],
      [{ ...mail, headers: { ...mail.headers, received: new Array(20_000).fill('from a.com') } }, /256 KiB/],
      [{ ...mail, headers: new Map([['subject', 'x'.repeat(300_000)]]) }, /256 KiB in one header/],
      [{ ...mail, headerLines: new Array(20_000).fill({ line: 'Subject: Hello' }) }, /256 KiB in one header/],
      // The same list of numbers again and again.
      [{ ...mail, attachments: new Array(100).fill({ content }) }, /more than 48 MiB/],
    ];
    for (const [value, why] of large)
      expect(() => readMailObject(value), String(why))
        .to.throw(why)
        .with.property('code', 'VT_INVALID_IOC');
  });

  it('is none where its header is too long to be that of a mail, and says nothing of one', () => {
    expect(readMailObject({ headers: { other: 'x'.repeat(300_000) }, text: 'Hello' })).to.equal(undefined);
  });
});
