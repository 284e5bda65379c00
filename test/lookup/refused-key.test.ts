import { expect } from 'chai';
import { VirtualVirusTotal } from '../support/virtual-virustotal';
import { fate, lookUp, withVirtualVirusTotal } from '../support/with-virtual-virustotal';

const MINUTE = 60_000;

describe('A key that VirusTotal refuses', () => {
  const fixture = withVirtualVirusTotal();
  /** A VirusTotal that knows another key only. */
  const elsewhere = (): VirtualVirusTotal => new VirtualVirusTotal('f'.repeat(64));

  for (const [api, options, status] of [
    ['v3 by 401', {}, 401],
    ['v2 by 403', { apiVersion: 'v2' }, 403],
  ] as const) {
    it(`fails all waiting lookups at once (${api}) after one request`, async () => {
      const vt = elsewhere();
      const service = fixture.service({ ...options, dispatcher: vt, rateLimit: true });
      const asked = ['a', 'b', 'c'].map((name) => lookUp(service, `${name}.example`));
      await fixture.pass(100);
      expect(asked.map(fate)).to.deep.equal(['VT_AUTH', 'VT_AUTH', 'VT_AUTH']);
      expect(asked[1]?.error).to.include({ status, retryable: false });
      expect(vt.requests.length).to.equal(1);
      expect(service.stats()).to.deep.include({ waiting: 0 });
      expect(service.stats().problem?.code).to.equal('VT_AUTH');
    });
  }

  it('fails later lookups for five minutes without a request', async () => {
    const vt = elsewhere();
    const service = fixture.service({ dispatcher: vt });
    lookUp(service, 'a.example');
    await fixture.pass(5 * MINUTE - 100);
    const refused = lookUp(service, 'b.example');
    await fixture.pass(0);
    expect(fate(refused)).to.equal('VT_AUTH');
    expect(vt.requests.length).to.equal(1);
    await fixture.pass(200);
    lookUp(service, 'c.example');
    lookUp(service, 'd.example');
    await fixture.pass(100);
    expect(vt.asked).to.deep.equal(['a.example', 'c.example']);
  });

  it('serves cached reports', async () => {
    const { vt } = fixture;
    const service = fixture.service();
    lookUp(service, 'a.example');
    await fixture.pass(1);
    vt.trouble = () => ({ status: 401 });
    lookUp(service, 'b.example');
    await fixture.pass(1);
    const cached = lookUp(service, 'a.example');
    await fixture.pass(0);
    expect(cached.found?.cached).to.equal(true);
  });

  it('is tried again after the config is deployed', async () => {
    const { vt } = fixture;
    vt.trouble = ({ number }) => (number === 1 ? { status: 401 } : undefined);
    const first = fixture.service();
    lookUp(first, 'a.example');
    await fixture.pass(1);
    await first.close();
    const asked = lookUp(fixture.service(), 'a.example');
    await fixture.pass(1);
    expect(fate(asked)).to.equal('report');
  });

  it('is tried again after a successful test of the key, but not after a failed one', async () => {
    const { vt } = fixture;
    let refuses = true;
    vt.trouble = () => (refuses ? { status: 401 } : undefined);
    const service = fixture.service();
    lookUp(service, 'a.example');
    await fixture.pass(1);
    expect(await service.verifyKey().catch((error: { code: string }) => error.code)).to.equal('VT_AUTH');
    const refused = lookUp(service, 'a.example');
    await fixture.pass(1);
    expect(fate(refused)).to.equal('VT_AUTH');
    refuses = false;
    expect(await service.verifyKey()).to.have.keys('hourly', 'daily', 'monthly');
    const asked = lookUp(service, 'a.example');
    await fixture.pass(1);
    expect(fate(asked)).to.equal('report');
    expect(vt.requests.length).to.equal(2);
  });

  it('also fails lookups that wait for a retry and those answered with "quota" afterwards', async () => {
    const { vt } = fixture;
    vt.trouble = ({ indicator }) =>
      ({
        'again.example': { status: 503 },
        'auth.example': { status: 401, delayMs: 100 },
        'late.example': { status: 429, delayMs: 200 },
        'later.example': { status: 503, delayMs: 300 },
        'redirected.example': { status: 302, delayMs: 300, headers: { location: '/api/v3/domains/x' } },
      })[indicator];
    const names = ['again', 'auth', 'late', 'later', 'redirected'];
    const service = fixture.service({ timeScale: 10 });
    const asked = names.map((name) => lookUp(service, `${name}.example`));
    await fixture.pass(MINUTE);
    expect(asked.map(fate)).to.deep.equal(new Array(5).fill('VT_AUTH'));
    expect(vt.requests.length).to.equal(5);
    await service.close();
    expect(fixture.clock.countTimers()).to.equal(0);
  });

  it('is not assumed from a v3 403, which concerns one resource only', async () => {
    const { vt } = fixture;
    vt.trouble = ({ indicator }) => (indicator === 'a.example' ? { status: 403 } : undefined);
    const service = fixture.service();
    const asked = ['a', 'b'].map((name) => lookUp(service, `${name}.example`));
    await fixture.pass(1);
    expect(asked.map(fate)).to.deep.equal(['VT_FORBIDDEN', 'report']);
    const more = lookUp(service, 'c.example');
    await fixture.pass(1);
    expect(fate(more)).to.equal('report');
    expect(service.stats().problem).to.equal(null);
  });
});
