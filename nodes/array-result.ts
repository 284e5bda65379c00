import type { VirusTotalError } from '../src/errors';
import type { FoundIoc } from '../src/ioc/ioc';
import type { LookupResult } from '../src/lookup/service';
import type { LookupMetadata } from './lookup-metadata';
import type { Results } from './lookups';
import type { Received } from './received';
import type { Outgoing } from './outgoing';

/** One message with all reports, in the order of the indicators; what failed is an error report in its place. */
export class ArrayResult implements Results {
  readonly #out: Outgoing;
  readonly #received: Received;
  readonly #asked: LookupMetadata;
  readonly #iocs: readonly FoundIoc[];
  readonly #reports: unknown[];

  constructor(out: Outgoing, received: Received, metadata: LookupMetadata, iocs: readonly FoundIoc[]) {
    this.#out = out;
    this.#received = received;
    this.#asked = metadata;
    this.#iocs = iocs;
    this.#reports = new Array(iocs.length);
    metadata.cached = true;
  }

  found(index: number, found: LookupResult): void {
    this.#asked.cached &&= found.cached;
    this.#reports[index] = this.#out.output.report(this.#one(index), found);
  }

  failed(index: number, error: VirusTotalError): void {
    this.#asked.cached = false;
    if (error.code === 'VT_CLOSED') throw error;
    this.#reports[index] = this.#out.output.failure(this.#one(index), error);
  }

  end(): void {
    const { msg, send } = this.#received;
    this.#out.addMetadata(msg, this.#asked);
    this.#out.output.put(msg, this.#reports);
    send(msg);
  }

  #one(index: number): Pick<LookupMetadata, 'action' | 'type' | 'resource'> {
    const { type, value } = this.#iocs[index] as FoundIoc;
    return { action: this.#asked.action, type, resource: value };
  }
}
