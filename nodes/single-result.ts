import type { VirusTotalError } from '../src/errors';
import type { LookupResult } from '../src/lookup/service';
import type { Results } from './lookups';
import type { MessageLookup } from './message-lookup';

/** The message goes on with the one report, or ends with the error. */
export class SingleResult implements Results {
  readonly #lookup: MessageLookup;

  constructor(lookup: MessageLookup) {
    this.#lookup = lookup;
  }

  found(_index: number, found: LookupResult): void {
    const { msg, metadata, out, received } = this.#lookup;
    metadata.cached = found.cached;
    out.addMetadata(msg, metadata);
    out.output.put(msg, out.output.report(metadata, found));
    received.send(msg);
  }

  failed(_index: number, error: VirusTotalError): void {
    throw error;
  }

  end(): void {
    // The message has gone on.
  }
}
