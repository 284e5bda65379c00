import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import type { Analysis } from '../../src/analysis/analysis';
import type { Report } from '../../src/report/report';
import { fileReport, scans } from '../support/reports';

const codes = ({ reasons }: Analysis) => reasons.map(({ code }) => code);

describe('The engines of a report', () => {
  it('are listed with their result when they detect the indicator', () => {
    const report = fileReport(2, 70, { scans: { ...scans(1, 69), Last: { detected: true, result: null } } });
    const { engines, reasons } = analyzeReport(report);
    expect(engines).to.deep.equal([
      { name: 'Engine 0', result: 'Trojan.Made.Up.0' },
      { name: 'Last', result: null },
    ]);
    const said = reasons.find(({ code }) => code === 'detected-by')?.text;
    expect(said).to.equal('Detected by Engine 0 (Trojan.Made.Up.0), Last');
  });

  it('are named up to ten in the reasons and counted beyond', () => {
    const said = analyzeReport(fileReport(53, 70)).reasons.find(({ code }) => code === 'detected-by')?.text;
    expect(said).to.match(/Engine 9 \(Trojan.Made.Up.9\) and 43 more$/);
  });

  it('that call it suspicious are reported apart from the positives', () => {
    const analysis = analyzeReport(fileReport(4, 94, { suspicious: 3 }));
    expect(analysis.positives).to.equal(4);
    expect(codes(analysis)).to.include('suspicious');
    expect(codes(analyzeReport(fileReport(4, 94, { suspicious: 0 })))).not.to.include('suspicious');
  });
});

describe('Ignored engines', () => {
  it('are removed from the positives, the total and the list, in upper or lower case', () => {
    const analysis = analyzeReport(fileReport(6, 70), { ignoreEngines: ' ENGINE 0 ,engine 5,, Engine 60 ' });
    expect(analysis).to.deep.include({ verdict: 'no-match', positives: 4, total: 67 });
    const names = analysis.engines.map(({ name }) => name);
    expect(names).to.deep.equal(['Engine 1', 'Engine 2', 'Engine 3', 'Engine 4']);
    expect(analysis.reasons.find(({ code }) => code === 'engines-ignored')?.text).to.equal(
      '3 engines are left out; with all, 6 of 70 engines detect it',
    );
  });

  it('leave no verdict when no other engine is left', () => {
    const analysis = analyzeReport(fileReport(2, 2), { ignoreEngines: 'Engine 0, Engine 1' });
    expect(analysis).to.deep.include({ verdict: 'no-match', positives: 0, total: 0, rate: null });
    expect(analysis.reasons[0]?.code).to.equal('no-verdict');
  });

  it('change nothing when the report has none of them', () => {
    const analysis = analyzeReport(fileReport(6, 70), { ignoreEngines: 'Nobody' });
    expect(analysis).to.deep.include({ positives: 6, total: 70 });
    expect(codes(analysis)).not.to.include('engines-ignored');
  });

  it('are not balanced by engines without a result, which v3 lists too', () => {
    const silent = (category: string) => ({ detected: false, result: null, category });
    const report = fileReport(5, 10, {
      scans: {
        ...scans(5, 10),
        Slow: silent('timeout'),
        Slower: silent('confirmed-timeout'),
        Broken: silent('failure'),
        Other: silent('type-unsupported'),
        Quiet: silent('undetected'),
      },
    });
    expect(analyzeReport(report, { ignoreEngines: 'Engine 0' })).to.deep.include({ positives: 4, total: 10 });
  });

  it('cannot be removed from a report that does not list its engines, and the reasons say so', () => {
    const { scans: _, ...report } = fileReport(6, 70);
    const analysis = analyzeReport(report, { ignoreEngines: 'Engine 0' });
    expect(analysis).to.deep.include({ verdict: 'malicious', positives: 6, total: 70 });
    expect(codes(analysis)).to.include('ignore-impossible');
  });
});

describe('Too few engines', () => {
  it('cannot make a report Trusted', () => {
    const analysis = analyzeReport(fileReport(0, 9), { minEngines: 10 });
    expect(analysis).to.deep.include({ verdict: 'no-match', rule: null });
    expect(analysis.reasons[0]?.code).to.equal('too-few-engines');
    expect(analyzeReport(fileReport(0, 10), { minEngines: 10 }).verdict).to.equal('trusted');
  });

  it('can make it Malicious', () => {
    expect(analyzeReport(fileReport(5, 9), { minEngines: 10 }).verdict).to.equal('malicious');
  });

  it('are counted without the ignored engines', () => {
    const options = { minEngines: 10, ignoreEngines: 'Engine 0' };
    expect(analyzeReport(fileReport(0, 10), options).verdict).to.equal('no-match');
  });

  it('are assumed when the report does not say how many there were', () => {
    const { total: _, ...report } = fileReport(0, 70);
    expect(analyzeReport(report, { minEngines: 1 }).verdict).to.equal('no-match');
  });

  it('are those with an opinion on a URL, domain or IP address, and "undetected" is none', () => {
    const rated = (category: string, result: string) => ({ detected: false, result, category });
    const scansOf = (harmless: number, undetected: number) =>
      Object.fromEntries([
        ...Array.from({ length: harmless }, (_, n) => [`Rates ${n}`, rated('harmless', 'clean')]),
        ...Array.from({ length: undetected }, (_, n) => [`Silent ${n}`, rated('undetected', 'unrated')]),
      ]) as Report['scans'] & object;
    for (const type of ['url', 'domain', 'ip'] as const) {
      const report = fileReport(0, 90, { type, scans: scansOf(9, 81) });
      const now = () => Date.UTC(2026, 2, 11);
      const analysis = analyzeReport(report, { minEngines: 10, now });
      expect(analysis.verdict, type).to.equal('no-match');
      expect(analysis.reasons[0]).to.deep.equal({
        code: 'too-few-engines',
        text: '0 of 90 engines detect it, 9 rate it harmless, 81 have no opinion; scanned 9 days ago (2026-03-01). Only 9 engines rated it; Trusted needs at least 10 engines',
      });
      expect(analyzeReport({ ...report, scans: scansOf(10, 80) }, { minEngines: 10 }).verdict).to.equal(
        'trusted',
      );
      // Without its engines a report may still say how many rated it.
      const { scans: _, ...bare } = report;
      expect(analyzeReport({ ...bare, harmless: 9 }, { minEngines: 10 }).verdict).to.equal('no-match');
      expect(analyzeReport({ ...bare, harmless: 10 }, { minEngines: 10 }).verdict).to.equal('trusted');
    }
    expect(analyzeReport(fileReport(0, 90, { scans: scansOf(9, 81) }), { minEngines: 10 }).verdict).to.equal(
      'trusted',
    );
  });

  it('are those with another result than "unrated site" in API v2', () => {
    const site = (result: string) => ({ detected: false, result });
    const report = fileReport(0, 3, {
      type: 'url',
      scans: { One: site('clean site'), Two: site('unrated site'), Three: site('unrated site') },
    });
    expect(analyzeReport(report, { minEngines: 2 }).verdict).to.equal('no-match');
    expect(analyzeReport(report, { minEngines: 1 }).verdict).to.equal('trusted');
  });
});
