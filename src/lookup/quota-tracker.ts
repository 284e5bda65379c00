import type { QuotaUsage } from '../api/quota-usage';
import type { KeyClients, KeyClient } from './key-clients';
import { QuotaCount, type QuotaStore, type StoredCounts } from './quota-count';

/** How long usage that VirusTotal reported is taken as fresh while the own count says that nothing is left, in ms. */
const USAGE_TTL_MS = 5 * 60_000;

/** What other instances have under way VirusTotal may not have counted: with them its usage is asked for this long after they used it up, in ms. */
const SETTLING_MS = 60_000;

/** A store that does not answer delays requests for at most this time, in ms. */
const MAX_LOAD_MS = 5_000;

/**
 * Tracks the quota that a key has used: counted locally, saved in the clients' quota stores, and reconciled with VirusTotal's own count.
 * Other tools may use the key too, so the usage is fetched after the first request of this process, and whenever VirusTotal refuses one.
 */
export class QuotaTracker {
  readonly count = new QuotaCount();
  readonly #clients: KeyClients;
  readonly #changed: () => void;
  readonly #maxStartsWithin: (ms: number) => number;
  /** Requests under way. */
  inFlight = 0;
  /** Requests since the process began. */
  started = 0;
  #loading = 0;
  #isFetching = false;
  #usageFetched = false;
  #usageTried = false;
  #usageFreshUntil = -Infinity;
  /** Monotonic time since which the local count says that nothing is left. */
  #exhaustedSince: number | undefined;

  /**
   * @param changed called when the count changes by something other than a local request
   * @param maxStartsWithin maximum number of requests that may start within the given ms
   */
  constructor(clients: KeyClients, changed: () => void, maxStartsWithin: (ms: number) => number) {
    this.#clients = clients;
    this.#changed = changed;
    this.#maxStartsWithin = maxStartsWithin;
  }

  /** False while the count of an earlier process is still being read. */
  get ready(): boolean {
    return this.#loading === 0;
  }

  /** True once VirusTotal's usage was requested, successfully or not, or if nothing is counted. */
  get settled(): boolean {
    return this.#usageTried || !this.count.isCounting;
  }

  load(store: QuotaStore): void {
    this.#loading++;
    let waiting = true;
    const finish = (): void => {
      if (waiting) this.#loading--;
      waiting = false;
      clearTimeout(limit);
      this.#changed();
    };
    const limit = setTimeout(finish, MAX_LOAD_MS);
    store
      .load()
      .then((counts) => {
        if (counts) {
          this.count.restore(counts);
          this.#clients.backend.countsRestored();
        }
        // From now on this process may be killed with unsaved counts.
        this.#save();
      })
      .catch(() => undefined)
      .finally(finish);
  }

  requestStarted(): void {
    this.started++;
    this.inFlight++;
    this.count.add();
    this.#save();
  }

  requestEnded(): void {
    this.inFlight--;
    if (!this.#usageFetched) this.fetchUsage();
  }

  /** Fetches VirusTotal's usage and reconciles the count with it. */
  fetchUsage(): void {
    if (this.#isFetching || !this.count.isCounting || this.#clients.size === 0) return;
    this.#isFetching = true;
    this.reconcileWith(() => this.#clients.fetchUsage())
      // Without an answer the next request's end tries again.
      .then(
        () => (this.#usageFetched = true),
        () => undefined,
      )
      .finally(() => {
        this.#isFetching = false;
        this.#usageTried = true;
        this.#changed();
      });
  }

  /** Saves the count without a reserve for what is unsaved: the end is orderly. */
  clientRemoved({ quotaStore }: KeyClient): void {
    if (this.count.isCounting) quotaStore?.save(this.count.counts);
  }

  /** A deploy may have raised the quota: usage is fetched again. */
  clientAdded(): void {
    this.#usageFetched = false;
    this.#usageFreshUntil = -Infinity;
  }

  /**
   * Call when the local count is exhausted, or all of it but the reserve. It includes attempts that never reached VirusTotal (a network outage), so it is checked
   * against VirusTotal's usage again after five minutes.
   */
  recheckWhenStale(): void {
    const now = performance.now();
    const { backend, timeScale } = this.#clients;
    const isExhausted = this.count.exhausted() ?? this.count.unreservedExhausted();
    this.#exhaustedSince = isExhausted && (this.#exhaustedSince ?? now);
    if (this.#exhaustedSince === undefined || now < this.#usageFreshUntil) return;
    if (backend.shared && now - this.#exhaustedSince < SETTLING_MS * timeScale) return;
    this.#usageFreshUntil = now + USAGE_TTL_MS * timeScale;
    this.fetchUsage();
  }

  /** Passes on what `ask` gives or throws. */
  async reconcileWith(fetch: () => Promise<QuotaUsage | undefined>): Promise<QuotaUsage | undefined> {
    const endedBefore = this.started - this.inFlight;
    const before = this.count.counts;
    const usage = await fetch();
    if (!usage) return undefined;
    // What was under way when VirusTotal counted may be in its figures or not.
    const inFlight = this.started - endedBefore;
    this.count.reconcile(usage, inFlight);
    this.#clients.backend.reconcile(usage, inFlight, before);
    this.#save();
    this.#changed();
    return usage;
  }

  #save(): void {
    if (this.count.isCounting) this.#clients.save((delayMs) => this.#toStored(delayMs));
  }

  #toStored(delayMs: number): StoredCounts {
    // What other instances share is kept up to date by them.
    if (delayMs === 0 || this.#clients.backend.shared) return this.count.counts;
    return { ...this.count.counts, unsaved: Math.min(this.count.remaining, this.#maxStartsWithin(delayMs)) };
  }
}
