import { expect } from 'chai';
import { FairQueue } from '../../src/lookup/fair-queue';

interface Named {
  name: string;
  priority: number;
  batch: object;
}

function message(): (name: string, priority?: number) => Named {
  const batch = {};
  return (name, priority = 5) => ({ name, priority, batch });
}

function single(name: string, priority = 5): Named {
  return message()(name, priority);
}

function order(queue: FairQueue<Named>): string {
  const names: string[] = [];
  for (let job = queue.shift(); job; job = queue.shift()) names.push(job.name);
  return names.join(' ');
}

describe('The queue', () => {
  let queue: FairQueue<Named>;
  beforeEach(() => (queue = new FairQueue()));

  it('lets messages of equal priority go first come, first served', () => {
    for (const name of ['a', 'b', 'c']) queue.push(single(name));
    expect(order(queue)).to.equal('a b c');
  });

  it('lets 0 go before 9, whenever it came', () => {
    queue.push(single('late', 9));
    queue.push(single('usual'));
    queue.push(single('urgent', 0));
    expect(order(queue)).to.equal('urgent usual late');
  });

  it('does not let a search of many indicators hold up the single messages that come after it', () => {
    const search = message();
    for (let i = 1; i <= 1000; i++) queue.push(search(`s${i}`));
    queue.push(single('x'));
    queue.push(single('y'));
    expect(order(queue)).to.match(/^s1 x y s2 s3 s4 /);
  });

  it('lets several searches take turns', () => {
    const [first, second] = [message(), message()];
    for (const name of ['a1', 'a2', 'a3']) queue.push(first(name));
    for (const name of ['b1', 'b2']) queue.push(second(name));
    expect(order(queue)).to.equal('a1 b1 a2 b2 a3');
  });

  it('gives a message that comes back after its last turn a new turn at the end', () => {
    const search = message();
    queue.push(search('a1'));
    queue.shift();
    queue.push(single('b'));
    queue.push(search('a2'));
    expect(order(queue)).to.equal('b a2');
  });

  it('lets what was put back go before everything else, in the order in which it was put back', () => {
    queue.push(single('urgent', 0));
    queue.requeueFirst(single('refused', 9));
    queue.requeueFirst(single('refused too'));
    expect(order(queue)).to.equal('refused refused too urgent');
  });

  it('keeps everybody else in place when some are taken out', () => {
    const [search, other] = [message(), message()];
    queue.requeueFirst(single('back'));
    queue.requeueFirst(single('gone back'));
    for (const name of ['a1', 'gone a2', 'a3']) queue.push(search(name));
    for (const name of ['gone b1', 'gone b2']) queue.push(other(name));
    queue.push(single('c'));
    queue.push(single('urgent', 1));
    const taken = queue.remove(({ name }) => name.startsWith('gone'));
    expect(taken.map(({ name }) => name)).to.have.members(['gone back', 'gone a2', 'gone b1', 'gone b2']);
    expect(queue.size).to.equal(5);
    queue.push(other('b3'));
    expect(order(queue)).to.equal('back urgent a1 c b3 a3');
    expect(queue.size).to.equal(0);
  });

  it('knows how many wait, through every way in and out', () => {
    queue.push(single('a'));
    queue.requeueFirst(single('b'));
    expect(queue.size).to.equal(2);
    queue.shift();
    queue.remove(() => true);
    expect(queue.size).to.equal(0);
    expect(queue.shift()).to.equal(undefined);
    queue.push(single('c'));
    expect(order(queue)).to.equal('c');
  });

  it('takes a priority beyond 0 to 9 for the nearest', () => {
    queue.push(single('after all', 12));
    queue.push(single('before all', -3));
    expect(order(queue)).to.equal('before all after all');
  });

  it('says who goes next, and after that, without letting anybody go', () => {
    const [first, second] = [message(), message()];
    for (let i = 1; i <= 3; i++) queue.push(first(`f${i}`));
    queue.push(single('x'));
    for (let i = 1; i <= 2; i++) queue.push(second(`s${i}`, 7));
    queue.push(single('urgent', 0));
    queue.requeueFirst(single('back'));
    const all = 'back urgent f1 x f2 f3 s1 s2';
    const ahead = (count: number): string =>
      queue
        .peekMany(count)
        .map(({ name }) => name)
        .join(' ');
    for (let count = 0; count <= 10; count++)
      expect(ahead(count)).to.equal(all.split(' ').slice(0, count).join(' '));
    queue.shift();
    queue.shift();
    queue.shift();
    expect(ahead(3)).to.equal('x f2 f3');
    expect(order(queue)).to.equal('x f2 f3 s1 s2');
  });
});
