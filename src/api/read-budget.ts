/** A part of the budget, or a place in the queue for it. */
export interface BudgetShare {
  /** There was room at once. */
  readonly granted: boolean;
  /** Gives it back, or stops waiting for it. */
  release(): void;
}

/**
 * Memory that answers may take while they are read, in bytes. What doesn't fit waits, first come, first served, so that a large
 * answer isn't passed over for ever. Whoever holds a part must not ask for another: two who wait for each other would wait for ever.
 */
export class ReadBudget {
  readonly #total: number;
  #free: number;
  readonly #waiting = new Set<{ bytes: number; go: () => void }>();

  constructor(total: number) {
    this.#total = total;
    this.#free = total;
  }

  /** Bytes that are taken. */
  get taken(): number {
    return this.#total - this.#free;
  }

  /**
   * More than there is in all is as much as there is in all.
   * @param go called when there is room, unless there is at once
   */
  take(bytes: number, go: () => void): BudgetShare {
    const asked = { bytes: Math.min(bytes, this.#total), go };
    let over = false;
    const granted = this.#waiting.size === 0 && asked.bytes <= this.#free;
    if (granted) this.#free -= asked.bytes;
    else this.#waiting.add(asked);
    const release = (): void => {
      if (over) return;
      over = true;
      if (!this.#waiting.delete(asked)) this.#free += asked.bytes;
      this.#grantWaiting();
    };
    return { granted, release };
  }

  #grantWaiting(): void {
    for (const one of this.#waiting) {
      if (one.bytes > this.#free) return;
      this.#free -= one.bytes;
      this.#waiting.delete(one);
      one.go();
    }
  }
}

/**
 * For all that this process reads at once, whatever key and server it comes from: 64 MiB. The memory that a server can make
 * this process take stays within a small multiple of it, as bodies become text and values one after the other.
 */
export const readBudget = new ReadBudget(64 * 1024 * 1024);
