import { expect } from 'chai';
import { VirusTotalService } from '../../src/lookup/service';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { StandIn } from '../../tools/fake-virustotal/stand-in';

const domain = (n: number) => ({ type: 'domain', value: `shop-${n}.net` }) as const;

describe("A local count that differs from VirusTotal's", () => {
  let vt: StandIn;
  let apiKey: string;
  beforeEach(async () => {
    apiKey = freshKey();
    vt = await new StandIn({ apiKey, quota: { daily: 500 } }).listen();
  });
  afterEach(() => vt.close());

  const service = (more: object = {}): VirusTotalService =>
    new VirusTotalService({
      apiKey,
      apiUrl: vt.url('v3'),
      rateLimit: false,
      cache: false,
      timeScale: 0.0001,
      ...more,
    });

  it('is corrected by VirusTotal after an outage in which no request arrived', async () => {
    const lookups = service({ dailyQuota: 6 });
    vt.script(() => ({ cut: 'before' }));
    for (const n of [1, 2]) await lookups.lookup(domain(n)).catch(() => undefined);
    expect(lookups.stats().quota.day).to.include({ used: 6 });
    vt.script([]);
    vt.reset();
    let report: unknown;
    while (!report) {
      report = await lookups.lookup(domain(3)).catch(() => undefined);
      await new Promise(setImmediate);
    }
    expect(lookups.stats().quota.day.used).to.be.below(6);
    await lookups.close();
  });

  it('is corrected while only the reserve is left of it', async () => {
    const lookups = service({ dailyQuota: 12, reserve: 50, onQuota: 'wait' });
    vt.script(() => ({ cut: 'before' }));
    for (const n of [1, 2]) await lookups.lookup(domain(n), { priority: 9 }).catch(() => undefined);
    expect(lookups.stats().quota.day).to.include({ used: 6 });
    vt.script([]);
    vt.reset();
    expect(await lookups.lookup(domain(3), { priority: 9 })).to.include({ resource: 'shop-3.net' });
    await lookups.close();
  });

  it('adopts at once a quota that was raised both at VirusTotal and in the config', async () => {
    const small = service({ dailyQuota: 1 });
    await small.lookup(domain(1));
    await small.close();
    const raised = service({ dailyQuota: 400 });
    await raised.lookup(domain(2));
    expect(raised.stats().quota.day.allowed).to.equal(400);
    await raised.close();
  });

  it("is not confused by a report that contains the proxy's password by chance", async () => {
    vt.know('shop-1.net', 7);
    const lookups = service({ tls: { passphrase: 'data' } });
    expect(await lookups.lookup(domain(1))).to.include({ resource: 'shop-1.net', positives: 7 });
    await lookups.close();
  });
});
