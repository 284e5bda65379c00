import type { NodeMessage } from 'node-red';
import { VirusTotalError } from '../src/errors';
import type { Indicator } from '../src/ioc/ioc';
import type { IndicatorFilter } from '../src/ioc/indicator-filter';
import { isObject } from '../src/report/narrow';
import { readIndicators } from '../src/watch/indicator-lines';
import { MAX_WATCHED, type WatchList } from '../src/watch/watch-list';
import type { Watched } from '../src/watch/watched';

/** Problems that an error text quotes. */
const MAX_NAMED = 5;

/** What a message wants of the list. */
interface WatchCommand {
  add?: unknown;
  remove?: unknown;
  check?: unknown;
  list?: unknown;
}

/** A watched indicator, as `msg.payload` lists it. Times are ISO 8601 in UTC. */
interface ListedIndicator extends Indicator {
  verdict: string | null;
  positives: number | null;
  since: string | null;
  checkedAt: string | null;
  nextAt: string | null;
}

/**
 * Does what `msg.watch` says: adds, removes, asks for a check, lists, in this order.
 * @returns the list, when it was asked for
 * @throws VirusTotalError `VT_INVALID_IOC` for what is no command, and, when all else is done, for what is no indicator, may not be sent, has no
 *   room or isn't watched
 */
export function obey(
  msg: NodeMessage,
  list: WatchList,
  filter: IndicatorFilter | undefined,
): { listed: ListedIndicator[] | undefined; checksAll: boolean; problem: VirusTotalError | undefined } {
  const { add, remove, check, list: wantsList } = commandIn(msg);
  const problems: string[] = [];
  if (add !== undefined && add !== false) {
    const { allowed, refused } = readAllowed(add, filter);
    const full = list.add(allowed);
    problems.push(...refused, ...full.map(({ value }) => `${value} (${MAX_WATCHED} are watched already)`));
  }
  if (remove !== undefined && remove !== false) {
    const { indicators, unread } = readIndicators(remove);
    problems.push(...unread.map((text) => `${text} (no indicator)`));
    problems.push(...list.remove(indicators).map(({ value }) => `${value} (not watched)`));
  }
  if (check !== undefined && check !== false) {
    const { indicators, unread } =
      check === true ? { indicators: list.all, unread: [] } : readIndicators(check);
    problems.push(...unread.map((text) => `${text} (no indicator)`));
    problems.push(...list.ask(indicators).map(({ value }) => `${value} (not watched)`));
  }
  return {
    listed: wantsList === undefined || wantsList === false ? undefined : list.all.map(listed),
    checksAll: check === true,
    problem: problems.length > 0 ? problemOf(problems) : undefined,
  };
}

/** The indicators of a list that may be sent, and why the others are not. */
export function readAllowed(
  lines: unknown,
  filter: IndicatorFilter | undefined,
): { allowed: Indicator[]; refused: string[] } {
  const { indicators, unread } = readIndicators(lines);
  const allowed: Indicator[] = [];
  const refused = unread.map((text) => `${text} (no indicator)`);
  for (const { type, value } of indicators) {
    try {
      const checked = filter?.validate(type, value) ?? { indicator: { type, value } };
      if ('indicator' in checked) allowed.push(checked.indicator);
      else refused.push(`${checked.skipped.value} (${checked.skipped.reason})`);
    } catch {
      refused.push(`${value} (no indicator)`);
    }
  }
  return { allowed, refused };
}

/** Names the first of them. */
export function problemOf(problems: readonly string[]): VirusTotalError {
  const named = problems.slice(0, MAX_NAMED).join(', ');
  const rest = problems.length > MAX_NAMED ? ` and ${problems.length - MAX_NAMED} more` : '';
  return new VirusTotalError('VT_INVALID_IOC', `Not watched: ${named}${rest}`);
}

function commandIn(msg: NodeMessage): WatchCommand {
  const { watch } = msg as { watch?: unknown };
  const names = ['add', 'remove', 'check', 'list'];
  if (isObject(watch) && names.some((name) => watch[name] !== undefined)) return watch;
  throw new VirusTotalError(
    'VT_INVALID_IOC',
    'No command: msg.watch must be an object with add, remove, check or list, as {add: "example.com"}',
  );
}

function listed({ type, value, verdict, positives, since, checkedAt, dueAt }: Watched): ListedIndicator {
  const time = (at: number | undefined): string | null =>
    at === undefined ? null : new Date(at).toISOString();
  return {
    ...{ type, value, verdict: verdict ?? null, positives: positives ?? null },
    ...{ since: time(since), checkedAt: time(checkedAt), nextAt: time(dueAt) },
  };
}
