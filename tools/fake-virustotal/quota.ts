/** Limits of one key; what is left out is not limited. */
export interface QuotaOptions {
  /** Requests that may be accepted in any span of `windowMs`. */
  perWindow?: number;
  /** Default 60,000: "any given 1 minute time frame". */
  windowMs?: number;
  daily?: number;
  monthly?: number;
}

/** Counts one key as VirusTotal does: a strict sliding window, day and month turning at 00:00 UTC. */
export class Quota {
  readonly options: QuotaOptions;
  readonly #now: () => number;
  readonly #accepted: number[] = [];
  readonly #hour = new Count(13);
  readonly #day = new Count(10);
  readonly #month = new Count(7);

  constructor(options: QuotaOptions, now: () => number) {
    this.options = options;
    this.#now = now;
  }

  /** Takes `cost` requests, all or none. Refused requests count for nothing. */
  take(cost: number): boolean {
    const at = this.#now();
    this.#turn(at);
    const { perWindow = Infinity, daily = Infinity, monthly = Infinity } = this.options;
    if (this.#accepted.length + cost > perWindow) return false;
    if (this.#day.used + cost > daily || this.#month.used + cost > monthly) return false;
    if (perWindow !== Infinity) for (let i = 0; i < cost; i++) this.#accepted.push(at);
    for (const count of [this.#hour, this.#day, this.#month]) count.used += cost;
    return true;
  }

  used(): { hourly: number; daily: number; monthly: number } {
    this.#turn(this.#now());
    return { hourly: this.#hour.used, daily: this.#day.used, monthly: this.#month.used };
  }

  #turn(at: number): void {
    const edge = at - (this.options.windowMs ?? 60_000);
    const live = this.#accepted.findIndex((time) => time > edge);
    this.#accepted.splice(0, live < 0 ? this.#accepted.length : live);
    const iso = new Date(at).toISOString();
    for (const count of [this.#hour, this.#day, this.#month]) count.turn(iso);
  }
}

/** A count that starts again when the first `digits` of an ISO date change. */
class Count {
  used = 0;
  #period = '';

  constructor(readonly digits: number) {}

  turn(iso: string): void {
    const period = iso.slice(0, this.digits);
    if (period !== this.#period) this.used = 0;
    this.#period = period;
  }
}
