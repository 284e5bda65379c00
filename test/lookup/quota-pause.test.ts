import { expect } from 'chai';
import { VirtualVirusTotal } from '../support/virtual-virustotal';
import { fate, lookUp, withVirtualVirusTotal, type Tracked } from '../support/with-virtual-virustotal';

const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('A "quota" answer of VirusTotal', () => {
  const fixture = withVirtualVirusTotal();
  const fates = (asked: Tracked[]): string[] => asked.map(fate);
  /** Refuses the first requests, this number of them. */
  function refuseFirst(count: number, headers: Record<string, string> = {}): void {
    fixture.vt.trouble = ({ number }) =>
      number > 0 && number <= count ? { status: 429, headers } : undefined;
  }

  for (const [api, options, status] of [
    ['v3 by 429', {}, 429],
    ['v2 by 204', { apiVersion: 'v2' }, 204],
  ] as const) {
    it(`pauses the whole key for a minute (${api}) and then sends the refused request first`, async () => {
      const { vt } = fixture;
      vt.trouble = ({ number }) => (number === 2 ? { status, json: undefined } : undefined);
      const service = fixture.service({ rateLimit: true, rateLimitMs: 100, ...options });
      lookUp(service, 'a.example');
      await fixture.pass(50);
      const asked = ['b', 'c'].map((name) => lookUp(service, `${name}.example`));
      const urgent = lookUp(service, 'urgent.example', { priority: 9 });
      await fixture.pass(200);
      const more = lookUp(service, 'more.example', { priority: 0 });
      await fixture.pass(59 * SECOND);
      expect(vt.asked).to.deep.equal(['a.example', 'b.example']);
      expect(service.stats().problem?.code).to.equal('VT_QUOTA');
      expect(fates([...asked, urgent, more])).to.deep.equal(new Array(4).fill('waiting'));
      await fixture.pass(2 * SECOND);
      expect(fates([...asked, urgent, more])).to.deep.equal(new Array(4).fill('report'));
      expect(vt.asked.slice(2)).to.deep.equal(['b', 'more', 'c', 'urgent'].map((name) => `${name}.example`));
      expect(service.stats().problem).to.equal(null);
    });
  }

  it('sends all refused requests again first, in their order, before more urgent ones', async () => {
    const { vt } = fixture;
    vt.latencyMs = 100;
    refuseFirst(3);
    const service = fixture.service();
    for (const [name, priority] of [
      ['a', 9],
      ['b', 5],
      ['c', 0],
    ] as const)
      lookUp(service, `${name}.example`, { priority });
    await fixture.pass(SECOND);
    for (const [name, priority] of [
      ['late', 9],
      ['usual', 5],
      ['urgent', 0],
    ] as const)
      lookUp(service, `${name}.example`, { priority });
    await fixture.pass(2 * MINUTE);
    const order = ['a', 'b', 'c', 'a', 'b', 'c', 'urgent', 'usual', 'late'];
    expect(vt.asked).to.deep.equal(order.map((name) => `${name}.example`));
  });

  it('waits as long as Retry-After says', async () => {
    refuseFirst(1, { 'retry-after': '7' });
    const asked = lookUp(fixture.service(), 'a.example');
    await fixture.pass(6.9 * SECOND);
    expect(fate(asked)).to.equal('waiting');
    await fixture.pass(0.2 * SECOND);
    expect(fate(asked)).to.equal('report');
  });

  it('fails at once instead of waiting hours for Retry-After when onQuota is "fail"', async () => {
    refuseFirst(1, { 'retry-after': String(6 * 3600) });
    const service = fixture.service();
    const asked = lookUp(service, 'a.example');
    await fixture.pass(1);
    expect(fate(asked)).to.equal('VT_QUOTA');
    await fixture.pass(6 * HOUR);
    const later = lookUp(service, 'c.example');
    await fixture.pass(1);
    expect(fate(later)).to.equal('report');
  });

  it('treats the refusals of requests in flight together as one', async () => {
    const { vt } = fixture;
    vt.latencyMs = 100;
    refuseFirst(10);
    const asked = Array.from({ length: 10 }, (_, i) => lookUp(fixture.service(), `d${i}.example`));
    await fixture.pass(59 * SECOND);
    expect(vt.requests.length).to.equal(10);
    await fixture.pass(2 * SECOND);
    expect(fates(asked)).to.deep.equal(new Array(10).fill('report'));
    expect(vt.requests.length).to.equal(20);
    expect(vt.quotaQuestions.length).to.be.at.most(2);
  });

  it('sends one request after the pause and the others once VirusTotal has accepted it', async () => {
    const { vt } = fixture;
    vt.latencyMs = 1000;
    refuseFirst(11);
    const asked = Array.from({ length: 10 }, (_, i) => lookUp(fixture.service(), `d${i}.example`));
    await fixture.pass(61.5 * SECOND);
    expect(vt.requests.length).to.equal(11);
    await fixture.pass(MINUTE + SECOND);
    expect(vt.requests.length).to.equal(12);
    await fixture.pass(3 * SECOND);
    expect(fates(asked)).to.deep.equal(new Array(10).fill('report'));
  });

  it('fails every lookup with VT_QUOTA after three more tries and sends nothing for an hour', async () => {
    const { vt } = fixture;
    refuseFirst(Infinity);
    const service = fixture.service({ rateLimit: true, rateLimitMs: 100 });
    const asked = ['a', 'b', 'c'].map((name) => lookUp(service, `${name}.example`));
    await fixture.pass(3 * MINUTE - SECOND);
    expect(fates(asked)).to.deep.equal(new Array(3).fill('waiting'));
    await fixture.pass(2 * SECOND);
    expect(fates(asked)).to.deep.equal(new Array(3).fill('VT_QUOTA'));
    expect(vt.asked).to.deep.equal(new Array(4).fill('a.example'));
    expect(asked[0]?.error).to.include({ status: 429, retryable: true });
    await fixture.pass(50 * MINUTE);
    const refused = lookUp(service, 'd.example');
    await fixture.pass(0);
    expect(fate(refused)).to.equal('VT_QUOTA');
    expect(vt.requests.length).to.equal(4);
    await fixture.pass(10 * MINUTE);
    vt.trouble = () => undefined;
    const later = lookUp(service, 'e.example');
    await fixture.pass(200);
    expect(fate(later)).to.equal('report');
  });

  it('keeps every lookup waiting when onQuota is "wait" and probes once an hour', async () => {
    const { vt } = fixture;
    refuseFirst(5);
    const service = fixture.service({ onQuota: 'wait' });
    const asked = ['a', 'b'].map((name) => lookUp(service, `${name}.example`));
    await fixture.pass(3.1 * MINUTE);
    const late = lookUp(service, 'late.example');
    expect(fates([...asked, late])).to.deep.equal(new Array(3).fill('waiting'));
    const before = vt.requests.length;
    await fixture.pass(59 * MINUTE);
    expect(vt.requests.length).to.equal(before);
    await fixture.pass(1.1 * MINUTE);
    expect(fates([...asked, late])).to.deep.equal(new Array(3).fill('report'));
  });

  it('fails or keeps each waiting lookup as its own config says', async () => {
    refuseFirst(Infinity);
    const failing = lookUp(fixture.service({ onQuota: 'fail' }), 'a.example');
    const waiting = lookUp(fixture.service({ onQuota: 'wait' }), 'b.example');
    await fixture.pass(5 * MINUTE);
    expect(fates([failing, waiting])).to.deep.equal(['VT_QUOTA', 'waiting']);
  });

  it('keeps the pause through a redeploy', async () => {
    const { vt } = fixture;
    refuseFirst(1);
    const first = fixture.service();
    lookUp(first, 'a.example');
    await fixture.pass(10 * SECOND);
    await first.close();
    const asked = lookUp(fixture.service(), 'b.example');
    await fixture.pass(49 * SECOND);
    expect(vt.requests.length).to.equal(1);
    await fixture.pass(2 * SECOND);
    expect(fate(asked)).to.equal('report');
  });

  it('does not restart the pause because of network failures in between', async () => {
    const { vt } = fixture;
    vt.trouble = ({ number }) =>
      number % 2 === 1 ? { status: 429 } : number > 0 ? { network: 'ECONNRESET' } : undefined;
    const asked = lookUp(fixture.service(), 'a.example');
    await fixture.pass(20 * MINUTE);
    expect(fate(asked)).to.match(/VT_QUOTA|VT_NETWORK/);
    expect(vt.requests.length).to.be.at.most(8);
  });

  it('asks VirusTotal for its figures and stops at once when other tools have used up the day', async () => {
    const { vt, apiKey } = fixture;
    const spent = new VirtualVirusTotal(apiKey, { daily: 3 });
    for (let i = 0; i < 3; i++) spent.quota.take(1);
    const service = fixture.service({ dispatcher: spent });
    const asked = ['a', 'b'].map((name) => lookUp(service, `${name}.example`));
    await fixture.pass(SECOND);
    expect(fates(asked)).to.deep.equal(['VT_QUOTA', 'VT_QUOTA']);
    expect(asked[0]?.error?.message).to.match(/^Day's quota used up: the quota of 3/);
    expect(service.stats().quota.day).to.deep.equal({ used: 3, allowed: 3 });
    expect(vt.requests.length).to.equal(0);
  });
});
