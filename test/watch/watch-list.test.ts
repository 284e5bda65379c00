import { expect } from 'chai';
import type { Analysis } from '../../src/analysis/analysis';
import { emptyAnalysis } from '../../src/analysis/analysis';
import type { Verdict } from '../../src/analysis/verdict';
import type { Indicator } from '../../src/ioc/ioc';
import { MAX_WATCHED, WatchList } from '../../src/watch/watch-list';
import { startVirtualClock, type VirtualClock } from '../support/virtual-clock';
import { DAY, domains, HOUR } from './simulated-watch';

const judged = (verdict: Verdict, positives: number | null = null): Analysis => ({
  ...emptyAnalysis('domain', 'shop-0.example'),
  verdict,
  positives,
});
const [shop, other] = domains(2) as [Indicator, Indicator];

describe('A watch list', () => {
  let clock: VirtualClock;
  beforeEach(() => (clock = startVirtualClock('2026-03-10T09:00:00Z')));
  afterEach(() => clock.uninstall());

  const seen = (list: WatchList, verdict: Verdict, positives?: number) =>
    list.seen(shop, judged(verdict, positives), Date.now(), 0);

  it('takes the first verdict as the baseline and tells each other one with what was before', () => {
    const list = new WatchList(undefined, DAY);
    list.setSource('list', [shop]);
    expect(seen(list, 'trusted', 0)).to.equal(undefined);
    clock.tick(DAY);
    expect(seen(list, 'trusted', 0)).to.equal(undefined);
    clock.tick(DAY);
    expect(seen(list, 'malicious', 9)).to.deep.include({
      indicator: shop,
      previous: { verdict: 'trusted', positives: 0, since: '2026-03-10T09:00:00.000Z' },
    });
    expect(list.changedSince(Date.now() - 1)).to.equal(1);
    clock.tick(DAY);
    expect(list.changedSince(Date.now() - 1)).to.equal(0);
    expect(seen(list, 'no-match', 3)?.previous).to.deep.equal({
      ...{ verdict: 'malicious', positives: 9, since: '2026-03-12T09:00:00.000Z' },
    });
  });

  it('takes a scan that is still queued for no verdict, and looks again soon', () => {
    const list = new WatchList(undefined, DAY);
    list.setSource('list', [shop]);
    seen(list, 'trusted', 0);
    clock.tick(DAY);
    expect(seen(list, 'error')).to.equal(undefined);
    expect(list.next(Date.now())?.dueAt).to.equal(Date.now() + HOUR / 4);
    expect(seen(list, 'trusted', 0)).to.equal(undefined);
  });

  it('knows after a restart what it knew, whatever else is in the store', () => {
    const list = new WatchList(undefined, DAY);
    list.setSource('list', [shop, other]);
    seen(list, 'malicious', 9);
    const stored: unknown = JSON.parse(JSON.stringify(list.stored));
    const again = new WatchList(stored, DAY);
    again.setSource('list', [shop, other]);
    expect(again.next(Date.now())).to.include(other);
    expect(seen(again, 'malicious', 9)).to.equal(undefined);
    expect(seen(again, 'trusted', 0)?.previous.verdict).to.equal('malicious');
    for (const nonsense of [
      null,
      7,
      'x',
      [],
      { watched: 7 },
      { watched: [null, {}, { type: 'domain', value: 7 }] },
    ])
      expect(new WatchList(nonsense, DAY).size).to.equal(0);
  });

  it('watches what the list, the file or a message names, as long as one of them does', () => {
    const list = new WatchList(undefined, DAY);
    list.setSource('list', [shop]);
    list.setSource('file', [shop, other]);
    list.setSource('file', []);
    expect(list.all.map(({ value }) => value)).to.deep.equal([shop.value]);
    list.add([other]);
    list.setSource('list', []);
    expect(list.all.map(({ value }) => value)).to.deep.equal([other.value]);
  });

  it('no longer watches what a message removes, though the list has it after the next deploy too', () => {
    const list = new WatchList(undefined, DAY);
    list.setSource('list', [shop, other]);
    expect(list.remove([shop])).to.deep.equal([]);
    expect(list.remove([shop])).to.deep.equal([shop]);
    const again = new WatchList(JSON.parse(JSON.stringify(list.stored)), DAY);
    again.setSource('list', [shop, other]);
    expect(again.has(shop)).to.equal(false);
    again.add([shop]);
    expect(again.has(shop)).to.equal(true);
  });

  it('takes 10,000 indicators and names those that have no room', () => {
    const list = new WatchList(undefined, DAY);
    expect(list.setSource('list', domains(MAX_WATCHED))).to.deep.equal([]);
    const [late] = domains(1, 'late-') as [Indicator];
    expect(list.add([late])).to.deep.equal([late]);
    list.remove([shop]);
    expect(list.add([late])).to.deep.equal([]);
  });

  it('looks up first what a message asks for, then what is new, then what is due first', () => {
    const list = new WatchList(undefined, DAY);
    list.setSource('list', [shop]);
    seen(list, 'trusted', 0);
    list.add([other]);
    expect(list.next(Date.now())).to.include(other);
    list.ask([shop]);
    expect(list.next(Date.now())).to.include(shop);
    expect(list.ask(domains(1, 'gone-'))).to.have.length(1);
  });

  it('lets one that failed hold up no other, over a restart either, and keeps what a message asks for', () => {
    const list = new WatchList(undefined, DAY);
    list.setSource('list', [shop, other]);
    seen(list, 'error');
    list.seen(other, judged('trusted'), Date.now(), 0);
    clock.tick(DAY);
    for (let failures = 1; failures < 9; failures++) list.failed(shop, Date.now());
    const again = new WatchList(JSON.parse(JSON.stringify(list.stored)), DAY);
    expect(again.next(Date.now())).to.include(other);
    again.ask([shop]);
    expect(new WatchList(again.stored, DAY).next(Date.now())).to.include(shop);
  });

  it('counts the lookups of a UTC day over a restart', () => {
    const list = new WatchList(undefined, DAY);
    list.spend(Date.now());
    list.spend(Date.now());
    expect(new WatchList(list.stored, DAY).spentAt(Date.now())).to.equal(2);
    expect(list.spentAt(Date.now() + 15 * HOUR)).to.equal(0);
  });

  it('makes no lookup later than the interval, though that was longer before', () => {
    const list = new WatchList(undefined, 100 * DAY);
    list.setSource('list', [shop]);
    seen(list, 'trusted', 0);
    expect(new WatchList(list.stored, DAY).next(Date.now())?.dueAt).to.be.at.most(Date.now() + DAY);
  });
});
