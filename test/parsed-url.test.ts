import { expect } from 'chai';
import { parsedUrl } from '../src/parsed-url';

describe('A text that is read as a URL', () => {
  it('may contain non-ASCII characters, also when it is read again', () => {
    const base = new URL('https://vt.test/api/v3/');
    // URL.canParse of Node 20 says no after some thousand calls.
    for (let times = 0; times < 30_000; times++) {
      if (parsedUrl('http://é.test/')?.host !== 'xn--9ca.test' || parsedUrl('//é.test/', base) === undefined)
        expect.fail(`not read the ${times + 1}th time`);
    }
  });

  it('is undefined when it is no URL', () => {
    expect(parsedUrl('http://[')).to.equal(undefined);
    expect(parsedUrl('/a')).to.equal(undefined);
  });
});
