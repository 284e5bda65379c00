import { expect } from 'chai';
import { EventQueue, type Loop } from '../../src/events/event-queue';

/** An event loop that the test takes through its turns one by one; time passes only as the test says. */
class Turns implements Loop {
  readonly #due: (() => void)[] = [];
  #later: { at: number; action: () => void }[] = [];
  #now = 0;
  #idle = 0;

  readonly now = (): number => this.#now;
  readonly idle = (): number => this.#idle;
  readonly soon = (action: () => void): void => void this.#due.push(action);
  readonly after = (ms: number, action: () => void): void =>
    void this.#later.push({ at: this.#now + ms, action });

  /** @returns whether there was anything to do */
  next(): boolean {
    const action = this.#due.shift();
    action?.();
    return action !== undefined;
  }

  /** Until nothing is to be done but what a timer waits for. */
  run(): void {
    while (this.next());
  }

  /** Other work takes the loop that long. */
  busy(ms: number): void {
    this.#now += ms;
    const due = this.#later.filter(({ at }) => at <= this.#now);
    this.#later = this.#later.filter(({ at }) => at > this.#now);
    for (const { action } of due) action();
  }

  /** The loop has nothing to do that long. */
  rest(ms: number): void {
    this.#idle += ms;
    this.busy(ms);
  }
}

describe('The queue of events', () => {
  let turns: Turns;
  let queue: EventQueue<number>;
  let items: number[];
  let dropped: number[];
  const handler = {
    item: (item: number): void => void items.push(item),
    dropped: (count: number): void => void dropped.push(count),
  };
  /** Each item takes the flow a millisecond, in a turn after that in which it is sent. */
  const slowly = {
    ...handler,
    item: (item: number): void => {
      items.push(item);
      turns.soon(() => turns.busy(1));
    },
  };
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
  const add = (count: number): void => numbers(count).forEach((n) => queue.add(n));

  beforeEach(() => {
    turns = new Turns();
    queue = new EventQueue<number>(250, turns);
    items = [];
    dropped = [];
  });

  it('hands on nothing in the turn in which it comes, then a few in each turn, all in their order', () => {
    queue.attach(handler);
    add(250);
    expect(items).to.deep.equal([]);
    turns.next();
    expect(items.length).to.be.within(1, 20);
    turns.run();
    expect(items).to.deep.equal(numbers(250));
    add(250);
    turns.run();
    expect(items).to.deep.equal([...numbers(250), ...numbers(250)]);
    expect(dropped).to.deep.equal([]);
  });

  it('drops what finds no room, and says how many once all others are handed on', () => {
    queue.attach(handler);
    add(260);
    turns.run();
    expect(items).to.deep.equal(numbers(250));
    expect(dropped).to.deep.equal([10]);
  });

  it('says once a second how many it drops while it stays full', () => {
    queue.attach(slowly);
    for (let round = 0; round < 3000; round++) {
      add(250);
      turns.run();
      turns.busy(1);
    }
    expect(dropped.length).to.be.within(2, 4);
  });

  it('takes 3 % of a loop that is busy, with what the next node does', () => {
    queue.attach(slowly);
    for (let round = 0; round < 2000; round++) {
      queue.add(round);
      turns.run();
      turns.busy(1);
    }
    expect(items.length).to.be.within(50, 130);
  });

  it('takes all the time that the loop has left', () => {
    queue.attach(slowly);
    add(250);
    for (let round = 0; round < 300; round++) {
      turns.run();
      turns.rest(2);
    }
    expect(items).to.deep.equal(numbers(250));
  });

  it('keeps what comes between two handlers', () => {
    queue.attach(handler);
    queue.add(1);
    queue.detach();
    turns.run();
    queue.add(2);
    expect(items).to.deep.equal([]);
    queue.attach(handler);
    turns.run();
    expect(items).to.deep.equal([1, 2]);
  });

  it('goes on with another handler that comes while it waits for its share', () => {
    queue.attach(slowly);
    add(200);
    turns.run();
    queue.detach();
    turns.rest(10);
    turns.run();
    queue.attach(handler);
    for (let round = 0; round < 100; round++) {
      turns.rest(10);
      turns.run();
    }
    expect(items).to.deep.equal(numbers(200));
  });
});
