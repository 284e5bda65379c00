/** Lookups counted for one API key. Day and month are those of UTC, as VirusTotal turns them. */
export interface QuotaCounts {
  /** "YYYY-MM-DD" */
  day: string;
  dayUsed: number;
  /** "YYYY-MM" */
  month: string;
  monthUsed: number;
}

/** Where counts outlive the process. Either may be called at any time; neither may throw. */
export interface QuotaStore {
  load(): Promise<QuotaCounts | undefined>;
  save(counts: QuotaCounts): void;
}

export interface QuotaLimits {
  /** 0: not counted. */
  daily: number;
  /** 0: not counted. */
  monthly: number;
}

/** Which allowance is used up, and the wall clock time (ms) at which it turns. */
export interface Spent {
  period: 'day' | 'month';
  allowed: number;
  until: number;
}

/** A stored day further ahead than this was written under a wrong clock. */
const DAY_MS = 86_400_000;

/** Counts starts a day and a month against an allowance, so that the queue stops before VirusTotal refuses. */
export class QuotaCount {
  limits: QuotaLimits = { daily: 0, monthly: 0 };
  /** What VirusTotal itself says it allows; the lower of both holds. */
  #allowed: QuotaLimits = { daily: Infinity, monthly: Infinity };
  #counts: QuotaCounts;

  constructor() {
    const today = new Date().toISOString();
    this.#counts = { day: today.slice(0, 10), dayUsed: 0, month: today.slice(0, 7), monthUsed: 0 };
  }

  get counts(): QuotaCounts {
    this.#turn();
    return { ...this.#counts };
  }

  /** The allowances in force; 0: not counted. */
  get allowances(): QuotaLimits {
    return {
      daily: Math.min(this.limits.daily || Infinity, this.#allowed.daily),
      monthly: Math.min(this.limits.monthly || Infinity, this.#allowed.monthly),
    };
  }

  get counting(): boolean {
    return this.limits.daily > 0 || this.limits.monthly > 0;
  }

  add(starts = 1): void {
    this.#turn();
    this.#counts.dayUsed += starts;
    this.#counts.monthUsed += starts;
  }

  /** The allowance that is used up, the longer one first; undefined while there is room. */
  spent(): Spent | undefined {
    this.#turn();
    const { daily, monthly } = this.allowances;
    const now = new Date();
    if (this.limits.monthly > 0 && this.#counts.monthUsed >= monthly)
      return {
        period: 'month',
        allowed: monthly,
        until: Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1),
      };
    if (this.limits.daily > 0 && this.#counts.dayUsed >= daily)
      return { period: 'day', allowed: daily, until: nextMidnight(now.getTime()) };
    return undefined;
  }

  /** Counts of an earlier process, or of another node with the same key: the higher number of the same period holds. */
  merge(stored: QuotaCounts): void {
    this.#turn();
    if (stored.day === this.#counts.day)
      this.#counts.dayUsed = Math.max(this.#counts.dayUsed, stored.dayUsed);
    if (stored.month === this.#counts.month)
      this.#counts.monthUsed = Math.max(this.#counts.monthUsed, stored.monthUsed);
  }

  /** VirusTotal's own figures, which know of every tool that uses the key. `running` requests may not be in them yet. */
  correct(
    figures: {
      daily?: { used: number; allowed: number } | undefined;
      monthly?: { used: number; allowed: number } | undefined;
    },
    running = 0,
  ): void {
    this.#turn();
    if (figures.daily) {
      this.#counts.dayUsed = figures.daily.used + running;
      this.#allowed.daily = figures.daily.allowed;
    }
    if (figures.monthly) {
      this.#counts.monthUsed = figures.monthly.used + running;
      this.#allowed.monthly = figures.monthly.allowed;
    }
  }

  /**
   * Starts a new day or month when the wall clock says so. A clock that is set back over midnight keeps the count (the
   * lookups were made); one that is back by more than a day had been wrong before, and the period is its again.
   */
  #turn(): void {
    const now = Date.now();
    const today = new Date(now).toISOString();
    const day = today.slice(0, 10);
    const month = today.slice(0, 7);
    const counts = this.#counts;
    if (day === counts.day) return;
    const wasAhead = Date.parse(counts.day) - now > DAY_MS;
    if (day > counts.day) {
      counts.day = day;
      counts.dayUsed = 0;
    } else if (wasAhead) counts.day = day;
    if (month > counts.month) {
      counts.month = month;
      counts.monthUsed = 0;
    } else if (month < counts.month && wasAhead) counts.month = month;
  }
}

/** 00:00 UTC after the given time, in ms. */
export function nextMidnight(now: number): number {
  return (Math.floor(now / DAY_MS) + 1) * DAY_MS;
}
