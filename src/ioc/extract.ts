import { Search, type ExtractOptions, type Extraction } from './search';

export type { ExtractOptions, Extraction };

/**
 * Finds the indicators that a person would find in a value: text, HTML, JSON text, objects, arrays, Buffers of text.
 * @throws VirusTotalError `VT_INVALID_IOC` over 8 MiB of text, 64 levels of nesting or 5,000 indicators; `VT_CONFIG` for a line of
 *   the allow list that is nothing it could hold.
 */
export function extractIocs(value: unknown, options: ExtractOptions = {}): Extraction {
  const search = new Search(value, options);
  search.run(NEVER);
  return search.extraction;
}

const NEVER = (): boolean => false;
