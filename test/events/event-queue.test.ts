import { expect } from 'chai';
import { EventQueue } from '../../src/events/event-queue';

/** Turns of an event loop that the test goes through one by one. */
class Turns {
  readonly #due: (() => void)[] = [];

  readonly later = (action: () => void): void => void this.#due.push(action);

  /** @returns whether there was anything to do */
  next(): boolean {
    const action = this.#due.shift();
    action?.();
    return action !== undefined;
  }
}

describe('The queue of events', () => {
  let turns: Turns;
  let queue: EventQueue<number>;
  let got: { items: number[]; dropped: number }[];
  const take = (items: readonly number[], dropped: number): void =>
    void got.push({ items: [...items], dropped });

  beforeEach(() => {
    turns = new Turns();
    queue = new EventQueue<number>(250, turns.later);
    got = [];
  });

  it('hands on nothing in the turn in which it comes, and then all in their order', () => {
    queue.attach(take);
    for (let n = 0; n < 250; n++) queue.add(n);
    expect(got).to.deep.equal([]);
    while (turns.next());
    expect(got.map(({ items }) => items.length)).to.deep.equal([100, 100, 50]);
    expect(got.flatMap(({ items }) => items)).to.deep.equal(Array.from({ length: 250 }, (_, n) => n));
  });

  it('drops what finds no room, and says how many', () => {
    queue.attach(take);
    for (let n = 0; n < 260; n++) queue.add(n);
    while (turns.next());
    expect(got.flatMap(({ items }) => items)).to.have.length(250);
    expect(got.map(({ dropped }) => dropped)).to.deep.equal([10, 0, 0]);
  });

  it('keeps what comes between two handlers', () => {
    queue.attach(take);
    queue.add(1);
    queue.detach();
    while (turns.next());
    queue.add(2);
    expect(got).to.deep.equal([]);
    queue.attach(take);
    while (turns.next());
    expect(got).to.deep.equal([{ items: [1, 2], dropped: 0 }]);
  });
});
