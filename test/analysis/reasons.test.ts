import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import type { AnalysisOptions } from '../../src/analysis/options';
import { REASONS } from '../../src/analysis/reasons';
import type { Report } from '../../src/report/report';
import { fileReport, v2DomainBody, v3DomainReport } from '../support/reports';

const noEngines = { ...fileReport(5, 70), scans: undefined };
const now = () => Date.UTC(2026, 11, 1);
const UNRATED = { detected: false, result: 'unrated', category: 'undetected' };

/** A domain that these engines detect, and that another one rates harmless. */
function detectedBy(...names: string[]): Report {
  const detected = names.map((name) => [name, { detected: true, result: 'malware', category: 'malicious' }]);
  const clean = { detected: false, result: 'clean', category: 'harmless' };
  const scans = Object.fromEntries([...detected, ['Engine C', clean]]) as Report['scans'] & object;
  return v3DomainReport(names.length, 90, { scans });
}

// The codes that saved flows route on, and a report that gives each.
const EXAMPLES: [code: string, report: unknown, options?: AnalysisOptions][] = [
  ['report-missing', 'text'],
  ['report-error', { error: 'broken' }],
  ['response-error', { response_code: -1 }],
  ['still-queued', { response_code: -2 }],
  ['report-unreadable', { response_code: 'one' }],
  ['not-found', { response_code: 0 }],
  ['no-verdict', { response_code: 1 }],
  ['bad-positives', { response_code: 1, positives: -1 }],
  ['bad-total', { response_code: 1, positives: 5, total: 4 }],
  ['malicious-threshold', fileReport(5, 70)],
  ['trusted-threshold', fileReport(0, 70)],
  ['between-thresholds', fileReport(3, 70)],
  ['heuristic-detections', v2DomainBody(), { heuristic: 'detections' }],
  ['heuristic-jsonata', v2DomainBody(), { heuristic: 'jsonata' }],
  ['heuristic-failed', v2DomainBody(), { heuristic: 'jsonata' }],
  ['report-too-old', v3DomainReport(5, 70), { maxAgeDays: 30, now }],
  ['age-unknown', { ...fileReport(0, 70), scan_date: undefined }, { maxAgeDays: 30, now }],
  ['too-few-engines', fileReport(0, 9), { minEngines: 10 }],
  ['engines-ignored', fileReport(5, 70), { ignoreEngines: 'engine 1' }],
  ['ignore-impossible', noEngines, { ignoreEngines: 'engine 1' }],
  ['trusted-engines', detectedBy('ESET', 'Kaspersky'), { rule: 'evidence' }],
  ['detections-outweighed', { ...detectedBy('Engine A'), harmless: 60 }, { rule: 'evidence' }],
  ['unrated', { ...v3DomainReport(0, 94), scans: { A: UNRATED, B: UNRATED } }],
  ['ignored-detection', detectedBy('Engine A'), { ignoreEngines: 'engine a' }],
  ['engines-unlisted', noEngines, { rule: 'evidence' }],
  ['gti-verdict', { ...detectedBy(), gti: { verdict: 'malicious' } }, { gti: 'adds' }],
  ['detected-by', fileReport(5, 70)],
  ['suspicious', fileReport(5, 70, { suspicious: 2 })],
  ['unwanted', { ...fileReport(5, 70), threat_label: 'adware.madeup', scans: undefined }],
  ['test-file', { ...fileReport(5, 70), threat_label: 'virus.eicar/test', scans: undefined }],
  ['known-distributor', { ...fileReport(0, 70), known_distributors: { distributors: ['A Maker'] } }],
  ['popular', { ...v3DomainReport(0, 70), popularity: { 'A list': 12 } }],
  ['sandbox', { ...fileReport(5, 70), sandbox_verdicts: { 'A box': { category: 'malicious' } } }],
  ['sigma', { ...fileReport(5, 70), sigma: { critical: 0, high: 2, medium: 1, low: 0 } }],
  ['ids', { ...fileReport(5, 70), ids: { high: 1, medium: 0, low: 0, info: 0 } }],
  ['confidence-low', fileReport(5, 70)],
  ['confidence-medium', fileReport(35, 70)],
  ['confidence-high', fileReport(70, 70)],
];

describe('The reasons', () => {
  it('are all documented, and no others', () => {
    expect(Object.keys(REASONS).sort()).to.deep.equal(EXAMPLES.map(([code]) => code).sort());
  });

  for (const [code, report, options] of EXAMPLES) {
    it(`name ${code} with a sentence for a person`, () => {
      const expression = code === 'heuristic-jsonata' ? { value: 7 } : undefined;
      const { reasons } = analyzeReport(report, options, expression);
      const named = reasons.filter((reason) => reason.code === code);
      expect(named).to.have.lengthOf(1);
      expect(named[0]?.text).to.match(/\S{2,}/);
    });
  }

  it('begin with the one that decided', () => {
    const report = fileReport(5, 70, { suspicious: 2 });
    expect(analyzeReport(report).reasons.map(({ code }) => code)).to.deep.equal([
      'malicious-threshold',
      'detected-by',
      'confidence-low',
      'suspicious',
    ]);
    expect(analyzeReport(report).reasons[0]?.text).to.match(
      /^5 of 70 engines detect it \(.*\. Malicious threshold: 5$/,
    );
  });

  it("repeat VirusTotal's text when there is no result", () => {
    const text = (response_code: number, verbose_msg: string) =>
      analyzeReport({ response_code, verbose_msg }).reasons[0]?.text;
    expect(text(0, 'Domain not found')).to.equal('VirusTotal does not know it: Domain not found');
    expect(text(-2, 'Your resource is queued')).to.contain('Your resource is queued');
    expect(text(-1, 'Invalid IP address')).to.equal('response_code is -1: Invalid IP address');
  });
});
