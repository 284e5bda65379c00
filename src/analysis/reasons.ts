/**
 * Every reason that an analysis can give, by its code. The codes are stable: flows route on them
 * (`msg.analysis.reasons[code="report-too-old"]` in a switch node). The texts of the reasons are for people, in English, and may change.
 */
export const REASONS = {
  'report-missing': 'Nothing that is a VirusTotal report was there.',
  'report-error': 'The report carries an error.',
  'response-error': '`response_code` is -1, or another negative number that VirusTotal does not document.',
  'still-queued': '`response_code` is -2: VirusTotal has not finished the scan.',
  'report-unreadable':
    'The report could not be read: `response_code` is no number, or reading a field failed.',
  'not-found': '`response_code` is 0: VirusTotal does not know the indicator.',
  'no-verdict': 'No engine gave a verdict: no positives, or a total of 0.',
  'bad-positives': '`positives` is there, but is not a whole number of 0 or more; it counts as no verdict.',
  'bad-total': '`total` is not a whole number of 0 or more, or is below `positives`: there is no rate.',
  'malicious-threshold': 'The positives reached the malicious threshold.',
  'trusted-threshold': 'The positives stayed below the trusted threshold.',
  'between-thresholds': 'The positives matched neither threshold.',
  'trusted-engines':
    'Engines of `trustedEngines` detect it: `trustedEnginesMin` of them make Malicious, fewer keep it from Trusted (rule `evidence`).',
  'detections-outweighed':
    'One or two detections do not count: they are by none of `trustedEngines`, and many engines rate it harmless, a known distributor has it or it is popular (rule `evidence`).',
  unrated: 'No engine has rated the URL, domain or IP address, so it cannot be Trusted.',
  'ignored-detection': 'An engine of `ignoreEngines` detects it, so it cannot be Trusted.',
  'engines-unlisted':
    'The report does not list its engines, so the rule `evidence` cannot see who detected it.',
  'gti-verdict': "Google Threat Intelligence's verdict: it decided, or is there to know.",
  'heuristic-detections': 'The positives are the number of detected URLs and samples that the report lists.',
  'heuristic-jsonata': "The positives are what the user's JSONata expression gave.",
  'heuristic-failed':
    "The user's JSONata expression failed, or gave something other than a number of 0 or more.",
  'report-too-old': 'The scan is older than `maxAgeDays`.',
  'age-unknown': 'The report has no scan date, so it cannot be Trusted while `maxAgeDays` is set.',
  'too-few-engines': 'Fewer engines than `minEngines` have an opinion of it, so it cannot be Trusted.',
  'engines-ignored': 'Positives and total were counted again without engines of `ignoreEngines`.',
  'ignore-impossible': '`ignoreEngines` is set, but the report does not list its engines.',
  'detected-by': 'Which engines detected it, and as what.',
  suspicious:
    'Engines that call it suspicious; they are not in the positives. With the rule `evidence` it cannot be Trusted.',
  unwanted: 'The engines call it unwanted rather than malware: adware, a miner, a hacking tool.',
  'test-file': 'The engines call it a test file, as EICAR, which is harmless.',
  'known-distributor': 'Who distributes the file.',
  popular: 'The domain is in lists of popular ones.',
  sandbox: 'Sandboxes call it malicious.',
  sigma: 'Sigma rules of the levels critical and high matched what it does.',
  ids: 'Intrusion detection rules of the level high matched its traffic.',
  'confidence-low': 'It is Malicious, and the rate is below `lowRate` (`hostLowRate`).',
  'confidence-medium':
    'It is Malicious, and the rate is from `lowRate` to `highRate` (`hostLowRate`, `hostHighRate`).',
  'confidence-high': 'It is Malicious, and the rate is above `highRate` (`hostHighRate`).',
} as const;

/** The code of a reason. Codes are stable: programs and flows may decide by them. */
export type ReasonCode = keyof typeof REASONS;

/** One thing that led to the verdict. */
export interface Reason {
  /** What kind of reason it is. */
  code: ReasonCode;
  /** One sentence for a person, with the numbers of this report. */
  text: string;
}
