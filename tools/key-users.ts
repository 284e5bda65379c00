import type { VirusTotalError } from '../src/errors';
import type { Progress } from '../src/api/http-exchange';
import type { Job } from '../src/lookup/job';
import { KeyScheduler } from '../src/lookup/key-scheduler';
import type { KeyState } from '../src/lookup/key-state';
import type { Member } from '../src/lookup/key-members';
import { memoryState } from '../src/lookup/memory-state';
import { RedisKeyState } from '../src/lookup/redis/redis-key-state';
import { redisAddress } from '../src/lookup/redis/address';

export type Wishes = Partial<Pick<Member, 'limit' | 'quota' | 'timeScale'>> & { onQuota?: 'fail' | 'wait' };

/** One request in the queue, and what became of it. */
export class Request implements Job {
  priority = 5;
  readonly batch = this;
  queued = false;
  failures = 0;
  readonly claim = undefined;
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

  async attempt(progress: Progress): Promise<'settled'> {
    progress.left();
    this.starts.push(performance.now());
    await new Promise(setImmediate);
    await this.answer();
    this.#end('answered');
    return 'settled';
  }

  elsewhere(): Promise<'again'> {
    return Promise.resolve('again');
  }

  fail(error: VirusTotalError): void {
    this.#end(error.code);
  }
}

/** One who uses a key: a service of this process, or an instance of its own. */
export class KeyUser {
  readonly #member: Member;

  constructor(
    readonly scheduler: KeyScheduler,
    readonly state: KeyState,
    readonly wishes: Wishes,
  ) {
    const { limit = { mode: 'none' }, quota = { daily: 0, monthly: 0 }, timeScale = 0.001 } = wishes;
    this.#member = {
      limit,
      quota,
      timeScale,
      state,
      store: undefined,
      restart: undefined,
      figures: () => Promise.resolve(undefined),
      changed: () => undefined,
    };
    scheduler.join(this.#member);
  }

  ask(answer: () => Promise<void> | void = () => undefined): Request {
    const request = new Request(this.wishes.onQuota ?? 'fail', answer);
    try {
      this.scheduler.add(request);
    } catch (error) {
      request.fail(error as VirusTotalError);
    }
    return request;
  }

  askMany(count: number, answer?: () => Promise<void> | void): Request[] {
    return Array.from({ length: count }, () => this.ask(answer));
  }

  async leave(): Promise<void> {
    this.scheduler.leave(this.#member);
    await this.state.close();
  }
}

/** Users of one key that share it in memory: services of one process. */
export function usersInMemory(count: number, wishes: Wishes): Promise<KeyUser[]> {
  const scheduler = new KeyScheduler();
  return Promise.resolve(Array.from({ length: count }, () => new KeyUser(scheduler, memoryState, wishes)));
}

/** Users of one key that share it in Redis, each as a process of its own; all have found it. */
export function usersOfRedis(count: number, wishes: Wishes, url: string, apiKey: string): Promise<KeyUser[]> {
  const users = Array.from({ length: count }, async () => {
    const state = new RedisKeyState(apiKey, redisAddress(url)).use();
    const user = new KeyUser(new KeyScheduler(), state, wishes);
    await until(state, () => state.health.up);
    return user;
  });
  return Promise.all(users);
}

/** Resolves as soon as the condition holds; looked at whenever the state's health changes. */
export function until(state: RedisKeyState, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!condition()) return;
      ignore();
      resolve();
    };
    const ignore = state.onChange(look);
    look();
  });
}
