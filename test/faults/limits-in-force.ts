import { maxTransitMs } from '../../src/lookup/sliding-window';
import { allowances, type Allowance, type LimitName } from './flows';
import type { InForce } from './over-limit';

/** When a config was away, by the machine's clock; the other one may have gone on for a while. */
export interface Away {
  config: Allowance['config'];
  from: number;
  to: number;
}

/**
 * The limits of the configs of one process at a time. That of a config that is away holds for its own time, and again from its coming
 * back; in between, if it was away for longer than that, it doesn't. What had been let go then may still have to wait for a connection.
 */
export function limitsInForce(name: LimitName, away: readonly Away[]): InForce[] {
  const all = allowances(name);
  const windowsOf = (some: readonly Allowance[]) => some.map(({ count, ms }) => ({ count, windowMs: ms }));
  const together = maxTransitMs(windowsOf(all));
  const alone = Math.min(...all.map((each) => maxTransitMs(windowsOf([each]))));
  return all.map(({ config, count, ms }) => ({
    of: config,
    count,
    ms,
    longestWayMs: (at) => (away.some(({ from, to }) => at >= from && at <= to) ? alone : together),
    decidedBefore: () => 0,
    holds: (_, last) =>
      !away.some(({ config: gone, from, to }) => gone === config && last.at > from + ms && last.made < to),
  }));
}
