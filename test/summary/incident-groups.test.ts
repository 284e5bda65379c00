import { expect } from 'chai';
import { emptyAnalysis, type Analysis } from '../../src/analysis/analysis';
import type { Verdict } from '../../src/analysis/verdict';
import type { Arrival } from '../../src/summary/arrival';
import type { Collected } from '../../src/summary/incident-group';
import {
  IncidentGroups,
  type Clock,
  type EndReason,
  type GroupLimits,
} from '../../src/summary/incident-groups';

/** Time that passes when the test says so. */
class VirtualTime implements Clock {
  #now = 1000;
  readonly timers = new Map<object, { at: number; action: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    const id = {};
    this.timers.set(id, { at: this.#now + ms, action });
    return () => this.timers.delete(id);
  }

  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (!next) break;
      const [id, { at, action }] = next;
      this.timers.delete(id);
      this.#now = at;
      action();
    }
    this.#now = end;
  }
}

interface Sent extends Collected {
  first: string;
  why: EndReason;
}

const LIMITS: GroupLimits = { timeoutMs: 60_000, maxGroups: 1000, maxBytes: 64 * 1024 * 1024 };

function analysis(resource: string, verdict: Verdict = 'trusted'): Analysis {
  return { ...emptyAnalysis('domain', resource), verdict };
}

type Placed = Arrival & { group: NonNullable<Arrival['group']> };

function result(
  id: string,
  index: number,
  more: Partial<Arrival> & { count?: number; own?: boolean } = {},
): Placed {
  const { count = 3, own = true, ...rest } = more;
  return {
    group: { id, index, count, isUnique: own },
    analyses: rest.failed ? [] : [analysis(`${id}${index}.example`)],
    skipped: [],
    endsGroup: false,
    ...rest,
  };
}

const failure = (value: string) => ({
  type: 'domain' as const,
  value,
  code: 'VT_TIMEOUT',
  message: 'No answer',
});

