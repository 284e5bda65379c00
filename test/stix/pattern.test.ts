import { expect } from 'chai';
import { hashPattern, valuePattern } from '../../src/stix/pattern';
import { isStixPattern } from '../support/stix-pattern';

describe('A STIX pattern', () => {
  it('holds any value, with quotes and backslashes escaped', () => {
    const pattern = valuePattern('url', String.raw`it's \ here\'`);
    expect(pattern).to.equal(String.raw`[url:value = 'it\'s \\ here\\\'']`);
    expect(isStixPattern(pattern)).to.be.true;
  });

  it('quotes the hash names that a path cannot hold bare', () => {
    const pattern = hashPattern({ MD5: 'd', 'SHA-256': 'f' });
    expect(pattern).to.equal("[file:hashes.MD5 = 'd' OR file:hashes.'SHA-256' = 'f']");
    expect(isStixPattern(pattern)).to.be.true;
  });
});
