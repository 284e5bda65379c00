import { subscribe } from 'node:diagnostics_channel';
import { allowances, type LimitName } from './flows';

/**
 * When this process's requests for reports started, by a clock that all processes share. What the machine does until they arrive is no fault of who
 * sends them.
 */
export class Starts {
  readonly times: number[] = [];

  constructor() {
    subscribe('undici:client:sendHeaders', (message) => {
      const { path } = (message as { request: { path: string } }).request;
      // Questions about the quota cost nothing.
      if (!path.includes('/users/')) this.times.push(performance.timeOrigin + performance.now());
    });
  }
}

/** When a config was away while the other one went on, by the same clock: from the end of its last window on, its limit doesn't hold. */
export interface Away {
  config: 'vt' | 'vt2';
  from: number;
  to: number;
}

/** The requests that were more than the limits allow, in words, by the times of all of them in ms and in order. */
export function overLimit(name: LimitName, times: readonly number[], away: readonly Away[]): string[] {
  const over: string[] = [];
  for (const { config, count, ms } of allowances(name)) {
    const holds = (at: number): boolean =>
      !away.some(({ config: gone, from, to }) => gone === config && at > from + ms && at < to + ms);
    for (let last = count; last < times.length; last++) {
      const at = times[last] as number;
      const span = at - (times[last - count] as number);
      if (span < ms && holds(at))
        over.push(
          `${count + 1} starts, the last of them number ${last}, in ${span.toFixed(3)} ms, not ${ms}`,
        );
    }
  }
  return over;
}
