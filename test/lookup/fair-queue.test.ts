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

describe('The fair queue', () => {
  let queue: FairQueue<Named>;
  beforeEach(() => (queue = new FairQueue()));

  it('takes messages of equal priority in order of arrival', () => {
    for (const name of ['a', 'b', 'c']) queue.push(single(name));
    expect(order(queue)).to.equal('a b c');
  });

  it('takes priority 0 before priority 9 in any order of arrival', () => {
    queue.push(single('late', 9));
    queue.push(single('usual'));
    queue.push(single('urgent', 0));
    expect(order(queue)).to.equal('urgent usual late');
  });

  it('does not delay single messages behind a search with many indicators', () => {
    const search = message();
    for (let i = 1; i <= 1000; i++) queue.push(search(`s${i}`));
    queue.push(single('x'));
    queue.push(single('y'));
    expect(order(queue)).to.match(/^s1 x y s2 s3 s4 /);
  });

  it('takes one lookup of each search in turn', () => {
    const [first, second] = [message(), message()];
    for (const name of ['a1', 'a2', 'a3']) queue.push(first(name));
    for (const name of ['b1', 'b2']) queue.push(second(name));
    expect(order(queue)).to.equal('a1 b1 a2 b2 a3');
  });

  it('gives a message that returns after its last turn a new turn at the end', () => {
    const search = message();
    queue.push(search('a1'));
    queue.shift();
    queue.push(single('b'));
    queue.push(search('a2'));
    expect(order(queue)).to.equal('b a2');
  });

  it('takes entries that were put back first, in the order in which they were put back', () => {
    queue.push(single('urgent', 0));
    queue.requeueFirst(single('refused', 9));
    queue.requeueFirst(single('refused too'));
    expect(order(queue)).to.equal('refused refused too urgent');
  });

  it('keeps the order of the rest when some entries are removed', () => {
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

  it('counts its entries correctly through every way in and out', () => {
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

  it('treats a priority outside 0 to 9 as the nearest valid one', () => {
    queue.push(single('after all', 12));
    queue.push(single('before all', -3));
    expect(order(queue)).to.equal('before all after all');
  });

  it('shows the next entries without removing them', () => {
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
