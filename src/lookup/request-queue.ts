import { VirusTotalError } from '../errors';
import type { Reservation } from './dispatch-log';
import { FairQueue, type Queued } from './fair-queue';
import { FIRST_PRIORITY, LAST_PRIORITY } from './priority';
import type { Candidate } from './rate-limiter';

/** Ends a request for which no lookup waits any more; no caller sees it. */
export const ABANDONED = new VirusTotalError(
  'VT_CLOSED',
  'Dropped: no lookup waits for this request any more',
);

/** A request as the scheduler of its key sees it. */
export interface QueuedRequest extends Queued, Candidate {
  priority: number;
  /** No lookup waits for it any more. */
  readonly abandoned: boolean;
  /** Set while it waits in the queue; an entry of the queue whose request isn't waiting (any more) is passed over. */
  queued: boolean;
  readonly onQuota: 'fail' | 'wait';
  /** A refusal for the rate ends it too: what it would be sent to takes one request only. */
  readonly once?: boolean | undefined;
  /** How often it has failed for a passing reason. */
  failures: number;
  /** Ends it with what is in the cache by now. @returns whether it did */
  settleFromCache?(): boolean;
  /** One exchange with VirusTotal. Throws VirusTotalError; a redirect goes through the queue again. */
  attempt(reservation: Reservation): Promise<'settled' | 'redirected'>;
  /** Waits for the report that another instance has or asks for. */
  waitForPeer(): Promise<'settled' | 'retry'>;
  fail(error: VirusTotalError): void;
}

/** The requests of a key that wait for their start. Those for which no lookup waits any more are ended when it is their turn. */
export class RequestQueue {
  readonly #queue = new FairQueue<QueuedRequest>();

  push(request: QueuedRequest): void {
    request.queued = true;
    this.#queue.push(request);
  }

  /** Before all others. */
  requeueFirst(request: QueuedRequest): void {
    request.queued = true;
    this.#queue.requeueFirst(request);
  }

  /** A more urgent lookup joins a waiting request: it gets a second, better place; the old one is passed over. */
  raisePriority(request: QueuedRequest, priority: number): void {
    request.priority = priority;
    if (request.queued) this.#queue.push(request);
  }

  /** Whether none waits. */
  get isEmpty(): boolean {
    return !this.hasWaiting();
  }

  /** Whether one waits. @param last the last priority that counts */
  hasWaiting(last = LAST_PRIORITY): boolean {
    this.#dropStaleHead(last);
    return this.#queue.peek(last) !== undefined;
  }

  /** Whether all that wait have a later priority than this, and any do. */
  waitsBehind(last: number): boolean {
    return this.#queue.size > 0 && this.#queue.peek(last) === undefined;
  }

  /**
   * The next ones, at most `max`, which stay in their places: it may take a while until they may go. Those whose report is in the cache by now
   * end with it.
   * @param last the last priority that may go; those behind it neither go nor hold up others
   */
  peek(max: number, last = LAST_PRIORITY): QueuedRequest[] {
    for (;;) {
      this.#dropStaleHead(last);
      // One whose priority was raised has two places.
      const next = [...new Set(this.#queue.peekMany(max, last))].filter(isWaiting);
      const settled = next.filter((request) => request.settleFromCache?.() === true);
      if (settled.length === 0) return next;
      for (const request of settled) request.queued = false;
    }
  }

  /** @param first the first priority that is looked at */
  remove(matches: (request: QueuedRequest) => boolean, first = FIRST_PRIORITY): QueuedRequest[] {
    const removed: QueuedRequest[] = [];
    for (const request of this.#queue.remove((each) => !each.queued || matches(each), first)) {
      if (request.queued) removed.push(request);
      request.queued = false;
    }
    return removed;
  }

  /** Drops entries at the front whose request doesn't wait any more. */
  #dropStaleHead(last: number): void {
    for (let request = this.#queue.peek(last); request; request = this.#queue.peek(last)) {
      if (isWaiting(request)) return;
      this.#queue.shift(last);
      if (request.queued) request.fail(ABANDONED);
      request.queued = false;
    }
  }
}

/** It is in the queue, and a lookup waits for it. */
export function isWaiting({ queued, abandoned }: QueuedRequest): boolean {
  return queued && !abandoned;
}
