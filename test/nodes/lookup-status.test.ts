import { expect } from 'chai';
import { LookupStatus } from '../../nodes/lookup-status';
import type { Report } from '../../src/report/report';
import { catalogue } from '../support/node-files';
import { startVirtualClock, type VirtualClock } from '../support/virtual-clock';

const texts = catalogue('virustotal', 'en-US');
const english = (key: string, values: Record<string, string | number> = {}): string =>
  (texts.get(key) ?? '').replace(/__(\w+)__/g, (_, name: string) => String(values[name]));

const QUIET = {
  waiting: 0,
  requesting: 0,
  nextStartMs: 0,
  store: null as { code: string; text: string } | null,
  problem: null as { code: string; text: string } | null,
  cache: { entries: 0, bytes: 0, hits: 0, misses: 0 },
  quota: { day: { used: 0, allowed: 500 }, month: { used: 0, allowed: 15500 } },
};

const detected = { response_code: 1, positives: 5, total: 70 } as Report;
const clean = { response_code: 1, positives: 0, total: 68 } as Report;
const unknown = { response_code: 0 } as Report;
const withoutVerdict = { response_code: 1 } as Report;

describe('the line below a VirusTotal node', () => {
  let clock: VirtualClock;
  let state: typeof QUIET;
  let shown: { fill?: string; shape?: string; text?: string }[];
  let status: LookupStatus;

  beforeEach(() => {
    clock = startVirtualClock();
    state = { ...QUIET };
    shown = [];
    status = new LookupStatus({ status: (one) => shown.push(one as object) }, english, () => state);
  });
  afterEach(() => {
    status.close();
    clock.uninstall();
  });

  const now = (): string => {
    clock.tick(200);
    const { fill, shape, text } = shown.at(-1) ?? {};
    return [fill, shape, text].join(' ');
  };

  it('says nothing before anything happens', () => {
    status.refresh();
    clock.tick(60_000);
    expect(shown).to.deep.equal([]);
  });

  it('says that a lookup waits and when it starts, counts down, and that it is under way', () => {
    Object.assign(state, { nextStartMs: 12_000 });
    status.begin(1);
    status.refresh();
    expect(now()).to.equal('yellow dot waiting · next in 12 s');
    state.nextStartMs = 11_000;
    clock.tick(1000);
    expect(now()).to.equal('yellow dot waiting · next in 11 s');
    Object.assign(state, { nextStartMs: 15_000, requesting: 1 });
    clock.tick(1000);
    expect(now()).to.equal('blue dot requesting');
    state.requesting = 0;
    status.found(detected, false);
    expect(now()).to.equal('red dot 5/70');
  });

  it('says of a search how far it is and when the next starts, and the counts at the end', () => {
    Object.assign(state, { nextStartMs: 12_000, requesting: 1 });
    status.begin(20);
    for (const report of [detected, clean, unknown]) status.found(report, false);
    expect(now()).to.equal('yellow dot 3/20 · next in 12 s');
    for (let i = 0; i < 15; i++) status.found(clean, false);
    status.lost('VT_TIMEOUT');
    expect(now()).to.equal('blue dot 19/20');
    status.found(withoutVerdict, false);
    expect(now()).to.equal('red ring detected 1 · clean 17 · unknown 1 · failed 1');
  });

  it('has the colour of what was found', () => {
    const cases: [Report[], string][] = [
      [[clean], 'green dot 0/68'],
      [[unknown], 'grey dot unknown'],
      [[withoutVerdict], 'green dot report'],
      [[clean, clean], 'green dot detected 0 · clean 2 · unknown 0 · failed 0'],
      [[unknown, unknown], 'grey dot detected 0 · clean 0 · unknown 2 · failed 0'],
      [[unknown, detected], 'red dot detected 1 · clean 0 · unknown 1 · failed 0'],
    ];
    for (const [reports, line] of cases) {
      status.begin(reports.length);
      for (const report of reports) status.found(report, false);
      expect(now()).to.equal(line);
    }
  });

  it('says how many came from the cache', () => {
    status.begin(1);
    status.found(detected, false);
    expect(now()).to.equal('red dot 5/70');
    for (let i = 0; i < 2; i++) {
      status.begin(1);
      status.found(detected, true);
    }
    expect(now()).to.equal('red dot 5/70 · 2/3 cached');
  });

  it('begins a new count with what comes after the last has ended', () => {
    status.begin(2);
    status.found(clean, false);
    status.found(clean, false);
    status.begin(1);
    status.found(detected, false);
    expect(now()).to.equal('red dot 5/70');
  });

  it('says the code of an error, and that nothing was found or sent', () => {
    status.failed('VT_INVALID_IOC');
    expect(now()).to.equal('red ring VT_INVALID_IOC');
    status.nothing('status.nothing');
    expect(now()).to.equal('grey ring nothing found');
    status.nothing('status.skipped');
    expect(now()).to.equal('grey ring not sent');
  });

  it('says the trouble of the key as long as it lasts, whether this node waits or not', () => {
    status.begin(1);
    status.found(clean, false);
    Object.assign(state, { problem: { code: 'VT_AUTH', text: 'refused' }, nextStartMs: 300_000 });
    status.refresh();
    expect(now()).to.equal('yellow ring VT_AUTH · next in 5 min');
    Object.assign(state, { problem: { code: 'VT_QUOTA', text: 'spent' }, nextStartMs: 7 * 3_600_000 });
    clock.tick(1000);
    expect(now()).to.equal('yellow ring VT_QUOTA · next in 7 h');
    Object.assign(state, { problem: null, nextStartMs: 0 });
    clock.tick(1000);
    expect(now()).to.equal('green dot 0/68');
  });

  it('says that Redis is away, beside what goes on without it', () => {
    status.begin(1);
    status.found(clean, false);
    state.store = { code: 'REDIS_DOWN', text: 'nothing listens there' };
    status.refresh();
    expect(now()).to.equal('yellow ring REDIS_DOWN');
    Object.assign(state, { nextStartMs: 12_000 });
    status.begin(1);
    status.refresh();
    expect(now()).to.equal('yellow ring waiting · next in 12 s · REDIS_DOWN');
    state.store = null;
    status.found(detected, false);
    expect(now()).to.equal('red dot 5/70');
  });

  it('is sent to the editors five times a second at most, and the same only once', () => {
    status.begin(1000);
    for (let i = 0; i < 1000; i++) {
      status.found(clean, false);
      clock.tick(1);
    }
    clock.tick(1000);
    expect(shown.length).to.be.within(2, 7);
    for (let i = 0; i < 10; i++) {
      status.begin(1);
      status.found(detected, false);
      clock.tick(1000);
    }
    expect(shown.filter(({ text }) => text === '5/70')).to.have.length(1);
  });

  it('is empty once the node is closed, and no timer of it runs on', () => {
    Object.assign(state, { problem: { code: 'VT_AUTH', text: 'refused' }, nextStartMs: 300_000 });
    status.begin(2);
    status.refresh();
    status.found(clean, false);
    status.close();
    expect(shown.at(-1)).to.deep.equal({});
    const { length } = shown;
    status.lost('VT_CLOSED');
    status.refresh();
    clock.tick(600_000);
    expect(shown).to.have.length(length);
    expect(clock.countTimers()).to.equal(0);
  });
});
