import type { VirusTotalError } from '../src/errors';
import type { FoundIoc } from '../src/ioc/ioc';
import type { LookupResult } from '../src/lookup/service';
import type { LookupMetadata } from './lookup-metadata';
import type { Results } from './lookups';
import type { MessageLookup } from './message-lookup';

/** One message with all reports, in the order of the indicators; what failed is an error report in its place. */
export class ArrayResult implements Results {
  readonly #lookup: MessageLookup;
  readonly #iocs: readonly FoundIoc[];
  readonly #reports: unknown[];

  constructor(lookup: MessageLookup, iocs: readonly FoundIoc[]) {
    this.#lookup = lookup;
    this.#iocs = iocs;
    this.#reports = new Array(iocs.length);
    const { metadata } = lookup;
    metadata.cached = true;
    if (iocs.some(({ hashes }) => hashes !== undefined))
      metadata.hashes = iocs.map(({ hashes = {} }) => hashes);
    if (iocs.some(({ name }) => name !== undefined)) metadata.name = iocs.map(({ name = '' }) => name);
  }

  found(index: number, found: LookupResult): void {
    const { metadata, out } = this.#lookup;
    metadata.cached &&= found.cached;
    this.#reports[index] = out.output.report(this.#one(index), found);
  }

  failed(index: number, error: VirusTotalError): void {
    const { metadata, out } = this.#lookup;
    metadata.cached = false;
    if (error.code === 'VT_CLOSED') throw error;
    this.#reports[index] = out.output.failure(this.#one(index), error);
  }

  end(): void {
    const { msg, metadata, out, received } = this.#lookup;
    out.addMetadata(msg, metadata);
    out.output.put(msg, this.#reports);
    received.send(msg);
  }

  #one(index: number): Pick<LookupMetadata, 'action' | 'type' | 'resource'> {
    const { type, value } = this.#iocs[index] as FoundIoc;
    return { action: this.#lookup.metadata.action, type, resource: value };
  }
}
