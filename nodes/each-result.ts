import type { NodeMessage } from 'node-red';
import type { VirusTotalError } from '../src/errors';
import type { FoundIoc } from '../src/ioc/ioc';
import type { LookupResult } from '../src/lookup/service';
import type { Asked } from './asked';
import type { Results } from './lookups';
import type { MessageCopies } from './message-copies';
import type { Received } from './received';
import type { Outgoing } from './outgoing';

/**
 * One message for each report, as soon as it is there and made no sooner. Of several indicators one that failed ends by itself: its
 * copy goes to a Catch node, or on as a report of the error, and the message is complete when all have ended. The failure of an
 * only indicator is that of the message.
 */
export class EachResult implements Results {
  readonly #out: Outgoing;
  readonly #received: Received;
  /** Of the whole search. */
  readonly #asked: Asked;
  readonly #iocs: readonly FoundIoc[];
  readonly #copies: MessageCopies;

  constructor(
    out: Outgoing,
    received: Received,
    asked: Asked,
    iocs: readonly FoundIoc[],
    copies: MessageCopies,
  ) {
    this.#out = out;
    this.#received = received;
    this.#asked = asked;
    this.#iocs = iocs;
    this.#copies = copies;
  }

  found(index: number, found: LookupResult): void {
    const asked = this.#one(index, found.cached);
    this.#send(index, asked, this.#out.output.report(asked, found));
  }

  failed(index: number, error: VirusTotalError): void {
    const asked = this.#one(index, false);
    if (this.#out.reports(error)) return this.#send(index, asked, this.#out.output.failure(asked, error));
    const copy = this.#copies.failed(index, asked.resource ?? '', this.#out.sourceProperty);
    if (this.#iocs.length === 1) {
      // With its only indicator the message itself has failed, as that of another action: it ends in Catch and isn't complete.
      Object.assign(this.#asked, asked);
      throw error;
    }
    this.#received.error(error, this.#out.note(copy, asked));
  }

  end(): void {
    // All have gone on by themselves.
  }

  /** The copy for one of the indicators, without a report. */
  at(index: number): NodeMessage {
    return this.#out.note(this.#copies.at(index), this.#one(index, false));
  }

  #send(index: number, asked: Asked, report: unknown): void {
    const copy = this.#out.note(this.#copies.at(index), asked);
    this.#out.output.put(copy, report);
    this.#received.send(copy);
  }

  /** What was asked for one of them. What was skipped stands in the first only: a list for each could fill the memory. */
  #one(index: number, cached: boolean): Asked {
    const { action, found, skipped, skippedCount } = this.#asked;
    const { type, value, text, path } = this.#iocs[index] as FoundIoc;
    return {
      action,
      type,
      resource: value,
      found,
      cached,
      skipped: index === 0 ? skipped : [],
      ...(skippedCount === undefined ? {} : { skippedCount }),
      path: this.#out.pathOf(path),
      text,
    };
  }
}
