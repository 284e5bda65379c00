import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import { fileReport } from '../support/reports';

function textOf(code: string, positives: number, total: number): string | undefined {
  const { reasons } = analyzeReport(fileReport(positives, total));
  return reasons.find((reason) => reason.code === code)?.text;
}

describe('confidence', () => {
  it('goes by the share of the engines that detect it, in percent', () => {
    const { rate, positives, total } = analyzeReport(fileReport(5, 70));
    expect(rate).to.be.closeTo(7.142857, 1e-6);
    expect([positives, total]).to.deep.equal([5, 70]);
  });

  it('is low below 33 %, high above 66 %, and medium on and between the two', () => {
    const confidence = (positives: number) => analyzeReport(fileReport(positives, 100)).confidence;
    expect([1, 32].map(confidence)).to.deep.equal(['low', 'low']);
    expect([33, 50, 66].map(confidence)).to.deep.equal(['medium', 'medium', 'medium']);
    expect([67, 100].map(confidence)).to.deep.equal(['high', 'high']);
  });

  it('meets the rate that the user set exactly, for every percentage', () => {
    for (let percent = 1; percent < 99; percent += 1) {
      const options = { lowRate: percent, highRate: 99 };
      expect(analyzeReport(fileReport(percent, 100), options).confidence, `${percent} %`).to.equal('medium');
      if (percent > 1)
        expect(analyzeReport(fileReport(percent - 1, 100), options).confidence).to.equal('low');
    }
  });

  it('is null without detections, and without a total', () => {
    expect(analyzeReport(fileReport(0, 70)).confidence).to.equal(null);
    const { confidence, rate } = analyzeReport({ response_code: 1, positives: 9 });
    expect([confidence, rate]).to.deep.equal([null, null]);
  });

  it('is said in the words "Malicious – Low confidence" where the verdict is malicious', () => {
    expect(textOf('confidence-low', 5, 70)).to.match(/^Malicious – Low confidence: 7.1 %/);
    expect(textOf('confidence-medium', 35, 70)).to.match(/^Malicious – Medium confidence: 50 %/);
    expect(textOf('confidence-high', 70, 70)).to.match(/^Malicious – High confidence: 100 %/);
  });

  it('does not call a report malicious that is not judged so', () => {
    expect(textOf('confidence-low', 3, 70)).to.match(/^Low confidence/);
  });
});
