import { VirusTotalError } from '../src/errors';
import type { LookupListener, LookupResult } from '../src/lookup/service';
import type { LookupStatus } from './lookup-status';

/** What becomes of the lookups of one message, by their index. What one of these throws ends the whole message. */
export interface Results {
  found(index: number, found: LookupResult): void;
  failed(index: number, error: VirusTotalError): void;
  /** The id of the group that its messages are, where they are one. */
  readonly groupId?: string | undefined;
  /** All of them have ended. @returns what is still to be done for that, if anything */
  end(): void | Promise<void>;
}

/** The lookups of one message, until each has its report or its error. Small, as many may wait: they are told by their index. */
export class Lookups implements LookupListener {
  readonly #results: Results;
  readonly #status: LookupStatus;
  /** Lookups that have not ended, and one until all are asked. */
  #open: number;
  #hits = 0;
  #settle:
    { resolve: (rest: void | Promise<void>) => void; reject: (error: VirusTotalError) => void } | undefined;
  #problem: VirusTotalError | undefined;
  /** What is to be done when all lookups have ended. */
  #rest: void | Promise<void> = undefined;

  constructor(results: Results, status: LookupStatus, count: number) {
    this.#results = results;
    this.#status = status;
    this.#open = count + 1;
    status.begin(count);
  }

  /** How many were in the cache. */
  get hits(): number {
    return this.#hits;
  }

  /** Handed on at once: nothing on that way waits for a turn of the event loop, but where there are very many of them. */
  cached(index: number, found: LookupResult): void {
    this.#hits++;
    this.#found(index, found, true);
    this.#open--;
  }

  answered(index: number, found: LookupResult): void {
    this.#found(index, found, false);
    this.#ended();
  }

  failed(index: number, error: VirusTotalError): void {
    this.#status.lookupFailed(error);
    this.#failed(index, error);
    this.#ended();
  }

  /**
   * All are asked.
   * @returns nothing when all were in the cache and have been handed on
   * @throws VirusTotalError or rejects with it, when the message ends with it as a whole
   */
  done(): void | Promise<void> {
    this.#ended();
    if (this.#problem) throw this.#problem;
    if (this.#open === 0) return this.#rest;
    this.#status.refresh();
    return new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
  }

  #found(index: number, found: LookupResult, wasKept: boolean): void {
    this.#status.lookupSucceeded(found.report, wasKept);
    try {
      this.#results.found(index, found);
    } catch (thrown) {
      this.#failed(index, asError(thrown));
    }
  }

  #failed(index: number, error: VirusTotalError): void {
    try {
      this.#results.failed(index, error);
    } catch (thrown) {
      this.#stop(thrown);
    }
  }

  #ended(): void {
    if (--this.#open > 0 || this.#problem) return;
    try {
      this.#rest = this.#results.end();
    } catch (thrown) {
      return this.#stop(thrown);
    }
    this.#settle?.resolve(this.#rest);
  }

  #stop(thrown: unknown): void {
    this.#problem ??= asError(thrown);
    this.#settle?.reject(this.#problem);
  }
}

export function asError(thrown: unknown): VirusTotalError {
  if (thrown instanceof VirusTotalError) return thrown;
  return new VirusTotalError('VT_CONFIG', thrown instanceof Error ? thrown.message : String(thrown));
}
