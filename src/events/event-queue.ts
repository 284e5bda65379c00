/** What `EventQueue` needs of the event loop. */
export type Later = (action: () => void) => void;

/**
 * Hands items on some at a time, each lot in a turn of the event loop of its own, so that what makes them is never held up. It is bounded: what finds no room
 * is counted and dropped. While no handler is set it keeps what comes.
 */
export class EventQueue<T> {
  readonly #limit: number;
  readonly #later: Later;
  #items: T[] = [];
  #dropped = 0;
  #handler: ((items: readonly T[], dropped: number) => void) | undefined;
  #isScheduled = false;

  /** @param limit how many may wait */
  constructor(limit: number, later: Later = setImmediate) {
    this.#limit = limit;
    this.#later = later;
  }

  /** @param handler gets each lot and how many were dropped since the last one. It must not throw */
  attach(handler: (items: readonly T[], dropped: number) => void): void {
    this.#handler = handler;
    this.#schedule();
  }

  /** What comes from now on waits for the next handler. */
  detach(): void {
    this.#handler = undefined;
  }

  add(item: T): void {
    if (this.#items.length < this.#limit) this.#items.push(item);
    else this.#dropped += 1;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || !this.#handler || (this.#items.length === 0 && this.#dropped === 0)) return;
    this.#isScheduled = true;
    this.#later(() => {
      this.#isScheduled = false;
      if (!this.#handler) return;
      const lot = this.#items.splice(0, LOT);
      const dropped = this.#dropped;
      this.#dropped = 0;
      this.#handler(lot, dropped);
      this.#schedule();
    });
  }
}

/** In one turn of the event loop. */
const LOT = 100;
