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

describe('a STIX bundle of reports and their analyses', () => {
  it('has the verdict of the analysis, by the options that it was made with', () => {
    const report = v3DomainReport(3, 90);
    const strict = stixBundle([{ report, assessment: analyzeReport(report, { malicious: 2 }) }]);
    expect(only(strict, 'indicator').indicator_types).to.deep.equal(['malicious-activity']);
    expect(stixProblems(strict)).to.deep.equal([]);
    const lenient = stixBundle([{ report, assessment: analyzeReport(report, { trusted: 5 }) }], {
      indicatorFor: 'all',
    });
    expect(only(lenient, 'indicator').indicator_types).to.deep.equal(['benign']);
  });

  it('takes the indicator beside them, as a lookup was asked for it', () => {
    const report = fileReport(60, 70);
    const [type, value] = [report.type, report.resource];
    const bundle = stixBundle([{ type, value, report, assessment: analyzeReport(report) }]);
    expect(bundle).to.deep.equal(stixBundle([{ report }]));
  });

  it('is judged by the default options where no analysis, or that of another report, is given', () => {
    const report = v3DomainReport(50, 90);
    const other = analyzeReport(fileReport(0, 70));
    for (const assessment of [undefined, other, analyzeReport(undefined)])
      expect(only(stixBundle([{ report, assessment }]), 'indicator').indicator_types).to.deep.equal([
        'malicious-activity',
      ]);
  });

  it('has the observable alone where VirusTotal knows nothing or is not done', () => {
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

  it('says what a report is of that does not say it itself', () => {
    const report = v2DomainBody();
    expect(codeOf(() => stixBundle([{ report }]))).to.equal('VT_BAD_RESPONSE');
    const named = { report, type: 'domain', value: 'bad.example' } as const;
    expect(only(stixBundle([named], { indicatorFor: 'all' }), 'indicator').name).to.equal(
      'Indicator of domain: bad.example',
    );
  });

  it('is refused for what is no report, and for a failed lookup with the code of its failure', () => {
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

  it('has what sandboxes saw of a file', () => {
    const mitreTrees = {
      data: { box: { tactics: [{ name: 'Execution', techniques: [{ id: 'T1059', name: 'Shell' }] }] } },
    };
    const bundle = stixBundle([{ report: fileReport(60, 70), mitreTrees }]);
    expect(objectsOf(bundle, 'attack-pattern').map(({ name }) => name)).to.deep.equal(['Shell']);
  });
});
