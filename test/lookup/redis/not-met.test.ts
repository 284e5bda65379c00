import { expect } from 'chai';
import { KeyRegistry } from '../../../src/lookup/key-registry';
import type { HostOptions } from '../../../src/lookup/options';
import { VirusTotalService } from '../../../src/lookup/service';
import { logSharingProblems } from '../../../nodes/log-sharing-problems';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import { whenState } from '../../support/instances';
import { startStandIn, type StandIn } from '../../../tools/fake-virustotal/stand-in';

describe('Instances that have not reached Redis since they started', () => {
  let vt: StandIn;
  let apiKey: string;
  const services: VirusTotalService[] = [];
  beforeEach(async () => {
    apiKey = freshKey();
    vt = await startStandIn({ apiKey });
  });
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.close()));
    await vt.close();
  });

  /** Nothing listens at port 1. */
  const join = (options: Partial<HostOptions>): VirusTotalService => {
    const service = new VirusTotalService({
      ...{ apiKey, apiUrl: vt.url('v2'), apiVersion: 'v2', rateLimit: false, dailyQuota: 0, monthlyQuota: 0 },
      ...{ store: 'redis', redisUrl: 'redis://127.0.0.1:1/0', keyRegistry: new KeyRegistry() },
      ...options,
    });
    services.push(service);
    return service;
  };
  const fates = (service: VirusTotalService, count: number): Promise<string[]> => {
    const lookups = Array.from({ length: count }, (_, i) =>
      service.lookup({ type: 'domain', value: `d${services.indexOf(service)}-${i}.example.com` }),
    );
    return Promise.all(
      lookups.map((lookup) =>
        lookup.then(
          () => 'report',
          ({ message }: { message: string }) => message,
        ),
      ),
    );
  };

  it('start no more in any window than the limit, by as many as the config names', async () => {
    const all = [1, 2, 3].map(() =>
      join({ rateLimit: true, rateLimitMode: 'window', rateLimitCount: 4, timeScale: 0.05, instances: 3 }),
    );
    await Promise.all(all.map((service) => fates(service, 3)));
    const times = vt.requests.map(({ at }) => at);
    expect(times).to.have.length(9);
    // The window is 3 s here. On a busy machine requests take their time; the exact time is that of a virtual clock's tests.
    for (const from of times)
      expect(times.filter((at) => at >= from && at < from + 1_500).length).to.be.at.most(4);
  });

  it('use no more of a day than is allowed, and say of a lookup that is refused that it is of a share', async () => {
    const all = [1, 2, 3].map(() => join({ dailyQuota: 7, instances: 3 }));
    const ends = (await Promise.all(all.map((service) => fates(service, 5)))).flat();
    expect(ends.filter((end) => end === 'report')).to.have.length(6);
    expect(ends.find((end) => end !== 'report')).to.match(
      /^Day's quota used up: this instance's share, one of 3 while Redis can't be used, of the quota of 7 lookups/,
    );
  });

  for (const [instances, says] of [
    [
      1,
      /lookups continue with the whole limit: this process has not reached Redis since it started, and 1 instance is set/,
    ],
    [
      3,
      /lookups continue with 1\/3 of the limit: this process has not reached Redis since it started, and 3 instances are set/,
    ],
  ] as const)
    it(`say in the log which share they use: of ${instances}`, async () => {
      const service = join({ instances });
      const warnings: string[] = [];
      logSharingProblems(
        { warn: (text: unknown) => warnings.push(String(text)), log: () => undefined },
        service,
      );
      await whenState(service, ({ sharingProblem }) => sharingProblem !== null);
      expect(warnings.at(-1)).to.match(says);
    });

  it('cannot be zero', () => {
    expect(() => join({ instances: 0 })).to.throw(
      /instances is 0 \(number\); it takes a whole number from 1 to 1000/,
    );
  });
});
