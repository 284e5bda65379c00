import { START_HEADER } from './starts';

/** A request for a report that was handed to VirusTotal's machine, at a moment between these two of the machine's clock. */
export interface Arrived {
  name: string;
  before: number;
  after: number;
}

const NAME = new RegExp(`\\r\\n${START_HEADER}: (\\S+)\\r\\n`, 'gi');

/**
 * Notes when requests arrive: where the line hands them over, as the stand-in may be kept from reading by a busy machine. The bytes are on
 * its side of the loopback when the call that writes them returns.
 */
export class Arrivals {
  readonly all: Arrived[] = [];

  readonly note = (chunk: Buffer, before: number, after: number): void => {
    for (const [, name = ''] of chunk.toString('latin1').matchAll(NAME))
      this.all.push({ name, before, after });
  };
}
