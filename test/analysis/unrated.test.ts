import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import type { AnalysisOptions } from '../../src/analysis/options';
import { reportFromV3 } from '../../src/report/from-v3';
import type { Report } from '../../src/report/report';
import { stats, v3Body } from '../report/v3-bodies';
import { fileReport } from '../support/reports';

const HOSTS = ['url', 'domain', 'ip'] as const;
const V3_TYPE = { url: 'url', domain: 'domain', ip: 'ip_address' };

function engines(count: number, scan: object): Report['scans'] & object {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`Engine ${n}`, scan])) as never;
}

const UNRATED = engines(94, { category: 'undetected', result: 'unrated', method: 'blacklist' });
const UNRATED_SITE = engines(94, { detected: false, result: 'unrated site' });

const judge = (report: unknown, options?: AnalysisOptions): string[] => {
  const { verdict, reasons } = analyzeReport(report, options);
  return [verdict, String(reasons[0]?.code)];
};

describe('An indicator that no engine has rated', () => {
  for (const type of HOSTS) {
    it(`is No Match when it is a ${type}, from API v3 and v2`, () => {
      const attributes = { last_analysis_stats: stats(0, 0, 94, 0), last_analysis_results: UNRATED };
      const body = v3Body(V3_TYPE[type], 'new.example', attributes);
      const v2 = { type, resource: 'x', response_code: 1, positives: 0, total: 94, scans: UNRATED_SITE };
      for (const report of [body, reportFromV3({ type, value: 'new.example' }, body), v2]) {
        expect(judge(report)).to.deep.equal(['no-match', 'unrated']);
        expect(judge(report, { rule: 'evidence' })).to.deep.equal(['no-match', 'unrated']);
        expect(judge(report, { trustUnrated: true })).to.deep.equal(['trusted', 'trusted-threshold']);
      }
    });

    it(`has a reason that says that no engine has rated the ${type}`, () => {
      const report = { type, response_code: 1, positives: 0, total: 94, scans: UNRATED_SITE };
      expect(analyzeReport(report).reasons.map(({ text }) => text)).to.deep.equal([
        '0 of 94 engines detect it, 94 have no opinion; scan date unknown. Not Trusted: no engine has rated it',
      ]);
    });
  }

  it('is Trusted as soon as one engine rates it harmless', () => {
    const one = { ...UNRATED_SITE, Other: { detected: false, result: 'clean site' } };
    const report = { type: 'url', response_code: 1, positives: 0, total: 95, scans: one };
    expect(judge(report)).to.deep.equal(['trusted', 'trusted-threshold']);
  });

  it('is judged by its numbers when the engines are not listed', () => {
    const numbers = { type: 'domain', response_code: 1, positives: 0, total: 94 };
    for (const scans of [undefined, null, {}, []])
      expect(judge({ ...numbers, scans })).to.deep.equal(['trusted', 'trusted-threshold']);
    // VirusTotal's own count of harmless ratings is such a number: the option `scans` of the VirusTotal node makes nothing Trusted.
    expect(judge({ ...numbers, suspicious: 0, harmless: 0, undetected: 94 })).to.deep.equal([
      'no-match',
      'unrated',
    ]);
    expect(judge({ ...numbers, suspicious: 0, harmless: 1, undetected: 93 })[0]).to.equal('trusted');
  });

  it('does not exist among files, where an engine that finds nothing has looked', () => {
    const scans = engines(70, { detected: false, result: null, category: 'undetected' });
    expect(judge(fileReport(0, 70, { scans, harmless: 0, undetected: 70 }))[0]).to.equal('trusted');
  });

  it('stays unrated when the only engines that rated it are ignored', () => {
    const scans = { ...UNRATED_SITE, Other: { detected: false, result: 'clean site' } };
    const report = { type: 'url', response_code: 1, positives: 0, total: 95, scans };
    expect(judge(report, { ignoreEngines: 'other' })).to.deep.equal(['no-match', 'unrated']);
  });
});

describe('A detection by an ignored engine', () => {
  const scans = {
    ...engines(60, { detected: false, result: 'clean site' }),
    Loud: { detected: true, result: 'malicious site' },
  };
  const report = { type: 'url', response_code: 1, positives: 1, total: 61, scans };

  it('is not counted and never makes Trusted', () => {
    for (const trusted of [1, 5])
      for (const rule of ['positives', 'evidence'] as const)
        expect(judge(report, { ignoreEngines: 'Loud', trusted, rule })).to.deep.equal([
          'no-match',
          'ignored-detection',
        ]);
    expect(analyzeReport(report, { ignoreEngines: 'Loud' })).to.include({ positives: 0, total: 60 });
    expect(analyzeReport(report, { ignoreEngines: 'Loud' }).reasons[0]?.text).to.match(
      /Not Trusted: Loud detected it, which is not counted$/,
    );
  });

  it('prevents no Malicious, and other ignored engines prevent no Trusted', () => {
    const { Loud: _, ...quiet } = scans;
    const clean = { ...report, positives: 0, total: 60, scans: quiet };
    expect(judge(clean, { ignoreEngines: 'Engine 3' })[0]).to.equal('trusted');
    const many = engines(6, { detected: true, result: 'malicious site' });
    const detected = { ...report, positives: 7, scans: { ...scans, ...many } };
    expect(judge(detected, { ignoreEngines: 'Loud' })[0]).to.equal('malicious');
  });
});
