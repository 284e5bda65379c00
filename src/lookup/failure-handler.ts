import { VirusTotalError } from '../errors';
import type { Block, CircuitBreaker } from './circuit-breaker';
import { inBackground } from '../in-background';
import type { KeyClients } from './key-clients';
import { FIRST_PRIORITY, LAST_URGENT_PRIORITY } from './priority';
import type { QuotaTracker } from './quota-tracker';
import { ABANDONED, type QueuedRequest, type RequestQueue } from './request-queue';
import { afterFailure } from './retry-policy';
import { forEachYielding } from './yielding';

/** The parts of the key whose requests fail. */
export interface FailingKey {
  readonly queue: RequestQueue;
  readonly breaker: CircuitBreaker;
  readonly clients: KeyClients;
  readonly quota: QuotaTracker;
  /** Called when a request waits again. */
  pump(): void;
}

/**
 * Decides what happens after a failed request, to that request and to all others of its key. The request ends with its error, waits for
 * its own retry, or goes back to the front of the queue while the key pauses. If the failure blocks the key, all requests that must not
 * wait for the end of the block end with its error.
 */
export class FailureHandler {
  readonly #key: FailingKey;
  /** Requests that wait for their own retry after a passing failure. */
  readonly #retries = new Map<QueuedRequest, NodeJS.Timeout>();

  constructor(key: FailingKey) {
    this.#key = key;
  }

  /** The error that a request would fail with if it were queued now; undefined: it may wait. */
  refusal(request: QueuedRequest): VirusTotalError | undefined {
    const block = this.#key.breaker.currentFor(request.priority);
    return block && failsOn(block, request) ? block.error : undefined;
  }

  /** VirusTotal accepted a request, whatever its result. */
  accepted(): void {
    const { breaker } = this.#key;
    if (breaker.halfOpen)
      this.#key.clients.backend.unblock(['rate-limited', 'quota-exhausted', 'unauthorized']);
    breaker.onSuccess();
  }

  failed(request: QueuedRequest, thrown: unknown): void {
    const error = asError(thrown);
    if (error.retryable && error.code !== 'VT_QUOTA') request.failures++;
    const next = afterFailure(error, request.failures, this.#key.clients.timeScale);
    if (next.kind === 'pause') this.#pause(request, error, next.ms);
    else if (next.kind === 'reject-key') this.#rejectKey(request, error);
    else {
      if (error.status !== undefined) this.accepted();
      if (next.kind === 'fail') request.fail(error);
      else if (request.abandoned) request.fail(ABANDONED);
      else this.#retryLater(request, next.afterMs);
    }
  }

  /** Queues the request in front of all others, or ends it if a block would fail it anyway. */
  requeue(request: QueuedRequest): void {
    const error = request.abandoned ? ABANDONED : this.refusal(request);
    if (error) request.fail(error);
    else this.#key.queue.requeueFirst(request);
  }

  /**
   * A block ends the requests that don't wait for its end when it begins, and the reserve of the day's quota those that aren't urgent, once
   * it alone is left; those that come later are refused.
   */
  failBlocked(): void {
    const { breaker } = this.#key;
    this.#failFrom(FIRST_PRIORITY, breaker.current());
    this.#failFrom(LAST_URGENT_PRIORITY + 1, breaker.reserve());
  }

  #failFrom(first: number, block: Block | undefined): void {
    if (!block || block.kind === 'rate-limited') return;
    const fails = (request: QueuedRequest): boolean => request.priority >= first && failsOn(block, request);
    const failed = this.#key.queue.remove(fails, first);
    if (block.kind === 'unauthorized') failed.push(...this.#removeRetries(() => true));
    inBackground(forEachYielding(failed, (request) => request.fail(block.error)));
  }

  /** Ends the requests for which no lookup waits any more. */
  dropAbandoned(): void {
    const abandoned = (request: QueuedRequest): boolean => request.abandoned;
    for (const request of this.#removeRetries(abandoned)) request.fail(ABANDONED);
    for (const request of this.#key.queue.remove(abandoned)) request.fail(ABANDONED);
  }

  #pause(request: QueuedRequest, error: VirusTotalError, ms: number): void {
    if (this.#key.breaker.pause(ms, error)) {
      this.#publishBlock();
      // VirusTotal's count may differ from the own one.
      this.#key.quota.fetchUsage();
    }
    if (request.once === true) request.fail(error);
    else this.requeue(request);
    this.failBlocked();
    this.#key.clients.notify();
  }

  #rejectKey(request: QueuedRequest, error: VirusTotalError): void {
    this.#key.breaker.rejectKey(error);
    this.#publishBlock();
    request.fail(error);
    this.failBlocked();
    this.#key.clients.notify();
  }

  #publishBlock(): void {
    const record = this.#key.breaker.toRecord();
    if (record) this.#key.clients.backend.block(record);
  }

  #retryLater(request: QueuedRequest, afterMs: number): void {
    const retry = (): void => {
      this.#retries.delete(request);
      this.requeue(request);
      this.#key.pump();
    };
    this.#retries.set(request, setTimeout(retry, afterMs));
  }

  #removeRetries(matches: (request: QueuedRequest) => boolean): QueuedRequest[] {
    const removed: QueuedRequest[] = [];
    for (const [request, timer] of this.#retries) {
      if (!matches(request)) continue;
      clearTimeout(timer);
      this.#retries.delete(request);
      removed.push(request);
    }
    return removed;
  }
}

/** True if a request ends when its key is blocked for this reason. */
function failsOn({ kind }: Block, { onQuota }: QueuedRequest): boolean {
  return kind === 'unauthorized' || (kind === 'quota-exhausted' && onQuota === 'fail');
}

function asError(thrown: unknown): VirusTotalError {
  if (thrown instanceof VirusTotalError) return thrown;
  return new VirusTotalError('VT_BAD_RESPONSE', `Unreadable answer: ${String(thrown)}`);
}
