import { expect } from 'chai';
import { forEachYielding } from '../../src/lookup/yielding';

describe('Work on a large number of items', () => {
  it('handles each item once, in order', async () => {
    const done: number[] = [];
    await forEachYielding([1, 2, 3], (item) => done.push(item));
    expect(done).to.deep.equal([1, 2, 3]);
  });

  it('yields to the event loop in between, even when the work it starts takes longer than itself', async () => {
    const busy = (ms: number): void => {
      for (const end = performance.now() + ms; performance.now() < end;);
    };
    let turns = 0;
    const turn = setInterval(() => turns++, 1);
    await forEachYielding(new Array<number>(100).fill(0), () => {
      void Promise.resolve().then(() => busy(2));
    });
    clearInterval(turn);
    expect(turns).to.be.greaterThan(10);
  });
});
