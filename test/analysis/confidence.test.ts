import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import { fileReport, v3DomainReport } from '../support/reports';

function textOf(code: string, positives: number, total: number): string | undefined {
  const { reasons } = analyzeReport(fileReport(positives, total));
  return reasons.find((reason) => reason.code === code)?.text;
}

describe('The confidence', () => {
  it('is given by the percentage of engines that detect the indicator', () => {
    const { rate, positives, total } = analyzeReport(fileReport(5, 70));
    expect(rate).to.be.closeTo(7.142857, 1e-6);
    expect([positives, total]).to.deep.equal([5, 70]);
  });

  it('is low below 33 %, high above 66 % and medium from 33 to 66 %', () => {
    const confidence = (positives: number) => analyzeReport(fileReport(positives, 100)).confidence;
    expect([1, 32].map(confidence)).to.deep.equal(['low', 'low']);
    expect([33, 50, 66].map(confidence)).to.deep.equal(['medium', 'medium', 'medium']);
    expect([67, 100].map(confidence)).to.deep.equal(['high', 'high']);
  });

  it('compares exactly with every percentage that the user may set', () => {
    for (let percent = 1; percent < 99; percent += 1) {
      const options = { lowRate: percent, highRate: 99 };
      expect(analyzeReport(fileReport(percent, 100), options).confidence, `${percent} %`).to.equal('medium');
      if (percent > 1)
        expect(analyzeReport(fileReport(percent - 1, 100), options).confidence).to.equal('low');
    }
  });

  it('is null without detections and without a total', () => {
    expect(analyzeReport(fileReport(0, 70)).confidence).to.equal(null);
    const { confidence, rate } = analyzeReport({ response_code: 1, positives: 9 });
    expect([confidence, rate]).to.deep.equal([null, null]);
  });

  it('is part of the text "Malicious – Low confidence" of a malicious verdict', () => {
    expect(textOf('confidence-low', 5, 70)).to.match(/^Malicious – Low confidence: 7.1 %/);
    expect(textOf('confidence-medium', 35, 70)).to.match(/^Malicious – Medium confidence: 50 %/);
    expect(textOf('confidence-high', 70, 70)).to.match(/^Malicious – High confidence: 100 %/);
  });

  it('is no reason of another verdict, where "Low confidence" would sound like a detection', () => {
    for (const positives of [0, 1, 3, 4]) {
      const { confidence, reasons } = analyzeReport(fileReport(positives, 70));
      expect(confidence).to.equal(positives === 0 ? null : 'low');
      expect(reasons.map(({ code }) => code).filter((code) => code.startsWith('confidence'))).to.deep.equal(
        [],
      );
    }
  });

  it('has its own limits for URLs, domains and IP addresses, which fewer engines know', () => {
    for (const type of ['url', 'domain', 'ip'] as const) {
      const confidence = (positives: number, options = {}) =>
        analyzeReport(v3DomainReport(positives, 100, { type }), options).confidence;
      expect([4, 5, 10, 11].map((positives) => confidence(positives))).to.deep.equal([
        'low',
        'medium',
        'medium',
        'high',
      ]);
      expect(confidence(11, { hostLowRate: 12, hostHighRate: 20 })).to.equal('low');
      expect(confidence(11, { lowRate: 12, highRate: 20 })).to.equal('high');
    }
  });

  it('is not given for a rate that is displayed as equal to its limit', () => {
    expect(textOf('confidence-low', 30, 91)).to.equal(
      'Malicious – Low confidence: 32.97 % of the engines detect it, below 33 %',
    );
    expect(textOf('confidence-medium', 1000, 3000)).to.match(
      /: 33.3 % of the engines detect it, from 33 to 66 %/,
    );
    expect(textOf('confidence-high', 66_001, 100_000)).to.match(
      /: 66.001 % of the engines detect it, above 66 %/,
    );
    expect(textOf('confidence-medium', 33, 100)).to.match(/: 33 % of the engines detect it, from 33 to 66 %/);
  });
});
