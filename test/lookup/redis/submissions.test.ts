import { expect } from 'chai';
import { startSubmission } from '../../../src/submit/submission';
import { describeWithRedis } from '../../../tools/redis-server';
import { eventually } from '../../../tools/eventually';
import { withInstances } from '../../support/instances';

const url = (name: string) => ({ kind: 'url', url: `https://${name}.example.com/login` }) as const;

describeWithRedis('Submissions of two instances that share a key over Redis', () => {
  const instances = withInstances();
  beforeEach(() => instances.vt.reset({ unlisted: 'unknown' }));

  it('are counted in one quota', async () => {
    const services = await instances.joined(2, { dailyQuota: 100 });
    const results = await Promise.all(
      services.map((service, n) => startSubmission(service, url(`u${n}`)).result),
    );
    for (const { report } of results) expect(report).to.include({ response_code: 1 });
    expect(instances.vt.submissions).to.have.length(2);
    const asked = instances.asked().length;
    expect(asked).to.be.at.least(8);
    await eventually(() => services.every((service) => service.stats().quota.day.used === asked));
  });

  it('give their report to the other instance, which submits and asks for nothing', async () => {
    const [one, two] = await instances.joined(2);
    if (one === undefined || two === undefined) throw new Error('no instances');
    const { report } = await startSubmission(one, url('shared')).result;
    const asked = instances.asked().length;
    // Before that it has the report "unknown", which is a line long.
    await instances.redis.until(async (client) => {
      const names = await client.keys(`${instances.names.prefix}report:*`);
      return (await client.strlen(names[0] ?? '')) > 1000;
    });
    const again = await startSubmission(two, url('shared')).result;
    expect(again).to.include({ submitted: false, cached: true });
    expect(again.report?.positives).to.equal(report?.positives);
    expect(instances.asked()).to.have.length(asked);
    expect(instances.vt.submissions).to.have.length(1);
  });

  it('poll after every lookup that waits', async () => {
    const [one] = await instances.joined(2, { rateLimit: true, rateLimitMs: 100 });
    if (one === undefined) throw new Error('no instance');
    let lookups = 0;
    let open = 0;
    const failures: unknown[] = [];
    const lookUp = (): void => {
      open++;
      one
        .get({ type: 'domain', value: `d${++lookups}.example.com` })
        .catch((error: unknown) => failures.push(error))
        .finally(() => open--);
    };
    const submission = startSubmission(one, url('polled'));
    // As long as no poll waits, there are lookups for it to wait for. On a busy machine the first may have gone before one was seen to wait.
    await eventually(() => {
      if (submission.stage.stage !== 'queued') return false;
      while (open < 4) lookUp();
      return one.stats().waiting > open;
    });
    const before = instances.vt.requests.length;
    for (let more = 0; more < 3; more++) lookUp();
    await submission.result;
    expect(failures).to.deep.equal([]);
    const paths = instances.vt.requests.map(({ path }) => path);
    const poll = paths.findIndex((path, index) => index >= before && path.includes('/analyses/'));
    expect(paths.slice(0, poll).filter((path) => path.includes('/domains/'))).to.have.length(lookups);
  });
});
