import type { QuotaUsage } from '../api/quota-usage';

/** Lookups counted for one API key. Day and month are those of UTC, as VirusTotal turns them. */
export interface QuotaCounts {
  /** The day of `dayUsed`, as "YYYY-MM-DD". */
  day: string;
  /** The number of lookups made in that day. */
  dayUsed: number;
  /** The month of `monthUsed`, as "YYYY-MM". */
  month: string;
  /** The number of lookups made in that month. */
  monthUsed: number;
}

/** Counts in the form in which they are stored. */
export interface StoredCounts extends QuotaCounts {
  /** Lookups that may have been made after these counts were saved and before the process was killed. Default 0. */
  unsaved?: number;
}

/** A store in which the counts outlive the process. Both methods may be called at any time and must not throw. */
export interface QuotaStore {
  /** How long saved counts may take to reach the disk, in ms: until then a killed process loses them. Default 0. */
  readonly delayMs?: number;
  /** Resolves with what was saved last, or undefined when there is nothing. It must not reject. */
  load(): Promise<StoredCounts | undefined>;
  /** Keeps the counts. It must not throw. */
  save(counts: StoredCounts): void;
}

/** The quota of a key, in lookups. */
export interface QuotaLimits {
  /** 0: not counted. */
  daily: number;
  /** 0: not counted. */
  monthly: number;
}

/** Which allowance is used up, and the wall clock time (ms) at which it turns. */
export interface ExhaustedQuota {
  period: 'day' | 'month';
  allowed: number;
  /** How many instances have a share each of what was left. Absent: it is not divided. */
  instances?: number;
  /** Lookups that are left for urgent requests alone. Absent: none are left. */
  reserved?: number;
  until: number;
}

/** A count that is further ahead of the clock than this was made under a wrong clock. */
const DAY_MS = 86_400_000;

/**
 * Counts the starts of the UTC day and month against the allowances, so that the queue stops before VirusTotal refuses: refused requests
 * count as well.
 *
 * The count is an estimate from above. A request counts when it starts, although it may never reach VirusTotal; after a process that was
 * killed, those that may not have been saved are added. VirusTotal's own usage corrects it in both directions, but for the requests that were under
 * way when it was asked for, which may be missing there. Both counts turn at 00:00 UTC by the wall clock, as VirusTotal's do. A clock that is
 * set back over midnight, by up to a day, keeps the counts: those lookups were made.
 */
export class QuotaCount {
  #limits: QuotaLimits = { daily: 0, monthly: 0 };
  /** The allowances that VirusTotal reports. The lower one applies. */
  #reported: QuotaLimits = { daily: 0, monthly: 0 };
  #counts: QuotaCounts;
  #instances = 1;
  #reservePercent = 0;
  /** The part of the rest that is left to the other instances, since the quota was divided; `unreserved`: of the day without its reserve. */
  #peersShare = { daily: 0, monthly: 0, unreserved: 0 };
  /** The day by the clock when it was last looked at: most looks are on the same. */
  #dayNumber = Math.floor(Date.now() / DAY_MS);

  constructor() {
    const today = new Date().toISOString();
    this.#counts = { day: today.slice(0, 10), dayUsed: 0, month: today.slice(0, 7), monthUsed: 0 };
  }

  get limits(): QuotaLimits {
    return this.#limits;
  }

  set limits(limits: QuotaLimits) {
    const changed = limits.daily !== this.#limits.daily || limits.monthly !== this.#limits.monthly;
    this.#limits = limits;
    if (changed) this.#divide();
  }

