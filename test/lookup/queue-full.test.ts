import { expect } from 'chai';
import { fate, lookUp, withVirtualVirusTotal } from '../support/with-virtual-virustotal';

describe('The limit of waiting messages', () => {
  const fixture = withVirtualVirusTotal();

  it('refuses one message too many at once and accepts one again when another has left', async () => {
    const service = fixture.service({ rateLimit: true, maxQueue: 3 });
    lookUp(service, 'first.example');
    await fixture.pass(100);
    const waiting = ['a', 'b', 'c'].map((name) => lookUp(service, `${name}.example`));
    const refused = lookUp(service, 'd.example');
    await fixture.pass(0);
    expect([...waiting, refused].map(fate)).to.deep.equal(['waiting', 'waiting', 'waiting', 'VT_QUEUE_FULL']);
    expect(refused.error).to.include({ retryable: true });
    await fixture.pass(15_100);
    const next = lookUp(service, 'e.example');
    await fixture.pass(60_000);
    expect([...waiting, next].map(fate)).to.deep.equal(new Array(4).fill('report'));
    expect(fixture.vt.asked).to.not.include('d.example');
  });

  it('counts a message with many lookups once', async () => {
    const service = fixture.service({ rateLimit: true, maxQueue: 2 });
    lookUp(service, 'first.example');
    await fixture.pass(100);
    const [search, other] = [{}, {}];
    const asked = Array.from({ length: 15 }, (_, i) => lookUp(service, `s${i}.example`, { batch: search }));
    asked.push(lookUp(service, 'o.example', { batch: other }));
    asked.push(lookUp(service, 's15.example', { batch: search }));
    const refused = lookUp(service, 'x.example', { batch: {} });
    await fixture.pass(0);
    expect(new Set(asked.map(fate))).to.deep.equal(new Set(['waiting']));
    expect(fate(refused)).to.equal('VT_QUEUE_FULL');
    expect(refused.error?.message).to.match(/^Queue full: 2 messages already wait for VirusTotal/);
    expect(service.stats().waiting).to.equal(17);
  });

  it('allows ten lookups per message of the limit, counted over all messages, and says that there are too many lookups', async () => {
    const service = fixture.service({ rateLimit: true, maxQueue: 3 });
    lookUp(service, 'first.example');
    await fixture.pass(100);
    const [search, other] = [{}, {}];
    const asked = Array.from({ length: 30 }, (_, i) => lookUp(service, `s${i}.example`, { batch: search }));
    const refused = [
      lookUp(service, 's30.example', { batch: search }),
      lookUp(service, 'o.example', { batch: other }),
    ];
    await fixture.pass(0);
    expect(new Set(asked.map(fate))).to.deep.equal(new Set(['waiting']));
    expect(refused.map(fate)).to.deep.equal(['VT_QUEUE_FULL', 'VT_QUEUE_FULL']);
    for (const { error } of refused) {
      expect(error).to.include({ retryable: true });
      expect(error?.message).to.match(/^Queue full: 30 lookups of 1 message already wait for VirusTotal/);
    }
    await fixture.pass(15_100);
    const next = lookUp(service, 'o.example', { batch: other });
    await fixture.pass(0);
    expect(fate(next)).to.equal('waiting');
    expect(fixture.vt.asked).to.not.include('s30.example');
  });

  it('does not count a message whose request is in flight, however many lookups it has', async () => {
    fixture.vt.latencyMs = 1000;
    const service = fixture.service({ maxQueue: 1 });
    const search = {};
    const asked = Array.from({ length: 64 }, (_, i) => lookUp(service, `s${i}.example`, { batch: search }));
    asked.push(lookUp(service, 'a.example'));
    const refused = lookUp(service, 'b.example');
    await fixture.pass(10);
    expect(fate(refused)).to.equal('VT_QUEUE_FULL');
    await fixture.pass(3000);
    expect(new Set(asked.map(fate))).to.deep.equal(new Set(['report']));
  });

  it('has room again after messages were aborted, dropped or have failed', async () => {
    const { vt } = fixture;
    const service = fixture.service({ rateLimit: true, maxQueue: 1 });
    const owner = {};
    const giving = new AbortController();
    lookUp(service, 'first.example');
    await fixture.pass(100);
    lookUp(service, 'a.example', { signal: giving.signal });
    giving.abort();
    lookUp(service, 'b.example', { owner });
    await service.drop(owner, 'dropped');
    vt.trouble = () => ({ status: 401 });
    const failing = lookUp(service, 'c.example');
    await fixture.pass(20_000);
    expect(fate(failing)).to.equal('VT_AUTH');
    expect(service.stats().waiting).to.equal(0);
  });

  it('counts a lookup that joins a waiting or in-flight request as waiting', async () => {
    const service = fixture.service({ rateLimit: true, maxQueue: 2 });
    lookUp(service, 'first.example');
    await fixture.pass(100);
    const asked = [1, 2, 3].map(() => lookUp(service, 'a.example'));
    await fixture.pass(0);
    expect(asked.map(fate)).to.deep.equal(['waiting', 'waiting', 'VT_QUEUE_FULL']);
  });

  it('serves cached reports when the queue is full', async () => {
    const service = fixture.service({ rateLimit: true, maxQueue: 1 });
    lookUp(service, 'a.example');
    await fixture.pass(100);
    lookUp(service, 'b.example');
    const cached = lookUp(service, 'a.example');
    await fixture.pass(0);
    expect(cached.found?.cached).to.equal(true);
  });
});
