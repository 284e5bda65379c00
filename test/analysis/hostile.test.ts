import { expect } from 'chai';
import fc from 'fast-check';
import { analyzeReport, createAnalyzer } from '../../src/analysis/analyze';
import type { Analysis } from '../../src/analysis/analysis';
import { separateReports } from '../../src/analysis/find';
import { VERDICTS } from '../../src/analysis/verdict';
import { fileReport } from '../support/reports';

const judge = (report: unknown, options = {}): Analysis => analyzeReport(report, options);
const codes = ({ reasons }: Analysis) => reasons.map(({ code }) => code);

describe('Figures of the wrong kind', () => {
  it('are read when they are digits in text', () => {
    expect(judge({ response_code: '1', positives: '5', total: '70' })).to.deep.include({
      verdict: 'malicious',
      positives: 5,
      total: 70,
    });
  });

  for (const positives of [NaN, -1, 2.5, Infinity, '', '5 of 70', '0x5', true, [], {}, 1e300]) {
    it(`are no verdict and never Trusted: positives ${JSON.stringify(positives)}`, () => {
      const analysis = judge({ response_code: 1, positives, total: 70 }, { trusted: 10 });
      expect(analysis).to.deep.include({ verdict: 'no-match', positives: null, rate: null });
      expect(codes(analysis)).to.include.members(['no-verdict', 'bad-positives']);
    });
  }

  for (const total of [4, -70, NaN, 'many', {}]) {
    it(`keep the positives but give no rate: 5 positives of ${JSON.stringify(total)}`, () => {
      const analysis = judge({ response_code: 1, positives: 5, total });
      expect(analysis).to.deep.include({ verdict: 'malicious', positives: 5, total: null, rate: null });
      expect(codes(analysis)).to.include('bad-total');
    });
  }

  for (const response_code of [NaN, 2, 0.5, 'found', {}, [], true, Infinity]) {
    it(`end in Report Error: response_code ${JSON.stringify(response_code)}`, () => {
      const analysis = judge({ ...fileReport(0, 70), response_code });
      expect(analysis.verdict).to.equal('error');
      expect(codes(analysis)).to.deep.equal(['report-unreadable']);
    });
  }
});

describe('A hostile report', () => {
  it('with a cycle is judged like any other', () => {
    const report: Record<string, unknown> = fileReport(60, 70);
    report.self = report;
    report.response = report;
    expect(judge(report).verdict).to.equal('malicious');
    const circle: Record<string, unknown> = {};
    circle.response = circle;
    circle.virustotal = circle;
    expect(judge(circle).verdict).to.equal('missing');
    expect(separateReports(circle)).to.equal(undefined);
  });

  it('with fields that throw ends in Report Error with their error', () => {
    for (const field of ['response_code', 'error', 'positives', 'scans', 'type', 'resource']) {
      const report = Object.defineProperty({ ...fileReport(60, 70) }, field, {
        get() {
          throw new Error('no looking');
        },
      });
      const { verdict, reasons } = judge(report);
      expect(verdict, field).to.equal('error');
      expect(reasons).to.deep.equal([
        { code: 'report-unreadable', text: 'Reading the report failed: no looking' },
      ]);
      expect(createAnalyzer({ heuristic: 'jsonata' }).expressionInput(report)).to.equal(undefined);
      expect(separateReports({ virustotal: report })).to.equal(undefined);
    }
  });

  it('cannot reach other objects by `__proto__`', () => {
    const text = `{"response_code":1,"positives":1,"total":2,"__proto__":{"polluted":true},
      "scans":{"__proto__":{"detected":true,"result":"x"},"constructor":{"detected":true,"result":"y"}}}`;
    const { engines } = judge(JSON.parse(text), { ignoreEngines: '__proto__' });
    expect(engines).to.deep.equal([{ name: 'constructor', result: 'y' }]);
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
  });

  it('adds no unreadable reasons', () => {
    const long = 'x'.repeat(1_000_000);
    const report = fileReport(1, 70, { scans: { [long]: { detected: true, result: long } } });
    for (const analysis of [
      judge(report),
      judge({ error: long }),
      judge({ response_code: -1, verbose_msg: long }),
    ]) {
      for (const { text } of analysis.reasons) expect(text.length).to.be.below(1100);
    }
  });

  it('with invalid engines is judged by its figures', () => {
    for (const scans of [[], 'text', 7, null, { A: null, B: 'x', C: [], D: { detected: 'true' } }]) {
      expect(judge({ ...fileReport(60, 70), scans })).to.deep.include({ verdict: 'malicious', engines: [] });
    }
  });

  it('of any shape gets a verdict, and the analysis can be serialized as JSON', () => {
    const part = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withMap: true });
    const odd = fc.oneof(part, fc.integer(), fc.constantFrom(NaN, -0, '5', '__proto__', null, undefined));
    const reportLike = fc.record(
      {
        response_code: fc.oneof(odd, fc.constant(1)),
        positives: odd,
        total: odd,
        scans: odd,
        type: odd,
        error: odd,
        scan_date: odd,
        suspicious: odd,
        resource: odd,
        verbose_msg: odd,
        resolutions: odd,
        detected_urls: odd,
      },
      { requiredKeys: [] },
    );
    const value = fc.oneof(
      part,
      reportLike,
      fc.record({ response: reportLike }),
      fc.record({
        virustotal: fc.oneof(reportLike, fc.dictionary(fc.string(), fc.record({ response: reportLike }))),
      }),
    );
    const options = { heuristic: 'detections', maxAgeDays: 1, minEngines: 1, ignoreEngines: 'a,b' };
    fc.assert(
      fc.property(value, (report) => {
        const analysis = judge(report, options);
        expect(VERDICTS[analysis.output - 1]).to.equal(analysis.verdict);
        expect(analysis.reasons).not.to.be.empty;
        expect(JSON.parse(JSON.stringify(analysis))).to.have.property('verdict');
      }),
      { numRuns: 500 },
    );
  });
});
