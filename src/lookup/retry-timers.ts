import type { QueuedRequest } from './queued-request';

/** Requests that failed for a passing reason, each until its own wait is over. */
export class RetryTimers {
  readonly #timers = new Map<QueuedRequest, NodeJS.Timeout>();
  readonly #retry: (request: QueuedRequest) => void;

  constructor(again: (request: QueuedRequest) => void) {
    this.#retry = again;
  }

  add(request: QueuedRequest, afterMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(request);
      this.#retry(request);
    }, afterMs);
    this.#timers.set(request, timer);
  }

  /** Takes out what `gone` says. */
  remove(matches: (request: QueuedRequest) => boolean): QueuedRequest[] {
    const removed: QueuedRequest[] = [];
    for (const [request, timer] of this.#timers) {
      if (!matches(request)) continue;
      clearTimeout(timer);
      this.#timers.delete(request);
      removed.push(request);
    }
    return removed;
  }
}
