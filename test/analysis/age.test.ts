import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import { fileReport, v3DomainReport } from '../support/reports';

const now = () => Date.UTC(2026, 2, 31, 12, 0, 0); // 30 days after the scan in the fixture

describe('A report older than the user allows', () => {
  it('is No Match instead of malicious or trusted, and the reason says how old it is', () => {
    for (const positives of [0, 60]) {
      const { verdict, rule, reasons } = analyzeReport(v3DomainReport(positives, 70), {
        maxAgeDays: 29,
        now,
      });
      expect([verdict, rule]).to.deep.equal(['no-match', null]);
      expect(reasons[0]?.code).to.equal('report-too-old');
      expect(reasons[0]?.text).to.contain('Scanned 30 days ago');
    }
  });

  it('is Malicious at any age when it is of a file, and never Trusted', () => {
    const judge = (positives: number) =>
      analyzeReport(fileReport(positives, 70, { scan_date: '2009-01-01 00:00:00' }), { maxAgeDays: 1, now });
    expect(judge(60)).to.include({ verdict: 'malicious', rule: '>= 5' });
    for (const positives of [0, 3]) expect(judge(positives).reasons[0]?.code).to.equal('report-too-old');
    for (const type of ['url', 'domain', 'ip'] as const)
      expect(analyzeReport(v3DomainReport(60, 70, { type }), { maxAgeDays: 29, now }).verdict).to.equal(
        'no-match',
      );
  });

  it('is judged when it is exactly as old as allowed', () => {
    const judge = (scan_date: string) =>
      analyzeReport(v3DomainReport(60, 70, { scan_date }), { maxAgeDays: 30, now }).verdict;
    expect(judge('2026-03-01 12:00:00')).to.equal('malicious');
    expect(judge('2026-03-01 11:59:59')).to.equal('no-match');
  });

  it('is judged when any age is allowed', () => {
    const old = fileReport(60, 70, { scan_date: '2009-01-01 00:00:00' });
    expect(analyzeReport(old, { now }).verdict).to.equal('malicious');
  });

  it('is not old when its clock is ahead of ours', () => {
    const early = fileReport(0, 70, { scan_date: '2026-04-02 00:00:00' });
    expect(analyzeReport(early, { maxAgeDays: 1, now }).verdict).to.equal('trusted');
  });
});

describe('A report without a scan date when age matters', () => {
  for (const scan_date of [undefined, null, '', 'yesterday', '2026-99-99 00:00:00', 1772366400]) {
    it(`can be Malicious but not Trusted (scan_date ${String(scan_date)})`, () => {
      const options = { maxAgeDays: 30, now };
      const judge = (positives: number) =>
        analyzeReport({ ...fileReport(positives, 70), scan_date }, options);
      expect(judge(60).verdict).to.equal('malicious');
      const { verdict, reasons } = judge(0);
      expect(verdict).to.equal('no-match');
      expect(reasons[0]?.code).to.equal('age-unknown');
    });
  }
});