describe('Groups of results, one for each incident', () => {
  let time: VirtualTime;
  let groups: IncidentGroups<string>;
  let sent: Sent[];
  let queued: Set<string>;

  const owner = (limits: Partial<GroupLimits> = {}) => ({
    limits: { ...LIMITS, ...limits },
    ended: (first: string, collected: Collected, why: EndReason) => sent.push({ ...collected, first, why }),
    queuedGroups: () => queued,
  });
  const resources = ({ analyses }: Collected) => analyses.map(({ resource }) => resource);

  beforeEach(() => {
    time = new VirtualTime();
    groups = new IncidentGroups(time);
    sent = [];
    queued = new Set();
    groups.attach(owner());
  });

  it('end when all results have come, in whichever order, and say how long that took', () => {
    expect(groups.add(result('a', 2), 'third')).to.equal('opened');
    time.pass(15_000);
    expect(groups.add(result('a', 0), 'first')).to.equal('added');
    expect(groups.progress).to.deep.equal({ groups: 1, arrived: 2, expected: 3 });
    time.pass(15_000);
    groups.add(result('a', 1), 'second');
    expect(sent).to.have.length(1);
    expect(sent[0]).to.include({ first: 'third', why: 'complete', complete: true, expected: 3, ms: 30_000 });
    expect(resources(sent[0]!)).to.deep.equal(['a0.example', 'a1.example', 'a2.example']);
    expect(groups.progress.groups).to.equal(0);
    expect(time.timers.size).to.equal(0);
  });

  it('are kept apart when their results come in turns', () => {
    for (const index of [0, 1, 2]) for (const id of ['a', 'b']) groups.add(result(id, index), id + index);
    expect(sent.map(({ first }) => first)).to.deep.equal(['a0', 'b0']);
    expect(sent.map(resources)).to.deep.equal([
      ['a0.example', 'a1.example', 'a2.example'],
      ['b0.example', 'b1.example', 'b2.example'],
    ]);
  });

  it('end incomplete when no result came within the time limit, which each result restarts', () => {
    groups.add(result('a', 0), 'a0');
    time.pass(59_000);
    groups.add(result('a', 1), 'a1');
    groups.add(result('b', 0), 'b0');
    time.pass(59_999);
    expect(sent).to.deep.equal([]);
    time.pass(1);
    expect(sent.map(({ first, why, complete, expected }) => [first, why, complete, expected])).to.deep.equal([
      ['a0', 'timeout', false, 3],
      ['b0', 'timeout', false, 3],
    ]);
  });

  it('wait as long as their lookups wait for a turn, and then for the time of the limit', () => {
    groups.add(result('a', 0), 'a0');
    queued.add('a');
    time.pass(10 * 60_000);
    expect(sent).to.deep.equal([]);
    queued.delete('a');
    time.pass(60_000);
    expect(sent.map(({ why }) => why)).to.deep.equal(['timeout']);
  });

  it('wait without an end where the limit is 0', () => {
    groups.attach(owner({ timeoutMs: 0 }));
    groups.add(result('a', 0), 'a0');
    expect(time.timers.size).to.equal(0);
    time.pass(1e9);
    expect(sent).to.deep.equal([]);
  });

  it('end when a message says so, with its result', () => {
    groups.add(result('a', 0), 'a0');
    groups.add(result('a', 1, { endsGroup: true }), 'a1');
    expect(sent.map(({ why, complete }) => [why, complete])).to.deep.equal([['told', false]]);
    expect(resources(sent[0]!)).to.have.length(2);
    groups.add(result('b', 0), 'b0');
    groups.add(result('c', 0), 'c0');
    groups.complete('c');
    groups.complete();
    expect(sent.map(({ first }) => first)).to.deep.equal(['a0', 'c0', 'b0']);
  });

  it('take what comes after their end for late, and send it no more', () => {
    groups.add(result('a', 0), 'a0');
    time.pass(60_000);
    expect(groups.add(result('a', 1), 'a1')).to.equal('late');
    expect(groups.add(result('a', 2), 'a2')).to.equal('late');
    time.pass(120_000);
    expect(sent).to.have.length(1);
  });

  it('count a lookup once, also after their end', () => {
    groups.add(result('a', 0), 'a0');
    expect(groups.add(result('a', 0), 'again')).to.equal('duplicate');
    groups.add(result('a', 1), 'a1');
    groups.add(result('a', 2), 'a2');
    expect(groups.add(result('a', 2), 'again')).to.equal('duplicate');
    expect(sent).to.have.length(1);
    expect(resources(sent[0]!)).to.have.length(3);
  });

  it('put a verdict in the place of a failure, and no failure in the place of a verdict', () => {
    const failed = { failed: failure('a1.example') };
    groups.add(result('a', 1, failed), 'a1');
    expect(groups.lacks('a', 1)).to.equal(true);
    groups.add(result('a', 1), 'retried');
    expect(groups.lacks('a', 1)).to.equal(false);
    expect(groups.add(result('a', 1, failed), 'again')).to.equal('duplicate');
    groups.add(result('a', 0, { failed: failure('a0.example') }), 'a0');
    groups.add(result('a', 2), 'a2');
    expect(sent[0]?.failed.map(({ value }) => value)).to.deep.equal(['a0.example']);
    expect(resources(sent[0]!)).to.deep.equal(['a1.example', 'a2.example']);
  });

  it('of a flow with ids of its own may have the same id for the next batch', () => {
    const own = { own: false, count: 2 };
    for (const batch of ['x', 'y'])
      for (const index of [0, 1])
        groups.add(
          result('mine', index, { ...own, analyses: [analysis(`${batch}${index}`)] }),
          batch + index,
        );
    expect(sent.map(resources)).to.deep.equal([
      ['x0', 'x1'],
      ['y0', 'y1'],
    ]);
    const again = result('mine', 1, { ...own, analyses: [analysis('y1')] });
    expect(groups.add(again, 'wired twice')).to.equal('duplicate');
  });

  it('of a flow with ids of its own know a late result by its place', () => {
    const own = { own: false };
    groups.add(result('mine', 0, own), 'm0');
    time.pass(60_000);
    expect(groups.add(result('mine', 1, own), 'm1')).to.equal('late');
    expect(groups.add(result('mine', 1, own), 'm1')).to.equal('duplicate');
    expect(sent).to.have.length(1);
  });

  it('list what was skipped once, and count all of it', () => {
    const skipped = [{ type: 'ip' as const, value: '10.0.0.1', reason: 'private address (RFC 1918)' }];
    groups.add(result('a', 0, { count: 2, skipped, skippedCount: 1500 }), 'a0');
    groups.add(result('a', 1, { count: 2 }), 'a1');
    expect(sent[0]).to.deep.include({ skipped, skippedCount: 1500 });
  });

  it('send the oldest incomplete when there are too many of them', () => {
    groups.attach(owner({ maxGroups: 2 }));
    for (const id of ['a', 'b', 'c']) groups.add(result(id, 0), `${id}0`);
    expect(sent.map(({ first, why, complete }) => [first, why, complete])).to.deep.equal([
      ['a0', 'full', false],
    ]);
    groups.add(result('b', 1), 'b1');
    groups.add(result('d', 0), 'd0');
    expect(sent.map(({ first }) => first)).to.deep.equal(['a0', 'b0']);
    expect(groups.progress.groups).to.equal(2);
  });

  it('send the oldest incomplete when they take too much memory', () => {
    groups.attach(owner({ maxBytes: 50_000 }));
    const large = 'x'.repeat(20_000);
    for (const id of ['a', 'b', 'c']) groups.add(result(id, 0), `${id} ${large}`);
    expect(sent.map(({ first }) => first.slice(0, 1))).to.deep.equal(['a']);
    groups.complete();
    // What is sent takes none any more.
    groups.add(result('d', 0), `d ${large}`);
    groups.add(result('e', 0), `e ${large}`);
    expect(sent.map(({ first }) => first.slice(0, 1))).to.deep.equal(['a', 'b', 'c']);
  });

  it('go on with the next owner, for whom time has gone on', () => {
    groups.add(result('a', 0), 'a0');
    time.pass(50_000);
    groups.detach();
    expect(time.timers.size).to.equal(0);
    time.pass(5_000);
    groups.attach(owner());
    time.pass(4_999);
    expect(sent).to.deep.equal([]);
    groups.add(result('a', 1), 'a1');
    groups.add(result('a', 2), 'a2');
    expect(sent.map(({ complete }) => complete)).to.deep.equal([true]);
  });

  it('that are dropped are given back, not sent, and what still comes of them is late', () => {
    groups.add(result('a', 0), 'a0');
    groups.add(result('b', 0), 'b0');
    expect(groups.drop().map(({ first }) => first)).to.deep.equal(['a0', 'b0']);
    expect(groups.add(result('a', 1), 'a1')).to.equal('late');
    time.pass(120_000);
    expect(sent).to.deep.equal([]);
  });

  it('of 100,000 incidents leave nothing behind', () => {
    for (let i = 0; i < 100_000; i++) groups.add(result(`g${i}`, 0, { count: 1 }), 'only');
    expect(sent).to.have.length(100_000);
    expect(groups.progress).to.deep.equal({ groups: 0, arrived: 0, expected: 0 });
    expect(time.timers.size).to.equal(0);
  });
});
