import type * as Parser from '../mail/parse-mail';
import { Search, type Extraction, type SearchOptions } from './search';
import { runtime } from '../runtime/current';

/** How long, in ms, a search keeps the event loop to itself. */
const SLICE_MS = 20;

/** The clock and the pause of `SlicedSearches`. Tests replace both. */
export interface SliceOptions {
  /** The clock in ms; default `performance.now`. */
  now?: () => number;
  /** Gives the event loop back and resolves when it is this search's turn again; default by `setImmediate`. */
  pause?: () => Promise<void>;
}

/**
 * Searches that leave the event loop to others: what takes longer than a slice goes on in later turns of the loop. Of
 * several such searches one is done after the other, so that together they take no more of a turn than one does.
 */
export class SlicedSearches {
  readonly #now: () => number;
  readonly #pause: () => Promise<void>;
  /** Those that did not end within their first slice. */
  #unfinished = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ now = () => performance.now(), pause = nextTurn }: SliceOptions = {}) {
    this.#now = now;
    this.#pause = pause;
  }

  /**
   * As `extractIocs`, in slices.
   * @returns what was found, at once if the first slice was enough, else a promise of it, which rejects with what
   *   `extractIocs` throws
   */
  extract(value: unknown, options: SearchOptions = {}): Extraction | Promise<Extraction> {
    const search = new Search(value, { ...options, parsesMails: true });
    const end = this.#now() + SLICE_MS;
    if (search.run(() => this.#unfinished > 0 || this.#now() >= end)) return search.extraction;
    this.#unfinished++;
    const finishing = this.#last
      .then(() => this.#finish(search))
      .finally(() => {
        this.#unfinished--;
      });
    this.#last = finishing.catch(() => undefined);
    return finishing;
  }

  async #finish(search: Search): Promise<Extraction> {
    for (;;) {
      await this.#pause();
      if (search.rawMail !== undefined) await this.#parse(search, search.rawMail);
      const end = this.#now() + SLICE_MS;
      if (search.run(() => this.#now() >= end)) return search.extraction;
    }
  }

  async #parse(search: Search, mail: Uint8Array): Promise<void> {
    let end = this.#now() + SLICE_MS;
    const nextSlice = async (): Promise<void> => {
      await this.#pause();
      end = this.#now() + SLICE_MS;
    };
    search.parsed(await loadParser().parseMails(mail, () => (this.#now() < end ? undefined : nextSlice())));
  }
}

/** Loaded with the first mail: most flows have none. */
function loadParser(): typeof Parser {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('../mail/parse-mail') as typeof Parser;
}

function nextTurn(): Promise<void> {
  return runtime.nextTurn();
}