  /** The part of the day's quota, in percent, that only urgent requests may use. Default 0. */
  set reservePercent(percent: number) {
    if (percent === this.#reservePercent) return;
    this.#reservePercent = percent;
    this.#divide();
  }

  /** That part in lookups, rounded down; 0 as well where no day is counted. */
  get reserved(): number {
    return this.limits.daily > 0 ? Math.floor((this.allowances.daily * this.#reservePercent) / 100) : 0;
  }

  get counts(): QuotaCounts {
    this.#rollOver();
    return { ...this.#counts };
  }

  /** The allowances in force; 0: not counted. */
  get allowances(): QuotaLimits {
    return {
      daily: lowerAllowance(this.limits.daily, this.#reported.daily),
      monthly: lowerAllowance(this.limits.monthly, this.#reported.monthly),
    };
  }

  /** Number of lookups until one of the allowances is used up. */
  get remaining(): number {
    this.#rollOver();
    const { daily, monthly } = this.allowances;
    const { dayUsed, monthUsed } = this.#counts;
    const ofDay = this.limits.daily > 0 ? daily - this.#peersShare.daily - dayUsed : Infinity;
    const ofMonth = this.limits.monthly > 0 ? monthly - this.#peersShare.monthly - monthUsed : Infinity;
    return Math.max(0, Math.min(ofDay, ofMonth));
  }

  get isCounting(): boolean {
    return this.limits.daily > 0 || this.limits.monthly > 0;
  }

  add(): void {
    this.#rollOver();
    this.#counts.dayUsed++;
    this.#counts.monthUsed++;
  }

  /** The allowance that is used up, the longer one first; undefined while there is room. */
  exhausted(): ExhaustedQuota | undefined {
    this.#rollOver();
    const { daily, monthly } = this.allowances;
    const { dayUsed, monthUsed } = this.#counts;
    const divided = this.#divided;
    if (this.limits.monthly > 0 && monthUsed >= monthly - this.#peersShare.monthly)
      return { period: 'month', allowed: monthly, ...divided, until: nextMonth(Date.now()) };
    if (this.limits.daily > 0 && dayUsed >= daily - this.#peersShare.daily)
      return { period: 'day', allowed: daily, ...divided, until: nextMidnight(Date.now()) };
    return undefined;
  }

  /** The day's quota without its reserve, if it is used up: nothing of it is left for a request that isn't urgent. */
  unreservedExhausted(): ExhaustedQuota | undefined {
    this.#rollOver();
    const { reserved } = this;
    const { daily } = this.allowances;
    if (reserved === 0 || this.#counts.dayUsed < daily - reserved - this.#peersShare.unreserved)
      return undefined;
    return { period: 'day', allowed: daily, reserved, ...this.#divided, until: nextMidnight(Date.now()) };
  }

  get #divided(): { instances?: number } {
    return this.#instances > 1 ? { instances: this.#instances } : {};
  }

  /** Number of instances that divide the rest of the quota, each counting for itself. 1: all instances count together. */
  divide(instances: number): void {
    if (instances === this.#instances) return;
    this.#instances = instances;
    this.#divide();
  }

  #divide(): void {
    const { daily, monthly } = this.allowances;
    const ofOthers = (allowed: number, used: number): number => {
      const left = Math.max(0, allowed - used);
      return left - Math.floor(left / this.#instances);
    };
    const { dayUsed, monthUsed } = this.#counts;
    this.#peersShare = {
      daily: ofOthers(daily, dayUsed),
      monthly: ofOthers(monthly, monthUsed),
      unreserved: ofOthers(daily - this.reserved, dayUsed),
    };
  }

  /**
   * Counts of an earlier process, or of another node with the same key: the higher number of the same period counts. What was not saved
   * was made on the day of these counts, or just after it.
   */
  restore({ unsaved = 0, ...stored }: StoredCounts): void {
    this.#rollOver();
    const counts = this.#counts;
    if (nextMidnight(Date.parse(stored.day)) === Date.parse(counts.day)) {
      counts.dayUsed = Math.max(counts.dayUsed, unsaved);
      if (stored.month < counts.month) counts.monthUsed = Math.max(counts.monthUsed, unsaved);
    }
    const ahead = Date.parse(stored.day) - Date.now();
    // Stored before the clock was set back over midnight, by an hour perhaps: those lookups were made.
    if (stored.day > counts.day && ahead <= DAY_MS) counts.day = stored.day;
    if (stored.day === counts.day) counts.dayUsed = Math.max(counts.dayUsed, stored.dayUsed + unsaved);
    if (stored.month > counts.month && ahead <= DAY_MS) counts.month = stored.month;
    if (stored.month === counts.month)
      counts.monthUsed = Math.max(counts.monthUsed, stored.monthUsed + unsaved);
    this.#divide();
  }

  /** What all instances together have used. */
  replace({ day, dayUsed, month, monthUsed }: QuotaCounts): void {
    this.#rollOver();
    const counts = this.#counts;
    if (day === counts.day) counts.dayUsed = dayUsed;
    if (month === counts.month) counts.monthUsed = monthUsed;
  }

  /**
   * VirusTotal's own figures, which know of every tool that uses the key. The own count stands as long as it agrees with them.
   * @param inFlight starts that may be missing in the figures: of requests that ran while VirusTotal counted
   */
  reconcile({ daily, monthly }: Pick<QuotaUsage, 'daily' | 'monthly'>, inFlight = 0): void {
    this.#rollOver();
    const counts = this.#counts;
    if (daily) {
      counts.dayUsed = Math.min(Math.max(counts.dayUsed, daily.used), daily.used + inFlight);
      this.#reported.daily = daily.allowed;
    }
    if (monthly) {
      counts.monthUsed = Math.min(Math.max(counts.monthUsed, monthly.used), monthly.used + inFlight);
      this.#reported.monthly = monthly.allowed;
    }
    this.#divide();
  }

  /**
   * Starts a new day or month when the wall clock says so. A clock that is set back over midnight keeps the count (the
   * lookups were made); one that is back by more than a day had been wrong before, and the period is its again.
   */
  #rollOver(): void {
    const now = Date.now();
    const dayNumber = Math.floor(now / DAY_MS);
    if (dayNumber === this.#dayNumber) return;
    this.#dayNumber = dayNumber;
    const today = new Date(now).toISOString();
    const day = today.slice(0, 10);
    const month = today.slice(0, 7);
    const counts = this.#counts;
    const wasAhead = Date.parse(counts.day) - now > DAY_MS;
    if (day > counts.day) {
      counts.day = day;
      counts.dayUsed = 0;
    } else if (wasAhead) counts.day = day;
    if (month > counts.month) {
      counts.month = month;
      counts.monthUsed = 0;
    } else if (wasAhead) counts.month = month;
    this.#divide();
  }
}

/** The lower allowance of two; 0: not counted. */
export function lowerAllowance(one: number, other: number): number {
  return one > 0 && other > 0 ? Math.min(one, other) : Math.max(one, other);
}

/** 00:00 UTC after the given time, in ms. */
export function nextMidnight(now: number): number {
  return (Math.floor(now / DAY_MS) + 1) * DAY_MS;
}

/** 00:00 UTC of the first day of the month after the given time, in ms. */
export function nextMonth(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
