import { expect } from 'chai';
import { fate, lookUp, withVirtualVirusTotal } from '../support/with-virtual-virustotal';

const SECOND = 1000;

describe('Lookups of the same indicator at the same time', () => {
  const fixture = withVirtualVirusTotal();

  it('sends one request for simultaneous lookups of one indicator and gives the report to each', async () => {
    const { vt } = fixture;
    vt.latencyMs = 200;
    const service = fixture.service();
    const first = lookUp(service, 'a.example');
    await fixture.pass(100);
    const others = [lookUp(service, 'a.example'), lookUp(service, 'a.example')];
    await fixture.pass(101);
    for (const each of [first, ...others]) {
      expect(fate(each)).to.equal('report');
      expect(each.found?.cached).to.equal(false);
    }
    expect(vt.requests.length).to.equal(1);
    expect(service.stats()).to.include({ waiting: 0, requesting: 0 });
  });

  it('gives each of several simultaneous lookups its own copy of the report', async () => {
    const service = fixture.service();
    const asked = [1, 2, 3].map(() => lookUp(service, 'a.example'));
    await fixture.pass(1);
    const [first, second, third] = asked.map(({ found }) => found?.report);
    expect(first?.scans).to.be.an('object');
    expect(second).to.deep.equal(first);
    expect(third).to.deep.equal(first);
    for (const engine of Object.values(first?.scans ?? {})) engine.result = 'changed';
    expect(second).to.deep.equal(third);
    expect(second).to.not.deep.equal(first);
  });

  it('sends one request for different spellings of one indicator', async () => {
    const { vt } = fixture;
    vt.latencyMs = 200;
    const service = fixture.service();
    const spellings = ['HTTP://Example.COM', 'http://example.com/', 'hxxp://example[.]com/'];
    const reports = Promise.all(spellings.map((value) => service.lookup({ type: 'url', value })));
    await fixture.pass(201);
    expect(new Set((await reports).map(({ resource }) => resource)).size).to.equal(1);
    expect(vt.requests.length).to.equal(1);
  });

  it('fails all simultaneous lookups together and sends a new request for the next one', async () => {
    const { vt } = fixture;
    vt.latencyMs = 200;
    vt.trouble = ({ number }) => (number === 1 ? { status: 403 } : undefined);
    const service = fixture.service();
    const asked = [1, 2, 3].map(() => lookUp(service, 'a.example'));
    await fixture.pass(201);
    expect(asked.map(fate)).to.deep.equal(new Array(3).fill('VT_FORBIDDEN'));
    const next = lookUp(service, 'a.example');
    await fixture.pass(201);
    expect(fate(next)).to.equal('report');
    expect(vt.requests.length).to.equal(2);
  });

  it('sends a new request for a lookup that is started from the failure of the previous one', async () => {
    const { vt } = fixture;
    vt.trouble = ({ number }) => (number === 1 ? { status: 403 } : undefined);
    const service = fixture.service();
    const again = service
      .get({ type: 'domain', value: 'a.example' })
      .catch(() => service.get({ type: 'domain', value: 'a.example' }));
    await fixture.pass(1);
    expect((await again).report.response_code).to.equal(1);
  });

  it('joins a lookup with refresh to a request in flight', async () => {
    const { vt } = fixture;
    vt.latencyMs = 200;
    const service = fixture.service();
    lookUp(service, 'a.example');
    const fresh = lookUp(service, 'a.example', { refresh: true });
    await fixture.pass(201);
    expect(fate(fresh)).to.equal('report');
    expect(vt.requests.length).to.equal(1);
    const fresher = lookUp(service, 'a.example', { refresh: true });
    await fixture.pass(201);
    expect(fresher.found?.cached).to.equal(false);
    expect(vt.requests.length).to.equal(2);
  });

  it('goes on for the other lookups when one is aborted', async () => {
    const { vt } = fixture;
    const service = fixture.service({ rateLimit: true });
    lookUp(service, 'first.example');
    const giving = new AbortController();
    const [left, stays] = [
      lookUp(service, 'a.example', { signal: giving.signal }),
      lookUp(service, 'a.example'),
    ];
    await fixture.pass(SECOND);
    giving.abort();
    await fixture.pass(15 * SECOND);
    expect([left, stays].map(fate)).to.deep.equal(['VT_CLOSED', 'report']);
    expect(vt.asked).to.deep.equal(['first.example', 'a.example']);
  });

  it('sends no request when all lookups were aborted before their turn, and sends it when a new one arrives in time', async () => {
    const { vt } = fixture;
    const service = fixture.service({ rateLimit: true });
    lookUp(service, 'first.example');
    const giving = new AbortController();
    const given = ['a', 'b'].map((name) => lookUp(service, `${name}.example`, { signal: giving.signal }));
    await fixture.pass(SECOND);
    giving.abort();
    await fixture.pass(SECOND);
    expect(given.map(fate)).to.deep.equal(['VT_CLOSED', 'VT_CLOSED']);
    const back = lookUp(service, 'b.example');
    await fixture.pass(60 * SECOND);
    expect(fate(back)).to.equal('report');
    expect(vt.asked).to.deep.equal(['first.example', 'b.example']);
    expect(service.stats()).to.include({ waiting: 0 });
  });

  it('caches the answer of a dispatched request whose lookups were all aborted', async () => {
    const { vt } = fixture;
    vt.latencyMs = SECOND;
    const service = fixture.service();
    const giving = new AbortController();
    lookUp(service, 'a.example', { signal: giving.signal });
    await fixture.pass(100);
    giving.abort();
    await fixture.pass(SECOND);
    const later = lookUp(service, 'a.example');
    await fixture.pass(0);
    expect(later.found?.cached).to.equal(true);
    expect(service.stats().cache).to.include({ entries: 1, hits: 1 });
    expect(vt.requests.length).to.equal(1);
  });

  it('does not retry a request that no lookup waits for', async () => {
    const { vt, clock } = fixture;
    vt.trouble = ({ number }) => (number === 1 ? { status: 503, delayMs: 100 } : undefined);
    const service = fixture.service();
    const giving = new AbortController();
    lookUp(service, 'a.example', { signal: giving.signal });
    await fixture.pass(50);
    giving.abort();
    await fixture.pass(51);
    expect(clock.countTimers()).to.equal(0);
    expect(vt.requests.length).to.equal(1);
    const asked = lookUp(service, 'a.example');
    await fixture.pass(1);
    expect(fate(asked)).to.equal('report');
  });

  it('makes two requests for a report and for the MITRE ATT&CK trees of one file', async () => {
    const { vt } = fixture;
    const hash = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb';
    const service = fixture.service();
    const asked = lookUp(service, { type: 'file', value: hash });
    const trees = service.behaviorMitreTrees(hash);
    await fixture.pass(1);
    expect(fate(asked)).to.equal('report');
    expect(await trees).to.be.an('object');
    expect(vt.requests.map(({ path }) => path)).to.deep.equal([
      `/api/v3/files/${hash}`,
      `/api/v3/files/${hash}/behaviour_mitre_trees`,
    ]);
  });
});
