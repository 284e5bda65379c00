/**
 * The verdicts in the order of the Report Analysis node's outputs. Saved flows are wired to the outputs by number: append
 * at the end, never in between.
 */
export const VERDICTS = ['malicious', 'trusted', 'no-match', 'missing', 'error'] as const;

/**
 * - `malicious`, `trusted`: a threshold matched;
 * - `no-match`: neither did, or VirusTotal doesn't know the indicator or gave no verdict;
 * - `missing`: there is no report;
 * - `error`: the report stands for a failure, or is still queued.
 */
export type Verdict = (typeof VERDICTS)[number];

/** Where the node sends a verdict, counted from 1 as people do. */
export const OUTPUT_OF: Readonly<Record<Verdict, number>> = {
  malicious: 1,
  trusted: 2,
  'no-match': 3,
  missing: 4,
  error: 5,
};
