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
});
