import type { VirusTotalError } from '../src/errors';
import type { LookupResult } from '../src/lookup/service';
import type { Asked } from './asked';
import type { Results } from './lookups';
import type { Received } from './received';
import type { Outgoing } from './outgoing';

/** The message goes on with the one report, or ends with the error. */
export class SingleResult implements Results {
  readonly #out: Outgoing;
  readonly #received: Received;
  readonly #asked: Asked;

  constructor(out: Outgoing, received: Received, asked: Asked) {
    this.#out = out;
    this.#received = received;
    this.#asked = asked;
  }

  found(_index: number, found: LookupResult): void {
    const { msg, send } = this.#received;
    this.#asked.cached = found.cached;
    this.#out.note(msg, this.#asked);
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
