import { expect } from 'chai';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { fate, lookUp, withVirtualVirusTotal } from '../support/with-virtual-virustotal';

const SECOND = 1000;
const names = (...letters: string[]): string[] => letters.map((letter) => `${letter}.com`);

describe('A service that replaces another', () => {
  const fixture = withVirtualVirusTotal();

  it('sends the waiting lookups in their order, and the parked service sends none', async () => {
    const { vt } = fixture;
    const before = fixture.service({ rateLimit: true, rateLimitMs: 15 * SECOND });
    const first = lookUp(before, 'first.com');
    await fixture.pass(100);
    const waiting = names('a', 'b', 'c').map((name) => lookUp(before, name));
    const urgent = lookUp(before, 'urgent.com', { priority: 0 });
    before.park();
    await fixture.pass(120 * SECOND);
    expect([first, urgent, ...waiting].map(fate)).to.deep.equal([
      'report',
      ...Array<string>(4).fill('waiting'),
    ]);
    const after = fixture.service({ rateLimit: true, rateLimitMs: SECOND });
    expect(after.takeOver(before)).to.equal(true);
    expect([before.messages(), after.messages()]).to.deep.equal([0, 4]);
    await fixture.pass(60 * SECOND);
    expect([urgent, ...waiting].map(fate)).to.deep.equal(Array<string>(4).fill('report'));
    expect(vt.asked).to.deep.equal(names('first', 'urgent', 'a', 'b', 'c'));
  });

  it('receives the answer of a request in flight without sending it again', async () => {
    const { vt } = fixture;
    vt.latencyMs = 5 * SECOND;
    const before = fixture.service();
    const asked = lookUp(before, 'a.com');
    await fixture.pass(SECOND);
    before.park();
    const after = fixture.service();
    after.takeOver(before);
    const again = lookUp(after, 'a.com');
    await fixture.pass(10 * SECOND);
    expect([asked, again].map(fate)).to.deep.equal(['report', 'report']);
    expect(vt.asked).to.deep.equal(['a.com']);
  });

  it('repeats a request that a stop aborted, once', async () => {
    const { vt } = fixture;
    vt.trouble = ({ number }) => (number === 1 ? { delayMs: 3600 * SECOND } : undefined);
    const before = fixture.service();
    const asked = lookUp(before, 'a.com');
    await fixture.pass(SECOND);
    const resting = before.drain(2 * SECOND);
    await fixture.pass(60 * SECOND);
    await resting;
    expect(fate(asked)).to.equal('waiting');
    fixture.service().takeOver(before);
    await fixture.pass(60 * SECOND);
    expect(fate(asked)).to.equal('report');
    expect(vt.asked).to.deep.equal(names('a', 'a'));
  });

  it('sends nothing while it is suspended', async () => {
    const before = fixture.service({ rateLimit: true });
    lookUp(before, 'first.com');
    await fixture.pass(100);
    const asked = lookUp(before, 'a.com');
    before.park();
    const after = fixture.service({ rateLimit: true, suspended: true });
    after.takeOver(before);
    await fixture.pass(600 * SECOND);
    expect(fate(asked)).to.equal('waiting');
    after.resume();
    await fixture.pass(SECOND);
    expect(fate(asked)).to.equal('report');
  });

  it('sends nothing that its own settings forbid', async () => {
    const before = fixture.service({ rateLimit: true });
    lookUp(before, 'first.com');
    await fixture.pass(100);
    const [allowed, other] = ['private.com', 'b.com'].map((name) => lookUp(before, name));
    before.park();
    const after = fixture.service({ rateLimit: true, allowList: 'private.com' });
    after.takeOver(before);
    await fixture.pass(60 * SECOND);
    expect([allowed, other].map((each) => each && fate(each))).to.deep.equal(['VT_INVALID_IOC', 'report']);
    expect(fixture.vt.asked).to.not.include('private.com');
  });

  it('leaves lookups of another key where they are until they end', async () => {
    const before = fixture.service({ rateLimit: true });
    lookUp(before, 'first.com');
    await fixture.pass(100);
    const asked = lookUp(before, 'a.com');
    before.park();
    expect(fixture.service({ apiKey: freshKey() }).takeOver(before)).to.equal(false);
    expect([before.messages(), fate(asked)]).to.deep.equal([1, 'waiting']);
    await before.close('The key is another');
    await fixture.pass(0);
    expect(asked.error?.message).to.equal('The key is another');
    expect(fate(asked)).to.equal('VT_CLOSED');
    expect(fixture.clock.countTimers()).to.equal(0);
  });
});
