import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import { fileReport } from '../support/reports';

describe('what an analysis takes over from the report for a summary', () => {
  it('is the threat label, the scan date and the page', () => {
    const report = fileReport(9, 70, { threat_label: 'trojan.madeup/x' });
    expect(analyzeReport(report)).to.include({
      label: 'trojan.madeup/x',
      scanDate: '2026-03-01 12:00:00',
      permalink: report.permalink,
    });
  });

  it('is absent where the report does not say it, or says something else', () => {
    const report = fileReport(9, 70, {
      threat_label: ' ',
      scan_date: 'yesterday',
      permalink: 'https://evil.example/',
    });
    const bare = { response_code: 1, resource: 'x', positives: 9, total: 70 };
    for (const each of [report, bare])
      expect(analyzeReport(each)).to.not.have.any.keys('label', 'scanDate', 'permalink', 'error');
  });

  it('is one short line, whatever the label holds', () => {
    const { label } = analyzeReport(fileReport(9, 70, { threat_label: `a\n\u202eb${'c'.repeat(5_000)}` }));
    expect(label)
      .to.match(/^a \\u202ebc{90,}…$/)
      .with.length.below(110);
  });

  it('is the failure of a lookup that failed', () => {
    const error = { code: 'VT_QUOTA', message: 'The quota of the day is used up' };
    expect(analyzeReport({ resource: 'x', response_code: -1, error }).error).to.deep.equal(error);
    expect(analyzeReport({ resource: 'x', error: 'no\nroute' }).error).to.deep.equal({
      code: 'report-error',
      message: 'no route',
    });
  });
});
