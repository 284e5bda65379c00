/** A delay node that lets one message through in each interval: what waits there is lost when its flow is deployed or Node-RED ends. */
export class PacedQueue<T> {
  readonly #intervalMs: number;
  readonly #next: (item: T) => void;
  #waiting: T[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastAt = -Infinity;

  constructor(intervalMs: number, next: (item: T) => void) {
    this.#intervalMs = intervalMs;
    this.#next = next;
  }

  add(item: T): void {
    this.#waiting.push(item);
    this.#start();
  }

  clear(): void {
    this.#waiting = [];
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(): void {
    if (this.#timer || this.#waiting.length === 0) return;
    const waitMs = Math.max(0, this.#lastAt + this.#intervalMs - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#lastAt = Date.now();
      const [item] = this.#waiting.splice(0, 1);
      if (item !== undefined) this.#next(item);
      this.#start();
    }, waitMs);
  }
}
