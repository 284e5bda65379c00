import { FIRST_PRIORITY, LAST_PRIORITY, priorityOf } from './priority';

/** What the queue must know about a waiting job. */
export interface Queued {
  /** 0 goes first, 9 last. */
  priority: number;
  /** The message it belongs to: jobs of one message share its turn with other messages. */
  batch: object;
}

interface BatchQueue<T> {
  batch: object;
  jobs: T[];
  /** Index of the next job: shifting an array of 100,000 would copy it each time. */
  at: number;
  next: BatchQueue<T> | undefined;
}

interface Level<T> {
  batches: Map<object, BatchQueue<T>>;
  head: BatchQueue<T> | undefined;
  tail: BatchQueue<T> | undefined;
}

/**
 * Decides which job goes next. Requeued jobs go first, then jobs by priority. Within a priority the messages take turns, one job each,
 * in the order of their arrival. So a search of 1,000 indicators delays a single lookup that arrives later by one turn only. Every
 * operation except `remove` and `peekMany` takes constant time.
 */
export class FairQueue<T extends Queued> {
  #requeued: T[] = [];
  readonly #levels: Level<T>[] = Array.from({ length: LAST_PRIORITY + 1 }, () => ({
    batches: new Map(),
    head: undefined,
    tail: undefined,
  }));
  #size = 0;

  /** Number of waiting jobs. */
  get size(): number {
    return this.#size;
  }

  /** Adds a job behind those of its message; a new message queues behind the others of its priority. */
  push(job: T): void {
    const level = this.#level(job);
    this.#size++;
    const batchQueue = level.batches.get(job.batch);
    if (batchQueue) {
      batchQueue.jobs.push(job);
      return;
    }
    const added: BatchQueue<T> = { batch: job.batch, jobs: [job], at: 0, next: undefined };
    level.batches.set(job.batch, added);
    enqueue(level, added);
  }

  /** Adds a job in front of all others: a request that VirusTotal refused, or one that is retried. */
  requeueFirst(job: T): void {
    this.#size++;
    this.#requeued.push(job);
  }

  /** The job that goes next, without taking it out. @param last the last priority that may go; jobs behind it are passed over */
  peek(last = LAST_PRIORITY): T | undefined {
    const requeued = this.#requeued.find(({ priority }) => priority <= last);
    if (requeued) return requeued;
    for (const { head } of this.#levels.slice(0, last + 1)) if (head) return head.jobs[head.at];
    return undefined;
  }

  /** The jobs that go next, in their order, without taking them out. @param last as in `peek` */
  peekMany(count: number, last = LAST_PRIORITY): T[] {
    const ahead = this.#requeued.filter(({ priority }) => priority <= last).slice(0, count);
    for (const { head } of this.#levels.slice(0, last + 1)) {
      for (let round = 0, went = true; went && ahead.length < count; round++) {
        went = false;
        for (let batchQueue = head; batchQueue && ahead.length < count; batchQueue = batchQueue.next) {
          const job = batchQueue.jobs[batchQueue.at + round];
          if (job === undefined) continue;
          ahead.push(job);
          went = true;
        }
      }
    }
    return ahead;
  }

  /** Takes out the job that goes next, or returns undefined if none waits. @param last as in `peek` */
  shift(last = LAST_PRIORITY): T | undefined {
    const at = this.#requeued.findIndex(({ priority }) => priority <= last);
    if (at >= 0) {
      this.#size--;
      return this.#requeued.splice(at, 1)[0];
    }
    for (const level of this.#levels.slice(0, last + 1)) {
      const batchQueue = level.head;
      if (!batchQueue) continue;
      level.head = batchQueue.next;
      if (!level.head) level.tail = undefined;
      const job = batchQueue.jobs[batchQueue.at++] as T;
      this.#size--;
      if (batchQueue.at < batchQueue.jobs.length) enqueue(level, batchQueue);
      else level.batches.delete(batchQueue.batch);
      return job;
    }
    return undefined;
  }

  /** Takes out all jobs that match. The others keep their places. @param first the first priority that is looked at */
  remove(matches: (job: T) => boolean, first = FIRST_PRIORITY): T[] {
    const removed: T[] = [];
    const stays = (job: T): boolean => {
      if (!matches(job)) return true;
      removed.push(job);
      return false;
    };
    this.#requeued = this.#requeued.filter((job) => job.priority < first || stays(job));
    for (const level of this.#levels.slice(first)) {
      let batchQueue = level.head;
      level.head = level.tail = undefined;
      while (batchQueue) {
        const { next } = batchQueue;
        batchQueue.jobs = (
          batchQueue.at === 0 ? batchQueue.jobs : batchQueue.jobs.slice(batchQueue.at)
        ).filter(stays);
        batchQueue.at = 0;
        if (batchQueue.jobs.length > 0) enqueue(level, batchQueue);
        else level.batches.delete(batchQueue.batch);
        batchQueue = next;
      }
    }
    this.#size -= removed.length;
    return removed;
  }

  #level(job: T): Level<T> {
    return this.#levels[priorityOf(job.priority)] as Level<T>;
  }
}

function enqueue<T>(level: Level<T>, batchQueue: BatchQueue<T>): void {
  batchQueue.next = undefined;
  if (level.tail) level.tail.next = batchQueue;
  else level.head = batchQueue;
  level.tail = batchQueue;
}
