import type { QuotaFigures } from '../api/quota-figures';
import type { KeyMembers } from './key-members';
import { QuotaCount, type QuotaStore } from './quota-count';

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
  #loading = 0;
  #underWay = 0;
  #started = 0;
  #asking = false;
  #asked = false;

  /** @param changed called when the count is another than what was counted here */
  constructor(members: KeyMembers, changed: () => void) {
    this.#members = members;
    this.#changed = changed;
  }

  /** False while the count of an earlier process is still being read. */
  get ready(): boolean {
    return this.#loading === 0;
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
        if (!counts) return;
        this.count.merge(counts);
        this.#members.state.countsMerged();
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
    this.#asking = this.#asked = true;
    this.correctBy(() => this.#members.figures())
      .catch(() => undefined)
      .finally(() => (this.#asking = false));
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
    if (this.count.counting) this.#members.save(() => this.count.counts);
  }
}
