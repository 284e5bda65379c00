import { SlicedSearches } from './slices';
import { Search, type ExtractOptions, type Extraction } from './search';

export type { ExtractOptions, Extraction };

/**
 * Finds the indicators that a person would find in a value: text, HTML, JSON text, objects, arrays, Buffers of text.
 * @throws VirusTotalError `VT_INVALID_IOC` over 8 MiB of text, 64 levels of nesting, 2 million objects, 50 million elements of lists or
 *   5,000 indicators; `VT_CONFIG` for a line of the allow list that is nothing it could hold.
 */
export function extractIocs(value: unknown, options: ExtractOptions = {}): Extraction {
  const search = new Search(value, options);
  search.run(NEVER);
  return search.extraction;
}

/**
 * As {@link extractIocs}, with each mail in the value parsed whole: as text or bytes as it was sent (RFC 5322, MIME, mbox), or as an object with
 * `headers`, `text`, `html` and `attachments`. Its links are found by where they lead and not by what they show, its files by their SHA-256,
 * which is computed here, and mail addresses are those of its senders only. Leaves the event loop to others after some milliseconds of work.
 * @throws VirusTotalError (as a rejection) as `extractIocs` does, and `VT_INVALID_IOC` for a mail over 48 MiB, 2,000 parts, 64 levels of parts,
 *   256 KiB in one header or 8 MiB in all.
 */
export async function extractIocsFromMail(value: unknown, options: ExtractOptions = {}): Promise<Extraction> {
  return mails.extract(value, options);
}

const mails = new SlicedSearches();

const NEVER = (): boolean => false;
