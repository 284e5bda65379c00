import { execFile, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { KeyRegistry } from '../../../src/lookup/key-registry';
import type { HostOptions } from '../../../src/lookup/options';
import { KeyNames } from '../../../src/lookup/redis/key-names';
import { VirusTotalService } from '../../../src/lookup/service';
import { eventually } from '../../../tools/eventually';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import { whenState } from '../../support/instances';
import { describeWithRedis, RedisServer, type RedisServerOptions } from '../../../tools/redis-server';
import { startStandIn, type StandIn } from '../../../tools/fake-virustotal/stand-in';
import { BreakingTls } from '../../support/breaking-tls';

const certificate = (name: string): string => join(__dirname, '../../api/certificates', `${name}.pem`);

interface Outcome {
  resource: string;
  loaded: boolean;
  store: { code: string; text: string } | null;
}

/** One way to connect: a key of its own, an indicator of its own, and what it started. */
class Way {
  readonly apiKey = freshKey();
  readonly names = new KeyNames(this.apiKey);
  readonly indicator = { type: 'domain', value: `${this.apiKey.slice(0, 6)}.example.com` } as const;
  readonly #servers: RedisServer[] = [];
  readonly #services: VirusTotalService[] = [];
  vt!: StandIn;

  start(options?: RedisServerOptions): Promise<RedisServer> {
    const server = new RedisServer(options);
    this.#servers.push(server);
    return server.start();
  }

  join(redisUrl: string): VirusTotalService {
    const { apiKey, vt } = this;
    const free = { rateLimit: false, dailyQuota: 0, monthlyQuota: 0, keyRegistry: new KeyRegistry() };
    const service = new VirusTotalService({
      ...{ apiKey, apiUrl: vt.url('v3'), store: 'redis', redisUrl },
      ...free,
    });
    this.#services.push(service);
    return service;
  }

  /** Two instances share a report through the Redis of that URL; on a busy machine it may count as down at the first try. */
  async share(redisUrl: string, redis: RedisServer, lookAt = redis.url): Promise<void> {
    const [a, b] = [this.join(redisUrl), this.join(redisUrl)];
    await redis.until(async (client) => (await client.zcard(this.names.instances)) === 2, lookAt);
    let tries = 0;
    await eventually(async () => {
      const indicator = { type: 'domain', value: `${++tries}.${this.indicator.value}` } as const;
      await a.get(indicator);
      const { cached } = await b.get(indicator);
      return cached && this.vt.counts().byIndicator[indicator.value] === 1;
    });
  }

  /** Lookups go on with a Redis that can't be used, and users are told why: on a busy machine not before that it is not there yet. */
  async refused(redisUrl: string, code: string, text: RegExp): Promise<void> {
    const service = this.join(redisUrl);
    await whenState(
      service,
      ({ sharingProblem }) => sharingProblem?.code === code && text.test(sharingProblem.text),
    );
    expect((await service.get(this.indicator)).cached).to.equal(false);
  }

  /** A lookup in a process of its own, which ends when it says that of its store. */
  elsewhere(options: Partial<HostOptions>, store: RegExp, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return this.process(options, env, store.source).outcome;
  }

  process(
    options: Partial<HostOptions>,
    env: NodeJS.ProcessEnv,
    ...more: string[]
  ): { child: ChildProcess; outcome: Promise<Outcome> } {
    const { apiKey, vt, indicator } = this;
    const all = JSON.stringify({ apiKey, apiUrl: vt.url('v3'), ...options });
    const args = [join(__dirname, '../../support/one-lookup.cjs'), all, indicator.value, ...more];
    const run = promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } });
    return { child: run.child, outcome: run.then(({ stdout }) => JSON.parse(stdout) as Outcome) };
  }

  async close(): Promise<void> {
    await Promise.all(this.#services.map((service) => service.close()));
    await Promise.all(this.#servers.map((server) => server.close()));
  }
}

const WAYS: Record<string, (way: Way) => Promise<void>> = {
  'is used as the user and in the database that the URL names': async (way) => {
    const redis = await way.start({ args: ['--requirepass', 'admin'] });
    const admin = redis.url.replace('//', '//:admin@').replace('/0', '/3');
    const rules = ['on', '>p@ss:word', '~virustotal:*', '&virustotal:*', '+@all', '-@dangerous', '+info'];
    await redis.with((client) => client.acl('SETUSER', 'node-red', ...rules), admin);
    const login = `//node-red:${encodeURIComponent('p@ss:word')}@`;
    await way.share(redis.url.replace('//', login).replace('/0', '/3'), redis, admin);
  },

  'is said to lack what it needs when its user may not do that': async (way) => {
    const redis = await way.start();
    await redis.with((client) => client.acl('SETUSER', 'nobody', 'on', '>pw', '~other:*', '&*', '+@all'));
    await way.refused(redis.url.replace('//', '//nobody:pw@'), 'REDIS_AUTH', /does not let this user/);
  },

  'is not used in a database that it has not': async (way) => {
    const redis = await way.start();
    await way.refused(redis.url.replace('/0', '/99'), 'REDIS_NO_DATABASE', /no database of that number/);
    expect(await redis.with((client) => client.exists(way.names.instances))).to.equal(0);
  },

  'is reached over TLS where its certificate is trusted, and nowhere else': async (way) => {
    const redis = await way.start({
      tls: { key: certificate('server.key'), cert: certificate('server.crt') },
    });
    const options = { store: 'redis', redisUrl: redis.url } as const;
    const trusting = { NODE_EXTRA_CA_CERTS: certificate('ca.crt') };
    expect((await way.elsewhere(options, /^null$/, trusting)).loaded).to.equal(true);
    const { store } = await way.elsewhere(options, /over TLS \(\w+\): set NODE_EXTRA_CA_CERTS/);
    expect(store?.code).to.equal('REDIS_DOWN');
  },

  'may fail on the TLS layer and then on the TCP connection without ending the process': async (way) => {
    const redis = await BreakingTls.start();
    const args = [
      { store: 'redis', redisUrl: redis.url },
      { NODE_EXTRA_CA_CERTS: certificate('ca.crt') },
    ] as const;
    const { child, outcome } = way.process(...args, '', 'stay');
    try {
      await Promise.race([redis.reconnected(3), outcome]);
      child.stdin?.end();
      expect((await outcome).resource).to.equal(way.indicator.value);
    } finally {
      child.kill();
      redis.close();
    }
  },

  'costs nothing, not even the loading of its client, as long as all is kept in memory': async (way) => {
    expect(await way.elsewhere({ store: 'memory' }, /^null$/)).to.deep.equal({
      resource: way.indicator.value,
      loaded: false,
      store: null,
    });
  },

  'may be a Cluster': async (way) => {
    const args = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'];
    const redis = await way.start({ args });
    const slots = Array.from({ length: 16_384 }, (_, slot) => slot);
    await redis.with((client) => client.cluster('ADDSLOTS', ...slots));
    await redis.until(async (client) => /cluster_state:ok/.test(String(await client.cluster('INFO'))));
    await way.share(redis.url.replace('/0', '/?cluster=true'), redis);
  },

  'is found again through a Sentinel when its master has died': async (way) => {
    // Else it waits for more replicas.
    const master = await way.start({ args: ['--repl-diskless-sync-delay', '0'] });
    const replica = await way.start({ args: ['--replicaof', '127.0.0.1', String(master.port)] });
    await replica.until(async (client) => /master_link_status:up/.test(await client.info('replication')));
    const sentinel = await way.start({ sentinelOf: { name: 'mymaster', port: master.port } });
    await sentinel.until(async (client) =>
      String(await client.call('SENTINEL', 'REPLICAS', 'mymaster')).includes(String(replica.port)),
    );
    await way.share(sentinel.url.replace('/0', '/?sentinel=mymaster'), master);
    await master.kill();
    await replica.until(async (client) => /role:master/.test(await client.info('replication')));
    await replica.with((client) => client.del(way.names.instances));
    await replica.until(async (client) => (await client.zcard(way.names.instances)) === 2);
  },

  'is not found when no Sentinel knows a master of that name': async (way) => {
    const sentinel = await way.start({ sentinelOf: { name: 'mymaster', port: 1 } });
    const url = sentinel.url.replace('/0', '/?sentinel=othermaster');
    await way.refused(url, 'REDIS_DOWN', /No Sentinel at 127\.0\.0\.1:\d+ or beside it names a master/);
  },
};

describeWithRedis('A Redis', function () {
  const ways = Object.values(WAYS).map((go) => ({ go, way: new Way() }));
  let vt: StandIn;
  /** All at once: most of their time they wait. */
  let stories: Promise<void>[];

  before(async () => {
    vt = await startStandIn({ apiKey: ways.map(({ way }) => way.apiKey) });
    stories = ways.map(({ go, way }) => go(Object.assign(way, { vt })));
    for (const story of stories) story.catch(() => undefined);
  });
  after(async () => {
    await Promise.all(ways.map(({ way }) => way.close()));
    await vt.close();
  });

  Object.keys(WAYS).forEach((what, i) => it(what, () => stories[i]));
});
