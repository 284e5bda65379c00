import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import type { AnalysisOptions } from '../../src/analysis/options';
import { REASONS } from '../../src/analysis/reasons';
import { fileReport, v2DomainBody } from '../support/reports';

const noEngines = { ...fileReport(5, 70), scans: undefined };
const now = () => Date.UTC(2026, 11, 1);

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
  ['report-too-old', fileReport(5, 70), { maxAgeDays: 30, now }],
  ['age-unknown', { ...fileReport(0, 70), scan_date: undefined }, { maxAgeDays: 30, now }],
  ['too-few-engines', fileReport(0, 9), { minEngines: 10 }],
  ['engines-ignored', fileReport(5, 70), { ignoreEngines: 'engine 1' }],
  ['ignore-impossible', noEngines, { ignoreEngines: 'engine 1' }],
  ['detected-by', fileReport(5, 70)],
  ['suspicious', fileReport(5, 70, { suspicious: 2 })],
  ['confidence-low', fileReport(5, 70)],
  ['confidence-medium', fileReport(35, 70)],
  ['confidence-high', fileReport(70, 70)],
];

describe('the reasons', () => {
  it('are documented, every one, and no other', () => {
    expect(Object.keys(REASONS).sort()).to.deep.equal(EXAMPLES.map(([code]) => code).sort());
  });

  for (const [code, report, options] of EXAMPLES) {
    it(`name ${code}, with a sentence for a person`, () => {
      const expression = code === 'heuristic-jsonata' ? { value: 7 } : undefined;
      const { reasons } = analyzeReport(report, options, expression);
      const named = reasons.filter((reason) => reason.code === code);
      expect(named).to.have.lengthOf(1);
      expect(named[0]?.text).to.match(/\S{2,}/);
    });
  }

  it('begin with what decided', () => {
    const report = fileReport(5, 70, { suspicious: 2 });
    expect(analyzeReport(report).reasons.map(({ code }) => code)).to.deep.equal([
      'malicious-threshold',
      'detected-by',
      'confidence-low',
      'suspicious',
    ]);
    expect(analyzeReport(report).reasons[0]?.text).to.equal('5 of 70 engines detect it; Malicious is >= 5');
  });

  it('repeat what VirusTotal said when there is no result', () => {
    const text = (response_code: number, verbose_msg: string) =>
      analyzeReport({ response_code, verbose_msg }).reasons[0]?.text;
    expect(text(0, 'Domain not found')).to.equal('VirusTotal does not know it: Domain not found');
    expect(text(-2, 'Your resource is queued')).to.contain('Your resource is queued');
    expect(text(-1, 'Invalid IP address')).to.equal('response_code is -1: Invalid IP address');
  });
});
