import type * as SuffixList from 'tldts';

let loaded: typeof SuffixList | undefined;

/** The public suffix list is dear to load: it is loaded with the first name that needs it. */
export function suffixList(): typeof SuffixList {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return (loaded ??= require('tldts') as typeof SuffixList);
}
