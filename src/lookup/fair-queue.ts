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
 * Every operation but `remove` takes constant time.
 */
export class FairQueue<T extends Queued> {
  #putBack: T[] = [];
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
    enqueue(level, added);
  }

  /** Before everything else that waits: a request that VirusTotal refused, or one that is tried again. */
  putBack(job: T): void {
    this.#size++;
    this.#putBack.push(job);
  }

  /** Who goes next, without taking it out. */
  peek(): T | undefined {
    if (this.#putBack.length > 0) return this.#putBack[0];
    for (const { head } of this.#levels) if (head) return head.jobs[head.at];
    return undefined;
  }

  /** Who goes next, one after the other, without taking them out. */
  ahead(count: number): T[] {
    const ahead = this.#putBack.slice(0, count);
    for (const { head } of this.#levels) {
      for (let round = 0, went = true; went && ahead.length < count; round++) {
        went = false;
        for (let turn = head; turn && ahead.length < count; turn = turn.next) {
          const job = turn.jobs[turn.at + round];
          if (job === undefined) continue;
          ahead.push(job);
          went = true;
        }
      }
    }
    return ahead;
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
      if (turn.at < turn.jobs.length) enqueue(level, turn);
      else level.turns.delete(turn.batch);
      return job;
    }
    return undefined;
  }

  /** Takes out what `gone` says. The others keep their places. */
  remove(gone: (job: T) => boolean): T[] {
    const removed: T[] = [];
    const stays = (job: T): boolean => {
      if (!gone(job)) return true;
      removed.push(job);
      return false;
    };
    this.#putBack = this.#putBack.filter(stays);
    for (const level of this.#levels) {
      let turn = level.head;
      level.head = level.tail = undefined;
      while (turn) {
        const { next } = turn;
        turn.jobs = (turn.at === 0 ? turn.jobs : turn.jobs.slice(turn.at)).filter(stays);
        turn.at = 0;
        if (turn.jobs.length > 0) enqueue(level, turn);
        else level.turns.delete(turn.batch);
        turn = next;
      }
    }
    this.#size -= removed.length;
    return removed;
  }

  #level(job: T): Level<T> {
    return this.#levels[Math.min(LEVELS - 1, Math.max(0, job.priority))] as Level<T>;
  }
}

function enqueue<T>(level: Level<T>, turn: Turn<T>): void {
  turn.next = undefined;
  if (level.tail) level.tail.next = turn;
  else level.head = turn;
  level.tail = turn;
}
