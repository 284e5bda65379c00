/** How long, in ms, the work for one message keeps the event loop to itself. */
const SLICE_MS = 20;

/** Counts the turns of the event loop in which there is work: one immediate for all messages of a turn. */
let turn = 0;
let isTurnOpen = false;

function currentTurn(): number {
  if (!isTurnOpen) {
    isTurnOpen = true;
    setImmediate(() => {
      isTurnOpen = false;
      turn++;
    });
  }
  return turn;
}

/**
 * The many pieces of work for one message, as copies of it to be made and sent, in their order: what doesn't fit into a slice of this
 * turn of the event loop is done in later ones, so that others have theirs in between.
 */
export class Turns {
  /** The turn that the slice is of. */
  #turn = -1;
  #sliceEnd = 0;
  #waiting: (() => void)[] = [];
  #draining: Promise<void> | undefined;

  /** Does the work at once or, when the slice is used up or other work waits already, after that. Throws only what is done at once. */
  run(work: () => void): void {
    if (this.#draining === undefined) {
      const now = performance.now();
      if (this.#turn !== currentTurn()) {
        this.#turn = turn;
        this.#sliceEnd = now + SLICE_MS;
      }
      if (now < this.#sliceEnd) return work();
      this.#draining = this.#drain();
      // A caller of `rest` gets the rejection; without a caller, it must not end the process.
      this.#draining.catch(() => undefined);
    }
    this.#waiting.push(work);
  }

  /** Work that is still to be done; undefined when there is none. Rejects with the first that it threw, when all of it is done. */
  get rest(): Promise<void> | undefined {
    return this.#draining;
  }

  async #drain(): Promise<void> {
    let problem: { thrown: unknown } | undefined;
    for (let next = 0; next === 0 || next < this.#waiting.length;) {
      await new Promise(setImmediate);
      const end = performance.now() + SLICE_MS;
      do {
        try {
          this.#waiting[next++]?.();
        } catch (thrown) {
          problem ??= { thrown };
        }
      } while (next < this.#waiting.length && performance.now() < end);
    }
    this.#waiting = [];
    this.#draining = undefined;
    if (problem) throw problem.thrown;
  }
}

/** Does it for each item, spread over turns. @returns nothing when it is done already */
export function eachInTurns<T>(
  items: readonly T[],
  each: (item: T, index: number) => void,
): void | Promise<void> {
  const turns = new Turns();
  for (const [index, item] of items.entries()) turns.run(() => each(item, index));
  return turns.rest;
}

/** Does it for each item, each when the one before it has ended, spread over turns. */
export async function eachAfterAnother<T>(
  items: readonly T[],
  each: (item: T, index: number) => void | Promise<void>,
): Promise<void> {
  let end = performance.now() + SLICE_MS;
  for (const [index, item] of items.entries()) {
    await each(item, index);
    if (performance.now() < end) continue;
    await new Promise(setImmediate);
    end = performance.now() + SLICE_MS;
  }
}
