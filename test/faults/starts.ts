import { subscribe } from 'node:diagnostics_channel';
import { LIMITS, MINUTE_MS, type LimitName } from './flows';

/**
 * When this process's requests for reports started, by the monotonic clock. What the machine does until they arrive is no fault of who
 * sends them.
 */
export class Starts {
  readonly times: number[] = [];

  constructor() {
    subscribe('undici:client:sendHeaders', (message) => {
      const { path } = (message as { request: { path: string } }).request;
      // Questions about the quota cost nothing.
      if (!path.includes('/users/')) this.times.push(performance.now());
    });
  }

  /** The starts that were more than the limit allows, in words. */
  overLimit(name: LimitName): string[] {
    const limit = LIMITS[name];
    if (!limit.rateLimit) return [];
    const { times } = this;
    const window = limit.rateLimitMode === 'window';
    const [count, ms] = window ? [limit.rateLimitCount, MINUTE_MS] : [1, limit.rateLimitMs];
    const over: string[] = [];
    for (let last = count; last < times.length; last++) {
      const span = (times[last] as number) - (times[last - count] as number);
      if (span < ms)
        over.push(`${count + 1} starts, the last of them number ${last}, in ${span.toFixed(3)} ms`);
    }
    return over;
  }
}
