import { expect } from 'chai';
import type { IocType } from '../../../src/ioc/ioc';
import { KeyRegistry } from '../../../src/lookup/key-registry';
import { withInstances } from '../../support/instances';
import { describeWithRedis } from '../../../tools/redis-server';

describeWithRedis('Instances that ask for the same thing at the same time', () => {
  const fixture = withInstances();
  const domain = (value: string) => ({ type: 'domain' as IocType, value });
  /** Resolves with the name of the only lease, once it is there. */
  const leaseName = async (): Promise<string> => {
    let name: string | undefined;
    await fixture.redis.until(async (client) => {
      [name] = await client.keys(`${fixture.names.prefix}lease:*`);
      return name !== undefined;
    });
    return name ?? '';
  };

  it('ask VirusTotal once, and each has the report', async () => {
    const services = await fixture.joined(3);
    fixture.vt.script({ 'a.example.com': [{ delayMs: 100 }] });
    const found = await Promise.all(services.map((service) => service.get(domain('a.example.com'))));
    expect(new Set(found.map(({ body }) => body.toString())).size).to.equal(1);
    expect(found.filter(({ cached }) => !cached)).to.have.length(1);
    expect(fixture.asked()).to.deep.equal(['a.example.com']);
  });

  it('ask VirusTotal once for each of many, whoever comes first', async () => {
    const services = await fixture.joined(3);
    const names = Array.from({ length: 100 }, (_, i) => `d${i}.example.com`);
    const found = await Promise.all(
      services.flatMap((service, i) =>
        [...names.slice(33 * i), ...names.slice(0, 33 * i)].map((name) => service.get(domain(name))),
      ),
    );
    expect(found).to.have.length(300);
    expect(fixture.asked().sort()).to.deep.equal(names.sort());
  });

  it('ask again, one after the other, when the one who asked got an error', async () => {
    const services = await fixture.joined(3);
    fixture.vt.script({ 'a.example.com': [{ status: 400, delayMs: 50 }] });
    const ends = await Promise.all(
      services.map((service) =>
        service.get(domain('a.example.com')).then(
          () => 'report',
          ({ code }: { code: string }) => code,
        ),
      ),
    );
    expect(ends.sort()).to.deep.equal(['VT_REQUEST', 'report', 'report']);
    expect(fixture.asked()).to.have.length(2);
  });

  it('find no lease of a redirected request that a deploy has moved before it was sent again', async () => {
    // The redirected request waits for the rate limit.
    const options = { keyRegistry: new KeyRegistry(), rateLimit: true, rateLimitMs: 600_000 };
    const [before] = await fixture.joined(1, options);
    // As in a Redis that has not just started: nothing waits for a window.
    await fixture.redis.with((client) => client.hdel(fixture.names.state, 'quiet', 'quietFrom'));
    fixture.vt.script({ 'a.example.com': [{ redirect: '?again' }] });
    const waits = before?.get(domain('a.example.com')).catch(({ code }: { code: string }) => code);
    await leaseName();
    await fixture.askedTimes(1);
    if (!before) throw new Error('nobody joined');
    while (before.stats().requesting > 0) await new Promise(setImmediate);
    before.park();
    const after = fixture.join(options);
    expect(after.takeOver(before)).to.equal(true);
    await fixture.redis.until(
      async (client) => (await client.keys(`${fixture.names.prefix}lease:*`)).length === 0,
    );
    await after.close();
    expect(await waits).to.equal('VT_CLOSED');
  });

  it('go on when the one who asked is gone without a word', async () => {
    const [a, b] = await fixture.joined(2);
    fixture.vt.script({ 'a.example.com': [{ delayMs: 'forever' }] });
    const lost = a?.get(domain('a.example.com')).catch(({ code }: { code: string }) => code);
    await fixture.askedTimes(1);
    const name = await leaseName();
    // It ends by itself within ten seconds.
    expect(await fixture.redis.with((client) => client.pttl(name))).to.be.within(1, 10_000);
    await a?.close();
    expect(await lost).to.equal('VT_CLOSED');
    // That of an instance that is gone: none renews it.
    await fixture.redis.with((client) => client.set(name, 'somebody else', 'PX', 200));
    expect((await b?.get(domain('a.example.com')))?.report.response_code).to.equal(1);
    expect(fixture.asked()).to.have.length(2);
  });

  it('renew their own leases with each heartbeat, and not those of others', async () => {
    const [a] = await fixture.joined(1);
    fixture.vt.script({ 'a.example.com': [{ delayMs: 'forever' }] });
    const lost = a?.get(domain('a.example.com')).catch(({ code }: { code: string }) => code);
    await fixture.askedTimes(1);
    const name = await leaseName();
    const { instances } = fixture.names;
    const heartbeats = async (count: number): Promise<void> => {
      const seen = new Set<string>();
      await fixture.redis.until(
        async (client) =>
          seen.add((await client.zrange(instances, '0', '0', 'WITHSCORES')).join()).size > count,
      );
    };
    await fixture.redis.with((client) => client.pexpire(name, 60_000));
    await heartbeats(2);
    const owner = await fixture.redis.with((client) => client.get(name));
    expect(await fixture.redis.with((client) => client.pttl(name))).to.be.within(1, 10_000);
    await fixture.redis.with((client) => client.set(name, 'somebody else', 'PX', 60_000));
    await heartbeats(2);
    expect(await fixture.redis.with((client) => client.get(name))).to.equal('somebody else');
    expect(owner).to.be.a('string').and.not.equal('somebody else');
    await a?.close();
    expect(await lost).to.equal('VT_CLOSED');
  });

  it('tell Redis again who asks when it has forgotten', async () => {
    const [a] = await fixture.joined(2);
    fixture.vt.script({ 'a.example.com': [{ delayMs: 'forever' }] });
    const lost = a?.get(domain('a.example.com')).catch(({ code }: { code: string }) => code);
    await fixture.askedTimes(1);
    const name = await leaseName();
    await fixture.redis.with(async (client) => {
      const owner = await client.get(name);
      await client.flushall();
      expect(await leaseName()).to.equal(name);
      expect(await client.get(name)).to.equal(owner);
    });
    await a?.close();
    expect(await lost).to.equal('VT_CLOSED');
  });

  it('leave the request to another when they are closed', async () => {
    const [a, b] = await fixture.joined(2);
    fixture.vt.script({ 'a.example.com': [{ delayMs: 'forever' }] });
    const lost = a?.get(domain('a.example.com')).catch(({ code }: { code: string }) => code);
    await fixture.askedTimes(1);
    const found = b?.get(domain('a.example.com'));
    await a?.close();
    expect((await found)?.report.response_code).to.equal(1);
    expect(await lost).to.equal('VT_CLOSED');
  });
});
