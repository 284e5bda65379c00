import { expect } from 'chai';
import { troubleText } from '../../nodes/status-text';
import { KeyRegistry } from '../../src/lookup/key-registry';
import { KeyNames } from '../../src/lookup/redis/key-names';
import { VirusTotalService } from '../../src/lookup/service';
import { deployFlow, logged, undeploy, type Flow } from '../support/flow';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { whenState } from '../support/instances';
import { sideBySide } from '../support/side-by-side';
import { describeWithRedis, RedisServer } from '../../tools/redis-server';
import { startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';

const PASSWORD = 'right-pa55word';
const WRONG_PASSWORD = 'wrong-pa55word';

interface Fault {
  code: string;
  says: RegExp;
  /** Whether it is there before Node-RED starts. */
  fromTheStart?: boolean;
  login?: string;
  happens: (redis: RedisServer, names: KeyNames) => Promise<unknown> | void;
  ends: (redis: RedisServer, names: KeyNames) => Promise<unknown> | void;
}

const set =
  (name: string, value: string) =>
  (redis: RedisServer): Promise<unknown> =>
    redis.with((client) => client.config('SET', name, value));

/** By what one says of Redis then. */
const FAULTS: Record<string, Fault> = {
  'it hangs': {
    code: 'REDIS_SLOW',
    says: /Redis does not answer in time/,
    happens: (redis) => redis.pause(),
    ends: (redis) => redis.resume(),
  },
  'it is down at the start': {
    code: 'REDIS_DOWN',
    says: /Redis at 127\.0\.0\.1:\d+ can't be reached: no service listens there/,
    fromTheStart: true,
    happens: (redis) => redis.kill(),
    ends: (redis) => redis.start(),
  },
  'it is lost in the middle': {
    code: 'REDIS_DOWN',
    says: /Redis at 127\.0\.0\.1:\d+ can't be reached: no service listens there/,
    happens: (redis) => redis.kill(),
    ends: (redis) => redis.start(),
  },
  'it is full': {
    code: 'REDIS_FULL',
    says: /Redis is full \(maxmemory\)/,
    happens: set('maxmemory', '1'),
    ends: set('maxmemory', '0'),
  },
  'it has become a replica': {
    code: 'REDIS_READ_ONLY',
    says: /This Redis is read-only, as a replica is/,
    happens: (redis) => redis.with((client) => client.replicaof('127.0.0.1', 1)),
    ends: (redis) => redis.with((client) => client.replicaof('NO', 'ONE')),
  },
  'it does not take the password': {
    code: 'REDIS_AUTH',
    says: /Redis refuses the user or the password/,
    fromTheStart: true,
    login: `:${WRONG_PASSWORD}@`,
    happens: set('requirepass', PASSWORD),
    ends: (redis) =>
      redis.with(
        (client) => client.config('SET', 'requirepass', WRONG_PASSWORD),
        redis.url.replace('//', `//:${PASSWORD}@`),
      ),
  },
  'something else is under a key of theirs': {
    code: 'REDIS_WRONG_TYPE',
    says: /Something else has written to a key/,
    happens: (redis, { state }) => redis.with((client) => client.multi().del(state).lpush(state, 'x').exec()),
    ends: (redis, { state }) => redis.with((client) => client.del(state)),
  },
};

/** A VirusTotal node and another instance, with one key in one Redis. */
class Pair {
  readonly apiKey = freshKey();
  readonly names = new KeyNames(this.apiKey);
  readonly redis = new RedisServer();
  flow!: Flow;
  other!: VirusTotalService;
  #vt!: StandIn;
  #looked = 0;

  constructor(
    readonly id: string,
    readonly login = '',
  ) {}

  get url(): string {
    return this.redis.url.replace('//', `//${this.login}`);
  }

  get defs() {
    const config = { type: 'virustotal-config', store: 'redis', dailyQuota: 0, monthlyQuota: 0 };
    return [
      { ...config, id: `vt-${this.id}`, apiUrl: this.#vt.url('v3'), rateLimit: false, timeScale: 0.001 },
      {
        id: this.id,
        z: 'tab',
        type: 'virustotal',
        server: `vt-${this.id}`,
        action: 'domain',
        wires: [['out']],
      },
    ];
  }

  async prepare(vt: StandIn): Promise<void> {
    this.#vt = vt;
    await this.redis.start();
  }

  join(flow: Flow): void {
    this.flow = flow;
    this.other = new VirusTotalService({
      ...{ apiKey: this.apiKey, apiUrl: this.#vt.url('v3'), rateLimit: false, timeScale: 0.001 },
      ...{
        dailyQuota: 0,
        monthlyQuota: 0,
        store: 'redis',
        redisUrl: this.url,
        keyRegistry: new KeyRegistry(),
      },
    });
  }

  /** Redis knows of both. */
  known(): Promise<void> {
    return this.redis.until(async (client) => (await client.zcard(this.names.instances)) === 2);
  }

  /** Domains that were never looked up before. */
  fresh(count: number): string[] {
    return Array.from({ length: count }, () => `${this.id}-${++this.#looked}.example.com`);
  }

  /** Resolves when each has ended in Node-RED in a report, or one in an error. */
  async lookUpHere(domains: string[]): Promise<void> {
    for (const payload of domains) this.flow.nodeAt(this.id).receive({ payload });
    await this.flow.until(() => this.errors.length > 0 || this.reported(domains).length >= domains.length);
  }

  async lookUpThere(domains: string[]): Promise<unknown[]> {
    const reports = domains.map((value) => this.other.lookup({ type: 'domain', value }));
    return (await Promise.all(reports)).map(({ resource }) => resource);
  }

  /** Resolves when what one has asked for is there for the other; on a machine that is busy Redis may be slow once more. */
  async share(): Promise<void> {
    for (;;) {
      const domains = this.fresh(1);
      await this.lookUpHere(domains);
      expect(await this.lookUpThere(domains)).to.deep.equal(domains);
      if (this.askedFor(domains).length === 1) return;
    }
  }

  /** Those of the domains that Node-RED sent a report of, each as often as it did. */
  reported(domains: string[]): string[] {
    const resources = this.flow.out.map(({ payload }) => (payload as { resource: string }).resource);
    return domains.flatMap((domain) => resources.filter((resource) => resource === domain));
  }

  get errors(): unknown[] {
    return this.flow.caught
      .filter(({ error }) => error.source.id === this.id)
      .map(({ error }) => error.message);
  }

  /** Those of the domains that VirusTotal was asked for, each as often as it was. */
  askedFor(domains: string[]): string[] {
    const asked = this.#vt.requests.map(({ indicator }) => indicator);
    return domains.flatMap((domain) => asked.filter((each) => each === domain));
  }

  get statuses() {
    return this.flow.statuses.filter(({ id }) => id === this.id);
  }

  async close(): Promise<void> {
    this.redis.resume();
    await this.other.close();
    await this.redis.close();
  }
}

describeWithRedis('VirusTotal nodes that share a key through Redis', () => {
  const pairs = Object.entries(FAULTS).map(([, { login }], i) => new Pair(`f${i}`, login));
  const restarting = new Pair('restarting');
  const all = [...pairs, restarting];
  let vt: StandIn;

  before(async () => {
    vt = await startStandIn({ apiKey: all.map(({ apiKey }) => apiKey) });
    await Promise.all(all.map((pair) => pair.prepare(vt)));
    const faults = Object.values(FAULTS);
    for (const [i, { fromTheStart, happens }] of faults.entries())
      if (fromTheStart) await happens((pairs[i] as Pair).redis, (pairs[i] as Pair).names);
    const flow = await deployFlow('', {
      config: false,
      node: { server: '' },
      more: all.flatMap(({ defs }) => defs),
      credentials: Object.fromEntries(
        all.map(({ id, apiKey, url }) => [`vt-${id}`, { apiKey, redisUrl: url }]),
      ),
    });
    for (const pair of all) pair.join(flow);
  });
  after(async () => {
    await undeploy();
    await Promise.all(all.map((pair) => pair.close()));
    await vt.close();
  });

  async function goThrough(pair: Pair, { code, says, fromTheStart, happens, ends }: Fault): Promise<void> {
    const { redis, names, flow, other, id } = pair;
    if (!fromTheStart) {
      await pair.known();
      await happens(redis, names);
    }
    const words = troubleText(code);
    const [here, there] = [pair.fresh(3), pair.fresh(3)];
    const [, reports] = await Promise.all([pair.lookUpHere(here), pair.lookUpThere(there)]);
    expect(reports).to.deep.equal(there);
    await flow.until(() => flow.statusText(id) === words);
    expect(pair.statuses.at(-1)).to.include({ fill: 'yellow', shape: 'ring' });
    await whenState(other, ({ sharingProblem }) => sharingProblem?.code === code);
    expect(other.stats().sharingProblem?.text).to.match(says);
    expect(logged()).to.match(says);

    await ends(redis, names);
    await flow.until(() => flow.statusText(id) !== words);
    await whenState(other, ({ sharingProblem }) => sharingProblem === null);
    await pair.share();

    expect(pair.reported(here)).to.deep.equal(here);
    expect(pair.errors).to.deep.equal([]);
    expect(pair.askedFor([...here, ...there])).to.deep.equal([...here, ...there]);
    for (const secret of [pair.apiKey, PASSWORD, WRONG_PASSWORD])
      expect(logged() + JSON.stringify([pair.statuses, other.stats()])).not.to.contain(secret);
  }

  async function goThroughRestart(pair: Pair): Promise<void> {
    await pair.known();
    vt.script(({ indicator }) => (indicator.startsWith(pair.id) ? { delayMs: 20 } : undefined));
    const [here, there] = [pair.fresh(100), pair.fresh(100)];
    const done = Promise.all([pair.lookUpHere(here), pair.lookUpThere(there)]);
    await pair.redis.restart();
    expect((await done)[1]).to.deep.equal(there);
    expect(pair.reported(here)).to.deep.equal(here);
    expect(pair.errors).to.deep.equal([]);
    expect(pair.askedFor([...here, ...there])).to.deep.equal([...here, ...there]);
  }

  sideBySide({
    ...Object.fromEntries(
      Object.entries(FAULTS).map(([when, fault], i) => [
        `use the fallback limit when ${when}, show why and share again afterwards`,
        () => goThrough(pairs[i] as Pair, fault),
      ]),
    ),
    'lose and double nothing when Redis restarts empty while messages wait and are in flight': () =>
      goThroughRestart(restarting),
  });
});
