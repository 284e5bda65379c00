import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import { VirusTotalError } from '../../src/errors';
import { stixBundle } from '../../src/stix-bundle';
import { fileReport, v2DomainBody, v3DomainReport } from '../support/reports';
import { stixProblems } from '../support/stix-check';
import { objectsOf, only } from './subjects';

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof VirusTotalError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
}

describe('A bundle of reports with their analyses', () => {
  it('has the verdict of the analysis, by the options of that analysis', () => {
    const report = v3DomainReport(3, 90);
    const strict = stixBundle([{ report, assessment: analyzeReport(report, { malicious: 2 }) }]);
    expect(only(strict, 'indicator').indicator_types).to.deep.equal(['malicious-activity']);
    expect(stixProblems(strict)).to.deep.equal([]);
    const lenient = stixBundle([{ report, assessment: analyzeReport(report, { trusted: 5 }) }], {
      indicatorFor: 'all',
    });
    expect(only(lenient, 'indicator').indicator_types).to.deep.equal(['benign']);
  });

  it('takes the indicator that was looked up, when it is given beside the report', () => {
    const report = fileReport(60, 70);
    const [type, value] = [report.type, report.resource];
    const bundle = stixBundle([{ type, value, report, assessment: analyzeReport(report) }]);
    expect(bundle).to.deep.equal(stixBundle([{ report }]));
  });

  it('judges by the default options when an analysis is missing or of another report', () => {
    const report = v3DomainReport(50, 90);
    const other = analyzeReport(fileReport(0, 70));
    for (const assessment of [undefined, other, analyzeReport(undefined)])
      expect(only(stixBundle([{ report, assessment }]), 'indicator').indicator_types).to.deep.equal([
        'malicious-activity',
      ]);
  });

  it('has the observable alone when VirusTotal knows nothing or has not finished', () => {
    for (const response_code of [0, -2]) {
      const report = { type: 'domain', resource: 'new.example', response_code, verbose_msg: '' };
      const { objects } = stixBundle([{ report, assessment: analyzeReport(report) }]);
      expect(objects.map(({ type }) => type)).to.deep.equal([
        'marking-definition',
        'identity',
        'domain-name',
      ]);
    }
  });

  it('takes the kind of indicator from beside a report that does not name it', () => {
    const report = v2DomainBody();
    expect(codeOf(() => stixBundle([{ report }]))).to.equal('VT_BAD_RESPONSE');
    const named = { report, type: 'domain', value: 'bad.example' } as const;
    expect(only(stixBundle([named], { indicatorFor: 'all' }), 'indicator').name).to.equal(
      'Indicator of domain: bad.example',
    );
  });

  it('is refused for an invalid report, and for a failed lookup with the code of that failure', () => {
    expect(codeOf(() => stixBundle([{ report: undefined }]))).to.equal('VT_BAD_RESPONSE');
    expect(codeOf(() => stixBundle([{ report: { response_code: 'x' } }]))).to.equal('VT_BAD_RESPONSE');
    const failed = { response_code: -1, error: { code: 'VT_QUOTA', message: 'used up' } };
    expect(codeOf(() => stixBundle([{ report: failed }]))).to.equal('VT_QUOTA');
    const unreadable = {
      get response_code(): number {
        throw new Error('gone');
      },
    };
    expect(codeOf(() => stixBundle([{ report: unreadable }]))).to.equal('VT_BAD_RESPONSE');
  });

  it('has the techniques that sandboxes observed of a file', () => {
    const mitreTrees = {
      data: { box: { tactics: [{ name: 'Execution', techniques: [{ id: 'T1059', name: 'Shell' }] }] } },
    };
    const bundle = stixBundle([{ report: fileReport(60, 70), mitreTrees }]);
    expect(objectsOf(bundle, 'attack-pattern').map(({ name }) => name)).to.deep.equal(['Shell']);
  });
});
