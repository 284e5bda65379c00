import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import type { Analysis } from '../../src/analysis/analysis';
import type { AnalysisOptions } from '../../src/analysis/options';
import type { Report, Scan } from '../../src/report/report';

const now = () => Date.UTC(2025, 6, 23);
const scan = (category: string, result: string): Scan => ({
  detected: category === 'malicious',
  result,
  category,
});

interface Said {
  malicious?: string[];
  suspicious?: string[];
  harmless?: number;
  silent?: number;
}

/** A report with the answers of these engines, and with that number of others that rate it harmless or have no opinion. */
function host(
  { malicious = [], suspicious = [], harmless = 59, silent = 30 }: Said,
  more: object = {},
): Report {
  const scans: Record<string, Scan> = {};
  for (const name of malicious) scans[name] = scan('malicious', 'phishing');
  for (const name of suspicious) scans[name] = scan('suspicious', 'suspicious');
  for (let n = 0; n < harmless; n++) scans[`Harmless ${n}`] = scan('harmless', 'clean');
  for (let n = 0; n < silent; n++) scans[`Silent ${n}`] = scan('undetected', 'unrated');
  return {
    type: 'domain',
    resource: 'bad.example',
    response_code: 1,
    verbose_msg: 'Domain found in dataset',
    positives: malicious.length,
    suspicious: suspicious.length,
    harmless,
    undetected: silent,
    total: malicious.length + suspicious.length + harmless + silent,
    scan_date: '2025-07-20 00:00:00',
    scans,
    ...more,
  };
}

const judge = (report: Report, options: AnalysisOptions = {}): Analysis =>
  analyzeReport(report, { rule: 'evidence', now, ...options });
const decided = (report: Report, options?: AnalysisOptions): string => {
  const { verdict, reasons } = judge(report, options);
  return `${verdict}: ${reasons[0]?.code}`;
};

