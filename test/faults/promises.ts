import type { Findings } from './campaign';

/** What a campaign promises, as a sentence about its messages, and what speaks against it. */
export const PROMISES: Readonly<Record<string, (found: Findings) => readonly string[]>> = {
  'each end in an output or an error, as often as they should, and with what belongs to them': (found) => [
    ...found.complaints,
    ...found.unfinished,
    ...unless(
      found.outputs + found.errors === found.due,
      `${found.outputs} outputs and ${found.errors} errors of ${found.due} for ${found.taken} messages`,
    ),
  ],
  'never start more requests than the limits allow, through all deploys': ({ overLimit }) => overLimit,
  // One that a deploy cut off may have been counted here and never have come to VirusTotal.
  'are counted as VirusTotal counts them, never lower': ({ counted, accepted }) =>
    unless(
      counted >= accepted && counted <= accepted * 1.02 + 20,
      `${counted} counted here, and ${accepted} by VirusTotal`,
    ),
  'leave no rejection that nobody handles, and nothing for Node to warn of': ({ trouble }) => trouble,
  'leave no timer and no socket': ({ left }) => left,
  'leave as much heap in use as before, within 10 %': ({ heapBefore, heapAfter }) =>
    unless(heapAfter <= heapBefore * 1.1, `${heapBefore} bytes before, ${heapAfter} after`),
};

function unless(good: boolean, complaint: string): string[] {
  return good ? [] : [complaint];
}
