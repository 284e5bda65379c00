import type { QuotaFigures } from '../api/quota-figures';
import type { KeyClients, KeyClient } from './key-clients';
import { QuotaCount, type QuotaStore, type StoredCounts } from './quota-count';

/** How long an own count that is spent is believed before VirusTotal is asked again, in ms. */
const USAGE_TTL_MS = 5 * 60_000;

/** A store that doesn't answer holds the key up no longer than this, in ms. */
const MAX_LOAD_MS = 5_000;

/**
 * What a key has used: counted here, kept where the members keep it, and put right by what VirusTotal itself has counted. Other
 * tools may use the key too, so VirusTotal is asked after the first request of this process, and whenever it refuses.
 */
export class QuotaTracker {
  readonly count = new QuotaCount();
  readonly #clients: KeyClients;
  readonly #changed: () => void;
  readonly #maxStartsWithin: (ms: number) => number;
  #loading = 0;
  #inFlight = 0;
  #started = 0;
  #isFetching = false;
  #usageFetched = false;
  #usageTried = false;
  #usageFreshUntil = -Infinity;

  /**
   * @param changed called when the count is another than what was counted here
   * @param maxStartsWithin how many requests may start within so many ms
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

  /** Whether VirusTotal has had its chance to say what it has counted. */
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
        // From now on this process may be killed with something unsaved.
        this.#save();
      })
      .catch(() => undefined)
      .finally(finish);
  }

  requestStarted(): void {
    this.#started++;
    this.#inFlight++;
    this.count.add();
    this.#save();
  }

  requestEnded(): void {
    this.#inFlight--;
    if (!this.#usageFetched) this.fetchUsage();
  }

  /** VirusTotal's figures correct the count when they come. */
  fetchUsage(): void {
    if (this.#isFetching || !this.count.isCounting || this.#clients.size === 0) return;
    this.#isFetching = true;
    this.reconcileWith(() => this.#clients.fetchUsage())
      // Without an answer the next request's end asks again.
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

  /** An orderly end: nothing is unsaved. */
  clientRemoved({ quotaStore }: KeyClient): void {
    if (this.count.isCounting) quotaStore?.save(this.count.counts);
  }

  /** A deploy may have raised what is allowed: VirusTotal is asked anew. */
  clientAdded(): void {
    this.#usageFetched = false;
    this.#usageFreshUntil = -Infinity;
  }

  /**
   * The own count says that nothing is left. It counts tries that never reached VirusTotal too, as in an outage of the network, so it
   * is not believed for long.
   */
  recheckWhenStale(): void {
    if (performance.now() < this.#usageFreshUntil || !this.count.exhausted()) return;
    this.#usageFreshUntil = performance.now() + USAGE_TTL_MS * this.#clients.timeScale;
    this.fetchUsage();
  }

  /** Passes on what `ask` gives or throws. */
  async reconcileWith(fetch: () => Promise<QuotaFigures | undefined>): Promise<QuotaFigures | undefined> {
    const endedBefore = this.#started - this.#inFlight;
    const before = this.count.counts;
    const usage = await fetch();
    if (!usage) return undefined;
    // What was under way when VirusTotal counted may be in its figures or not.
    const inFlight = this.#started - endedBefore;
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
