import { expect } from 'chai';
import { ReportCache } from '../../src/lookup/report-cache';
import { VirusTotalService } from '../../src/lookup/service';
import { collectGarbage } from '../support/collect-garbage';
import { fate, lookUp, withVirtualVirusTotal } from '../support/with-virtual-virustotal';

const SECOND = 1000;

describe('A closed service', () => {
  const fixture = withVirtualVirusTotal();
  const closed = (count: number): string[] => new Array<string>(count).fill('VT_CLOSED');

  it('ends waiting lookups, lookups in flight and pending retries, and leaves no timer', async () => {
    const { vt, clock } = fixture;
    vt.trouble = ({ indicator }) =>
      indicator === 'again.example'
        ? { status: 503, headers: { 'retry-after': '20' } }
        : indicator === 'slow.example'
          ? { delayMs: 5000 }
          : undefined;
    const service = fixture.service({ rateLimit: true, rateLimitMs: 1000, timeScale: 10 });
    const asked = ['again', 'slow', 'waiting'].map((name) => lookUp(service, `${name}.example`));
    await fixture.pass(1500);
    expect(vt.asked).to.deep.equal(['again.example', 'slow.example']);
    await service.close();
    await fixture.pass(0);
    expect(asked.map(fate)).to.deep.equal(closed(3));
    clock.next();
    // What is left is the stand-in's own delay, which the test has fired.
    expect(clock.countTimers()).to.equal(0);
    expect(service.stats()).to.include({ waiting: 0, requesting: 0 });
    await fixture.pass(60 * SECOND);
    expect(vt.requests.length).to.equal(2);
  });

  for (const [what, options, trouble] of [
    ['the key is paused', {}, { status: 429 }],
    ['the day is spent', { dailyQuota: 1, onQuota: 'wait' }, undefined],
    [
      'a count is being read',
      { quotaStore: { load: () => Promise.resolve(undefined), save: () => undefined } },
      undefined,
    ],
    ['the pace is asked for the next start', { rateLimit: true }, undefined],
    [
      'the pace is asked, by the minute',
      { rateLimit: true, rateLimitMode: 'window', rateLimitCount: 1 },
      undefined,
    ],
  ] as const) {
    it(`leaves no timer while ${what}`, async () => {
      const { vt, clock } = fixture;
      vt.trouble = ({ number }) => (number > 0 ? trouble : undefined);
      const service = fixture.service(options);
      const asked = ['a', 'b', 'c'].map((name) => lookUp(service, `${name}.example`));
      await fixture.pass(what === 'a count is being read' ? 0 : SECOND);
      await service.close();
      await fixture.pass(0);
      expect(clock.countTimers()).to.equal(0);
      expect(asked.map(fate)).to.not.include('waiting');
    });
  }

  for (const [what, status] of [
    ['refused', 401],
    ['paused', 429],
  ] as const) {
    it(`is garbage-collected with its reports while its key is still ${what}`, async () => {
      const { vt, apiKey } = fixture;
      vt.trouble = () => ({ status });
      const useAndClose = async (): Promise<WeakRef<ReportCache>> => {
        const reports = new ReportCache({ size: 500, ttl: 3600, ttlUnknown: 300 });
        const service = new VirusTotalService({ apiKey, dispatcher: vt, rateLimit: false, reports });
        const asked = lookUp(service, 'a.example');
        await fixture.pass(SECOND);
        await service.close();
        await fixture.pass(0);
        expect(fate(asked)).to.equal(status === 401 ? 'VT_AUTH' : 'VT_CLOSED');
        return new WeakRef(reports);
      };
      const reports = await useAndClose();
      for (let turn = 0; turn < 20 && reports.deref(); turn++) await collectGarbage();
      expect(reports.deref()).to.equal(undefined);
      expect(fixture.service().stats().problem?.code).to.equal(status === 401 ? undefined : 'VT_QUOTA');
    });
  }

  it('rejects every later lookup and may be closed twice', async () => {
    const service = fixture.service();
    await Promise.all([service.close(), service.close()]);
    const asked = lookUp(service, 'a.example');
    await fixture.pass(0);
    expect(fate(asked)).to.equal('VT_CLOSED');
    expect(fixture.vt.requests.length).to.equal(0);
  });

  it('puts no late answer into a cache that outlives the service', async () => {
    const { vt } = fixture;
    vt.latencyMs = SECOND;
    const service = fixture.service();
    const asked = lookUp(service, 'a.example');
    await fixture.pass(10);
    await service.close();
    await fixture.pass(SECOND);
    expect(fate(asked)).to.equal('VT_CLOSED');
    expect(service.stats().cache.entries).to.equal(0);
  });

  it('sends no more change events after it is closed', async () => {
    const service = fixture.service({ rateLimit: true });
    let changes = 0;
    service.onChange(() => changes++);
    lookUp(service, 'a.example');
    await fixture.pass(SECOND);
    await service.close();
    const after = changes;
    fixture.vt.trouble = () => ({ status: 401 });
    lookUp(fixture.service(), 'b.example');
    await fixture.pass(60 * SECOND);
    expect(changes).to.equal(after);
  });

  it('reports when a problem of the key begins and when it ends', async () => {
    fixture.vt.trouble = ({ number }) => (number === 1 ? { status: 401 } : undefined);
    const service = fixture.service();
    const problems: (string | undefined)[] = [];
    service.onChange(() => problems.push(service.stats().problem?.code));
    lookUp(service, 'a.example');
    await fixture.pass(1);
    await service.verifyKey();
    expect(problems.filter((code, i) => code !== problems[i - 1])).to.deep.equal(['VT_AUTH', undefined]);
  });
});

