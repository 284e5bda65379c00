import type { VirusTotalError } from '../src/errors';
import type { LookupResult } from '../src/lookup/service';
import type { LookupMetadata } from './lookup-metadata';
import type { Results } from './lookups';
import type { Received } from './received';
import type { Outgoing } from './outgoing';

/** The message goes on with the one report, or ends with the error. */
export class SingleResult implements Results {
  readonly #out: Outgoing;
  readonly #received: Received;
  readonly #asked: LookupMetadata;

  constructor(out: Outgoing, received: Received, metadata: LookupMetadata) {
    this.#out = out;
    this.#received = received;
    this.#asked = metadata;
  }

  found(_index: number, found: LookupResult): void {
    const { msg, send } = this.#received;
    this.#asked.cached = found.cached;
    this.#out.addMetadata(msg, this.#asked);
    this.#out.output.put(msg, this.#out.output.report(this.#asked, found));
    send(msg);
  }

  failed(_index: number, error: VirusTotalError): void {
    throw error;
  }

  end(): void {
    // The message has gone on.
  }
}
