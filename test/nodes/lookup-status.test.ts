import { expect } from 'chai';
import { VirusTotalError } from '../../src/errors';

import { LookupStatus, type LookupState } from '../../nodes/lookup-status';
import type { Report } from '../../src/report/report';
import { startVirtualClock, type VirtualClock } from '../support/virtual-clock';

const QUIET: LookupState = {
  waiting: 0,
  requesting: 0,
  requests: 0,
  nextStartMs: 0,
  averageIntervalMs: 0,
  sharingProblem: null,
  problem: null,
  cache: { entries: 0, bytes: 0, hits: 0, misses: 0 },
  quota: { day: { used: 0, allowed: 500 }, month: { used: 0, allowed: 15500 } },
};

const detected = { response_code: 1, positives: 5, total: 70 } as Report;
const clean = { response_code: 1, positives: 0, total: 68 } as Report;
const unknown = { response_code: 0 } as Report;
const withoutVerdict = { response_code: 1 } as Report;

describe('The status of a VirusTotal node', () => {
  let clock: VirtualClock;
  let state: LookupState;
  let shown: { fill?: string; shape?: string; text?: string }[];
  let status: LookupStatus;

  beforeEach(() => {
    clock = startVirtualClock();
    state = { ...QUIET };
    shown = [];
    status = new LookupStatus({ status: (one) => shown.push(one as object) }, () => state);
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

  it('is empty before the first message', () => {
    status.refresh();
    clock.tick(60_000);
    expect(shown).to.deep.equal([]);
  });

  it('shows a waiting lookup with a countdown and then that it is in flight', () => {
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
    status.lookupSucceeded(detected, false);
    expect(now()).to.equal('red dot 5/70');
  });

  it('tells that what is left of the day is reserved for more urgent lookups', () => {
    Object.assign(state, { reserve: { lookups: 100, waitMs: 3_600_000 } });
    status.begin(1);
    status.refresh();
    expect(now()).to.equal('yellow dot waiting · only the reserve is left, resets 00:00 UTC');
    status.lookupFailed(new VirusTotalError('VT_QUOTA', 'Reserved', { reason: 'reserve' }));
    expect(now()).to.equal('red ring only the reserve is left, resets 00:00 UTC');
  });

  it('shows the progress of a search with its next start and the counts at the end', () => {
    Object.assign(state, { nextStartMs: 12_000, requesting: 1 });
    status.begin(20);
    for (const report of [detected, clean, unknown]) status.lookupSucceeded(report, false);
    expect(now()).to.equal('yellow dot 3/20 · next in 12 s');
    for (let i = 0; i < 15; i++) status.lookupSucceeded(clean, false);
    status.lookupFailed(new VirusTotalError('VT_TIMEOUT', 'Timeout'));
    expect(now()).to.equal('blue dot 19/20');
    status.lookupSucceeded(withoutVerdict, false);
    expect(now()).to.equal('red ring detected 1 · failed 1/20 · no answer in time');
  });

  it('has the color of the result', () => {
    const cases: [Report[], string][] = [
      [[clean], 'grey dot 0/68'],
      [[unknown], 'grey dot unknown'],
      [[clean, clean], 'grey dot clean 2'],
      [[unknown, unknown], 'grey dot unknown 2'],
      [[unknown, detected], 'red dot detected 1 · unknown 1'],
      [[detected, clean, unknown, withoutVerdict], 'red dot detected 1 · clean 1 · unknown 1 · no verdict 1'],
    ];
    for (const [reports, line] of cases) {
      status.begin(reports.length);
      for (const report of reports) status.lookupSucceeded(report, false);
      expect(now()).to.equal(line);
    }
  });

  it('shows the most frequent failure of a search and its number', () => {
    const day = new VirusTotalError('VT_QUOTA', 'x', { reason: 'day' });
    const slow = new VirusTotalError('VT_TIMEOUT', 'x');
    for (const [detections, errors, line] of [
      [0, [day, day, slow], "failed 3/4 · day's quota used up, resets 00:00 UTC"],
      [1, [slow, day, slow], 'detected 1 · failed 3/4 · no answer in time'],
      [0, [slow, day, day, day], "failed 4/4 · day's quota used up, resets 00:00 UTC"],
    ] as const) {
      status.begin(4);
      for (const error of errors) status.lookupFailed(error);
      for (let i = errors.length; i < 4; i++)
        status.lookupSucceeded(detections > 0 ? detected : clean, false);
      expect(now()).to.equal(`red ring ${line}`);
    }
  });

  it('is never green, because only Report Analysis judges, and calls nothing clean without a verdict', () => {
    const v2Domain = {
      type: 'domain',
      response_code: 1,
      detected_urls: new Array(21).fill({}),
    } as unknown as Report;
    const unrated = { detected: false, result: 'unrated', category: 'undetected' };
    const timedOut = { detected: false, result: null, category: 'timeout' };
    const url = { type: 'url', response_code: 1, positives: 0, total: 1 };
    const cases: [Report, string][] = [
      [withoutVerdict, 'grey dot no verdict'],
      [{ ...url, scans: { A: unrated, B: timedOut } } as unknown as Report, 'grey dot no verdict'],
      [
        { ...url, harmless: 0, suspicious: 0, scans: { A: unrated } } as unknown as Report,
        'grey dot no verdict',
      ],
      [{ ...url, harmless: 1, suspicious: 0, scans: { A: unrated } } as unknown as Report, 'grey dot 0/1'],
      [v2Domain, 'grey dot no verdict'],
      [{ response_code: 1, positives: 0, total: 0 } as Report, 'grey dot no verdict'],
      [{ response_code: -2, positives: 0, total: 0 } as Report, 'grey dot still queued'],
      [{ response_code: -1 } as Report, 'red ring refused by VirusTotal'],
      [
        { type: 'url', response_code: 1, positives: 0, total: 1, scans: { A: unrated } } as unknown as Report,
        'grey dot no verdict',
      ],
      [
        {
          type: 'file',
          response_code: 1,
          positives: 0,
          total: 1,
          scans: { A: unrated },
        } as unknown as Report,
        'grey dot 0/1',
      ],
    ];
    for (const [report, line] of cases) {
      status.begin(1);
      status.lookupSucceeded(report, false);
      expect(now()).to.equal(line);
    }
    status.begin(2);
    status.lookupSucceeded(v2Domain, false);
    status.lookupSucceeded(v2Domain, false);
    expect(now()).to.equal('grey dot no verdict 2');
    expect(shown.map(({ fill }) => fill)).not.to.include('green');
  });

  it('shows the remaining time of a long search instead of its next start', () => {
    Object.assign(state, { nextStartMs: 12_000, averageIntervalMs: 15_000 });
    status.begin(200);
    for (let i = 0; i < 77; i++) status.lookupSucceeded(clean, false);
    expect(now()).to.equal('yellow dot 77/200 · about 31 min');
    for (let i = 0; i < 90; i++) status.lookupSucceeded(clean, false);
    expect(now()).to.equal('yellow dot 167/200 · next in 12 s');
  });

  it('shows how many reports came from the cache', () => {
    status.begin(1);
    status.lookupSucceeded(detected, false);
    expect(now()).to.equal('red dot 5/70');
    for (let i = 0; i < 2; i++) {
      status.begin(1);
      status.lookupSucceeded(detected, true);
    }
    expect(now()).to.equal('red dot 5/70 · 2/3 cached');
  });

  it('starts a new count with the first message after the last one ended', () => {
    status.begin(2);
    status.lookupSucceeded(clean, false);
    status.lookupSucceeded(clean, false);
    status.begin(1);
    status.lookupSucceeded(detected, false);
    expect(now()).to.equal('red dot 5/70');
  });

  it('names what failed and says when nothing was found or sent', () => {
    const failures: [VirusTotalError | Error, string][] = [
      [new VirusTotalError('VT_INVALID_IOC', 'x'), 'not an indicator'],
      [new VirusTotalError('VT_CONFIG', 'x'), 'check the settings'],
      [new VirusTotalError('VT_CONFIG', 'x', { reason: 'no-key' }), 'no API key'],
      [new VirusTotalError('VT_CONFIG', 'x', { reason: 'no-config' }), 'no VirusTotal config'],
      [new VirusTotalError('VT_AUTH', 'x'), 'key refused'],
      [new VirusTotalError('VT_QUOTA', 'x', { reason: 'rate' }), 'slow down'],
      [new VirusTotalError('VT_QUOTA', 'x', { reason: 'day' }), "day's quota used up, resets 00:00 UTC"],
      [new VirusTotalError('VT_QUOTA', 'x'), 'quota used up'],
      [new Error('x'), 'error'],
    ];
    for (const [error, words] of failures) {
      status.messageFailed(error);
      expect(now()).to.equal(`red ring ${words}`);
    }
    status.noLookup('nothing');
    expect(now()).to.equal('grey ring nothing found');
    status.noLookup('skipped');
    expect(now()).to.equal('grey ring not sent');
  });

  it('shows a problem of the key as long as it lasts, whether or not this node has waiting messages', () => {
    status.begin(1);
    status.lookupSucceeded(clean, false);
    const hour = 3_600_000;
    const troubles: [NonNullable<LookupState['problem']>['reason'], number, string][] = [
      ['key', 300_000, 'key refused, next try in 5 min'],
      ['rate', 51_000, 'slow down, next in 51 s'],
      ['day', 7 * hour, "day's quota used up, resets 00:00 UTC"],
      ['month', 40 * hour, "month's quota used up, resets on the 1st, 00:00 UTC"],
      ['quota', hour, 'quota used up, next try in 60 min'],
    ];
    for (const [reason, nextStartMs, words] of troubles) {
      Object.assign(state, { problem: { code: 'VT_QUOTA', text: 'x', reason }, nextStartMs });
      status.refresh();
      clock.tick(1000);
      expect(now()).to.equal(`yellow ring ${words}`);
    }
    Object.assign(state, { problem: null, nextStartMs: 0 });
    clock.tick(1000);
    expect(now()).to.equal('grey dot 0/68');
  });

  it('shows the progress of a search while the key has a problem', () => {
    status.begin(200);
    for (let i = 0; i < 77; i++) status.lookupSucceeded(clean, false);
    Object.assign(state, { problem: { code: 'VT_QUOTA', text: 'x', reason: 'rate' }, nextStartMs: 51_000 });
    status.refresh();
    expect(now()).to.equal('yellow ring 77/200 · slow down, next in 51 s');
  });

  it('shows that Redis is away beside the work that goes on', () => {
    status.begin(1);
    status.lookupSucceeded(clean, false);
    state.sharingProblem = {
      code: 'REDIS_DOWN',
      text: 'no service listens there',
      share: { instances: 1, met: true },
    };
    status.refresh();
    expect(now()).to.equal('yellow ring Redis not reachable');
    Object.assign(state, { nextStartMs: 12_000 });
    status.begin(1);
    status.refresh();
    expect(now()).to.equal('yellow ring waiting · next in 12 s · Redis not reachable');
    state.sharingProblem = null;
    status.lookupSucceeded(detected, false);
    expect(now()).to.equal('red dot 5/70');
  });

  it('is sent to the editor at most five times a second and only when it changes', () => {
    status.begin(1000);
    for (let i = 0; i < 1000; i++) {
      status.lookupSucceeded(clean, false);
      clock.tick(1);
    }
    clock.tick(1000);
    expect(shown.length).to.be.within(2, 7);
    for (let i = 0; i < 10; i++) {
      status.begin(1);
      status.lookupSucceeded(detected, false);
      clock.tick(1000);
    }
    expect(shown.filter(({ text }) => text === '5/70')).to.have.length(1);
  });

  it('is empty once the node is closed and leaves no timer', () => {
    Object.assign(state, {
      problem: { code: 'VT_AUTH', text: 'refused', reason: 'key' },
      nextStartMs: 300_000,
    });
    status.begin(2);
    status.refresh();
    status.lookupSucceeded(clean, false);
    status.close();
    expect(shown.at(-1)).to.deep.equal({});
    const { length } = shown;
    status.lookupFailed(new VirusTotalError('VT_CLOSED', 'x'));
    status.refresh();
    clock.tick(600_000);
    expect(shown).to.have.length(length);
    expect(clock.countTimers()).to.equal(0);
  });
});
