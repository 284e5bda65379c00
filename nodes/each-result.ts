import type { NodeMessage } from 'node-red';
import type { VirusTotalError } from '../src/errors';
import type { FoundIoc } from '../src/ioc/ioc';
import { isObject } from '../src/report/narrow';
import { originsIn } from '../src/report/origin';
import type { LookupResult } from '../src/lookup/service';
import type { LookupMetadata } from './lookup-metadata';
import { asError, type Results } from './lookups';
import { isOwnParts, type MessageFanOut } from './message-fan-out';
import type { MessageLookup } from './message-lookup';
import type { Outgoing } from './outgoing';
import { Turns } from './turns';

/** Of a related indicator that is alone in its message, the parts are those of all that the related node has sent. */
function isOneOfPivot(msg: NodeMessage, iocs: readonly FoundIoc[]): boolean {
  const { parts, pivot } = msg as { parts?: unknown; pivot?: unknown };
  const origins = originsIn(pivot);
  const isOne = iocs.length === 1 && origins.length === 1 && origins[0]?.value === iocs[0]?.value;
  return isOne && isObject(parts) && isOwnParts(parts);
}

/**
 * One message for each report, as soon as it is there and made no sooner. Of several indicators one that failed ends by itself: its
 * copy goes to a Catch node, or on as a report of the error, and the message is complete when all have ended. The failure of an
 * only indicator is that of the message.
 */
export class EachResult implements Results {
  readonly #lookup: MessageLookup;
  readonly #out: Outgoing;
  readonly #iocs: readonly FoundIoc[];
  readonly #copies: MessageFanOut;
  readonly #turns = new Turns();

  constructor(lookup: MessageLookup, iocs: readonly FoundIoc[]) {
    this.#lookup = lookup;
    this.#out = lookup.out;
    this.#iocs = iocs;
    const keepsParts = isOneOfPivot(lookup.msg, iocs);
    this.#copies = lookup.out.copies(lookup.msg, { count: iocs.length, keepsParts });
  }

  get groupId(): string {
    return this.#copies.groupId;
  }

  found(index: number, found: LookupResult): void {
    if (this.#iocs.length === 1) return this.#found(index, found);
    this.#turns.run(() => {
      try {
        this.#found(index, found);
      } catch (thrown) {
        this.#failed(index, asError(thrown));
      }
    });
  }

  failed(index: number, error: VirusTotalError): void {
    if (this.#iocs.length === 1) return this.#failed(index, error);
    this.#turns.run(() => this.#failed(index, error));
  }

  /** All have gone on by themselves, as soon as those have that wait for a turn. */
  end(): void | Promise<void> {
    return this.#turns.rest;
  }

  #found(index: number, found: LookupResult): void {
    const metadata = this.#one(index, found.cached);
    this.#send(index, metadata, this.#out.output.report(metadata, found));
  }

  #failed(index: number, error: VirusTotalError): void {
    const metadata = this.#one(index, false);
    if (this.#out.sendsErrorReports(error))
      return this.#send(index, metadata, this.#out.output.failure(metadata, error));
    const copy = this.#copies.failed(index, metadata.resource ?? '', this.#out.sourceProperty);
    if (this.#iocs.length === 1) {
      // With its only indicator the message itself has failed, as that of another action: it ends in Catch and isn't complete.
      Object.assign(this.#lookup.metadata, metadata);
      throw error;
    }
    this.#lookup.received.error(error, this.#out.addMetadata(copy, metadata));
  }

  /** The copy for one of the indicators, without a report. */
  at(index: number): NodeMessage {
    return this.#out.addMetadata(this.#copies.copy(index), this.#one(index, false));
  }

  #send(index: number, metadata: LookupMetadata, report: unknown): void {
    const copy = this.#out.addMetadata(this.#copies.copy(index), metadata);
    this.#out.output.put(copy, report);
    this.#lookup.received.send(copy);
  }

  /** What was asked for one of them. What was skipped stands in the first only: a list for each could fill the memory. */
  #one(index: number, cached: boolean): LookupMetadata {
    const { action, found, skipped, skippedCount } = this.#lookup.metadata;
    const { type, value, text, path, wrapper, hashes, name } = this.#iocs[index] as FoundIoc;
    const metadata: LookupMetadata = {
      action,
      type,
      resource: value,
      found,
      cached,
      skipped: index === 0 ? skipped : [],
      path: this.#lookup.pathOf(path),
      text,
    };
    if (skippedCount !== undefined) metadata.skippedCount = skippedCount;
    if (wrapper !== undefined) metadata.wrapper = wrapper;
    if (hashes !== undefined) metadata.hashes = hashes;
    if (name !== undefined) metadata.name = name;
    return metadata;
  }
}
