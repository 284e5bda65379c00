import { expect } from 'chai';
import { fate, lookUp, withVirtualVirusTotal } from '../support/with-virtual-virustotal';
import { VirtualVirusTotal } from '../support/virtual-virustotal';

const MINUTE = 60_000;
const WINDOW = { rateLimit: true, rateLimitMode: 'window' } as const;
const SPACING = { rateLimit: true, rateLimitMode: 'spacing' } as const;
const UNCOUNTED = { dailyQuota: 0, monthlyQuota: 0 } as const;

describe('The rate limit of a key', () => {
  const fixture = withVirtualVirusTotal();
  const domains = (count: number): string[] => Array.from({ length: count }, (_, i) => `d${i}.example.com`);
  const gaps = (starts: readonly number[]): number[] =>
    starts.slice(1).map((at, i) => at - (starts[i] as number));

  it('spaces starts by 15 seconds by default', async () => {
    const { vt } = fixture;
    const service = fixture.service({ rateLimit: true });
    for (const name of domains(5)) lookUp(service, name);
    await fixture.pass(62_000);
    expect(vt.starts.length).to.equal(5);
    expect(Math.min(...gaps(vt.starts))).to.be.at.least(15_000);
  });

  it('lets the first four requests of an idle key start at once with a limit per minute', async () => {
    const { vt } = fixture;
    const service = fixture.service(WINDOW);
    const asked = domains(6).map((name) => lookUp(service, name));
    await fixture.pass(1);
    expect(asked.map(fate)).to.deep.equal([...new Array<string>(4).fill('report'), 'waiting', 'waiting']);
    await fixture.pass(1.01 * MINUTE);
    expect(vt.starts.length).to.equal(6);
  });

  for (const [what, options, permittedMs] of [
    ['4 in any minute', { ...WINDOW, rateLimitCount: 4 }, 249 * MINUTE],
    ['one each 15 seconds', { ...SPACING, rateLimitMs: 15_000 }, 999 * 15_000],
  ] as const) {
    it(`uses 99 % of ${what} over a queue of 1,000 without a refusal from a strict server`, async () => {
      const { apiKey, clock } = fixture;
      const perWindow =
        options.rateLimitMode === 'window' ? options.rateLimitCount : MINUTE / options.rateLimitMs;
      const vt = new VirtualVirusTotal(apiKey, { perWindow });
      vt.latencyMs = 150;
      vt.brief = true;
      const service = fixture.service({ ...options, ...UNCOUNTED, dispatcher: vt });
      const asked = domains(1000).map((name) => lookUp(service, name));
      await fixture.pass(permittedMs / 0.99 + 500);
      expect(vt.requests.length).to.equal(1000);
      expect(vt.refused).to.deep.equal([]);
      expect(asked.every(({ found }) => found)).to.equal(true);
      expect(clock.countTimers()).to.equal(0);
      const { starts } = vt;
      if (options.rateLimitMode === 'window')
        starts.slice(perWindow).forEach((at, i) => expect(at - (starts[i] as number)).to.be.at.least(MINUTE));
      else expect(Math.min(...gaps(starts))).to.be.at.least(options.rateLimitMs);
    });
  }

  it('allows no more requests around the end of a minute than within it', async () => {
    const { vt } = fixture;
    const service = fixture.service(WINDOW);
    await fixture.pass(59_000);
    for (const name of domains(4)) lookUp(service, name);
    await fixture.pass(2_000);
    for (const name of domains(8).slice(4)) lookUp(service, name);
    await fixture.pass(50_000);
    expect(vt.starts.length).to.equal(4);
    await fixture.pass(10_000);
    expect(vt.starts.length).to.equal(8);
  });

  for (const [what, options] of [
    ['4 in any minute', WINDOW],
    ['one each 15 seconds', SPACING],
  ] as const) {
    it(`keeps to ${what} although the first requests connect first and a redeploy happens`, async () => {
      const vt = new VirtualVirusTotal(fixture.apiKey, { perWindow: 4 });
      vt.brief = true;
      vt.trouble = ({ number }) => (number > 0 && number <= 4 ? { connectMs: 2_000 } : undefined);
      const first = fixture.service({ ...options, dispatcher: vt });
      const asked = domains(6).map((name) => lookUp(first, name));
      await fixture.pass(1.1 * MINUTE);
      expect(vt.requests.length).to.be.within(4, 6);
      await first.close();
      const second = fixture.service({ ...options, dispatcher: vt });
      asked.push(...domains(12).map((name) => lookUp(second, name)));
      await fixture.pass(5 * MINUTE);
      expect(vt.refused).to.deep.equal([]);
      expect(asked.filter((each) => fate(each) === 'waiting')).to.deep.equal([]);
    });
  }

  it('keeps the spacing between two dispatches, however long a connection takes', async () => {
    const vt = new VirtualVirusTotal(fixture.apiKey);
    vt.brief = true;
    vt.trouble = ({ number }) => ({ connectMs: number % 3 === 1 ? 2_700 : 0 });
    const service = fixture.service({ ...SPACING, rateLimitMs: 1_000, dispatcher: vt });
    const asked = domains(9).map((name) => lookUp(service, name));
    await fixture.pass(20_000);
    expect(asked.map(fate)).to.deep.equal(asked.map(() => 'report'));
    vt.starts.slice(1).forEach((at, i) => expect(at - (vt.starts[i] as number)).to.be.at.least(1_000));
  });

  it('starts the next request when a connection fails', async () => {
    const vt = new VirtualVirusTotal(fixture.apiKey);
    vt.brief = true;
    vt.trouble = ({ number }) => (number === 1 ? { connectMs: 60_000 } : undefined);
    const service = fixture.service({ ...SPACING, rateLimitMs: 1_000, timeout: 5_000, dispatcher: vt });
    const asked = domains(3).map((name) => lookUp(service, name));
    await fixture.pass(10_000);
    expect(asked.map(fate)).to.deep.equal(['report', 'report', 'report']);
    vt.starts.slice(2).forEach((at, i) => expect(at - (vt.starts[i + 1] as number)).to.be.at.least(1_000));
  });

  it('counts a retry and a redirect as a start', async () => {
    const { vt } = fixture;
    vt.trouble = ({ number }) =>
      number === 1
        ? { status: 503 }
        : number === 2
          ? { status: 302, headers: { location: '/api/v3/domains/b.example' } }
          : undefined;
    const service = fixture.service({ ...SPACING, rateLimitMs: 10_000 });
    const asked = lookUp(service, 'a.example');
    await fixture.pass(9_000);
    expect(vt.starts.length).to.equal(1);
    await fixture.pass(9_000);
    expect(vt.starts.length).to.equal(2);
    await fixture.pass(9_000);
    expect(fate(asked)).to.equal('report');
    expect(Math.min(...gaps(vt.starts))).to.be.at.least(10_000);
    expect(vt.requests.map(({ path }) => path)).to.deep.equal([
      '/api/v3/domains/a.example',
      '/api/v3/domains/a.example',
      '/api/v3/domains/b.example',
    ]);
    expect(service.stats().quota.day.used).to.equal(3);
  });

  it('ends a lookup that is redirected in a circle', async () => {
    const { vt } = fixture;
    vt.trouble = () => ({ status: 302, headers: { location: '/api/v3/domains/a.example' } });
    const asked = lookUp(fixture.service(), 'a.example');
    await fixture.pass(1);
    expect(fate(asked)).to.equal('VT_BAD_RESPONSE');
    expect(vt.requests.length).to.equal(4);
  });

  it('orders requests by msg.priority, then by arrival', async () => {
    const { vt } = fixture;
    const service = fixture.service(SPACING);
    lookUp(service, 'first.example');
    await fixture.pass(100);
    for (const [name, priority] of [
      ['later', 9],
      ['usual', undefined],
      ['urgent', 0],
    ] as const)
      lookUp(service, `${name}.example`, { priority });
    await fixture.pass(MINUTE);
    expect(vt.asked).to.deep.equal(['first.example', 'urgent.example', 'usual.example', 'later.example']);
  });

  it('uses the default priority for a value that is no number and the nearest for one outside 0 to 9', async () => {
    const { vt } = fixture;
    const service = fixture.service(SPACING);
    lookUp(service, 'first.example');
    await fixture.pass(100);
    for (const [name, priority] of [
      ['nan', NaN],
      ['usual', 5],
      ['above', 1000],
      ['below', -1],
    ] as const)
      lookUp(service, `${name}.example`, { priority });
    await fixture.pass(61_000);
    expect(vt.asked.slice(1)).to.deep.equal(
      ['below', 'nan', 'usual', 'above'].map((name) => `${name}.example`),
    );
  });

  it('lets single messages pass between the lookups of a large search', async () => {
    const { vt } = fixture;
    const service = fixture.service({ ...SPACING, rateLimitMs: 1000, ...UNCOUNTED });
    const batch = {};
    for (const name of domains(1000)) lookUp(service, name, { batch });
    await fixture.pass(1500);
    const single = lookUp(service, 'single.example');
    await fixture.pass(3000);
    expect(fate(single)).to.equal('report');
    expect(vt.asked.indexOf('single.example')).to.be.at.most(3);
  });

  it('raises a waiting lookup when a more urgent message asks for the same indicator', async () => {
    const { vt } = fixture;
    const service = fixture.service(SPACING);
    lookUp(service, 'first.example');
    await fixture.pass(100);
    for (const name of ['b', 'c', 'd']) lookUp(service, `${name}.example`);
    const urgent = lookUp(service, 'd.example', { priority: 0 });
    await fixture.pass(20_000);
    expect(fate(urgent)).to.equal('report');
    await fixture.pass(MINUTE);
    expect(vt.asked).to.deep.equal(['first', 'd', 'b', 'c'].map((name) => `${name}.example`));
  });

  it('continues when all lookups that waited for the next start were aborted', async () => {
    const { vt } = fixture;
    const service = fixture.service(SPACING);
    lookUp(service, 'a.example');
    const giving = new AbortController();
    lookUp(service, 'b.example', { signal: giving.signal });
    await fixture.pass(5_000);
    giving.abort();
    await fixture.pass(15_000);
    expect(vt.asked).to.deep.equal(['a.example']);
    const asked = lookUp(service, 'c.example');
    await fixture.pass(100);
    expect(fate(asked)).to.equal('report');
  });

  for (const options of [{ rateLimit: false }, { rateLimit: true, rateLimitMs: 0 }]) {
    it(`starts everything at once with ${JSON.stringify(options)} and does not load Bottleneck`, () => {
      const { vt } = fixture;
      const service = fixture.service({ ...options, ...UNCOUNTED });
      const asked = domains(64).map((name) => lookUp(service, name));
      // Bottleneck would not have let a single one go before its turn of the event loop.
      expect(vt.requests.length).to.equal(64);
      expect(asked.length).to.equal(64);
    });
  }

  it('keeps at most 64 requests in flight, whatever the limit', async () => {
    const { vt } = fixture;
    vt.latencyMs = 1000;
    const service = fixture.service(UNCOUNTED);
    const asked = domains(150).map((name) => lookUp(service, name));
    expect(vt.requests.length).to.equal(64);
    expect(service.stats()).to.include({ requesting: 64, waiting: 150 });
    await fixture.pass(1001);
    expect(vt.requests.length).to.equal(128);
    await fixture.pass(2001);
    expect(asked.map(fate)).to.deep.equal(new Array(150).fill('report'));
  });

  it('says when the next request may start', async () => {
    const service = fixture.service(SPACING);
    expect(service.stats()).to.include({ nextStartMs: 0, problem: null });
    lookUp(service, 'a.example');
    await fixture.pass(5_000);
    expect(service.stats().nextStartMs).to.be.within(9_900, 10_100);
  });
});
