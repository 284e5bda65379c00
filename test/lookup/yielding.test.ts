import { expect } from 'chai';
import { forEachYielding } from '../../src/lookup/yielding';

describe('Work on very many items', () => {
  it('is done once for each, in order', async () => {
    const done: number[] = [];
    await forEachYielding([1, 2, 3], (item) => done.push(item));
    expect(done).to.deep.equal([1, 2, 3]);
  });

  it('gives the event loop back in between, though what it sets off takes longer than itself', async () => {
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
