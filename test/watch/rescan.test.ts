import { expect } from 'chai';
import { withVirtualVirusTotal } from '../support/with-virtual-virustotal';
import { DAY, domains, HOUR, MINUTE, PUBLIC_KEY, reportOf, SimulatedWatch } from './simulated-watch';

describe('A watch that has old scans made again', function () {
  // A simulated day on a busy machine.
  this.timeout(120_000);
  const fixture = withVirtualVirusTotal();
  let watch: SimulatedWatch;
  afterEach(() => watch.watcher.stop());

  /** When each was scanned last, in ms since 1970, and what a scan finds now. */
  const scannedAt = new Map<string, number>();
  let detections = 0;
  let analysisMs: number;

  function start(count: number, scannedDaysAgo: number): void {
    const watched = domains(count).map(({ type, value }) => ({
      type,
      value: value.replace('.example', '.net'),
    }));
    const begin = Date.now();
    detections = 0;
    analysisMs = 3 * MINUTE;
    scannedAt.clear();
    for (const { value } of watched) scannedAt.set(value, begin - scannedDaysAgo * DAY);
    fixture.vt.trouble = ({ method, path, number }) => {
      if (number === 0) return undefined;
      const [, name = ''] = /domains\/([^/]+)/.exec(path) ?? [];
      if (method === 'POST') {
        scannedAt.set(name, Date.now() + analysisMs);
        return { status: 200, json: { data: { type: 'analysis', id: 'u-made-up-1' } } };
      }
      const at = scannedAt.get(name) as number;
      const isDone = at <= Date.now();
      const { json } = reportOf(name, isDone && at > begin ? detections : 0) as {
        json: { data: { attributes: Record<string, unknown> } };
      };
      json.data.attributes['last_analysis_date'] = Math.floor(
        (isDone ? at : begin - scannedDaysAgo * DAY) / 1000,
      );
      return { status: 200, json };
    };
    watch = new SimulatedWatch(watched, { everyMs: DAY, share: 50, rescanAfterMs: 30 * DAY });
    watch.start(fixture.service(PUBLIC_KEY));
  }

  const made = (): string[] =>
    fixture.vt.requests.map(({ method, path }) => `${method} ${path.replace('/api/v3/', '')}`);

  it('asks for a scan, and looks the report up once when the analysis is over: that is the baseline', async () => {
    start(1, 40);
    detections = 9;
    await fixture.pass(HOUR);
    expect(made()).to.deep.equal([
      'GET domains/shop-0.net',
      'POST domains/shop-0.net/analyse',
      'GET domains/shop-0.net',
    ]);
    expect(watch.changes).to.deep.equal([]);
    expect(watch.list.all[0]).to.include({ verdict: 'malicious', positives: 9 });
    await fixture.pass(20 * DAY);
    expect(made().filter((one) => one.startsWith('POST'))).to.have.length(1);
  });

  it('leaves what was scanned lately', async () => {
    start(5, 10);
    await fixture.pass(DAY);
    expect(made().filter((one) => one.startsWith('POST'))).to.deep.equal([]);
    expect(watch.list.all.every(({ verdict }) => verdict === 'trusted')).to.equal(true);
    // It is 30 days old by then.
    await fixture.pass(21 * DAY);
    expect(made().filter((one) => one.startsWith('POST'))).to.have.length(5);
  });

  it('takes the old report after three lookups when no new one comes, and does not ask for it each day', async () => {
    start(1, 40);
    analysisMs = Infinity;
    await fixture.pass(5 * DAY);
    expect(made().filter((one) => one.startsWith('POST'))).to.have.length(1);
    expect(fixture.vt.requests.length).to.be.within(7, 10);
    expect(watch.list.all[0]).to.include({ verdict: 'trusted' });
  });

  it('goes on over a restart between the scan and its report', async () => {
    start(1, 40);
    await fixture.pass(2 * MINUTE);
    expect(made()).to.have.length(2);
    watch.stop();
    watch.start(fixture.service(PUBLIC_KEY));
    await fixture.pass(HOUR);
    expect(made()).to.have.length(3);
    expect(watch.list.all[0]).to.include({ verdict: 'trusted' });
  });

  it('looks up what VirusTotal refuses to scan as it is, and says why', async () => {
    start(2, 40);
    const answer = fixture.vt.trouble;
    fixture.vt.trouble = (request) =>
      request.method === 'POST'
        ? { status: 403, json: { error: { code: 'ForbiddenError', message: 'no' } } }
        : answer(request);
    await fixture.pass(HOUR);
    expect(watch.warnings.map(({ code }) => code)).to.deep.equal(['VT_FORBIDDEN', 'VT_FORBIDDEN']);
    expect(watch.list.all.map(({ verdict }) => verdict)).to.deep.equal(['trusted', 'trusted']);
    expect(fixture.vt.requests).to.have.length(6);
  });

  it('never sends one again whose answer was lost', async () => {
    start(1, 40);
    const answer = fixture.vt.trouble;
    fixture.vt.trouble = (request) =>
      request.method === 'POST' ? { network: 'ECONNRESET' } : answer(request);
    await fixture.pass(DAY);
    expect(made().filter((one) => one.startsWith('POST'))).to.have.length(1);
    expect(watch.list.all[0]).to.include({ verdict: 'trusted' });
  });

  it('keeps to its share of the day with all that it costs, and says how long a round takes', async () => {
    start(300, 40);
    detections = 7;
    expect(watch.watcher.state.roundMs).to.equal((900 / 250) * DAY);
    await fixture.pass(4 * DAY);
    const byDay = new Map<string, number>();
    for (const { at } of fixture.vt.requests) {
      const day = new Date(performance.timeOrigin + at).toISOString().slice(0, 10);
      byDay.set(day, (byDay.get(day) ?? 0) + 1);
    }
    expect(Math.max(...byDay.values())).to.be.at.most(250);
    await fixture.pass(4 * DAY);
    expect(made().filter((one) => one.startsWith('POST'))).to.have.length(300);
    expect(watch.list.all.filter(({ verdict }) => verdict === 'malicious')).to.have.length(300);
    expect(watch.changes).to.deep.equal([]);
    expect(watch.watcher.state.roundMs).to.be.closeTo(((300 * (1 + 2 / 30)) / 250) * DAY, MINUTE);
  });
});
