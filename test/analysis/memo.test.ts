import { expect } from 'chai';
import { memoized } from '../../src/analysis/memo';

describe('A memoized function of a text', () => {
  function counted(): { lengthOf: (text: string) => number; calls: () => number } {
    let calls = 0;
    const lengthOf = memoized((text: string) => {
      calls += 1;
      return text.length;
    });
    return { lengthOf, calls: () => calls };
  }

  it('computes a text once, whatever the text is called', () => {
    const { lengthOf, calls } = counted();
    for (const text of ['__proto__', 'constructor', '', 'Engine']) {
      expect([lengthOf(text), lengthOf(text)]).to.deep.equal([text.length, text.length]);
    }
    expect(calls()).to.equal(4);
  });

  it('does not keep a long text', () => {
    const { lengthOf, calls } = counted();
    const long = 'x'.repeat(101);
    expect([lengthOf(long), lengthOf(long)]).to.deep.equal([101, 101]);
    expect(calls()).to.equal(2);
  });

  it('forgets what it knows when ten thousand other texts follow, and computes it again', () => {
    const { lengthOf, calls } = counted();
    lengthOf('Engine');
    for (let i = 0; i < 10_000; i += 1) lengthOf(`name ${i}`);
    const before = calls();
    expect(lengthOf('Engine')).to.equal(6);
    expect(calls()).to.equal(before + 1);
  });
});