describe('The rule "evidence"', () => {
  it('calls Malicious what two trusted engines detect, also below the threshold', () => {
    const report = host({ malicious: ['Kaspersky', 'ESET'] });
    expect(analyzeReport(report).verdict).to.equal('no-match');
    expect(decided(report)).to.equal('malicious: trusted-engines');
    expect(judge(report).rule).to.equal('>= 2 trusted engines');
    expect(decided(report, { trustedEnginesMin: 3 })).to.equal('no-match: between-thresholds');
    expect(decided(host({ malicious: ['ESET'] }), { trustedEnginesMin: 1 })).to.equal(
      'malicious: trusted-engines',
    );
  });

  it('takes the trusted engines from the user, in upper or lower case', () => {
    const report = host({ malicious: ['House Engine', 'Other Engine'] });
    const trustedEngines = ' HOUSE engine,,other engine ';
    expect(decided(report)).to.equal('trusted: detections-outweighed');
    expect(decided(report, { trustedEngines })).to.equal('malicious: trusted-engines');
    expect(decided(host({ malicious: ['ESET', 'Kaspersky'] }), { trustedEngines: '' })).to.equal(
      'trusted: detections-outweighed',
    );
  });

  it('keeps the threshold, so that five unknown engines are enough', () => {
    const malicious = ['A', 'B', 'C', 'D', 'E'];
    expect(decided(host({ malicious }))).to.equal('malicious: malicious-threshold');
    expect(decided(host({ malicious: malicious.slice(1) }))).to.equal('no-match: between-thresholds');
  });

  it('ignores one or two unknown engines beside 40 harmless ratings', () => {
    for (const malicious of [['A'], ['A', 'B']]) {
      expect(decided(host({ malicious, harmless: 40 }))).to.equal('trusted: detections-outweighed');
      expect(decided(host({ malicious, harmless: 39 }))).to.equal('no-match: between-thresholds');
      expect(judge(host({ malicious })).positives).to.equal(malicious.length);
    }
    expect(decided(host({ malicious: ['A', 'B', 'C'] }))).to.equal('no-match: between-thresholds');
    expect(decided(host({ malicious: ['A'] }), { malicious: 1 })).to.equal('trusted: detections-outweighed');
    expect(decided(host({ malicious: ['A'] }), { trusted: 0 })).to.equal('no-match: between-thresholds');
  });

  it('ignores one or two unknown engines for a file of a known distributor or a popular domain', () => {
    const few = { malicious: ['A'], harmless: 3 };
    for (const more of [
      { type: 'file', known_distributors: { distributors: ['A Maker'] } },
      { type: 'file', tags: ['peexe', 'legit'] },
      { type: 'file', tags: ['known-distributor'] },
      { popularity: { 'One list': 9000, 'Another list': 11_000 } },
      { popularity_ranks: { 'One list': { rank: 1, timestamp: 1 } } },
    ])
      expect(decided(host(few, more)), JSON.stringify(more)).to.equal('trusted: detections-outweighed');
    for (const more of [
      {},
      { popularity: { 'One list': 9000, 'Another list': 11_001 } },
      { tags: ['nxdomain'] },
    ])
      expect(decided(host(few, more)), JSON.stringify(more)).to.equal('no-match: between-thresholds');
  });

  it('lets popularity and distributors outweigh no trusted engine', () => {
    const more = { popularity: { 'One list': 1 }, known_distributors: { distributors: ['A Maker'] } };
    expect(decided(host({ malicious: ['ESET', 'Sophos'] }, more))).to.equal('malicious: trusted-engines');
    expect(decided(host({ malicious: ['ESET'] }, more))).to.equal('no-match: between-thresholds');
    expect(decided(host({ malicious: ['ESET'] }, more), { trusted: 5 })).to.equal(
      'no-match: trusted-engines',
    );
  });

  it('trusts nothing that an engine calls suspicious', () => {
    expect(decided(host({ suspicious: ['A'] }))).to.equal('no-match: suspicious');
    expect(decided(host({ malicious: ['A'], suspicious: ['B'] }))).to.equal('no-match: between-thresholds');
    const scans = {
      One: { detected: false, result: 'suspicious site' },
      Two: { detected: false, result: 'clean site' },
    };
    const v2 = { type: 'url', response_code: 1, positives: 0, total: 2, scans };
    expect(analyzeReport(v2, { rule: 'evidence' }).reasons.map(({ code }) => code)).to.deep.equal([
      'suspicious',
    ]);
    expect(analyzeReport(host({ suspicious: ['A'] })).verdict).to.equal('trusted');
  });

  it('does not guess which engines detected it when they are not listed', () => {
    const { scans: _, ...report } = host({ malicious: ['A'] });
    const { verdict, reasons } = judge(report);
    expect(verdict).to.equal('no-match');
    expect(reasons.map(({ code }) => code)).to.include('engines-unlisted');
  });

  it('gives no weight to reputation, votes, YARA rules, categories and sandboxes', () => {
    const noise = {
      reputation: -500,
      total_votes: { harmless: 0, malicious: 90 },
      yara: [{ name: 'Madeup_Rule' }],
      categories: { 'Vendor A': 'malware' },
      sandbox_verdicts: { 'A box': { category: 'malicious' } },
      sigma: { critical: 1, high: 0, medium: 0, low: 0 },
      ids: { high: 1, medium: 0, low: 0, info: 0 },
    };
    expect(decided(host({}, noise))).to.equal('trusted: trusted-threshold');
    const codes = judge(host({}, noise)).reasons.map(({ code }) => code);
    expect(codes).to.include.members(['sandbox', 'sigma', 'ids']);
  });

  it('says so when the names are of unwanted software or of a test file', () => {
    const named = (...results: string[]): string[] => {
      const scans = Object.fromEntries(
        results.map((result, n) => [`Engine ${n}`, scan('malicious', result)]),
      );
      const report = host({}, { type: 'file', positives: results.length, scans });
      return judge(report).reasons.map(({ code }) => code);
    };
    expect(named('PUA:Win32/Madeup', 'Adware.Madeup.A', 'Trojan.Madeup')).to.include('unwanted');
    expect(
      named('not-a-virus:RiskTool.Madeup', 'a variant of Win64/CoinMiner.X potentially unwanted'),
    ).to.include('unwanted');
    expect(named('EICAR-Test-File', 'Eicar_test_1')).to.include('test-file').and.not.include('unwanted');
    for (const results of [['Trojan.Madeup', 'Ransom.Madeup', 'PUA:Win32/Madeup'], ['Spy.Madeup']])
      expect(named(...results))
        .to.not.include.members(['unwanted'])
        .and.not.include('test-file');
  });
});

