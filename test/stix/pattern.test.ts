import { expect } from 'chai';
import { hashPattern, valuePattern } from '../../src/stix/pattern';
import { isStixPattern } from '../support/stix-pattern';

describe('a STIX pattern', () => {
  it('holds any value as it is, quotes and backslashes escaped', () => {
    const pattern = valuePattern('url', String.raw`it's \ here\'`);
    expect(pattern).to.equal(String.raw`[url:value = 'it\'s \\ here\\\'']`);
    expect(isStixPattern(pattern)).to.be.true;
  });

  it('of hashes quotes the names that a path can not hold bare', () => {
    const pattern = hashPattern({ MD5: 'd', 'SHA-256': 'f' });
    expect(pattern).to.equal("[file:hashes.MD5 = 'd' OR file:hashes.'SHA-256' = 'f']");
    expect(isStixPattern(pattern)).to.be.true;
  });
});
