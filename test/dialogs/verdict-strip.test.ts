import { expect } from 'chai';
import { verdictParts } from '../../editor/verdict-strip';

/** `trusted 0, nomatch 1..4, malicious 5..` */
function strip(malicious: number, trusted: number): string {
  const say = (key: string, values: { from?: number; to?: number } = {}): string =>
    key === 'strip.from' ? `${values.from}..` : `${values.from}..${values.to}`;
  return verdictParts(malicious, trusted, say)
    .map(({ kind, text }) => `${kind} ${text}`)
    .join(', ');
}

describe('The strip of verdicts in the dialog of Report Analysis', () => {
  it('shows the verdict for each number of detections', () => {
    expect(strip(5, 1)).to.equal('trusted 0, nomatch 1..4, malicious 5..');
    expect(strip(10, 3)).to.equal('trusted 0..2, nomatch 3..9, malicious 10..');
  });

  it('has no part for a verdict that no number gets', () => {
    expect(strip(5, 0)).to.equal('nomatch 0..4, malicious 5..');
    expect(strip(1, 1)).to.equal('trusted 0, malicious 1..');
  });

  it('gives to Malicious what both thresholds match', () => {
    expect(strip(2, 5)).to.equal('trusted 0..1, malicious 2..');
  });
});
