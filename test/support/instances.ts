import { KeyRegistry } from '../../src/lookup/key-registry';
import type { HostOptions } from '../../src/lookup/options';
import { KeyNames } from '../../src/lookup/redis/key-names';
import { VirusTotalService } from '../../src/lookup/service';
import { eventually } from '../../tools/eventually';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { RedisServer, type RedisServerOptions } from '../../tools/redis-server';
import { startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';

/** What each test has to itself; the Redis is the suite's. */
export interface Instances {
  vt: StandIn;
  redis: RedisServer;
  apiKey: string;
  /** Names of the key's data in Redis. */
  names: KeyNames;
  /** One more instance, as another process would be one. It may not have found Redis yet. */
  join(options?: Partial<HostOptions>): VirusTotalService;
  /** Starts this number of instances; resolves when Redis knows each. */
  joined(count: number, options?: Partial<HostOptions>): Promise<VirusTotalService[]>;
  /** Resolves when Redis knows this number of instances. */
  known(count: number): Promise<void>;
  /** Resolves when VirusTotal has received this number of requests. */
  askedTimes(count: number): Promise<void>;
  /** The indicators that VirusTotal was asked for, in order; questions for the quota, which cost nothing, aside. */
  asked(): string[];
}

/** Gives the suite a Redis and a stand-in, each test a key of its own, and ends what joined. */
export function withInstances(options: RedisServerOptions = {}): Instances {
  const joined: VirusTotalService[] = [];
  const instances: Instances = {
    vt: undefined as unknown as StandIn,
    redis: new RedisServer(options),
    apiKey: '',
    names: undefined as unknown as KeyNames,
    join: (more = {}) => {
      const service = new VirusTotalService({
        apiKey: instances.apiKey,
        apiUrl: instances.vt.url('v3'),
        rateLimit: false,
        dailyQuota: 0,
        monthlyQuota: 0,
        timeScale: 0.001,
        store: 'redis',
        redisUrl: instances.redis.url,
        keyRegistry: new KeyRegistry(),
        ...more,
      });
      joined.push(service);
      return service;
    },
    joined: async (count, more) => {
      const services = Array.from({ length: count }, () => instances.join(more));
      await instances.known(count);
      return services;
    },
    known: (count) =>
      instances.redis.until(async (client) => (await client.zcard(instances.names.instances)) === count),
    askedTimes: (count) => eventually(() => instances.asked().length >= count),
    asked: () =>
      instances.vt.requests.filter(({ path }) => !path.includes('/users/')).map(({ indicator }) => indicator),
  };
  before(async () => {
    await instances.redis.start();
  });
  after(() => instances.redis.close());
  beforeEach(async () => {
    instances.apiKey = freshKey();
    instances.names = new KeyNames(instances.apiKey);
    instances.vt = await startStandIn({ apiKey: instances.apiKey });
  });
  afterEach(async () => {
    await Promise.all(joined.splice(0).map((service) => service.close()));
    await instances.vt.close();
  });
  return instances;
}

/** Resolves as soon as the condition holds; looked at whenever the service's state changes. */
export function whenState(
  service: VirusTotalService,
  condition: (state: ReturnType<VirusTotalService['stats']>) => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!condition(service.stats())) return;
      ignore();
      resolve();
    };
    const ignore = service.onChange(look);
    look();
  });
}
