import type { VirusTotalError } from '../src/errors';
import type { Reservation } from '../src/lookup/dispatch-log';
import { KeyScheduler } from '../src/lookup/key-scheduler';
import type { KeyClient } from '../src/lookup/key-clients';
import { memoryBackend, type LimiterBackend } from '../src/lookup/limiter-backend';
import type { QueuedRequest } from '../src/lookup/request-queue';
import { RedisBackend } from '../src/lookup/redis/redis-backend';
import { redisAddress } from '../src/lookup/redis/address';

export type ClientOptions = Partial<Pick<KeyClient, 'limit' | 'quota' | 'timeScale'>> & {
  onQuota?: 'fail' | 'wait';
};

/** One request in the queue, and what became of it. */
export class Request implements QueuedRequest {
  priority = 5;
  readonly batch = this;
  queued = false;
  failures = 0;
  readonly lease = undefined;
  abandoned = false;
  /** Monotonic time at which it went; several, if it went again. */
  readonly starts: number[] = [];
  readonly done: Promise<string>;
  #end: (how: string) => void = () => undefined;

  /** @param answer what VirusTotal does with it: throws, or takes it */
  constructor(
    readonly onQuota: 'fail' | 'wait',
    readonly answer: () => Promise<void> | void,
  ) {
    this.done = new Promise((resolve) => (this.#end = resolve));
  }

  async attempt(reservation: Reservation): Promise<'settled'> {
    reservation.dispatched();
    this.starts.push(performance.now());
    await new Promise(setImmediate);
    await this.answer();
    this.#end('answered');
    return 'settled';
  }

  waitForPeer(): Promise<'retry'> {
    return Promise.resolve('retry');
  }

  fail(error: VirusTotalError): void {
    this.#end(error.code);
  }
}

/** One who uses a key: a service of this process, or an instance of its own. */
export class SchedulerClient {
  readonly #client: KeyClient;

  constructor(
    readonly scheduler: KeyScheduler,
    readonly backend: LimiterBackend,
    readonly options: ClientOptions,
  ) {
    const { limit, quota = { daily: 0, monthly: 0 }, timeScale = 0.001 } = options;
    this.#client = {
      limit,
      quota,
      timeScale,
      backend,
      quotaStore: undefined,
      restart: undefined,
      fetchUsage: () => Promise.resolve(undefined),
      onChange: () => undefined,
    };
    scheduler.addClient(this.#client);
  }

  ask(answer: () => Promise<void> | void = () => undefined): Request {
    const request = new Request(this.options.onQuota ?? 'fail', answer);
    this.scheduler.add(request);
    return request;
  }

  askMany(count: number, answer?: () => Promise<void> | void): Request[] {
    return Array.from({ length: count }, () => this.ask(answer));
  }

  async leave(): Promise<void> {
    this.scheduler.removeClient(this.#client);
    await this.backend.close();
  }
}

/** Users of one key that share it in memory: services of one process. */
export function usersInMemory(count: number, options: ClientOptions): Promise<SchedulerClient[]> {
  const scheduler = new KeyScheduler();
  return Promise.resolve(
    Array.from({ length: count }, () => new SchedulerClient(scheduler, memoryBackend, options)),
  );
}

/** Users of one key that share it in Redis, each as a process of its own; all have found it. */
export function usersOfRedis(
  count: number,
  options: ClientOptions,
  url: string,
  apiKey: string,
): Promise<SchedulerClient[]> {
  const users = Array.from({ length: count }, async () => {
    const backend = new RedisBackend(apiKey, redisAddress(url)).retain();
    const user = new SchedulerClient(new KeyScheduler(), backend, options);
    await until(backend, () => backend.health.isUp);
    return user;
  });
  return Promise.all(users);
}

/** Resolves as soon as the condition holds; looked at whenever the state's health changes. */
export function until(backend: RedisBackend, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!condition()) return;
      ignore();
      resolve();
    };
    const ignore = backend.onChange(look);
    look();
  });
}
