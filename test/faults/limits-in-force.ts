import { maxTransitMs } from '../../src/lookup/sliding-window';
import { allowances, LASTING, type Allowance, type LimitName } from './flows';
import type { InForce } from './over-limit';
import type { Started } from './starts';

/** When a config was away, by the machine's clock; the other one may have gone on for a while. */
export interface Away {
  config: Allowance['config'];
  from: number;
  to: number;
}

/**
 * The limits of the configs of one process at a time. That of a config that is away holds for its own time, and again from its coming
 * back; in between, if it was away for longer than that, it doesn't. What had been let go then may still have to wait for a connection.
 *
 * @param lasting names of the processes with the lasting limit
 */
export function limitsInForce(
  name: LimitName,
  away: readonly Away[],
  lasting: ReadonlySet<string>,
): InForce[] {
  const all = lasting.size > 0 ? [...allowances(name), LASTING] : allowances(name);
  const windowsOf = (some: readonly Allowance[]) => some.map(({ count, ms }) => ({ count, windowMs: ms }));
  const together = maxTransitMs(windowsOf(allowances(name)));
  const alone = Math.min(...all.map((each) => maxTransitMs(windowsOf([each]))));
  const lasts = (start: Started): boolean => lasting.has(start.name.split('.')[0] ?? '');
  return all.map(({ config, count, ms }) => ({
    of: config,
    count,
    ms,
    longestWayMs: (at) =>
      together === 0 || away.some(({ from, to }) => at >= from && at <= to) ? alone : together,
    decidedBefore: () => 0,
    holds: (first, last) =>
      (config !== LASTING.config || (lasts(first) && lasts(last))) &&
      !away.some(({ config: gone, from, to }) => gone === config && last.at > from + ms && last.made < to),
  }));
}
