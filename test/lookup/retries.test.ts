import { expect } from 'chai';
import type { Trouble } from '../support/virtual-virustotal';
import { fate, lookUp, withVirtualVirusTotal } from '../support/with-virtual-virustotal';

const SECOND = 1000;

describe('A lookup that fails', () => {
  const fixture = withVirtualVirusTotal();
  const fail = (trouble: Trouble, times = Infinity): void => {
    fixture.vt.trouble = ({ number }) => (number > 0 && number <= times ? trouble : undefined);
  };

  const passing: [string, Trouble, string][] = [
    ['a 408', { status: 408 }, 'VT_TIMEOUT'],
    ['a 500', { status: 500 }, 'VT_SERVER'],
    ['a 503', { status: 503 }, 'VT_SERVER'],
    ['a 504', { status: 504 }, 'VT_SERVER'],
    ['a 424', { status: 424 }, 'VT_REQUEST'],
    ['a 400 NotAvailableYet', { status: 400, json: { error: { code: 'NotAvailableYet' } } }, 'VT_REQUEST'],
    ['a connection that is cut', { network: 'ECONNRESET' }, 'VT_NETWORK'],
    ['no connection', { network: 'ECONNREFUSED' }, 'VT_NETWORK'],
    ['no answer in time', { delayMs: Infinity }, 'VT_TIMEOUT'],
  ];
  for (const [what, trouble, code] of passing) {
    it(`makes three tries in all after ${what}`, async () => {
      fail(trouble);
      const asked = lookUp(fixture.service({ timeout: SECOND }), 'a.example');
      await fixture.pass(20 * SECOND);
      expect(fate(asked)).to.equal(code);
      expect(fixture.vt.requests.length).to.equal(3);
    });

    it(`returns its report when ${what} passes`, async () => {
      fail(trouble, 2);
      const asked = lookUp(fixture.service({ timeout: SECOND }), 'a.example');
      await fixture.pass(20 * SECOND);
      expect(fate(asked)).to.equal('report');
      expect(fixture.vt.requests.length).to.equal(3);
    });
  }

  const lasting: [string, Trouble, string][] = [
    ['a 400', { status: 400, json: { error: { code: 'InvalidArgumentError' } } }, 'VT_REQUEST'],
    ['a 403', { status: 403 }, 'VT_FORBIDDEN'],
    ["a 404 that is not VirusTotal's", { status: 404 }, 'VT_REQUEST'],
    ['a 409', { status: 409 }, 'VT_REQUEST'],
    ['an answer that is no report', { json: { data: 7 } }, 'VT_BAD_RESPONSE'],
    ['a certificate that is not trusted', { network: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'VT_NETWORK'],
    [
      'a redirect to another host',
      { status: 302, headers: { location: 'https://x.example/' } },
      'VT_BAD_RESPONSE',
    ],
  ];
  for (const [what, trouble, code] of lasting) {
    it(`makes no second try after ${what}`, async () => {
      fail(trouble);
      const asked = lookUp(fixture.service(), 'a.example');
      await fixture.pass(20 * SECOND);
      expect(fate(asked)).to.equal(code);
      expect(fixture.vt.requests.length).to.equal(1);
    });
  }

  it('retries within the rate limit and before other requests', async () => {
    const { vt } = fixture;
    fail({ status: 503 }, 1);
    const service = fixture.service({ rateLimit: true, rateLimitMs: 15_000 });
    for (const name of ['a', 'b', 'c']) lookUp(service, `${name}.example`);
    await fixture.pass(50 * SECOND);
    expect(vt.asked).to.deep.equal(['a', 'a', 'b', 'c'].map((name) => `${name}.example`));
    vt.starts.slice(1).forEach((at, i) => expect(at - (vt.starts[i] as number)).to.be.at.least(15_000));
  });

  it('does not delay others while it waits for its retry', async () => {
    const { vt } = fixture;
    vt.trouble = ({ indicator }) => (indicator === 'a.example' ? { status: 503 } : undefined);
    const service = fixture.service();
    const [ill, well] = [lookUp(service, 'a.example'), lookUp(service, 'b.example')];
    await fixture.pass(1);
    expect([ill, well].map(fate)).to.deep.equal(['waiting', 'report']);
  });

  it('retries at another time than lookups that failed together with it', async () => {
    const { vt } = fixture;
    fail({ status: 503 }, 20);
    const service = fixture.service();
    for (let i = 0; i < 20; i++) lookUp(service, `d${i}.example`);
    await fixture.pass(3 * SECOND);
    const again = vt.starts.slice(20).map(Math.round);
    expect(again.length).to.equal(20);
    expect(new Set(again).size).to.be.greaterThan(10);
  });

  it('leaves nothing in the cache', async () => {
    const { vt } = fixture;
    fail({ status: 403 }, 1);
    const service = fixture.service();
    const failed = lookUp(service, 'a.example');
    await fixture.pass(1);
    const next = lookUp(service, 'a.example');
    await fixture.pass(1);
    expect([failed, next].map(fate)).to.deep.equal(['VT_FORBIDDEN', 'report']);
    expect(vt.requests.length).to.equal(2);
    expect(service.stats().cache.entries).to.equal(1);
  });
});