describe('A node that drops its waiting lookups', () => {
  const fixture = withVirtualVirusTotal();

  it('ends only the lookups of that node and returns their number', async () => {
    const { vt } = fixture;
    const service = fixture.service({ rateLimit: true });
    const [mine, others] = [{}, {}];
    lookUp(service, 'first.example', { owner: others });
    await fixture.pass(100);
    const dropped = ['a', 'b'].map((name) => lookUp(service, `${name}.example`, { owner: mine }));
    const kept = ['b', 'c'].map((name) => lookUp(service, `${name}.example`, { owner: others }));
    expect(await service.drop(mine, 'The node was closed')).to.equal(2);
    await fixture.pass(0);
    expect(dropped.map(fate)).to.deep.equal(['VT_CLOSED', 'VT_CLOSED']);
    expect(dropped[0]?.error?.message).to.equal('The node was closed');
    expect(service.stats().waiting).to.equal(2);
    await fixture.pass(60 * SECOND);
    expect(kept.map(fate)).to.deep.equal(['report', 'report']);
    expect(vt.asked).to.deep.equal(['first', 'b', 'c'].map((name) => `${name}.example`));
  });

  it('keeps the place of a refused request and sends it first', async () => {
    const { vt } = fixture;
    vt.trouble = ({ number }) => (number === 1 ? { status: 429 } : undefined);
    const service = fixture.service({ rateLimit: true });
    const mine = {};
    lookUp(service, 'refused.example', { priority: 9 });
    await fixture.pass(100);
    lookUp(service, 'mine.example', { owner: mine });
    lookUp(service, 'urgent.example', { priority: 0 });
    await service.drop(mine, 'dropped');
    await fixture.pass(100 * SECOND);
    expect(vt.asked).to.deep.equal(['refused', 'refused', 'urgent'].map((name) => `${name}.example`));
  });

  it('leaves no timer when the dropped lookup was the only one waiting for the end of a pause', async () => {
    fixture.vt.trouble = ({ number }) => (number === 1 ? { status: 429 } : undefined);
    const service = fixture.service();
    const mine = {};
    const asked = lookUp(service, 'a.example', { owner: mine });
    await fixture.pass(100);
    await service.drop(mine, 'dropped');
    await fixture.pass(0);
    expect(fate(asked)).to.equal('VT_CLOSED');
    expect(fixture.clock.countTimers()).to.equal(0);
  });

  it('accepts the same indicator again at once', async () => {
    const { vt } = fixture;
    const service = fixture.service({ rateLimit: true });
    const mine = {};
    lookUp(service, 'first.example', { owner: mine });
    await fixture.pass(100);
    const before = lookUp(service, 'a.example', { owner: mine });
    const dropping = service.drop(mine, 'dropped');
    const after = lookUp(service, 'a.example', { owner: mine });
    await dropping;
    await fixture.pass(20 * SECOND);
    expect([before, after].map(fate)).to.deep.equal(['VT_CLOSED', 'report']);
    expect(vt.asked).to.deep.equal(['first.example', 'a.example']);
  });
});

describe('A lookup with an abort signal', () => {
  const fixture = withVirtualVirusTotal();

  it('ends at once when it is aborted before or while it waits', async () => {
    const service = fixture.service({ rateLimit: true });
    lookUp(service, 'first.example');
    await fixture.pass(100);
    const giving = new AbortController();
    const waiting = lookUp(service, 'a.example', { signal: giving.signal });
    giving.abort();
    const late = lookUp(service, 'b.example', { signal: giving.signal });
    await fixture.pass(0);
    expect([waiting, late].map(fate)).to.deep.equal(['VT_CLOSED', 'VT_CLOSED']);
    expect(service.stats().waiting).to.equal(0);
  });

  it('ignores an abort after its report has arrived', async () => {
    const service = fixture.service();
    const giving = new AbortController();
    const asked = lookUp(service, 'a.example', { signal: giving.signal });
    await fixture.pass(1);
    giving.abort();
    await fixture.pass(1);
    expect(fate(asked)).to.equal('report');
    expect(service.stats().waiting).to.equal(0);
  });
});
