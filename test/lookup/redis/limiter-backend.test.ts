import { expect } from 'chai';
import { VirusTotalError } from '../../../src/errors';
import { KeyNames } from '../../../src/lookup/redis/key-names';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import {
  usersInMemory,
  usersOfRedis,
  type SchedulerClient,
  type Request,
  type ClientOptions,
} from '../../../tools/scheduler-clients';
import { describeWithRedis, RedisServer } from '../../../tools/redis-server';

/**
 * What holds wherever the state of a key is kept.
 * @param told resolves when what VirusTotal said to one is said to all, or is taken back
 */
function agreeOnTheKey(
  users: (count: number, wishes: ClientOptions) => Promise<SchedulerClient[]>,
  told: (held: boolean) => Promise<void>,
): void {
  let joined: SchedulerClient[] = [];
  const join = async (wishes: ClientOptions): Promise<[SchedulerClient, SchedulerClient]> => {
    joined = await users(2, wishes);
    return joined as [SchedulerClient, SchedulerClient];
  };
  afterEach(async () => {
    await Promise.all(joined.map((user) => user.leave()));
  });

  const starts = (requests: Request[]): number[] =>
    requests.flatMap((each) => each.starts).sort((a, b) => a - b);
  /** Time between each start and the one `count` starts later. */
  const spans = (times: number[], apart: number): number[] =>
    times.slice(apart).map((time, i) => time - (times[i] as number));

  it('start no more than the limit in any window, and as many as it allows', async () => {
    const windowMs = 1000;
    const [a, b] = await join({ limit: { count: 10, windowMs } });
    const requests = [...a.askMany(15), ...b.askMany(15)];
    await Promise.all(requests.map(({ done }) => done));
    const times = starts(requests);
    expect(Math.min(...spans(times, 10))).to.be.at.least(windowMs);
    // A busy machine is late now and then, but not with each of them.
    expect(Math.min(...spans(times, 10))).to.be.below(1.5 * windowMs);
  });

  it('keep apart what they start', async () => {
    const [a, b] = await join({ limit: { count: 1, windowMs: 40 } });
    const requests = [...a.askMany(5), ...b.askMany(5)];
    await Promise.all(requests.map(({ done }) => done));
    expect(Math.min(...spans(starts(requests), 1))).to.be.at.least(40);
  });

  it('lose no place to a request that no lookup waits for any more', async () => {
    const [a, b] = await join({ limit: { count: 1, windowMs: 1_500 } });
    const first = a.ask();
    await first.done;
    const given = a.ask();
    given.abandoned = true;
    const wanted = b.ask();
    await wanted.done;
    expect(given.starts).to.deep.equal([]);
    expect((wanted.starts[0] as number) - (first.starts[0] as number)).to.be.within(1_500, 2_999);
  });

  it('spend one allowance a day between them, and not one more', async () => {
    const [a, b] = await join({ quota: { daily: 10, monthly: 0 } });
    const ends = await Promise.all([...a.askMany(8), ...b.askMany(8)].map(({ done }) => done));
    expect(ends.filter((end) => end === 'answered').length).to.equal(10);
    expect(ends.filter((end) => end === 'VT_QUOTA').length).to.equal(6);
    // The next request learns it too, if that one did not yet.
    expect(await Promise.all([a.ask().done, b.ask().done])).to.deep.equal(['VT_QUOTA', 'VT_QUOTA']);
    for (const { scheduler } of [a, b])
      expect(scheduler.stats().quota.day).to.deep.equal({ used: 10, allowed: 10 });
  });

  it('wait together when VirusTotal refused one of them because the quota was used up, then one request goes first', async () => {
    const [a, b] = await join({ timeScale: 0.005 });
    const order: string[] = [];
    let refuse = true;
    const answer = async (): Promise<void> => {
      if (refuse) {
        refuse = false;
        throw new VirusTotalError('VT_QUOTA', 'Quota exceeded', { status: 429, retryable: true });
      }
      order.push('start');
      await new Promise((resolve) => setTimeout(resolve, 30));
      order.push('end');
    };
    const refused = a.ask(answer);
    while (refuse) await new Promise(setImmediate);
    await told(true);
    const requests = [refused, ...a.askMany(3, answer), ...b.askMany(3, answer)];
    expect(await Promise.all(requests.map(({ done }) => done))).to.deep.equal(new Array(7).fill('answered'));
    const [refusal = 0, next = 0] = starts(requests);
    expect(next - refusal).to.be.at.least(300);
    expect(order.slice(0, 2)).to.deep.equal(['start', 'end']);
  });

  it('all stop when VirusTotal does not take the key', async () => {
    const [a, b] = await join({ limit: { count: 1, windowMs: 200 } });
    const refused = a.ask(() => {
      throw new VirusTotalError('VT_AUTH', 'Wrong API key', { status: 401 });
    });
    expect(await refused.done).to.equal('VT_AUTH');
    await told(true);
    const later = [...b.askMany(3), ...a.askMany(3)];
    expect(await Promise.all(later.map(({ done }) => done))).to.deep.equal(new Array(6).fill('VT_AUTH'));
    expect(b.scheduler.stats().problem?.code).to.equal('VT_AUTH');
    // A person has looked at the key.
    a.scheduler.resetBlock();
    await told(false);
    expect(await a.ask().done).to.equal('answered');
  });
}

describe('Those who share a key in memory', () => {
  agreeOnTheKey(usersInMemory, () => Promise.resolve());
});

describeWithRedis('Those who share a key in Redis', () => {
  const redis = new RedisServer();
  before(() => redis.start());
  after(() => redis.close());
  let apiKey = '';
  beforeEach(() => {
    apiKey = freshKey();
  });
  agreeOnTheKey(
    (count, wishes) => usersOfRedis(count, wishes, redis.url, apiKey),
    (held) =>
      redis.with(async (client) => {
        while (((await client.hexists(new KeyNames(apiKey).state, 'until')) === 1) !== held);
      }),
  );
});
