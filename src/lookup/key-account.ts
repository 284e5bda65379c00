import type { QuotaFigures } from '../api/quota-figures';
import type { KeyMembers, Member } from './key-members';
import { QuotaCount, type QuotaStore, type StoredCounts } from './quota-count';

/** How long an own count that is spent is believed before VirusTotal is asked again, in ms. */
const BELIEVED_MS = 5 * 60_000;

/** A store that doesn't answer holds the key up no longer than this, in ms. */
const LONGEST_LOAD_MS = 5_000;

/**
 * What a key has used: counted here, kept where the members keep it, and put right by what VirusTotal itself has counted. Other
 * tools may use the key too, so VirusTotal is asked after the first request of this process, and whenever it refuses.
 */
export class KeyAccount {
  readonly count = new QuotaCount();
  readonly #members: KeyMembers;
  readonly #changed: () => void;
  readonly #mostStarts: (ms: number) => number;
  #loading = 0;
  #underWay = 0;
  #started = 0;
  #asking = false;
  #asked = false;
  #figuresTried = false;
  #believedUntil = -Infinity;

  /**
   * @param changed called when the count is another than what was counted here
   * @param mostStarts how many requests may start within so many ms
   */
  constructor(members: KeyMembers, changed: () => void, mostStarts: (ms: number) => number) {
    this.#members = members;
    this.#changed = changed;
    this.#mostStarts = mostStarts;
  }

  /** False while the count of an earlier process is still being read. */
  get ready(): boolean {
    return this.#loading === 0;
  }

  /** Whether VirusTotal has had its chance to say what it has counted. */
  get settled(): boolean {
    return this.#figuresTried || !this.count.counting;
  }

  load(store: QuotaStore): void {
    this.#loading++;
    let waiting = true;
    const goOn = (): void => {
      if (waiting) this.#loading--;
      waiting = false;
      clearTimeout(limit);
      this.#changed();
    };
    const limit = setTimeout(goOn, LONGEST_LOAD_MS);
    store
      .load()
      .then((counts) => {
        if (counts) {
          this.count.merge(counts);
          this.#members.state.countsMerged();
        }
        // From now on this process may be killed with something unsaved.
        this.#save();
      })
      .catch(() => undefined)
      .finally(goOn);
  }

  started(): void {
    this.#started++;
    this.#underWay++;
    this.count.add();
    this.#save();
  }

  ended(): void {
    this.#underWay--;
    if (!this.#asked) this.askFigures();
  }

  /** VirusTotal's figures correct the count when they come. */
  askFigures(): void {
    if (this.#asking || !this.count.counting || this.#members.size === 0) return;
    this.#asking = true;
    this.correctBy(() => this.#members.figures())
      // Without an answer the next request's end asks again.
      .then(
        () => (this.#asked = true),
        () => undefined,
      )
      .finally(() => {
        this.#asking = false;
        this.#figuresTried = true;
        this.#changed();
      });
  }

  /** An orderly end: nothing is unsaved. */
  left({ store }: Member): void {
    if (this.count.counting) store?.save(this.count.counts);
  }

  /** A deploy may have raised what is allowed: VirusTotal is asked anew. */
  joined(): void {
    this.#asked = false;
    this.#believedUntil = -Infinity;
  }

  /**
   * The own count says that nothing is left. It counts tries that never reached VirusTotal too, as in an outage of the network, so it
   * is not believed for long.
   */
  doubt(): void {
    if (performance.now() < this.#believedUntil || !this.count.spent()) return;
    this.#believedUntil = performance.now() + BELIEVED_MS * this.#members.timeScale;
    this.askFigures();
  }

  /** Passes on what `ask` gives or throws. */
  async correctBy(ask: () => Promise<QuotaFigures | undefined>): Promise<QuotaFigures | undefined> {
    const endedBefore = this.#started - this.#underWay;
    const before = this.count.counts;
    const figures = await ask();
    if (!figures) return undefined;
    // What was under way when VirusTotal counted may be in its figures or not.
    const open = this.#started - endedBefore;
    this.count.correct(figures, open);
    this.#members.state.correct(figures, open, before);
    this.#save();
    this.#changed();
    return figures;
  }

  #save(): void {
    if (this.count.counting) this.#members.save((delayMs) => this.#stored(delayMs));
  }

  #stored(delayMs: number): StoredCounts {
    // What other instances share is kept up to date by them.
    if (delayMs === 0 || this.#members.state.shared) return this.count.counts;
    return { ...this.count.counts, unsaved: Math.min(this.count.left, this.#mostStarts(delayMs)) };
  }
}
