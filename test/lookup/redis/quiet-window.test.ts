import { expect } from 'chai';
import type { Redis } from 'ioredis';
import { COMMAND_KEYS, COMMANDS, type CommandName } from '../../../src/lookup/redis/commands';
import { KeyNames } from '../../../src/lookup/redis/key-names';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import { describeWithRedis, RedisServer } from '../../../tools/redis-server';

const WINDOW_MS = 60_000;
const TRANSIT_MS = 1_800;
/** How long nothing starts when starts of others may be unknown. */
const QUIET_MS = WINDOW_MS + TRANSIT_MS;

/** What the scripts see in these tests: the clock and the age of Redis are what is under two keys. */
const SEEN: Record<string, string> = {
  "redis.call('TIME')": "{ redis.call('GET', 'seconds'), '0' }",
  "redis.pcall('INFO', 'server')": "('uptime_in_seconds:' .. redis.call('GET', 'uptime'))",
};

interface HeartbeatReply {
  stateId: string;
  present: string[];
  isPartitioned: boolean;
}

/** What Redis and the instances say to each other, second by second. */
class Story {
  readonly names = new KeyNames(freshKey());
  #seconds = 1_800_000_000;

  constructor(
    readonly client: Redis,
    uptime: number,
  ) {
    void client.set('uptime', uptime);
    void client.set('seconds', this.#seconds);
  }

  async pass(seconds: number): Promise<void> {
    await this.client.set('seconds', (this.#seconds += seconds));
    await this.client.incrby('uptime', seconds);
  }

  /** Redis loses all it knows of the key, as by a restart. */
  async lose(uptime: number): Promise<void> {
    await this.client.del(this.names.state, this.names.starts, this.names.instances);
    await this.pass(1);
    await this.client.set('uptime', uptime);
  }

  async run(command: CommandName, args: object, ...keys: string[]): Promise<Record<string, unknown>> {
    const lua = Object.entries(SEEN).reduce((so, [from, to]) => so.replaceAll(from, to), COMMANDS[command]);
    const all = [...COMMAND_KEYS[command].map((name) => this.names[name]), ...keys];
    const reply = await this.client.eval(lua, all.length, ...all, JSON.stringify(args));
    return reply === 'OK' ? {} : (JSON.parse(String(reply)) as Record<string, unknown>);
  }
}

class Instance {
  stateId: string | undefined;
  peers: string[] = [];
  #count = 0;

  constructor(
    readonly story: Story,
    readonly name: string,
  ) {}

  async heartbeat(more: object = {}): Promise<HeartbeatReply> {
    const reply = (await this.story.run(
      'vtHeartbeat',
      {
        ...{ instance: this.name, instanceTtlMs: 5_000, windowMs: WINDOW_MS, transitMs: TRANSIT_MS },
        ...{ limits: [], droppedLimits: [], leases: [], stateId: this.stateId, peers: this.peers },
        ...{ offlineStarts: 0, offlineStartsReported: 0 },
        ...more,
      },
      this.story.names.offlineStarts(this.name),
    )) as unknown as HeartbeatReply;
    this.stateId = reply.stateId;
    this.peers = reply.present.filter((id) => id !== this.name);
    return reply;
  }

  /** What it is told when it wants to start a request: `start`, the ms that it has to wait, or something else. */
  async ask(limit = 4): Promise<unknown> {
    const reply = await this.story.run('vtReserve', {
      ...{
        instance: this.name,
        stateId: this.stateId,
        transitMs: TRANSIT_MS,
        maxTransitMs: 7_000,
        replyMs: 0,
      },
      ...{ retainMs: WINDOW_MS, daily: 0, monthly: 0, windows: limit > 0 ? [[limit, WINDOW_MS]] : [] },
      requests: [{ id: `${this.name}.${++this.#count}` }],
    });
    if (reply.isStale === true) return 'stale';
    if (reply.isPartitioned === true) return 'partitioned';
    const [decision] = reply.decisions as string[];
    return decision === 'wait' ? Number(reply.waitMs) : decision;
  }
}

describeWithRedis('Redis lets nothing start for a window when others may have used it', () => {
  const redis = new RedisServer();
  before(() => redis.start());
  after(() => redis.close());

  const tell = (story: (of: (uptime: number) => Story) => Promise<void>) => (): Promise<void> =>
    redis.with((client) => story((uptime) => new Story(client, uptime)));
  /** This number of instances in a Redis that has run for long and has known all of them for a while. */
  const longTogether = async (story: Story, ...names: string[]): Promise<Instance[]> => {
    const all = names.map((name) => new Instance(story, name));
    for (let round = 0; round < 2; round++) for (const each of all) await each.heartbeat();
    await story.client.hdel(story.names.state, 'quiet', 'quietFrom');
    return all;
  };

  it(
    'but not with a key that is new in a Redis that has run for long',
    tell(async (of) => {
      const story = of(1_000);
      const one = new Instance(story, 'one');
      await one.heartbeat();
      // An instance that knew the key would send a heartbeat within a second.
      expect(await one.ask()).to.equal(1_000);
      await story.pass(1);
      await one.heartbeat();
      expect(await one.ask()).to.equal('start');
    }),
  );

  it(
    'nor without a limit',
    tell(async (of) => {
      const one = new Instance(of(0), 'one');
      await one.heartbeat();
      expect(await one.ask(0)).to.equal('start');
    }),
  );

  it(
    'as when one joins a Redis that has just restarted empty, before those that used it are back',
    tell(async (of) => {
      const story = of(1);
      const newcomer = new Instance(story, 'newcomer');
      await newcomer.heartbeat();
      for (let second = 1; second < 60; second++) {
        expect(await newcomer.ask()).to.equal(QUIET_MS - 1_000 * second);
        await story.pass(1);
        await newcomer.heartbeat();
      }
      await story.pass(2);
      await newcomer.heartbeat();
      expect(await newcomer.ask()).to.equal('start');
    }),
  );

  it(
    'as when its data was deleted: a window from the first heartbeat of one that knew it',
    tell(async (of) => {
      const story = of(1_000);
      const [one, two] = (await longTogether(story, 'one', 'two')) as [Instance, Instance];
      expect(await one.ask()).to.equal('start');
      await story.lose(1_000);
      const newcomer = new Instance(story, 'newcomer');
      await newcomer.heartbeat();
      expect(await two.ask()).to.equal('stale');
      await one.heartbeat();
      await two.heartbeat();
      for (const each of [one, two, newcomer]) expect(await each.ask()).to.equal(QUIET_MS);
      for (let second = 0; second < 62; second++) {
        expect(await newcomer.ask()).to.equal(QUIET_MS - 1_000 * second);
        await story.pass(1);
        for (const each of [one, two, newcomer]) await each.heartbeat();
      }
      expect(await newcomer.ask()).to.equal('start');
    }),
  );

  it(
    'as when its starts were deleted alone',
    tell(async (of) => {
      const story = of(1_000);
      const [one] = (await longTogether(story, 'one')) as [Instance];
      expect(await one.ask()).to.equal('start');
      await story.client.del(story.names.starts);
      expect(await one.ask()).to.equal('stale');
      await one.heartbeat();
      expect(await one.ask()).to.equal(QUIET_MS);
    }),
  );

  it(
    'and those that are not back are taken for cut off',
    tell(async (of) => {
      const story = of(1_000);
      const [one, two] = (await longTogether(story, 'one', 'two')) as [Instance, Instance];
      await story.client.del(story.names.instances);
      expect(await one.heartbeat()).to.include({ isPartitioned: true });
      expect(one.peers).to.deep.equal(['two']);
      expect(await one.ask()).to.equal('partitioned');
      await two.heartbeat();
      expect(await one.ask()).to.equal('start');
    }),
  );

  describe('after an outage in which no instance reached it', () => {
    it(
      'until all are back',
      tell(async (of) => {
        const story = of(1_000);
        const [one, two] = (await longTogether(story, 'one', 'two')) as [Instance, Instance];
        await story.pass(30);
        await one.heartbeat({ isOffline: true });
        await one.heartbeat();
        expect(await one.ask()).to.equal('partitioned');
        // It has only now an answer, and has yet to tell what it started.
        await two.heartbeat({ isOffline: true });
        expect(await two.ask()).to.be.at.most(250);
        await two.heartbeat({ starts: [100, 200, 300].map((age) => [age, `two.${age}`]) });
        expect(await one.ask()).to.equal('start');
        expect(await two.ask()).to.be.within(WINDOW_MS - 300, WINDOW_MS);
      }),
    );

    it(
      'or the window is over, when one is gone with what it started',
      tell(async (of) => {
        const story = of(1_000);
        const [one] = (await longTogether(story, 'one', 'gone')) as [Instance];
        await story.pass(30);
        await one.heartbeat();
        for (let second = 0; second < 61; second++) {
          expect(await one.ask()).to.equal('partitioned');
          await story.pass(1);
          await one.heartbeat();
        }
        await story.pass(1);
        await one.heartbeat();
        expect(one.peers).to.deep.equal([]);
        expect(await one.ask()).to.equal('start');
      }),
    );

    it(
      'not longer, when a single one was late',
      tell(async (of) => {
        const story = of(1_000);
        const [one] = (await longTogether(story, 'one')) as [Instance];
        await story.pass(3);
        await one.heartbeat();
        expect(await one.ask()).to.equal('start');
      }),
    );
  });

  it(
    'and counts what was started without it once, also when some of that was taken back',
    tell(async (of) => {
      const story = of(1_000);
      const [one] = (await longTogether(story, 'one')) as [Instance];
      const used = async (offlineStarts: number, offlineStartsReported: number): Promise<number> => {
        const reply = await one.heartbeat({ offlineStarts, offlineStartsReported });
        return (reply as unknown as { counts: { dayUsed: number } }).counts.dayUsed;
      };
      expect(await used(5, 0)).to.equal(5);
      // The reply to the one before was lost.
      expect(await used(7, 0)).to.equal(7);
      for (let times = 0; times < 3; times++) expect(await used(6, 7)).to.equal(6);
    }),
  );
});
