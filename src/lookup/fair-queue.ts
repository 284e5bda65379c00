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

const LEVELS = 10;

/**
 * Decides which job goes next. Requeued jobs go first, then jobs by priority. Within a priority the messages take turns, one job each,
 * in the order of their arrival. So a search of 1,000 indicators delays a single lookup that arrives later by one turn only. Every
 * operation except `remove` and `peekMany` takes constant time.
 */
export class FairQueue<T extends Queued> {
  #requeued: T[] = [];
  readonly #levels: Level<T>[] = Array.from({ length: LEVELS }, () => ({
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

  /** The job that goes next, without taking it out. */
  peek(): T | undefined {
    if (this.#requeued.length > 0) return this.#requeued[0];
    for (const { head } of this.#levels) if (head) return head.jobs[head.at];
    return undefined;
  }

  /** The jobs that go next, in their order, without taking them out. */
  peekMany(count: number): T[] {
    const ahead = this.#requeued.slice(0, count);
    for (const { head } of this.#levels) {
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

  /** Takes out the job that goes next, or returns undefined if none waits. */
  shift(): T | undefined {
    const requeued = this.#requeued.shift();
    if (requeued) {
      this.#size--;
      return requeued;
    }
    for (const level of this.#levels) {
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

  /** Takes out all jobs that match. The others keep their places. */
  remove(matches: (job: T) => boolean): T[] {
    const removed: T[] = [];
    const stays = (job: T): boolean => {
      if (!matches(job)) return true;
      removed.push(job);
      return false;
    };
    this.#requeued = this.#requeued.filter(stays);
    for (const level of this.#levels) {
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
    return this.#levels[Math.min(LEVELS - 1, Math.max(0, job.priority))] as Level<T>;
  }
}

function enqueue<T>(level: Level<T>, batchQueue: BatchQueue<T>): void {
  batchQueue.next = undefined;
  if (level.tail) level.tail.next = batchQueue;
  else level.head = batchQueue;
  level.tail = batchQueue;
}
