import type { Finding } from './finding';
import { Seeded } from './seeded';

/** What Google Threat Intelligence makes of an indicator. It counts more than engines, and so may disagree with them. */
export function gtiAssessment(indicator: string, finding: Finding): Record<string, unknown> {
  const seeded = new Seeded(`gti ${indicator}`);
  const [verdict, severity, score] =
    finding.malicious >= 5
      ? ['VERDICT_MALICIOUS', 'SEVERITY_HIGH', seeded.between(60, 100)]
      : finding.malicious > 0
        ? ['VERDICT_SUSPICIOUS', 'SEVERITY_NONE', 20]
        : finding.unrated
          ? ['VERDICT_UNDETECTED', 'SEVERITY_NONE', 1]
          : ['VERDICT_BENIGN', 'SEVERITY_NONE', 0];
  return {
    verdict: { value: verdict },
    severity: { value: severity },
    threat_score: { value: score },
    contributing_factors: {
      gti_confidence_score: finding.malicious > 0 ? seeded.between(20, 100) : 0,
      malicious_sandbox_verdict: finding.malicious >= 20,
      pervasive_indicator: seeded.next() < 0.3,
      normalised_categories: finding.malicious > 0 ? ['malware'] : [],
    },
    description: 'The assessment is made up, as the counts are.',
  };
}
