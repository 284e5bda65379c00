import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import type { AnalysisOptions } from '../../src/analysis/options';
import { analysisRules } from '../../src/analysis/options';
import { VirusTotalError } from '../../src/errors';
import { fileReport } from '../support/reports';

function refusal(options: Record<string, unknown>): VirusTotalError {
  try {
    analysisRules(options);
  } catch (error) {
    expect(error).to.be.instanceOf(VirusTotalError);
    return error as VirusTotalError;
  }
  throw new Error('the options were taken');
}

describe('The options of an analysis', () => {
  it('have the defaults of the product: malicious from 5, trusted below 1, 33 and 66 percent', () => {
    const { now: _, ignoreEngines, trustedEngines, ...rules } = analysisRules();
    expect(rules).to.deep.equal({
      malicious: 5,
      trusted: 1,
      rule: 'positives',
      trustedEnginesMin: 2,
      gti: 'off',
      heuristic: 'none',
      lowRate: 33,
      highRate: 66,
      hostLowRate: 5,
      hostHighRate: 10,
      maxAgeDays: 0,
      minEngines: 0,
      trustUnrated: false,
      maliciousRule: '>= 5',
      trustedRule: '< 1',
    });
    expect(ignoreEngines.size).to.equal(0);
    expect(trustedEngines.size).to.be.within(15, 25);
    expect(analysisRules({ trustedEngines: '' }).trustedEngines.size).to.equal(0);
  });

  it('may be text, as a dialog or an environment variable gives them', () => {
    const options = {
      malicious: '10',
      trusted: '2',
      lowRate: '5',
      highRate: ' 50 ',
      maxAgeDays: '',
      minEngines: '9',
    };
    expect(analysisRules(options)).to.deep.include({
      malicious: 10,
      trusted: 2,
      lowRate: 5,
      highRate: 50,
      maxAgeDays: 0,
      minEngines: 9,
    });
  });

  it('may overlap, where malicious wins', () => {
    expect(analyzeReport(fileReport(4, 70), { malicious: 2, trusted: 10 }).verdict).to.equal('malicious');
    expect(analyzeReport(fileReport(1, 70), { malicious: 2, trusted: 10 }).verdict).to.equal('trusted');
  });

  const wrong: Record<string, unknown>[] = [
    { malicious: 0 },
    { malicious: -5 },
    { malicious: 2.5 },
    { malicious: 'five' },
    { malicious: '${VT_MALICIOUS}' },
    { malicious: NaN },
    { malicious: [5] },
    { malicious: '  ' },
    { trusted: -1 },
    { trusted: 'never' },
    { lowRate: -1 },
    { lowRate: 100 },
    { highRate: 100 },
    { highRate: Infinity },
    { maxAgeDays: -1 },
    { minEngines: 1.5 },
    { heuristic: 'guess' },
    { rule: 'stars' },
    { gti: 'always' },
    { trustUnrated: 'perhaps' },
    { trustedEnginesMin: 0 },
    { trustedEngines: ['ESET'] },
    { hostLowRate: -1 },
    { hostHighRate: 100 },
    { ignoreEngines: ['ESET'] },
  ];
  for (const options of wrong) {
    const [[name, value]] = Object.entries(options) as [[string, unknown]];
    it(`refuse ${name} ${JSON.stringify(value) ?? String(value)}, quote it and name the accepted values`, () => {
      const { code, message } = refusal(options);
      expect(code).to.equal('VT_CONFIG');
      const quoted = Array.isArray(value)
        ? 'an array'
        : typeof value === 'string'
          ? JSON.stringify(value)
          : String(value);
      expect(message).to.contain(`${name} is ${quoted}`);
      expect(message).to.contain('must be');
    });
  }

  it('refuse a low rate that is not below the high rate and name both', () => {
    for (const [lowRate, highRate] of [
      [66, 33],
      [50, 50],
    ]) {
      const { code, message } = refusal({ lowRate, highRate });
      expect(code).to.equal('VT_CONFIG');
      expect(message).to.contain(`lowRate is ${lowRate} and highRate is ${highRate}`);
    }
  });

  it('refuse a low rate of URLs, domains and IPs that is not below the high one and name both', () => {
    expect(refusal({ hostLowRate: 10 }).message).to.contain('hostLowRate is 10 and hostHighRate is 10');
  });

  it('are checked at the call of the library before any report is read', () => {
    const options: AnalysisOptions = { lowRate: 70 };
    expect(() => analyzeReport(undefined, options)).to.throw(VirusTotalError);
  });
});
