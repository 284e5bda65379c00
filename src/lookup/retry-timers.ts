import type { Job } from './job';

/** Requests that failed for a passing reason, each until its own wait is over. */
export class RetryTimers {
  readonly #timers = new Map<Job, NodeJS.Timeout>();
  readonly #retry: (job: Job) => void;

  constructor(again: (job: Job) => void) {
    this.#retry = again;
  }

  add(job: Job, afterMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(job);
      this.#retry(job);
    }, afterMs);
    this.#timers.set(job, timer);
  }

  /** Takes out what `gone` says. */
  remove(matches: (job: Job) => boolean): Job[] {
    const removed: Job[] = [];
    for (const [job, timer] of this.#timers) {
      if (!matches(job)) continue;
      clearTimeout(timer);
      this.#timers.delete(job);
      removed.push(job);
    }
    return removed;
  }
}
