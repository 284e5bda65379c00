/** What the queue needs to know of a waiting job. */
export interface Queued {
  /** 0 goes first, 9 last. */
  priority: number;
  /** The message it belongs to: jobs of one message share its turn with other messages. */
  batch: object;
}

interface Turn<T> {
  batch: object;
  jobs: T[];
  /** Index of the next job: shifting an array of 100,000 would copy it each time. */
  at: number;
  next: Turn<T> | undefined;
}

interface Level<T> {
  turns: Map<object, Turn<T>>;
  head: Turn<T> | undefined;
  tail: Turn<T> | undefined;
}

const LEVELS = 10;

/**
 * Who goes next: what was put back first; then by priority; within a priority the messages take turns, one job each,
 * in the order they came. So a search of 1,000 indicators holds up a single lookup that comes later by one turn only.
 * Every operation takes constant time.
 */
export class FairQueue<T extends Queued> {
  readonly #putBack: T[] = [];
  readonly #levels: Level<T>[] = Array.from({ length: LEVELS }, () => ({
    turns: new Map(),
    head: undefined,
    tail: undefined,
  }));
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(job: T): void {
    const level = this.#level(job);
    this.#size++;
    const turn = level.turns.get(job.batch);
    if (turn) {
      turn.jobs.push(job);
      return;
    }
    const added: Turn<T> = { batch: job.batch, jobs: [job], at: 0, next: undefined };
    level.turns.set(job.batch, added);
    this.#enqueue(level, added);
  }

  /** Before everything else that waits: a request that VirusTotal refused, or one that is tried again. */
  putBack(job: T): void {
    this.#size++;
    this.#putBack.push(job);
  }

  shift(): T | undefined {
    const back = this.#putBack.shift();
    if (back) {
      this.#size--;
      return back;
    }
    for (const level of this.#levels) {
      const turn = level.head;
      if (!turn) continue;
      level.head = turn.next;
      if (!level.head) level.tail = undefined;
      const job = turn.jobs[turn.at++] as T;
      this.#size--;
      if (turn.at < turn.jobs.length) this.#enqueue(level, turn);
      else level.turns.delete(turn.batch);
      return job;
    }
    return undefined;
  }

  /** Takes everything out, in the order it would have gone. */
  drain(): T[] {
    const all: T[] = [];
    for (let job = this.shift(); job; job = this.shift()) all.push(job);
    return all;
  }

  #level(job: T): Level<T> {
    return this.#levels[Math.min(LEVELS - 1, Math.max(0, job.priority))] as Level<T>;
  }

  #enqueue(level: Level<T>, turn: Turn<T>): void {
    turn.next = undefined;
    if (level.tail) level.tail.next = turn;
    else level.head = turn;
    level.tail = turn;
  }
}