describe("Google Threat Intelligence's verdict", () => {
  const gti = (verdict: string) => ({ gti: { verdict, severity: 'high', score: 80 } });
  const RULES = ['positives', 'evidence'] as const;

  it('is only reported when gti is off and prevents Trusted by evidence', () => {
    for (const verdict of ['malicious', 'suspicious', 'benign', 'undetected']) {
      const { verdict: judged, reasons } = analyzeReport(host({}, gti(verdict)));
      expect(judged).to.equal('trusted');
      expect(reasons[1]).to.deep.equal({
        code: 'gti-verdict',
        text: `Google Threat Intelligence says ${verdict}, severity high, score 80 of 100`,
      });
    }
    expect(decided(host({}, gti('malicious')))).to.equal('no-match: gti-verdict');
  });

  it('makes Malicious when gti is "adds" and changes nothing else', () => {
    for (const rule of RULES) {
      const judgeAdding = (said: Said, verdict: string) =>
        decided(host(said, gti(verdict)), { rule, gti: 'adds' });
      expect(judgeAdding({}, 'malicious')).to.equal('malicious: gti-verdict');
      expect(judgeAdding({}, 'suspicious')).to.equal('trusted: trusted-threshold');
      const malicious = ['A', 'B', 'C', 'D', 'E'];
      for (const verdict of ['benign', 'undetected'])
        expect(judgeAdding({ malicious }, verdict)).to.equal('malicious: malicious-threshold');
    }
  });

  it('decides when gti is "decides" and leaves reports without it to the rule', () => {
    const malicious = ['A', 'B', 'C', 'D', 'E'];
    for (const rule of RULES) {
      const judgeDeciding = (said: Said, verdict: string, options = {}) =>
        decided(host(said, gti(verdict)), { rule, gti: 'decides', ...options });
      expect(judgeDeciding({}, 'malicious')).to.equal('malicious: gti-verdict');
      expect(judgeDeciding({ malicious }, 'suspicious')).to.equal('no-match: gti-verdict');
      expect(judgeDeciding({ malicious }, 'benign')).to.equal('trusted: gti-verdict');
      expect(judgeDeciding({ malicious }, 'benign', { trusted: 0 })).to.equal('no-match: between-thresholds');
      expect(judgeDeciding({ malicious }, 'undetected')).to.equal('malicious: malicious-threshold');
      expect(judgeDeciding({ malicious: ['ESET'] }, 'unknown')).to.equal('no-match: between-thresholds');
      expect(judgeDeciding({}, 'benign', { maxAgeDays: 1 })).to.equal('no-match: report-too-old');
    }
  });

  it("is read in VirusTotal's own form too", () => {
    const gti_assessment = { verdict: { value: 'VERDICT_MALICIOUS' }, threat_score: { value: 95 } };
    expect(decided(host({}, { gti_assessment }), { gti: 'adds' })).to.equal('malicious: gti-verdict');
    for (const odd of [
      { gti: 'malicious' },
      { gti: { verdict: 7 } },
      { gti: [] },
      { gti_assessment: { verdict: [] } },
    ])
      expect(decided(host({}, odd), { gti: 'decides' })).to.equal('trusted: trusted-threshold');
  });

  it('makes Malicious what no engine has scanned', () => {
    const { positives: _, total: __, ...report } = host({}, gti('malicious'));
    expect(decided(report, { gti: 'adds' })).to.equal('malicious: gti-verdict');
    expect(decided(report)).to.equal('no-match: no-verdict');
  });
});

describe('The sentence of a verdict', () => {
  const said = (report: Report, options?: AnalysisOptions) => judge(report, options).reasons[0]?.text;

  it('names who detected it, how many others and when, as an analyst would note it', () => {
    const malicious = ['Engine X', 'BitDefender', 'ESET', 'Google Safebrowsing', 'Y', 'Z', 'V', 'W'];
    expect(said(host({ malicious }), { rule: 'positives' })).to.equal(
      '8 of 97 engines detect it (BitDefender, ESET, Google Safebrowsing: phishing), 59 rate it harmless, 30 have no opinion; scanned 3 days ago (2025-07-20). Malicious threshold: 5',
    );
  });

  it("begins with VirusTotal's name of the threat", () => {
    expect(said(host({ malicious: ['A', 'B', 'C'] }, { threat_label: 'trojan.madeup' }))).to.match(
      /^trojan\.madeup: 3 of 92 engines detect it \(A, B, C: phishing\), 59 rate/,
    );
  });

  it('has the date of the scan or says that there is none', () => {
    const on = (scan_date: unknown) => said(host({}, { scan_date }));
    expect(on('2025-07-22 01:00:00')).to.contain('; scanned today (2025-07-22).');
    expect(on('2025-07-21 01:00:00')).to.contain('; scanned 1 day ago (2025-07-21).');
    expect(on('2025-07-24 01:00:00')).to.contain('; scanned on 2025-07-24.');
    expect(on(undefined)).to.contain('; scan date unknown.');
  });

  it('says what an analyst must know of the trusted engines and of what did not count', () => {
    expect(said(host({ malicious: ['ESET', 'Sophos', 'Q'] }))).to.match(
      /\. Trusted engines among them: ESET and Sophos\. 2 or more trusted engines make it Malicious$/,
    );
    expect(said(host({ malicious: ['Q'] }))).to.match(
      /\. Not counted: 1 detection is by an engine outside the trusted ones, and 59 engines rate it harmless$/,
    );
  });

  it('does not advise API v3 for a report that comes from it', () => {
    const v3 = {
      type: 'domain',
      response_code: 1,
      verbose_msg: 'No engine has given a verdict',
      reputation: 0,
    };
    expect(analyzeReport(v3).reasons[0]?.text).to.equal('No verdict: no engine has scanned it yet');
    const v2 = { type: 'domain', response_code: 1, verbose_msg: 'Domain found in dataset', whois: 'x' };
    expect(analyzeReport(v2).reasons[0]?.text).to.contain('choose a heuristic here, or API v3');
  });

  it('says that a URL is queued when v2 has queued it', () => {
    const queued = {
      type: 'url',
      response_code: 1,
      scan_id: `${'a'.repeat(64)}-1`,
      verbose_msg: 'Scan request successfully queued, come back later for the report',
    };
    expect(analyzeReport(queued).reasons[0]).to.deep.equal({
      code: 'no-verdict',
      text: 'No verdict yet: VirusTotal has queued the scan; look it up again later',
    });
  });
});
