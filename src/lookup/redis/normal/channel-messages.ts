/** Waits for one message. */
export interface MessageWait {
  /** Resolves when the message comes, or after the timeout. */
  readonly received: Promise<void>;
  cancel(): void;
}

/** Messages of a Redis channel, and the waits for one of them. */
export class ChannelMessages {
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #listeners = new Set<(message: string) => void>();

  deliver(message: string): void {
    for (const resolveWait of this.#waiting.get(message) ?? []) resolveWait();
    for (const listener of this.#listeners) listener(message);
  }

  /** @returns a function that ends it */
  listen(listener: (message: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  waitFor(message: string, timeoutMs: number): MessageWait {
    const waiting = this.#waiting.get(message) ?? new Set();
    this.#waiting.set(message, waiting);
    let resolveWait = (): void => undefined;
    const received = new Promise<void>((resolve) => (resolveWait = resolve));
    const timer = setTimeout(() => end(), timeoutMs).unref();
    const end = (): void => {
      clearTimeout(timer);
      waiting.delete(end);
      if (waiting.size === 0 && this.#waiting.get(message) === waiting) this.#waiting.delete(message);
      resolveWait();
    };
    waiting.add(end);
    return { received, cancel: end };
  }

  /** Ends every wait. */
  close(): void {
    for (const waiting of this.#waiting.values()) for (const end of [...waiting]) end();
  }
}
