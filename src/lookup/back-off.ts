import type { Job } from './job';

/** Requests that failed for a passing reason, each until its own wait is over. */
export class BackOff {
  readonly #timers = new Map<Job, NodeJS.Timeout>();
  readonly #again: (job: Job) => void;

  constructor(again: (job: Job) => void) {
    this.#again = again;
  }

  add(job: Job, afterMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(job);
      this.#again(job);
    }, afterMs);
    this.#timers.set(job, timer);
  }

  /** Takes out what `gone` says. */
  remove(gone: (job: Job) => boolean): Job[] {
    const removed: Job[] = [];
    for (const [job, timer] of this.#timers) {
      if (!gone(job)) continue;
      clearTimeout(timer);
      this.#timers.delete(job);
      removed.push(job);
    }
    return removed;
  }
}
