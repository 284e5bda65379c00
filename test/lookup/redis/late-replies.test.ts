import { expect } from 'chai';
import { KeyScheduler } from '../../../src/lookup/key-scheduler';
import { redisAddress } from '../../../src/lookup/redis/address';
import { RedisBackend } from '../../../src/lookup/redis/redis-backend';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import { SchedulerClient, until } from '../../../tools/scheduler-clients';
import { ScriptedRedis } from '../../support/scripted-redis';

/** Longer than a request to VirusTotal is taken to be on its way with the limit of these tests. */
const HELD_UP_MS = 300;

describe("Redis' decisions that a process receives too late", () => {
  const redis = new ScriptedRedis();
  let user: SchedulerClient | undefined;
  before(() => redis.start());
  after(async () => {
    await user?.leave();
    await redis.close();
  });

  it('start nothing: their places are free again by then, and later places are requested', async () => {
    const asked: { ids: string[]; replyMs: number }[] = [];
    const canceled: string[] = [];
    redis.replies = ({ script, args: [json = '{}'] }) => {
      if (script !== 'vtCancel' && script !== 'vtReserve') return undefined;
      const { id, replyMs, requests } = JSON.parse(json) as {
        id: string;
        replyMs: number;
        requests: { id: string }[];
      };
      if (script === 'vtCancel') {
        canceled.push(id);
        return undefined;
      }
      asked.push({ ids: requests.map((request) => request.id), replyMs });
      // Redis is in this process: what holds it up holds up who waits for the answer.
      const until = performance.now() + HELD_UP_MS;
      while (asked.length === 1 && performance.now() < until);
      return undefined;
    };
    const backend = new RedisBackend(freshKey(), redisAddress(redis.url)).retain();
    const limit = { count: 3, windowMs: 1_000 } as const;
    user = new SchedulerClient(new KeyScheduler(), backend, { limit });
    await until(backend, () => backend.health.isUp);
    const requests = user.askMany(3);
    await Promise.all(requests.map(({ done }) => done));
    const [first, second] = asked;
    expect(first?.replyMs).to.equal(0);
    expect(canceled).to.include.members(first?.ids ?? []);
    expect(second?.replyMs).to.be.at.least(2 * HELD_UP_MS);
  });
});
