import { expect } from 'chai';
import type { Analysis } from '../../src/analysis/analysis';
import { VERDICTS, type Verdict } from '../../src/analysis/verdict';
import { incidentOf } from '../../src/summary/incident';
import { renderSummary } from '../../src/summary/render';
import { analysis, FAILED, SKIPPED } from './incidents';

const RANKED: readonly Verdict[] = ['malicious', 'error', 'no-match', 'trusted', 'missing'];

describe('the verdict on an incident', () => {
  for (const verdict of VERDICTS)
    for (const other of VERDICTS)
      it(`is the worse one of ${verdict} and ${other}`, () => {
        const { verdict: whole, worst } = incidentOf({ analyses: [analysis(verdict), analysis(other)] });
        const worse = RANKED.find((each) => each === verdict || each === other);
        expect([whole, worst?.verdict]).to.deep.equal([worse, worse]);
      });

  it('is error when a lookup ended in a Catch node and nothing is malicious', () => {
    const { verdict, worst, counts, failed } = incidentOf({
      analyses: [analysis('trusted')],
      failed: [FAILED],
    });
    expect([verdict, worst?.resource, worst?.error?.code]).to.deep.equal([
      'error',
      FAILED.value,
      FAILED.code,
    ]);
    expect(counts).to.deep.equal({ malicious: 0, trusted: 1, 'no-match': 0, missing: 0, error: 1 });
    expect(failed).to.deep.equal([FAILED]);
  });

  it('is missing when there is nothing, or only what was not looked up', () => {
    for (const skipped of [[], SKIPPED]) {
      const incident = incidentOf({ analyses: [], skipped });
      expect([incident.verdict, incident.worst, incident.complete, incident.ms]).to.deep.equal([
        'missing',
        null,
        true,
        0,
      ]);
      expect(incident.skipped).to.deep.equal(skipped);
    }
  });

  it('lists an analysis of a failed lookup among the failed ones, once', () => {
    const { failed, counts, analyses } = incidentOf({
      analyses: [analysis('error', { type: FAILED.type, resource: FAILED.value }), analysis('error')],
      failed: [FAILED],
    });
    expect(failed.map(({ value, code }) => [value, code])).to.deep.equal([
      [FAILED.value, 'VT_TIMEOUT'],
      ['error.example.com', 'VT_QUOTA'],
    ]);
    expect([counts.error, analyses.length]).to.deep.equal([2, 2]);
  });

  it('names the code of the reason for a report that is still queued', () => {
    const queued = analysis('error', {
      reasons: [{ code: 'still-queued', text: 'The scan is not finished' }],
    });
    delete queued.error;
    expect(incidentOf({ analyses: [queued] }).failed[0]).to.include({
      code: 'still-queued',
      message: 'The scan is not finished',
    });
  });

  it('has the analyses worst first, and of one verdict those with more detections', () => {
    const given = [
      analysis('trusted'),
      analysis('malicious', { positives: 6 }),
      analysis('no-match'),
      analysis('malicious', { positives: 60 }),
    ];
    const { analyses } = incidentOf({ analyses: given });
    expect(analyses.map(({ verdict, positives }) => [verdict, positives])).to.deep.equal([
      ['malicious', 60],
      ['malicious', 6],
      ['no-match', 2],
      ['trusted', 0],
    ]);
    expect(given[0]?.verdict, 'the given list').to.equal('trusted');
  });

  it('leaves out what is no analysis', () => {
    const odd = [null, undefined, 7, 'malicious', {}, { verdict: 'constructor' }, [], analysis('trusted')];
    const { incident } = renderSummary(odd as Analysis[]);
    expect([incident.verdict, incident.analyses.length]).to.deep.equal(['trusted', 1]);
  });
});
