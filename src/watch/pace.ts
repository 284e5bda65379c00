/** What the key allows, when a lookup is to be planned. */
export interface Allowance {
  /** Lookups a day; 0: not counted. */
  daily: number;
  /** Lookups a month; 0: not counted. */
  monthly: number;
  /** Lookups made today by all that use the key. */
  usedToday: number;
  /** Lookups of the day that are reserved for more urgent messages. */
  reserved: number;
  /** Between two requests on average, by the rate limit, in ms; 0: there is none. */
  intervalMs: number;
  /** For how long the key starts no request, in ms; 0: it does. */
  blockedMs: number;
}

/** How fast a list of some length is looked up. */
export interface Pace {
  /** Lookups a day; Infinity: not limited. */
  budget: number;
  /** Between two lookups that are wanted soon: of new indicators, and those that a message asks for. In ms. */
  gapMs: number;
  /** Between two other lookups, in ms. */
  spreadMs: number;
  /** How long one lookup of each takes at least, in ms. */
  roundMs: number;
}

const DAY_MS = 86_400_000;
const LONGEST_MONTH_DAYS = 31;
/** Every second place in the rate limit stays free: an alert that comes after a lookup finds one. */
const PLACES_LEFT = 2;
/** Without a limit of the day a list that is late catches up in this part of its interval. */
const CATCH_UP = 4;
/** How often it is looked whether a key that is blocked, or whose reserve is reached, is free again, in ms. */
const RECHECK_MS = 10 * 60_000;

/**
 * The pace for a list.
 * @param share percent of the day's quota that it may use
 */
export function paceOf(count: number, everyMs: number, share: number, allowance: Allowance): Pace {
  const budget = budgetOf(share, allowance);
  const gapMs = PLACES_LEFT * allowance.intervalMs;
  const budgetMs = budget === Infinity ? 0 : DAY_MS / budget;
  const catchUpMs = budget === Infinity ? everyMs / Math.max(1, count) / CATCH_UP : budgetMs;
  return {
    budget,
    gapMs,
    spreadMs: Math.max(gapMs, catchUpMs),
    roundMs: count * Math.max(gapMs, budgetMs),
  };
}

/** For how long no lookup may start, in ms; 0: one may. @param spent lookups of the list today @param now ms since 1970 */
export function blockedFor(pace: Pace, allowance: Allowance, spent: number, now: number): number {
  const { daily, usedToday, reserved, blockedMs } = allowance;
  const untilMidnight = (Math.floor(now / DAY_MS) + 1) * DAY_MS - now;
  if (spent >= pace.budget) return untilMidnight;
  if (daily > 0 && usedToday >= daily - reserved) return Math.min(untilMidnight, RECHECK_MS);
  return Math.min(blockedMs, RECHECK_MS);
}

function budgetOf(share: number, { daily, monthly, reserved }: Allowance): number {
  const perDay = Math.min(daily || Infinity, monthly > 0 ? monthly / LONGEST_MONTH_DAYS : Infinity);
  if (perDay === Infinity) return Infinity;
  return Math.max(1, Math.min(Math.floor((perDay * share) / 100), daily > 0 ? daily - reserved : Infinity));
}
