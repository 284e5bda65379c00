import { VirusTotalError } from '../src/errors';
import type { Indicator } from '../src/ioc/ioc';
import type { LookupOptions } from '../src/lookup/request-coalescer';
import type { LookupResult, VirusTotalService } from '../src/lookup/service';
import type { Listener } from '../src/lookup/pending-lookup';
import type { LookupStatus } from './lookup-status';

/** What becomes of the lookups of one message, by their index. What one of these throws ends the whole message. */
export interface Results {
  found(index: number, found: LookupResult): void;
  failed(index: number, error: VirusTotalError): void;
  /** All of them have ended. */
  end(): void;
}

/**
 * The lookups of one message, until each has its report or its error. Small, as a hundred thousand may wait: each is one object with
 * its index.
 */
export class Lookups {
  readonly #results: Results;
  readonly #status: LookupStatus;
  #open = 1;
  #settle: { resolve: () => void; reject: (error: VirusTotalError) => void } | undefined;
  #problem: VirusTotalError | undefined;

  constructor(results: Results, status: LookupStatus) {
    this.#results = results;
    this.#status = status;
  }

  /**
   * Calls `found` at once for what is cached, so that nothing on that way waits for a turn of the event loop.
   * @param looked told of each whether it was cached
   * @returns nothing when all were
   * @throws VirusTotalError or rejects with it, when the message ends with it as a whole
   */
  run(
    service: VirusTotalService,
    indicators: readonly Indicator[],
    options: LookupOptions,
    looked: ((cached: boolean) => void) | undefined,
  ): void | Promise<void> {
    indicators.forEach((indicator, index) => {
      const cached = options.refresh ? undefined : service.peek(indicator);
      looked?.(cached !== undefined);
      if (cached) return this.#found(index, cached, true);
      this.#open++;
      service.request(indicator, options, new OneLookup(this, index));
    });
    this.#ended();
    if (this.#problem) throw this.#problem;
    if (this.#open === 0) return;
    this.#status.refresh();
    return new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
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
      this.#results.end();
    } catch (thrown) {
      return this.#stop(thrown);
    }
    this.#settle?.resolve();
  }

  #stop(thrown: unknown): void {
    this.#problem ??= asError(thrown);
    this.#settle?.reject(this.#problem);
  }
}

/** One of them, to the service. */
class OneLookup implements Listener<LookupResult> {
  readonly #lookups: Lookups;
  readonly #index: number;

  constructor(lookups: Lookups, index: number) {
    this.#lookups = lookups;
    this.#index = index;
  }

  answered(found: LookupResult): void {
    this.#lookups.answered(this.#index, found);
  }

  failed(error: VirusTotalError): void {
    this.#lookups.failed(this.#index, error);
  }
}

export function asError(thrown: unknown): VirusTotalError {
  if (thrown instanceof VirusTotalError) return thrown;
  return new VirusTotalError('VT_CONFIG', thrown instanceof Error ? thrown.message : String(thrown));
}
