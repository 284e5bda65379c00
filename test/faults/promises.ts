import type { Findings, LifeFindings } from './campaign';

/** What a campaign promises, as a sentence about its messages, and what speaks against it. */
export const PROMISES: Readonly<Record<string, (found: Findings) => readonly string[]>> = {
  'each end in an output or an error, as often as they should, and with what belongs to them': ofEach(
    ({ complaints, unfinished, outputs, errors, due, taken }) => [
      ...complaints,
      ...unfinished,
      ...unless(
        outputs + errors === due,
        `${outputs} outputs and ${errors} errors of ${due} for ${taken} messages`,
      ),
    ],
  ),
  'never start more requests than the limits allow, through all deploys and restarts': (found) =>
    found.overAtStart,
  'never arrive at VirusTotal more often than the limits allow, unless the way takes longer than is allowed for':
    ({ overAtServer: { over } }) => over,
  // One that a deploy cut off may have been counted here and never have come to VirusTotal.
  'are counted as VirusTotal counts them, never lower': ({ counted, accepted }) =>
    unless(
      counted >= accepted && counted <= accepted * 1.02 + 20,
      `${counted} counted here, and ${accepted} by VirusTotal`,
    ),
  'leave no rejection that nobody handles, and nothing for Node to warn of': ofEach(({ trouble }) => trouble),
  'leave no timer and no socket': ofEach(({ left }) => left),
  'leave as much heap in use as before, within 10 %': ofEach(
    ({ heap: { before, after } = { before: 1, after: 1 } }) =>
      unless(after <= before * 1.1, `${before} bytes before, ${after} after`),
  ),
};

function ofEach(against: (life: LifeFindings) => readonly string[]): (found: Findings) => readonly string[] {
  return ({ lives }) => lives.flatMap(against);
}

function unless(good: boolean, complaint: string): string[] {
  return good ? [] : [complaint];
}
