/** A word that is waited for. */
export interface ExpectedWord {
  /** Resolves when it is heard, or after a while all the same. */
  readonly heard: Promise<void>;
  forget(): void;
}

/** What is said in a channel, and who waits for it. */
export class Words {
  readonly #expecting = new Map<string, Set<() => void>>();
  readonly #listeners = new Set<(word: string) => void>();

  hear(word: string): void {
    for (const goOn of this.#expecting.get(word) ?? []) goOn();
    for (const listener of this.#listeners) listener(word);
  }

  /** @returns a function that ends it */
  listen(listener: (word: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  expect(word: string, mostMs: number): ExpectedWord {
    const expecting = this.#expecting.get(word) ?? new Set();
    this.#expecting.set(word, expecting);
    let goOn = (): void => undefined;
    const heard = new Promise<void>((resolve) => (goOn = resolve));
    const timer = setTimeout(() => end(), mostMs).unref();
    const end = (): void => {
      clearTimeout(timer);
      expecting.delete(end);
      if (expecting.size === 0 && this.#expecting.get(word) === expecting) this.#expecting.delete(word);
      goOn();
    };
    expecting.add(end);
    return { heard, forget: end };
  }

  /** Nobody waits any longer. */
  close(): void {
    for (const expecting of this.#expecting.values()) for (const end of [...expecting]) end();
  }
}
