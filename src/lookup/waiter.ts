import type { VirusTotalError } from '../api/errors';
import type { WaitingRoom } from './waiting-room';

/**
 * One who waits for a flight. Each lookup is its own, so that one can leave without the others. Has a seat in the waiting room until it
 * has its answer or error. A class and no closures: a hundred thousand may wait.
 */
export class Waiter<T> {
  /** Whom it waits for: all waiters of an owner can be dropped together. */
  readonly owner: object | undefined;
  readonly #room: WaitingRoom;
  readonly #batch: object;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: VirusTotalError) => void;
  /** Called when the wait is over. */
  ended: (() => void) | undefined = undefined;

  /** @throws VirusTotalError `VT_QUEUE_FULL` */
  constructor(
    room: WaitingRoom,
    { owner, batch }: { owner: object | undefined; batch: object },
    resolve: (value: T) => void,
    reject: (error: VirusTotalError) => void,
  ) {
    room.admit(batch);
    this.owner = owner;
    this.#room = room;
    this.#batch = batch;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  resolve(value: T): void {
    this.#end();
    this.#resolve(value);
  }

  reject(error: VirusTotalError): void {
    this.#end();
    this.#reject(error);
  }

  #end(): void {
    this.#room.leave(this.#batch);
    this.ended?.();
  }
}
