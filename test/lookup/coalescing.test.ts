import { expect } from 'chai';
import { fate, lookUp, withVirtualVirusTotal } from '../support/with-virtual-virustotal';

const SECOND = 1000;

describe('Lookups of the same indicator at the same time', () => {
  const fixture = withVirtualVirusTotal();

  it('are one request, and each has the report', async () => {
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

  it('give each a report that nobody else has', async () => {
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

  it('are one request whatever the spelling', async () => {
    const { vt } = fixture;
    vt.latencyMs = 200;
    const service = fixture.service();
    const spellings = ['HTTP://Example.COM', 'http://example.com/', 'hxxp://example[.]com/'];
    const reports = Promise.all(spellings.map((value) => service.lookup({ type: 'url', value })));
    await fixture.pass(201);
    expect(new Set((await reports).map(({ resource }) => resource)).size).to.equal(1);
    expect(vt.requests.length).to.equal(1);
  });

  it('fail together, and the next one asks anew', async () => {
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

  it('let one who asks again as soon as it has failed ask anew', async () => {
    const { vt } = fixture;
    vt.trouble = ({ number }) => (number === 1 ? { status: 403 } : undefined);
    const service = fixture.service();
    const again = service
      .get({ type: 'domain', value: 'a.example' })
      .catch(() => service.get({ type: 'domain', value: 'a.example' }));
    await fixture.pass(1);
    expect((await again).report.response_code).to.equal(1);
  });

  it('join a request under way even when they ask for a fresh report', async () => {
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

  it('go on for the others when one gives up', async () => {
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

  it('cost nothing when all have given up before their turn, and go when somebody asks again in time', async () => {
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

  it('keep the answer of a request that all have given up, once it has gone out', async () => {
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

  it('do not try again for nobody', async () => {
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

  it('of a report and of its MITRE ATT&CK trees are two', async () => {
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
