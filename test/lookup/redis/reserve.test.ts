import { expect } from 'chai';
import type { HostOptions } from '../../../src/lookup/options';
import type { VirusTotalService } from '../../../src/lookup/service';
import { whenState, withInstances } from '../../support/instances';

const domain = (name: string) => ({ type: 'domain', value: `${name}.example` }) as const;

/** Looks these up at a priority; resolves with the code of each error, or "report". */
function lookUpAll(service: VirusTotalService, all: readonly string[], priority: number): Promise<string[]> {
  return Promise.all(
    all.map((name) =>
      service.get(domain(name), { priority }).then(
        () => 'report',
        (error: Error & { code?: string }) => error.code ?? error.message,
      ),
    ),
  );
}

const names = (count: number, prefix: string): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const reports = (fates: readonly string[]): number => fates.filter((fate) => fate === 'report').length;

describe("The reserve of the day's quota that several instances share", () => {
  const instances = withInstances();
  /** With API v2 VirusTotal tells no figures of its own, which may lack what is under way. */
  const joined = (count: number, options: Partial<HostOptions>): Promise<VirusTotalService[]> =>
    instances.joined(count, { apiVersion: 'v2', apiUrl: instances.vt.url('v2'), ...options });

  it('is kept by all together: what urgent lookups of one use, priority 9 of the other lacks', async () => {
    const [one, other] = (await joined(2, { dailyQuota: 50, cache: false })) as [
      VirusTotalService,
      VirusTotalService,
    ];
    expect(reports(await lookUpAll(one, names(15, 'urgent'), 5))).to.equal(15);
    const low = await Promise.all([
      lookUpAll(one, names(20, 'one'), 9),
      lookUpAll(other, names(20, 'other'), 6),
    ]);
    expect(low.map(reports).reduce((a, b) => a + b)).to.equal(25);
    expect(low.flat().filter((fate) => fate === 'VT_QUOTA').length).to.equal(15);
    expect(reports(await lookUpAll(other, names(12, 'late'), 0))).to.equal(10);
    expect(instances.asked().length).to.equal(50);
  });

  it('holds back waiting lookups of priority 9 and starts urgent ones of any instance meanwhile', async () => {
    const options = { dailyQuota: 10, onQuota: 'wait', cache: false } as const;
    const [one, other] = (await joined(2, options)) as [VirusTotalService, VirusTotalService];
    const low = [
      ...names(20, 'one').map((name) => one.get(domain(name), { priority: 9 })),
      ...names(20, 'other').map((name) => other.get(domain(name), { priority: 9 })),
    ];
    for (const lookup of low) lookup.catch(() => undefined);
    await Promise.all([one, other].map((service) => whenState(service, ({ reserve }) => !!reserve?.waitMs)));
    await instances.askedTimes(8);
    expect(reports(await lookUpAll(one, ['urgent-one'], 5))).to.equal(1);
    expect(reports(await lookUpAll(other, ['urgent-other'], 5))).to.equal(1);
    expect(instances.asked().slice(8)).to.deep.equal(['urgent-one.example', 'urgent-other.example']);
  });

  it('has no effect for a day that is not counted', async () => {
    const [one] = (await joined(1, { dailyQuota: 0, reserve: 99 })) as [VirusTotalService];
    expect(reports(await lookUpAll(one, names(20, 'low'), 9))).to.equal(20);
  });

  it('outlives a restart, as the count is in Redis', async () => {
    const options = { dailyQuota: 10, cache: false };
    const [one] = (await joined(1, options)) as [VirusTotalService];
    expect(reports(await lookUpAll(one, names(10, 'low'), 9))).to.equal(8);
    await one.close();
    const [next] = (await joined(1, options)) as [VirusTotalService];
    await lookUpAll(next, ['urgent'], 5);
    expect(await lookUpAll(next, ['low'], 9)).to.deep.equal(['VT_QUOTA']);
    expect(instances.asked().length).to.equal(9);
  });
});
