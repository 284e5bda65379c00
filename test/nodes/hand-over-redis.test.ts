import { expect } from 'chai';
import type { Report } from '../../src/report/report';
import { eventually } from '../../tools/eventually';
import { describeWithRedis, RedisServer } from '../../tools/redis-server';
import type { DeployType } from '../support/flow';
import { withStandIn } from '../support/with-stand-in';

const NAMES = ['b.com', 'c.com', 'd.com', 'e.com'];
const TYPES: readonly DeployType[] = ['full', 'flows', 'nodes'];

describeWithRedis('what waits in a node at a deploy, where Redis keeps quota and cache', () => {
  const fixture = withStandIn();
  const redis = new RedisServer();
  before(() => redis.start());
  after(() => redis.close());

  for (const type of TYPES)
    it(`continues after a deploy (${type}), ends once and sends one request per indicator`, async () => {
      const shared = { store: 'redis', dailyQuota: 100, rateLimit: true };
      const flow = await fixture.deploy({
        config: { ...shared, rateLimitMs: 300 },
        credentials: { vt: { apiKey: fixture.apiKey, redisUrl: redis.url } },
        node: { action: 'domain' },
      });
      flow.send({ payload: 'a.com' });
      await flow.ended(1);
      NAMES.forEach((payload) => flow.send({ payload }));
      await flow.redeploy({ vt: { rateLimitMs: 20 }, n: { name: 'renamed' } }, type);
      await flow.ended(5);
      expect(flow.out.map(({ payload }) => (payload as Report).resource)).to.deep.equal(['a.com', ...NAMES]);
      expect(flow.caught).to.deep.equal([]);
      expect(fixture.asked()).to.deep.equal(['a.com', ...NAMES]);
      // What was started while Redis was slow to answer is in the shared count after the next heartbeat.
      await eventually(async () => (await fixture.state()).quota.day.used === 5);
      expect(await redis.with((client) => client.dbsize())).to.be.above(0);
    });

  it('continues when Redis is away during the deploy', async () => {
    const flow = await fixture.deploy({
      config: { store: 'redis', rateLimit: true, rateLimitMs: 300, instances: 1 },
      credentials: { vt: { apiKey: fixture.apiKey, redisUrl: redis.url } },
      node: { action: 'domain' },
    });
    flow.send({ payload: 'a.com' });
    await flow.ended(1);
    NAMES.forEach((payload) => flow.send({ payload }));
    await redis.kill();
    await flow.redeploy({ vt: { rateLimitMs: 20 } }, 'full');
    await flow.ended(5);
    expect(flow.out).to.have.length(5);
    expect(flow.caught).to.deep.equal([]);
    expect(fixture.asked()).to.have.members(['a.com', ...NAMES]);
    await redis.start();
  });
});
