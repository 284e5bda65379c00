import type { VirusTotalError } from '../errors';
import { inBackground } from '../in-background';
import type { BacklogLimit } from './backlog-limit';

/** Callbacks for the lookups of one message, by their index: one of the two is called once for each, in a microtask of its own. Neither may throw. */
export interface Listener<T> {
  answered(index: number, answer: T): void;
  failed(index: number, error: VirusTotalError): void;
}

/**
 * A lookup that waits for an in-flight request. Each is a promise of its own, so that one can be dropped without the others. It takes a
 * place in the backlog until it has its answer or error. A class instead of closures, because a hundred thousand may wait.
 */
export class PendingLookup<T> {
  /** All pending lookups of an owner can be dropped together. */
  readonly owner: object | undefined;
  readonly #backlog: BacklogLimit;
  readonly batch: object;
  readonly #listener: Listener<T>;
  readonly #index: number;
  /** Called when the wait is over. */
  onEnd: (() => void) | undefined = undefined;

  /** @throws VirusTotalError `VT_QUEUE_FULL` */
  constructor(
    backlog: BacklogLimit,
    { owner, batch }: { owner: object | undefined; batch: object },
    listener: Listener<T>,
    index: number,
  ) {
    backlog.acquire(batch);
    this.owner = owner;
    this.#backlog = backlog;
    this.batch = batch;
    this.#listener = listener;
    this.#index = index;
  }

  resolve(value: T): void {
    this.#end();
    inBackground(Promise.resolve().then(() => this.#listener.answered(this.#index, value)));
  }

  reject(error: VirusTotalError): void {
    this.#end();
    inBackground(Promise.resolve().then(() => this.#listener.failed(this.#index, error)));
  }

  #end(): void {
    this.#backlog.release(this.batch);
    this.onEnd?.();
  }
}
